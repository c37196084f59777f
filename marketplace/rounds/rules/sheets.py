"""A sheet as it is typed: points and comments by criterion, what is missing or wrong, and what the notice asks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.rules.scores import Weighed

WHOLE: Final = "all"
"""The comment on the bid as a whole stands under this key."""
MAX_COMMENT: Final = 2_000
MOST_SIGNS: Final = 4_000
"""So long may one field be while it is being written."""
_POINTS: Final = re.compile(r"\d{1,3}(\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sheet asks for one criterion. `title` as the notice says it; a comment is due outside the band, in points."""

    key: str
    title: str
    most: int
    minimum: int | None
    low: Decimal
    high: Decimal

    @property
    def weighed(self) -> Weighed:
        """The criterion as scores are computed from it."""
        return Weighed(self.key, self.most, self.minimum)


def asked(notice: Notice, *, below: int, above: int) -> tuple[Asked, ...]:
    """What sheets ask, criterion by criterion; `below` and `above` are parts of a hundred of its most points."""
    return tuple(
        Asked(
            key=f"c{number}",
            title=one.title,
            most=one.weight,
            minimum=one.minimum,
            low=Decimal(one.weight * below) / 100,
            high=Decimal(one.weight * above) / 100,
        )
        for number, one in enumerate(notice.criteria, start=1)
    )


def mark(typed: str) -> Decimal | None:
    """Read points: at most three digits and two places; None where it is no such number."""
    found = typed.strip().translate(_WIDE)
    return Decimal(found) if _POINTS.fullmatch(found) else None


def marks(typed: Mapping[str, str], criteria: Sequence[Asked]) -> dict[str, Decimal]:
    """The points of a sheet that has no faults."""
    return {one.key: points for one in criteria if (points := mark(typed.get(one.key, ""))) is not None}


def faults(typed: Mapping[str, str], comments: Mapping[str, str], criteria: Sequence[Asked]) -> dict[str, str]:
    """What is missing or wrong, by field: "mark-c1", "comment-c1", "comment-all"."""
    wrong: dict[str, str] = {}
    for one in criteria:
        points, said = mark(typed.get(one.key, "")), comments.get(one.key, "").strip()
        if points is None or points > one.most:
            wrong[f"mark-{one.key}"] = f"“{one.title}”请打 0 到 {one.most} 分，最多两位小数。"
        elif not said and (points < one.low or points > one.high):
            wrong[f"comment-{one.key}"] = f"“{one.title}”的得分偏{'低' if points < one.low else '高'}，请写明理由。"
        if len(said) > MAX_COMMENT:
            wrong[f"comment-{one.key}"] = f"“{one.title}”的评语不超过 {MAX_COMMENT} 个字。"
    if len(comments.get(WHOLE, "")) > MAX_COMMENT:
        wrong[f"comment-{WHOLE}"] = f"总的评语不超过 {MAX_COMMENT} 个字。"
    return wrong


_WIDE: Final = str.maketrans("０１２３４５６７８９．。", "0123456789..")
