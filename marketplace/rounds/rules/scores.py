"""Scores: from the experts' marks to a ranking, in exact numbers, so that anybody who has the sheets finds the same.

Three methods stand side by side, and one of them is fixed before the opening:

mean      the mean of a bid's sheets
trimmed   without the highest and the lowest sheet of each bid (去最高最低)
adjusted  as if every expert were as strict as the average one: sheet = quality of the bid + leniency of the expert, by
          least squares over all sheets, the leniencies of the panel adding to nought

A method refuses where there are too few sheets for it, or (adjusted) where bids have no experts in common, even
through others, so that nothing compares them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

WHOLE: Final = 100
TRIMMED_FROM: Final = 5
"""Fewer sheets leave too little when two of them are taken away."""
PLACES: Final = Decimal("0.01")


class Method(StrEnum):
    """How the sheets of a bid become its score."""

    MEAN = "mean"
    TRIMMED = "trimmed"
    ADJUSTED = "adjusted"


class UnscorableError(ValueError):
    """The sheets do not allow what is asked; the message says why, in words for the chair."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is judged: its key, the points it brings at most, and the mean below which a bid cannot win; None: none."""

    key: str
    weight: int
    minimum: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One expert's marks for one bid: points by criterion, each from 0 to what the criterion brings at most."""

    expert: str
    bid: str
    marks: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Score:
    """What came of a bid's sheets, exact. `trimmed` and `adjusted` are None where they are not to be had.

    spread    the highest sheet less the lowest: how far the experts differ
    below     the criteria whose mean mark lies below their minimum
    """

    bid: str
    sheets: int
    mean: Fraction
    trimmed: Fraction | None
    adjusted: Fraction | None
    spread: Fraction
    below: tuple[str, ...]

    def by(self, method: Method) -> Fraction:
        """The score by one method. UnscorableError where it is not to be had."""
        found = {Method.MEAN: self.mean, Method.TRIMMED: self.trimmed, Method.ADJUSTED: self.adjusted}[method]
        if found is None:
            raise UnscorableError(_WHY[method])
        return found


@dataclass(frozen=True, slots=True)
class Place:
    """A bid's place; bids with the same shown score share one. `may_win`: no minimum keeps it from winning."""

    place: int
    score: Score
    shown: Decimal
    may_win: bool


_WHY: Final = {
    Method.MEAN: "还没有评分表，不能计算。",
    Method.TRIMMED: f"有的申报有效评分表少于 {TRIMMED_FROM} 份，不能去掉最高分和最低分，请递补专家。",
    Method.ADJUSTED: "有的申报没有共同的评审专家，无法比较各专家的宽严，不能计算校正分，请递补专家。",
}


def total(sheet: Sheet, criteria: Sequence[Weighed]) -> Fraction:
    """The points of a sheet, as parts of a hundred. UnscorableError where a mark is missing or out of range."""
    if set(sheet.marks) != {one.key for one in criteria}:
        raise UnscorableError("评分表没有填完，或多出了公告没有的指标。")
    if any(not 0 <= sheet.marks[one.key] <= one.weight for one in criteria):
        raise UnscorableError("分数应在 0 与该项满分之间。")
    most = sum(one.weight for one in criteria)
    return sum((Fraction(mark) for mark in sheet.marks.values()), Fraction(0)) * WHOLE / most


def scores(sheets: Iterable[Sheet], criteria: Sequence[Weighed], *, least: int = 1) -> tuple[Score, ...]:
    """The scores of all bids that have sheets, by bid. UnscorableError where one has fewer than `least` or two of one expert."""
    of_bid: defaultdict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        of_bid[sheet.bid].append(sheet)
    for found in of_bid.values():
        if len({one.expert for one in found}) < len(found):
            raise UnscorableError("同一名专家对同一份申报有两张评分表。")
        if len(found) < least:
            raise UnscorableError(f"有的申报有效评分表只有 {len(found)} 份，少于规定的 {least} 份，不能计算。")
    totals = {bid: {one.expert: total(one, criteria) for one in found} for bid, found in of_bid.items()}
    adjusted = _adjusted(totals)
    return tuple(
        Score(
            bid=bid,
            sheets=len(totals[bid]),
            mean=_mean(totals[bid].values()),
            trimmed=_trimmed(list(totals[bid].values())),
            adjusted=None if adjusted is None else adjusted[bid],
            spread=max(totals[bid].values()) - min(totals[bid].values()),
            below=_below(of_bid[bid], criteria),
        )
        for bid in sorted(of_bid)
    )


def ranking(found: Iterable[Score], method: Method, *, line: int = 0) -> tuple[Place, ...]:
    """The places by one method, best first; `line` is the score below which no bid can win.

    Bids are compared by the score that is shown, in hundredths: what nobody sees decides nothing. Equal bids share a
    place, and the deciders say in writing which comes first.
    """
    shown = [(rounded(one.by(method)), one) for one in found]
    ordered = sorted(shown, key=lambda pair: (-pair[0], pair[1].bid))
    places: list[Place] = []
    for number, (score, one) in enumerate(ordered, start=1):
        place = places[-1].place if places and places[-1].shown == score else number
        places.append(Place(place, one, score, may_win=not one.below and score >= line))
    return tuple(places)


def diverging(found: Iterable[Score], threshold: int) -> tuple[str, ...]:
    """The bids about which the experts differ by more than a threshold: these ask for a comment or one more expert."""
    return tuple(one.bid for one in found if one.spread > threshold)


def rounded(score: Fraction) -> Decimal:
    """A score as it is shown: hundredths, half a hundredth rounding up."""
    # Exact: the quotient of two whole numbers is rounded once, on the way to hundredths.
    doubled = score * 200
    whole = (doubled.numerator + doubled.denominator) // (2 * doubled.denominator)
    return (Decimal(whole) * PLACES).quantize(PLACES, ROUND_HALF_UP)


def _mean(values: Iterable[Fraction]) -> Fraction:
    found = list(values)
    return sum(found, Fraction(0)) / len(found)


def _trimmed(values: list[Fraction]) -> Fraction | None:
    return _mean(sorted(values)[1:-1]) if len(values) >= TRIMMED_FROM else None


def _below(sheets: Sequence[Sheet], criteria: Sequence[Weighed]) -> tuple[str, ...]:
    means = {one.key: _mean(Fraction(sheet.marks[one.key]) for sheet in sheets) for one in criteria}
    return tuple(one.key for one in criteria if one.minimum is not None and means[one.key] < one.minimum)


def _adjusted(totals: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Fraction] | None:
    """The quality of each bid by least squares; None where the bids fall into groups without an expert in common."""
    experts = sorted({expert for marks in totals.values() for expert in marks})
    if not experts or not _is_connected(totals):
        return None
    leniency = _leniencies(totals, experts)
    return {bid: _mean(mark - leniency[expert] for expert, mark in marks.items()) for bid, marks in totals.items()}


def _leniencies(totals: Mapping[str, Mapping[str, Fraction]], experts: Sequence[str]) -> dict[str, Fraction]:
    # The normal equations with the bids' qualities put in (each is the mean of what its experts' leniency leaves), and
    # one of them, which follows from the others, in exchange for the leniencies adding to nought.
    at = {expert: number for number, expert in enumerate(experts)}
    rows = [[Fraction(0)] * (len(experts) + 1) for _ in experts]
    for marks in totals.values():
        mean, share = _mean(marks.values()), Fraction(1, len(marks))
        for expert, mark in marks.items():
            row = rows[at[expert]]
            row[at[expert]] += 1
            row[-1] += mark - mean
            for other in marks:
                row[at[other]] -= share
    rows[-1] = [*[Fraction(1)] * len(experts), Fraction(0)]
    return dict(zip(experts, _solved(rows), strict=True))


def _solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """The solution of a regular system of linear equations, by elimination, exact."""
    size = len(rows)
    for column in range(size):
        pivot = next(number for number in range(column, size) if rows[number][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = rows[column][column]
        rows[column] = [value / scale for value in rows[column]]
        for number in range(size):
            factor = rows[number][column]
            if number != column and factor:
                rows[number] = [a - factor * b for a, b in zip(rows[number], rows[column], strict=True)]
    return [row[-1] for row in rows]


def _is_connected(totals: Mapping[str, Mapping[str, Fraction]]) -> bool:
    of_expert: defaultdict[str, set[str]] = defaultdict(set)
    for bid, marks in totals.items():
        for expert in marks:
            of_expert[expert].add(bid)
    first = next(iter(totals))
    reached, waiting = {first}, [first]
    while waiting:
        near = {bid for expert in totals[waiting.pop()] for bid in of_expert[expert]} - reached
        reached |= near
        waiting += near
    return reached == set(totals)
