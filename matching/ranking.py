"""From a reader's question to its hits: candidates, what each has in common with the asker, scores, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching import conditions, sources
from matching.alignment import Alignment
from matching.analysis import Analyser, Analysis, Terms
from matching.calibrate import Pairs, logits, score, verdict
from matching.coverage import cover, read_points
from matching.dense import Vectors
from matching.documents import Blocker, Hit, Need, Profile, Ranking, Verdict
from matching.explain import shared_names
from matching.fusion import Fusion
from matching.lexical import by_leg
from matching.ragged import Rows
from matching.settings import Settings
from matching.shelf import Mask, Shelf


@dataclass(frozen=True, slots=True)
class Asker:
    """The asking document, read: its vector, the vectors of its points and how vague it is."""

    document: Need | Profile
    analysis: Analysis
    vector: Vectors
    points: Vectors
    crowd: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its place among the pairs, its score and what blocks it."""

    row: int
    score: float
    shared: int
    blockers: tuple[Blocker, ...]


class Ranker:
    """Ranks one shelf for an asker of the other."""

    def __init__(
        self, needs: Shelf, profiles: Shelf, analyser: Analyser, alignment: Alignment, settings: Settings
    ) -> None:
        self._needs = needs
        self._profiles = profiles
        self._analyser = analyser
        self._alignment = alignment
        self._settings = settings
        self._fusion = Fusion(needs, profiles, settings)

    def rank(self, asker: Asker, seen: Mask, *, top: int, blockers: bool) -> Ranking:
        """Rank the rows that `seen` allows."""
        shelf = self._profiles if isinstance(asker.document, Need) else self._needs
        rows = self._candidates(shelf, asker, seen)
        scored = self._scored(asker, shelf, self.pairs(asker, rows), top, blockers=blockers)
        hits = tuple(self._hit(asker, shelf, each) for each in scored)
        found = any(hit.verdict is not Verdict.NONE for hit in hits)
        return Ranking(asker.document.id, "match" if found else "none", hits)

    def pairs(self, asker: Asker, rows: Rows) -> Pairs:
        """Return what each row has in common with the asker."""
        analysis, forward = asker.analysis, isinstance(asker.document, Need)
        if forward:
            shelf, common = self._profiles, self._fusion.profiles_for(analysis.terms, rows)
        else:
            shelf, common = self._needs, self._fusion.needs_for(analysis.terms, analysis.refused, rows)
        aligned = self._alignment.pairs(self._fusion, analysis, shelf, rows, forward=forward)
        cosine = (shelf.wholes.vectors(rows) @ asker.vector).astype(np.float64)
        kinds = shelf.kinds.view[rows]
        foreign = (kinds & ~np.uint16(analysis.kinds)) if forward else (np.uint16(analysis.kinds) & ~kinds)
        crowd = np.full(len(rows), asker.crowd) if forward else shelf.crowd.view[rows].astype(np.float64)
        return Pairs(common, aligned, cosine, (foreign > 0).astype(np.float64), crowd)

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

    def _by_meaning(self, shelf: Shelf, asker: Asker, seen: Mask, limit: int) -> Rows:
        wholes = shelf.wholes.search(asker.vector, limit=limit, seen=seen)
        owners = shelf.point_owner.view
        points = shelf.points.search(asker.vector, limit=limit, seen=seen[owners])
        return np.concatenate([wholes, owners[points]])

    def _scored(self, asker: Asker, shelf: Shelf, pairs: Pairs, top: int, *, blockers: bool) -> Sequence[Scored]:
        """Return the best `top` candidates, blocked ones after all others; ties break by id."""
        rows = pairs.common.rows
        values, shared = score(logits(pairs, self._settings.calibration)), pairs.common.concepts + pairs.common.words
        order = sorted(range(len(rows)), key=lambda at: (-values[at], shelf.ids[rows[at]]))
        free: list[Scored] = []
        blocked: list[Scored] = []
        for at in order:
            reasons = self._blockers(asker, shelf, int(rows[at])) if blockers else ()
            (blocked if reasons else free).append(Scored(int(rows[at]), float(values[at]), int(shared[at]), reasons))
            if len(free) == top:
                break
        return [*free, *blocked][:top]

    def _blockers(self, asker: Asker, shelf: Shelf, row: int) -> tuple[Blocker, ...]:
        if isinstance(asker.document, Profile):
            return conditions.blockers(sources.need(shelf.source(row)), asker.document)
        if not conditions.states_any(asker.document):
            return ()
        return conditions.blockers(asker.document, sources.profile(shelf.source(row)))

    def _hit(self, asker: Asker, shelf: Shelf, scored: Scored) -> Hit:
        own = read_points(self._analyser, asker.analysis, asker.points)
        record, vectors = shelf.source(scored.row), shelf.point_vectors(scored.row)
        if shelf is self._profiles:
            need = own
            profile = read_points(self._analyser, self._analyser.profile(sources.profile(record)), vectors)
        else:
            need = read_points(self._analyser, self._analyser.need(sources.need(record)), vectors)
            profile = own
        evidence, gaps = cover(self._fusion, self._analyser, need, profile, self._settings.coverage)
        names = shared_names(self._fusion, self._analyser, need.texts, profile.texts)
        judged = verdict(scored.score, scored.shared, self._settings.calibration, blocked=bool(scored.blockers))
        return Hit(shelf.ids[scored.row], scored.score, judged, evidence, gaps, scored.blockers, names)

    def search(self, shelf: Shelf, terms: Terms, seen: Mask, *, limit: int) -> list[tuple[str, float]]:
        """Return (id, score) of the rows that share terms, best first, ties by id."""
        rows = self._by_words(shelf, terms, seen, limit)
        values: NDArray[np.float64] = self._fusion.on(shelf, terms, rows)
        found = [(shelf.ids[row], round(value, 4)) for row, value in zip(rows.tolist(), values.tolist(), strict=True)]
        return sorted((each for each in found if each[1] > 0), key=lambda each: (-each[1], each[0]))[:limit]
