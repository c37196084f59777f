"""What the cells of a column look like, where its header is unknown or says too little."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.columns.headers import Match
from ingest.columns.roles import LABELS, Role
from ingest.grid import Cell, text
from ingest.values import money, periods
from ingest.values.words import is_nothing

_ENOUGH = 0.7
_FEW = 0.3
_LOOKS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.USCC, re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")),
    (Role.CONTACT_EMAIL, re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")),
    (Role.CONTACT_PHONE, re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,5})?")),
    (Role.CONTACT, re.compile(r"[\u4e00-\u9fff]{2,4}\D{0,6}(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}).*")),
    (Role.BUDGET, re.compile(r"(约|不超过)?[\d.]+(-[\d.]+)?(万元|亿元|万|亿)(以内|左右|以上)?")),
    (Role.PERIOD, re.compile(r"20\d{2}[年./-]\d{1,2}.*|.{0,8}\d{1,2}个月内?")),
    (Role.ISSUER, re.compile(r".{3,30}(公司|集团|局|委员会|研究院|大学|医院|中心|厂|合作社|办公室|工作室)")),
)
_UNUSUAL = {Role.BUDGET, Role.PERIOD, Role.CONTACT_PHONE}
_KIND_WORDS = re.compile(r"(场景|需求|能力)(项目|清单|类|机会)?")


def samples(body: Sequence[Sequence[Cell]], width: int, *, most: int) -> list[list[str]]:
    """The first filled cells of each column, as text."""
    found: list[list[str]] = [[] for _ in range(width)]
    for row in body:
        for column in range(min(width, len(row))):
            cell = row[column]
            if cell != "" and len(found[column]) < most and (words := text(cell).strip()) and not is_nothing(words):
                found[column].append(words)
    return found


def revise(match: Match | None, sample: Sequence[str]) -> Match | None:
    """A match in the light of the cells: found by their look, confirmed, doubted, or read as another role."""
    if match is None:
        return _by_look(sample)
    if match.role is Role.SECTOR and sample and all(_KIND_WORDS.fullmatch(words) for words in sample):
        return Match(Role.LIST_KIND, 0.8, "内容是清单类别")
    if match.role in _UNUSUAL and len(sample) >= 3 and _share_read(match.role, sample) < _FEW:  # noqa: PLR2004 - fewer cells prove nothing
        return replace(
            match, confidence=round(match.confidence * 0.6, 2), reason=f"{match.reason}，但内容不像{LABELS[match.role]}"
        )
    return match


def title_column(matches: Sequence[Match | None], sample_columns: Sequence[Sequence[str]]) -> int | None:
    """The unknown column, else the description, that could hold the names of the items."""
    unknown = [column for column, match in enumerate(matches) if match is None and _names(sample_columns[column])]
    if unknown:
        return unknown[0]
    described = [column for column, match in enumerate(matches) if match and match.role is Role.DESCRIPTION]
    return next((column for column in described if _names(sample_columns[column])), None)


def _names(sample: Sequence[str]) -> bool:
    """Mostly different texts of a length that names have."""
    if not sample:
        return False
    fitting = [words for words in sample if 4 <= len(words) <= 60 and re.search(r"[\u4e00-\u9fff]", words)]  # noqa: PLR2004 - a title's length
    return len(fitting) >= _ENOUGH * len(sample) and len(set(fitting)) >= _ENOUGH * len(sample)


def _by_look(sample: Sequence[str]) -> Match | None:
    if len(sample) < 2:  # noqa: PLR2004 - one cell proves nothing
        return None
    for role, look in _LOOKS:
        share = sum(look.fullmatch(words) is not None for words in sample) / len(sample)
        if share >= _ENOUGH:
            return Match(role, round(0.6 * share, 2), f"内容像{LABELS[role]}", 300)
    return None


def _share_read(role: Role, sample: Sequence[str]) -> float:
    if role is Role.BUDGET:
        readable = [money.read(words).warning in {None, "money_no_unit", "money_about"} for words in sample]
    elif role is Role.PERIOD:
        readable = [periods.read(words).warning is None for words in sample]
    else:
        readable = [re.search(r"\d{7}|\d{3,4}[- ]\d{4}|\*{4}", words) is not None for words in sample]
    return sum(readable) / len(readable)
