"""Why a profile does not score higher for a need, in plain sentences, and what would follow if it said more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlmodel import Session

from marketplace.dealings import openings as own_openings
from marketplace.lists.views import ItemRecord
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileRecord
from matching import corpus, shortfalls
from matching.documents import Hit, Verdict
from matching.engine import Engine
from web.pages.matches import answers, openings, reasons
from web.pages.matches.answers import Answer, Point

if TYPE_CHECKING:
    from web.dependencies import Desk

SIMULATED: Final = 3
"""So many times a page ranks a copy of the profile: each takes as long as a match."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """What would follow if the profile answered some points more: their names, and the score and verdict then."""

    points: tuple[str, ...]
    score: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a profile stands with one need: the answer as it is, why it is no better, and what would make it so."""

    answer: Answer
    reasons: tuple[str, ...]
    supposed: tuple[Supposed, ...]

    @property
    def is_within_reach(self) -> bool:
        """Whether the pair would be shown if the profile answered what it leaves open."""
        return any(one.verdict != Verdict.NONE.value for one in self.supposed)

    @property
    def is_shown_elsewhere(self) -> bool:
        """Whether lists of matches show the pair, which is at or above the floor."""
        return self.answer.verdict != Verdict.NONE.value

    @property
    def is_recommended(self) -> bool:
        """Whether the pair is called a match as it stands; one that is barred by a hard condition is not."""
        return self.is_shown_elsewhere and not self.answer.is_blocked


def own_record(session: Session, desk: "Desk") -> ProfileRecord | None:
    """The listed profile of the unit that one acts for, as matching reads it; None where there is none."""
    if desk.signed_in is None:
        return None
    profile_id = own_openings.own_profile(session, desk.signed_in.actor)
    return None if profile_id is None else next(iter(profiles.documents(session, [profile_id])), None)


async def standing(desk: "Desk", record: ItemRecord, mine: ProfileRecord, *, simulates: bool) -> Standing | None:
    """Hold one profile against one need, wherever it stands; None where the index does not hold the need."""
    need, profile = corpus.need(record), corpus.profile(mine)
    subject = openings.subject(record, desk.now)

    def ask(engine: Engine) -> Standing | None:
        hit = shortfalls.alone(engine, profile, record.id)
        if hit is None:
            return None
        found = answers.answer(hit, subject)
        lacking = reasons.open_points(found)
        told = shortfalls.shortfalls(engine, need, profile, [point.requirement for point in lacking])
        supposing = simulates and not hit.blockers
        return Standing(
            found, reasons.said(hit, found, told), _supposed(engine, hit, mine, lacking) if supposing else ()
        )

    return await desk.match(ask)


def _supposed(engine: Engine, hit: Hit, mine: ProfileRecord, lacking: Sequence[Point]) -> tuple[Supposed, ...]:
    """Suppose the first open points answered one by one, and then all of them at once."""
    single = [(point,) for point in lacking[: SIMULATED - (len(lacking) > 1)]]
    groups = [*single, tuple(lacking)] if len(lacking) > 1 else single
    found = []
    for group in groups:
        then = shortfalls.supposed(engine, corpus.profile(mine), hit.id, [point.requirement for point in group])
        if then is not None:
            found.append(Supposed(tuple(map(reasons.name, group)), then.score, then.verdict.value))
    return tuple(found)
