"""Which rows of a reading may be published."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ingest.fields import Draft, ListKind, Problem, Reading, Severity, Where
from marketplace.accounts.rules.names import name_key

NO_SUPPLIER = "能力清单的这一行没有单位名称，无法归到供给方；请补上单位后重新导入。"
NO_TITLE = "这一行没有名称，不能发布；请补上名称后重新导入。"


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row of a file that stays behind, and why."""

    where: Where
    reason: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """The rows of a reading with the reason why a row stays behind (None: it can be published), in reading order.

    `blank` are the rows that were refused before they became a draft: they have no name.
    """

    rows: tuple[tuple[Draft, str | None], ...]
    blank: tuple[LeftRow, ...] = ()

    @property
    def sound(self) -> list[Draft]:
        """The rows that can be published."""
        return [draft for draft, refusal in self.rows if refusal is None]

    @property
    def refused(self) -> int:
        """How many rows stay behind."""
        return len(self.left)

    @property
    def left(self) -> tuple[LeftRow, ...]:
        """Every row that stays behind: those that were read, then those that could not be."""
        read = (LeftRow(draft.where, refusal) for draft, refusal in self.rows if refusal is not None)
        return (*read, *self.blank)


def sort(reading: Reading) -> Sorted:
    """Tell the rows that can be published from those that stay in the intake, with the reason."""
    rejected = _rejected(reading.problems)
    rows = tuple((draft, _refusal(draft, rejected)) for draft in reading.drafts)
    known = {draft.where for draft, _refusal in rows}
    blank = [LeftRow(where, why) for where, why in rejected.items() if where not in known]
    return Sorted(rows, tuple(blank))


def _rejected(problems: Iterable[Problem]) -> dict[Where, str]:
    found: dict[Where, str] = {}
    for problem in problems:
        if problem.severity is Severity.REJECT and problem.row is not None:
            found.setdefault(problem.where, problem.message)
    return found


def _refusal(draft: Draft, rejected: Mapping[Where, str]) -> str | None:
    message = rejected.get(draft.where)
    if message is not None:
        return message
    if not draft.title.strip():
        return NO_TITLE
    if draft.list_kind is ListKind.CAPABILITY and not name_key(draft.issuer or ""):
        return NO_SUPPLIER
    return None


def for_public(reading: Reading, drafts: Iterable[Draft]) -> list[Draft]:
    """Rows with the cells of those columns alone that were read as something: what was not adopted is nobody's to see."""
    adopted: dict[str | None, set[str]] = defaultdict(set)
    for sheet in reading.sheets:
        adopted[sheet.name] |= {column.header for column in sheet.columns if column.field}
    return [
        replace(draft, raw={header: text for header, text in draft.raw.items() if header in adopted[draft.sheet]})
        for draft in drafts
    ]


def publisher(reading: Reading) -> str:
    """Who a file says it comes from: what the head of its first sheet with items names, else ""."""
    with_items = [sheet for sheet in reading.sheets if sheet.drafts] or reading.sheets
    named = next((sheet.publisher for sheet in with_items if sheet.publisher), None)
    if named is not None:
        return named
    # A record of before heads were kept: the unit that rows without one of their own inherited.
    inherited = {draft.issuer for draft in reading.drafts if draft.issuer and "issuer" in draft.inherited}
    return inherited.pop() if len(inherited) == 1 else ""
