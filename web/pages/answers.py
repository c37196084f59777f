"""A ranking as a page shows it: each hit with its name, its requirements in order, and what answers them.

The engine knows statements and scores, the marketplace names and places; this is where the two meet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matching.documents import Evidence, Hit, Ranking, Verdict

SHARED_SHOWN = 5
UNFOLDED = 3
"""How many hits show their evidence at once; the others unfold."""


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


@dataclass(frozen=True, slots=True)
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

    @property
    def met(self) -> int:
        """How many requirements have a statement that answers them."""
        return sum(1 for point in self.points if point.statement is not None)


def shown(ranking: Ranking, subjects: Mapping[str, Subject]) -> tuple[Answer, ...]:
    """Keep the hits that may be shown, best first: above the floor and still known to the marketplace.

    Those whose time is over follow after all others.
    """
    kept = [hit for hit in ranking.hits if hit.verdict is not Verdict.NONE and hit.id in subjects]
    kept.sort(key=lambda hit: subjects[hit.id].is_past)
    return tuple(_answer(hit, subjects[hit.id], unfolded=place < UNFOLDED) for place, hit in enumerate(kept))


def _answer(hit: Hit, subject: Subject, *, unfolded: bool) -> Answer:
    return Answer(
        name=subject.name,
        href=subject.href,
        about=subject.about,
        score=hit.score,
        verdict=hit.verdict.value,
        points=_points(hit, subject),
        blockers=tuple(blocker.message for blocker in hit.blockers),
        shared=hit.shared[:SHARED_SHOWN],
        unfolded=unfolded,
        remarks=subject.remarks,
    )


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
