"""What can be wrong with drafts that were read without fault: repeats within a file, wrong codes."""

import re
from collections.abc import Iterable, Iterator

from ingest.fields import Draft, Problem, Severity
from ingest.values.words import compact

NO_TITLE = "这一行没有名称，没有采用。请补上名称。"
CODES = frozenset({"uscc_wrong", "repeated"})
"""The problems that `check` finds."""

_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def check(drafts: Iterable[Draft]) -> Iterator[Problem]:
    """Problems that show only when drafts are looked at as a whole."""
    seen: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        code = draft.extras.get("uscc")
        if code and not is_uscc(code):
            message = "统一社会信用代码不正确（应为 18 位，末位为校验码）。请核对。"
            yield _problem(draft, Severity.TODO, "uscc_wrong", message)
        key = (compact(draft.title), compact(draft.issuer or ""))
        before = seen.setdefault(key, draft)
        if before is not draft:
            sheet = f"工作表“{before.sheet}”" if before.sheet and before.sheet != draft.sheet else ""
            message = f"与{sheet}第 {before.row} 行的名称和单位相同，可能重复。请核对，重复的只保留一行。"
            yield _problem(draft, Severity.TODO, "repeated", message)


def is_uscc(code: str) -> bool:
    """Whether the check digit of a unified social credit code is right (GB 32100-2015, section 4.5)."""
    code = compact(code).upper()
    if not _CODE.fullmatch(code):
        return False
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(code, _WEIGHTS, strict=False))
    return _ALPHABET[(31 - total % 31) % 31] == code[17]


def _problem(draft: Draft, severity: Severity, code: str, message: str) -> Problem:
    return Problem(
        file=draft.file,
        severity=severity,
        code=code,
        message=message,
        sheet=draft.sheet,
        page=draft.page,
        row=draft.row,
        table=draft.table,
    )
