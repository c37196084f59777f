"""From a reader's question to its hits: candidates, what each has in common with the asker, scores, evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching import conditions, frames, sources
from matching.alignment import Alignment
from matching.analysis import Analyser, Analysis, Terms
from matching.calibrate import Pairs, logits, score, verdict
from matching.coverage import Covered, cover, weighed
from matching.denied import Denied
from matching.dense import Vectors
from matching.documents import Blocker, Hit, Need, Profile, Ranking, Verdict
from matching.explain import Names
from matching.fusion import Floats, Fusion
from matching.lexical import by_leg
from matching.points import Points, joined, named, points
from matching.ragged import Rows
from matching.settings import Settings
from matching.shelf import Mask, Shelf
from matching.text import Numbers, concepts_of


@dataclass(frozen=True, slots=True)
class Asker:
    """The asking document, read: its vector, the vectors of its points and how vague it is."""

    document: Need | Profile
    analysis: Analysis
    vector: Vectors
    points: Vectors
    crowd: float

    @property
    def is_need(self) -> bool:
        """Whether a need asks, and profiles answer."""
        return isinstance(self.document, Need)

    @property
    def as_points(self) -> Points:
        """Its own points."""
        return points(self.analysis.points, self.analysis.point_terms, self.points, self.analysis.statements)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its place among the pairs, its score and what blocks it."""

    row: int
    score: float
    shared: int
    blockers: tuple[Blocker, ...]


Judge = Callable[[int, float], tuple[Blocker, ...]]
"""Tells what blocks a row of a score."""


def _never(row: int, value: float) -> tuple[Blocker, ...]:  # noqa: ARG001 - one shape for all judges
    return ()


class Ranker:
    """Ranks one shelf for an asker of the other."""

    def __init__(
        self,
        needs: Shelf,
        profiles: Shelf,
        analyser: Analyser,
        alignment: Alignment,
        settings: Settings,
        *,
        counted: tuple[Shelf, Shelf] | None = None,
    ) -> None:
        self._needs = needs
        self._profiles = profiles
        self._analyser = analyser
        self._alignment = alignment
        self._settings = settings
        self._fusion = Fusion(needs, profiles, settings, counted=counted)
        self.idf = self._fusion.idf

    def rank(self, asker: Asker, seen: Mask, *, top: int, blockers: bool) -> Ranking:
        """Rank the rows that `seen` allows."""
        shelf = self._profiles if asker.is_need else self._needs
        pairs = self._aligned(asker, self._nearest(self._compared(asker, self._candidates(shelf, asker, seen)), top))
        judge = self._judge(asker, shelf) if blockers else _never
        hits = self._hits(asker, shelf, self._scored(shelf, pairs, top, judge))
        found = any(hit.verdict is not Verdict.NONE for hit in hits)
        return Ranking(asker.document.id, "match" if found else "none", hits)

    def pairs(self, asker: Asker, rows: Rows) -> Pairs:
        """Return all that is known of each row and the asker."""
        return self._aligned(asker, self._compared(asker, rows))

    def _compared(self, asker: Asker, rows: Rows) -> Pairs:
        analysis, most = asker.analysis, self._settings.frames.most
        if asker.is_need:
            shelf, common = self._profiles, self._fusion.profiles_for(analysis.terms, rows)
            foreign = frames.foreign(analysis.kinds, shelf.kinds.view[rows], most)
            crowd = np.full(len(rows), asker.crowd)
        else:
            shelf, common = self._needs, self._fusion.needs_for(analysis.terms, analysis.refused, rows)
            foreign = frames.foreign(shelf.kinds.view[rows], analysis.kinds, most)
            crowd = shelf.crowd.view[rows].astype(np.float64)
        cosine = (shelf.wholes.vectors(rows) @ asker.vector).astype(np.float64)
        return Pairs(common, np.zeros(len(rows)), cosine, foreign, crowd)

    def _nearest(self, pairs: Pairs, top: int) -> Pairs:
        """Keep the pairs that can still come out on top once their words are aligned, which is the dearest step."""
        most = max(self._settings.candidates.aligned, 2 * top)
        if len(pairs.cosine) <= most:
            return pairs
        return pairs.only(np.sort(np.argsort(-logits(pairs, self._settings.calibration), kind="stable")[:most]))

    def _aligned(self, asker: Asker, pairs: Pairs) -> Pairs:
        shelf = self._profiles if asker.is_need else self._needs
        aligned = self._alignment.pairs(self._fusion, asker.analysis, shelf, pairs.common.rows, forward=asker.is_need)
        return replace(pairs, aligned=aligned)

    def _candidates(self, shelf: Shelf, asker: Asker, seen: Mask) -> Rows:
        limits = self._settings.candidates
        rows = np.flatnonzero(seen).astype(np.int64)
        if len(rows) <= limits.most or (len(rows) <= limits.narrow < len(shelf)):
            return rows
        words = self._by_words(shelf, asker.analysis.terms, seen, limits.most * 2 // 3)
        near = self._by_meaning(shelf, asker, seen, limits.most // 6)
        return np.unique(np.concatenate([words, near]))

    def _by_words(self, shelf: Shelf, terms: Terms, seen: Mask, limit: int) -> Rows:
        most, weights = self._settings.candidates.query_terms, self._settings.weights
        legs = [leg[np.argsort(-self._fusion.idf(leg), kind="stable")[:most]] for leg in by_leg(terms.numbers)]
        values = (weights.words, weights.bigrams, weights.concepts)
        return shelf.words.search(legs, values, limit=limit, seen=seen)

    def words_in_common(self, shelf: Shelf, terms: Terms, seen: Mask, *, limit: int) -> tuple[Rows, Floats]:
        """Return the rows that share most with a few words of text, and what each shares."""
        rows = self._by_words(shelf, terms, seen, limit)
        return rows, self._fusion.on(shelf, terms, rows)

    def _by_meaning(self, shelf: Shelf, asker: Asker, seen: Mask, limit: int) -> Rows:
        wholes = shelf.wholes.search(asker.vector, limit=limit, seen=seen)
        points = shelf.points.search(asker.vector, limit=limit, seen=shelf.points_visible(seen))
        return np.concatenate([wholes, shelf.point_owner.view[points]])

    def _scored(self, shelf: Shelf, pairs: Pairs, top: int, judge: Judge) -> Sequence[Scored]:
        """Return the best `top` candidates, blocked ones after all others; ties break by id.

        A blocked one that would be shown keeps its place against free ones below the floor, which no page shows.
        """
        rows, numbers = pairs.common.rows, self._settings.calibration
        values, shared = score(logits(pairs, numbers)), pairs.common.concepts + pairs.common.words
        order = sorted(range(len(rows)), key=lambda at: (-values[at], shelf.ids[rows[at]]))
        free: list[Scored] = []
        blocked: list[Scored] = []
        for at in order:
            if len(free) == top and (values[at] < numbers.floor or all(map(self._is_shown, free))):
                break
            reasons = judge(int(rows[at]), float(values[at]))
            (blocked if reasons else free).append(Scored(int(rows[at]), float(values[at]), int(shared[at]), reasons))
        shown = [sum(self._is_shown(each) for each in group) for group in (free, blocked)]
        last = min(shown[1], max(0, top - shown[0]))
        first = free[: top - last]
        return [*first, *blocked[: top - len(first)]]

    def _is_shown(self, scored: Scored) -> bool:
        numbers = self._settings.calibration
        return verdict(scored.score, scored.shared, numbers, blocked=bool(scored.blockers)) is not Verdict.NONE

    def _judge(self, asker: Asker, shelf: Shelf) -> Judge:
        """Return what tells blockers; refusals, which cost more to tell, only for what would be shown."""
        asking, floor = asker.document, self._settings.calibration.floor
        if isinstance(asking, Profile):
            refusals = asker.analysis.refusals

            def of_need(row: int, value: float) -> tuple[Blocker, ...]:
                need = sources.need(shelf.source(row)["document"])
                refused = (
                    self._denied(need, shelf.terms.row(row)).blockers(refusals) if refusals and value >= floor else ()
                )
                return (*conditions.blockers(need, asking), *refused)

            return of_need
        states_any, denied = conditions.states_any(asking), self._denied(asking, asker.analysis.terms.numbers)

        def of_profile(row: int, value: float) -> tuple[Blocker, ...]:
            if not states_any and value < floor:
                return ()
            record = shelf.source(row)
            stated = conditions.blockers(asking, sources.profile(record["document"])) if states_any else ()
            return (*stated, *(denied.blockers(record["refusals"]) if value >= floor else ()))

        return of_profile

    def _denied(self, need: Need, terms: Numbers) -> Denied:
        return Denied(self._analyser, need, concepts_of(terms))

    def _hits(self, asker: Asker, shelf: Shelf, scored: Sequence[Scored]) -> tuple[Hit, ...]:
        """Tell what answers what; all pairs of points are weighed at once, which is far cheaper than hit by hit."""
        if not scored:
            return ()
        names = Names(self._fusion, named(self._analyser, asker.analysis))
        own, others = asker.as_points, shelf.points_at([each.row for each in scored])
        ends = np.cumsum([len(each.texts) for each in others])[:-1]
        both = joined(others)
        whole = (own, both) if asker.is_need else (both, own)
        tables = np.split(weighed(self._fusion, *whole, self._settings.coverage), ends, axis=int(asker.is_need))

        def points_of(other: Points) -> tuple[Points, Points]:
            return (own, other) if asker.is_need else (other, own)

        return tuple(
            self._hit(asker, names, shelf, each, cover(names, table, *points_of(other), self._settings.coverage))
            for each, other, table in zip(scored, others, tables, strict=True)
        )

    def _hit(self, asker: Asker, names: Names, shelf: Shelf, scored: Scored, covered: Covered) -> Hit:
        evidence, gaps = covered
        theirs = Terms(shelf.terms.row(scored.row), shelf.halves.row(scored.row))
        shared = names.shared(asker.analysis.terms, theirs)
        numbers = self._settings.calibration
        judged = verdict(scored.score, scored.shared, numbers, blocked=bool(scored.blockers))
        if not evidence and scored.score < numbers.strong:
            judged = Verdict.NONE
        return Hit(shelf.ids[scored.row], scored.score, judged, evidence, gaps, scored.blockers, shared)
