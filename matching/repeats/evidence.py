"""What speaks for and against two items stating one need, each as a number from 0 to 1 or little more."""

import math
import re
from dataclasses import dataclass, fields

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from matching.repeats import figures, owners, places
from matching.repeats.figures import Figure
from matching.repeats.marks import Marks

MOST_FIGURES = 2.0
_MOST_APART = 0.5
_MOST_SWAPPED = 3
_LEAST_COMMON = 0.4
_HAN = re.compile(r"[\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pair of items. What speaks for them comes first, what speaks against them after it.

    `meaning`: cosine of the texts; `subject`: of one's title with the other's text, the higher; `owner`: how surely the units
    are one; `figures`: root of what the figures in common tell, to 2.
    `elsewhere`: both say where they are, and it is not the same place; `other_figures`: the same thing with another figure;
    `other_part`: another phase, line or side; `other_place`: another plant, reservoir, village; `other_budget`: log of how
    far apart the budgets are, to a half; `swapped`: titles alike but for words put in for others; `other_owner`: two units, neither of
    which speaks for others.
    """

    meaning: float
    subject: float
    owner: float
    figures: float
    elsewhere: float
    other_figures: float
    other_part: float
    other_place: float
    other_budget: float
    swapped: float
    other_owner: float

    def values(self) -> list[float]:
        """The numbers in the order of the fields."""
        return [getattr(self, field.name) for field in fields(self)]


NAMES = tuple(field.name for field in fields(Evidence))
FOR = ("meaning", "subject", "owner", "figures")
"""What speaks for a pair; all the rest speaks against it."""


def weigh_up(one: Marks, other: Marks, *, meaning: float, subject: float) -> Evidence:
    """The evidence of a pair; the same whichever comes first."""
    owner = owners.likeness(one.owner, other.owner)
    apart = elsewhere(one, other)
    agreeing = sum(min(map(figures.telling, pair)) for pair in shared_figures(one, other))
    return Evidence(
        meaning=meaning,
        subject=subject,
        owner=0.0 if apart else owner,
        figures=min(MOST_FIGURES, math.sqrt(agreeing)),
        elsewhere=float(apart),
        other_figures=min(1.0, sum(max(map(figures.telling, pair)) for pair in other_figures(one, other))),
        other_part=float(places.differ(one.numbered, other.numbered)),
        other_place=float(not shared_places(one, other) and places.differ(one.named, other.named)),
        other_budget=_apart(one, other),
        swapped=_swapped(one.title, other.title),
        other_owner=_other_owner(one, other, owner),
    )


def shared_figures(one: Marks, other: Marks) -> list[tuple[Figure, Figure]]:
    """The figures that may be the same, each of either item once, the most telling first."""
    pairs = sorted(
        ((a, b) for a in one.figures for b in other.figures if figures.agree(a, b)),
        key=lambda pair: (-min(map(figures.telling, pair)), sorted(_name(each) for each in pair)),
    )
    taken: set[Figure] = set()
    found = []
    for a, b in pairs:
        if a not in taken and b not in taken:
            taken |= {a, b}
            found.append((a, b))
    return found


def _name(figure: Figure) -> tuple[str, str, str]:
    return (str(figure.low), str(figure.high), figure.words)


def other_figures(one: Marks, other: Marks) -> list[tuple[Figure, Figure]]:
    """Figures of the same thing that differ: 视频412路 and 视频236路, where neither text has the other's."""
    alone = [
        [
            each
            for each in mine.figures
            if each.exact and not any(figures.agree(each, against) for against in its.figures)
        ]
        for mine, its in ((one, other), (other, one))
    ]
    return [(a, b) for a in alone[0] for b in alone[1] if a.kind == b.kind and _same_thing(a, b)]


def _same_thing(one: Figure, other: Figure) -> bool:
    """Whether the letters just before or just after two figures agree."""
    (before, after), (its_before, its_after) = one.around.split("|"), other.around.split("|")
    return any(a == b and _HAN.fullmatch(a) for a, b in ((before[-2:], its_before[-2:]), (after[:2], its_after[:2])))


def elsewhere(one: Marks, other: Marks) -> bool:
    """Whether they lie in different places: of one level, or altogether; a place that the other's words name is its own too."""
    alone = [
        {(level, stem) for level, stem in mine.owner.places if stem not in its.everywhere}
        for mine, its in ((one, other), (other, one))
    ]
    if not one.owner.places or not other.owner.places:
        return False
    levels = [
        {level for level, _ in places}
        for places in (*alone, one.owner.places - alone[0], other.owner.places - alone[1])
    ]
    sisters = (levels[0] & levels[1]) - levels[2] - levels[3] - {0}
    return bool(sisters) or (alone[0] == one.owner.places and alone[1] == other.owner.places)


def shared_places(one: Marks, other: Marks) -> list[str]:
    """The places that both name."""
    return places.shared(one.named, other.named, one_text=one.everywhere, other_text=other.everywhere)


def _apart(one: Marks, other: Marks) -> float:
    if one.budget is None or other.budget is None:
        return 0.0
    gap = max(one.budget[0], other.budget[0]) / min(one.budget[1], other.budget[1])
    return min(_MOST_APART, max(0.0, math.log(gap)))


def _swapped(one: str, other: str) -> float:
    """How much of two titles that are alike was put in for other words: 城北 for 城南; words only added do not count."""
    steps = Levenshtein.opcodes(min(one, other), max(one, other))
    kept = sum(step.src_end - step.src_start for step in steps if step.tag == "equal")
    put_in = sum(
        max(step.src_end - step.src_start, step.dest_end - step.dest_start) for step in steps if step.tag == "replace"
    )
    share = kept / max(1, min(len(one), len(other)))
    return share * min(put_in, _MOST_SWAPPED) / _MOST_SWAPPED if share >= _LEAST_COMMON else 0.0


def _other_owner(one: Marks, other: Marks, likeness: float) -> float:
    stated = one.owner.name and other.owner.name
    return 1.0 - likeness if stated and one.owner.authority == other.owner.authority else 0.0


def title_likeness(one: Marks, other: Marks) -> float:
    """How alike the titles are letter by letter, 0 to 1."""
    return fuzz.ratio(one.title, other.title) / 100
