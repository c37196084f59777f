"""Which rows of a reading may be published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ingest.fields import Draft, ListKind, Problem, Reading, Severity
from marketplace.accounts.rules.names import name_key

NO_SUPPLIER = "能力清单的这一行没有单位名称，无法归到供给方；请补上单位后重新导入。"
NO_TITLE = "这一行没有名称，不能发布；请补上名称后重新导入。"


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows of a reading with the reason why a row stays behind (None: it can be published), in reading order."""

    rows: tuple[tuple[Draft, str | None], ...]

    @property
    def sound(self) -> list[Draft]:
        """The rows that can be published."""
        return [draft for draft, refusal in self.rows if refusal is None]

    @property
    def refused(self) -> int:
        """How many rows stay behind."""
        return sum(1 for _draft, refusal in self.rows if refusal is not None)


def sort(reading: Reading) -> Sorted:
    """Tell the rows that can be published from those that stay in the intake, with the reason."""
    rejected = _rejected(reading.problems)
    return Sorted(tuple((draft, _refusal(draft, rejected)) for draft in reading.drafts))


def _rejected(problems: Iterable[Problem]) -> dict[tuple[str | None, int | None], str]:
    found: dict[tuple[str | None, int | None], str] = {}
    for problem in problems:
        if problem.severity is Severity.REJECT and problem.row is not None:
            found.setdefault((problem.sheet, problem.row), problem.message)
    return found


def _refusal(draft: Draft, rejected: Mapping[tuple[str | None, int | None], str]) -> str | None:
    message = rejected.get((draft.sheet, draft.row))
    if message is not None:
        return message
    if not draft.title.strip():
        return NO_TITLE
    if draft.list_kind is ListKind.CAPABILITY and not name_key(draft.issuer or ""):
        return NO_SUPPLIER
    return None


def publisher(reading: Reading) -> str:
    """Who a file says it comes from: what the head of its first sheet with items names, else ""."""
    with_items = [sheet for sheet in reading.sheets if sheet.drafts]
    named = next((sheet.publisher for sheet in with_items if sheet.publisher), None)
    if named is not None:
        return named
    # A record of before heads were kept: the unit that rows without one of their own inherited.
    inherited = {draft.issuer for draft in reading.drafts if draft.issuer and "issuer" in draft.inherited}
    return inherited.pop() if len(inherited) == 1 else ""
