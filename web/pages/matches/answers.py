"""A ranking as a page shows it: each hit with its name, its requirements in order, and what answers them.

The engine knows statements and scores, the marketplace names and places; this is where the two meet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from marketplace.lists.rules.completeness import is_measurable
from matching.documents import Blocker, Evidence, Hit, Ranking, Verdict
from matching.measures import Outcome, held_against, measures

SHARED_SHOWN = 5
UNFOLDED = 3
"""How many hits show their evidence at once; the others unfold."""
BLOCKED: Final = "blocked"
"""The verdict on a hit that a hard condition stands against, however well its words fit."""


class Grade(StrEnum):
    """How far a requirement is answered: met, its figure not reached, named without a figure, or not at all."""

    MET = "met"
    SHORT = "short"
    NAMED = "named"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a hit is, as the marketplace knows it; `requirements` are those the evidence answers, in order.

    `need` is the title of the need that is answered; `remarks` are shown beside the name; what is `past` stands last.
    """

    name: str
    href: str
    about: str
    requirements: tuple[str, ...] = ()
    need: str = ""
    remarks: tuple[str, ...] = ()
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One requirement and the statement that answers it, or a gap; `number` is its place among the item's own."""

    requirement: str
    number: int | None = None
    statement: str | None = None
    source: str | None = None
    shared: tuple[str, ...] = ()
    is_core: bool = False
    """Whether the requirement is the need's title: what it is about as a whole."""

    @property
    def meant(self) -> tuple[str, ...]:
        """What both mean without the statement using that very word; no highlight could show it."""
        said = (self.statement or "").casefold()
        return tuple(word for word in self.shared if word.casefold() not in said)

    @property
    def grade(self) -> Grade:
        """How far the statement answers the requirement: a figure that is asked for is met by a figure alone."""
        if self.statement is None:
            return Grade.GAP
        asked = measures(self.requirement)
        if asked:
            outcome = held_against(asked, measures(self.statement))
            return {Outcome.MET: Grade.MET, Outcome.MISSED: Grade.SHORT, Outcome.SILENT: Grade.NAMED}[outcome]
        silent = is_measurable(self.requirement) and not is_measurable(self.statement)
        return Grade.NAMED if silent and not self.is_core else Grade.MET


@dataclass(frozen=True)
class Answer:
    """One hit of a ranking, ready to be shown."""

    name: str
    href: str
    about: str
    score: float
    verdict: str
    points: tuple[Point, ...]
    blockers: tuple[str, ...]
    shared: tuple[str, ...]
    unfolded: bool
    remarks: tuple[str, ...] = ()

    asked: int = 0
    """How many points the need itself numbers."""
    team_lifts: bool = False
    """Whether a partner could lift what stands against it."""

    @property
    def is_blocked(self) -> bool:
        """Whether a hard condition stands against it."""
        return bool(self.blockers)

    @cached_property
    def grades(self) -> Mapping[str, int]:
        """How many points there are of each grade, counted as the need numbers them: its title is none of them."""
        counted = [point for point in self.points if (point.number if self.asked else not point.is_core)]
        found = {grade.value: sum(1 for point in counted if point.grade is grade) for grade in Grade}
        return {**found, "all": self.asked or len(counted)}


def shown(ranking: Ranking, subjects: Mapping[str, Subject]) -> tuple[Answer, ...]:
    """Keep the hits that may be shown, best first: above the floor and still known to the marketplace.

    Those whose time is over follow after all others, and those that a hard condition stands against come last.
    """
    kept = [hit for hit in ranking.hits if hit.verdict is not Verdict.NONE and hit.id in subjects]
    kept.sort(key=lambda hit: (bool(hit.blockers), subjects[hit.id].is_past))
    return tuple(answer(hit, subjects[hit.id], unfolded=place < UNFOLDED) for place, hit in enumerate(kept))


def answer(hit: Hit, subject: Subject, *, unfolded: bool = True) -> Answer:
    """One hit with its points in order, also one that no list shows."""
    return Answer(
        name=subject.name,
        href=subject.href,
        about=subject.about,
        score=hit.score,
        verdict=BLOCKED if hit.blockers else hit.verdict.value,
        points=_points(hit, subject),
        blockers=tuple(blocker.message for blocker in hit.blockers),
        shared=hit.shared[:SHARED_SHOWN],
        unfolded=unfolded,
        remarks=subject.remarks,
        asked=len(subject.requirements),
        team_lifts=bool(hit.blockers) and all(map(_is_too_small, hit.blockers)),
    )


def _is_too_small(blocker: Blocker) -> bool:
    # Too many people is the same code; a partner would only make them more.
    return blocker.code == "team_size" and "不少于" in blocker.message


def _points(hit: Hit, subject: Subject) -> tuple[Point, ...]:
    places = {text: number for number, text in enumerate(subject.requirements, start=1)}
    points = [_met(evidence, places.get(evidence.requirement)) for evidence in hit.evidence]
    points += [Point(gap, places.get(gap)) for gap in hit.gaps]
    told = [
        replace(point, is_core=point.number is None and point.requirement == subject.need.strip()) for point in points
    ]
    # The title comes first; a sentence of the description has no number of its own and stands after the numbered ones.
    return tuple(sorted(told, key=lambda point: (not point.is_core, point.number or len(places) + 1)))


def _met(evidence: Evidence, number: int | None) -> Point:
    statement = evidence.statement
    return Point(evidence.requirement, number, statement.text, statement.source, evidence.shared)
