"""How well experts of a pool fit a track of a round by what they know, with the words that say so.

It orders and explains, nothing more: who may be drawn and the draw itself know nothing of it. It rests on the notice and on
what the experts wrote about their specialities, never on bids, so that it tells nobody anything about them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.experts.pool import Listed
from marketplace.rounds.panels.candidates import Candidate
from marketplace.rounds.rules.notices import Notice
from matching import corpus
from matching.documents import Evidence, Fit, Ranked
from web.dependencies import Desk
from web.pages.rounds import answering

NAMES: Final[Mapping[Fit, str]] = {Fit.FITTING: "对口", Fit.NEAR: "相近", Fit.NONE: "无相近专长"}
LOOKS: Final[Mapping[Fit, tuple[str, str]]] = {
    Fit.FITTING: ("good", "check"),
    Fit.NEAR: ("warn", "next"),
    Fit.NONE: ("plain", "gap"),
}
"""In which tone of the kit, and with which shape, each is marked."""
SOURCES: Final[Mapping[str, str]] = {"headline": "职称或职务", "description": "专长", "skills": "专长词"}
"""What the pool calls the fields that statements stand in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What experts are held against: one track, by its key, of a round's notice as it stands."""

    round_id: str
    region: str
    notice: Notice
    track: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A passage of the notice, the expert's own words that answer it, where those stand, and what both name."""

    asked: str
    said: str
    source: str
    shared: tuple[str, ...]

    @property
    def meant(self) -> tuple[str, ...]:
        """What both mean without the expert using that very word; no highlight could show it."""
        return tuple(word for word in self.shared if word.casefold() not in self.said.casefold())


@dataclass(frozen=True, slots=True)
class Placed:
    """A candidate in the order of the page; `shared` are words and concepts that it and the notice both name."""

    candidate: Candidate
    fit: Fit
    proofs: tuple[Proof, ...]
    shared: tuple[str, ...]


async def placed(desk: Desk, asked: Asked, every: Sequence[Candidate], *, known: frozenset[str]) -> list[Placed]:
    """Candidates by how well they fit a track, best first; those for whom nothing speaks come last, by name.

    `known` are the ids of everybody listed in any pool.
    """
    track = next(one for one in asked.notice.tracks if one.key == asked.track)
    need = corpus.need(answering.record(asked.round_id, asked.region, asked.notice, track))
    people = [corpus.specialist(one.expert) for one in every]
    ranked = await desk.weigh(lambda specialists: specialists.rank(need, people, known=known))
    found = {one.id: one for one in ranked}
    return sorted((_placed(one, found[one.expert.id]) for one in every), key=lambda one: _order(one, found))


def _order(one: Placed, found: Mapping[str, Ranked]) -> tuple[float, str, str]:
    expert: Listed = one.candidate.expert
    # Below the floor a score says nothing, so it must not look like an order of worth.
    return 0.0 if one.fit is Fit.NONE else -found[expert.id].score, expert.name, expert.id


def _placed(candidate: Candidate, ranked: Ranked) -> Placed:
    return Placed(candidate, ranked.fit, tuple(_proof(one) for one in ranked.evidence), ranked.shared)


def _proof(one: Evidence) -> Proof:
    field = one.statement.source.split("[")[0]
    return Proof(one.requirement, one.statement.text, SOURCES[field], one.shared)
