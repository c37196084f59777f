"""People held against a need by what they know: experts of a pool, who sell nothing of what is asked for.

They are no part of the market's index. What was asked about is kept in memory, so that the next question reads only what
has changed: each question brings the people it names, compared by the digest of their words, so nothing stale can answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from threading import Lock
from typing import Final

from matching import settings as numbers
from matching import sources
from matching.documents import Fit, Hit, Need, Profile, Ranked
from matching.engine import Engine

MOST: Final = 100_000
"""So many people are all weighed one by one; a pool holds some hundreds."""


class Specialists:
    """Ranks people for needs, with the words of the market as the measure of what is rare. Any number of threads may ask."""

    def __init__(self, market: Engine) -> None:
        self._market = market
        self._numbers = market.settings
        self._engine = self._empty()
        self._lock = Lock()

    def rank(self, need: Need, people: Sequence[Profile], *, known: Collection[str]) -> tuple[Ranked, ...]:
        """Rank all `people` for a need, best first, ties by id, each with the passages that answer the need's.

        `known` are the ids of everybody who may be asked about at all: the words of all others are forgotten.
        """
        ids = frozenset(one.id for one in people)
        # One question at a time: another one's people must not be forgotten between their coming and their ranking.
        with self._lock:
            self._follow(people, known)
            found = self._engine.rank_profiles(need, top=len(ids), allowed=ids, blockers=False) if ids else None
        return () if found is None else tuple(self._ranked(hit) for hit in found.hits)

    def held(self) -> frozenset[str]:
        """The ids of the people whose words are kept now."""
        with self._lock:
            return frozenset(self._engine.keys())

    def _empty(self) -> Engine:
        return Engine.beside(self._market, settings=_for_people(self._numbers))

    def _follow(self, people: Sequence[Profile], known: Collection[str]) -> None:
        now, kept = {one.id: sources.digest(sources.dump(one)) for one in people}, self._engine.keys()
        outdated = any(id_ in kept and kept[id_] != digest for id_, digest in now.items())
        if outdated or kept.keys() - now.keys() - set(known):
            # An index only marks what leaves it as dead: whoever withdrew its words is not to be found in memory either.
            self._engine, kept = self._empty(), {}
        fresh = [one for one in people if one.id not in kept]
        if fresh:
            self._engine.apply(fresh)

    def _ranked(self, hit: Hit) -> Ranked:
        fit = self._fit(hit.score)
        if fit is Fit.NONE:
            return Ranked(hit.id, hit.score, fit)
        return Ranked(hit.id, hit.score, fit, hit.evidence, hit.shared)

    def _fit(self, score: float) -> Fit:
        if score >= self._numbers.calibration.floor:
            return Fit.FITTING
        return Fit.NEAR if score >= self._numbers.specialists.near else Fit.NONE


def _for_people(settings: numbers.Settings) -> numbers.Settings:
    """Who teaches a trade knows it as well as who builds for it, so no kind of work is foreign; everybody is weighed.

    A long text is not held against its writer: that would measure it by how much the others of a pool wrote.
    """
    return replace(
        settings,
        bm25=replace(settings.bm25, length=0.0),
        frames=numbers.Frames(most=0),
        candidates=replace(settings.candidates, most=MOST),
    )
