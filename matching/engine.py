"""The matcher: needs and profiles go in, rankings with verdicts and evidence come out, in both directions."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from matching import conditions, sources, store
from matching import settings as numbers
from matching.alignment import Alignment
from matching.analysis import Analyser, Analysis, Terms
from matching.calibrate import scores, verdict
from matching.concepts import Lexicon
from matching.concepts import load as load_lexicon
from matching.coverage import Points, cover, read_points
from matching.dense import Vectors
from matching.documents import PUBLIC, Blocker, Hit, Need, Profile, Ranking, Verdict
from matching.encoder import Encoder
from matching.encoder import load as load_encoder
from matching.explain import shared_names
from matching.fusion import Common, Fusion
from matching.lexical import by_leg
from matching.locks import SharedLock
from matching.ragged import Rows
from matching.shelf import Entry, Mask, Shelf

Kind = Literal["need", "profile"]
EVERYBODY = frozenset({PUBLIC})


@dataclass(frozen=True, slots=True)
class Asker:
    """The asking document, analysed; `vector` of the whole where there is a model."""

    analysis: Analysis
    vector: Vectors | None
    points: Points


class Engine:
    """An index of needs and profiles with everything that ranks them; open it with `Engine.open`."""

    def __init__(
        self, *, lexicon: Lexicon, encoder: Encoder | None, settings: numbers.Settings, state: store.State
    ) -> None:
        self.lexicon = lexicon
        self.encoder = encoder
        self.settings = settings
        self.folder = state.folder
        self.position = state.position
        self.analyser = Analyser(lexicon)
        self.needs = state.needs
        self.profiles = state.profiles
        self.vocabulary = state.vocabulary
        self._alignment: Alignment | None = None
        if encoder is not None and state.vocabulary is not None and settings.weights.alignment:
            self._alignment = Alignment(state.vocabulary, encoder, settings.alignment.least_cosine)
        self._lock = SharedLock()

    @classmethod
    def open(
        cls,
        folder: Path | None,
        *,
        encoder: Encoder | None = None,
        lexicon: Lexicon | None = None,
        settings: numbers.Settings | None = None,
    ) -> "Engine":
        """Open the index in `folder`, or an empty one where there is none or it was made with another model or lexicon.

        `folder` None keeps everything in memory. Without `encoder` the configured model is loaded.
        """
        lexicon = lexicon or load_lexicon()
        encoder = encoder or load_encoder()
        state = store.read(folder, concepts=len(lexicon), encoder=encoder, lexicon=lexicon.digest)
        return cls(lexicon=lexicon, encoder=encoder, settings=settings or numbers.load(), state=state)

    def apply(
        self, puts: Iterable[Need | Profile], gone: Iterable[tuple[str, str]] = (), *, position: int | None = None
    ) -> None:
        """Put and remove documents; `gone` holds (kind, id) pairs, kind "need" or "profile". Readers see all of it or none."""
        documents = list(puts)
        needs = self._entries([each for each in documents if isinstance(each, Need)])
        profiles = self._entries([each for each in documents if isinstance(each, Profile)])
        leaving = list(gone)
        with self._lock.writing():
            if self.vocabulary is not None:
                self.vocabulary.learn([word for entry in (*needs, *profiles) for word in entry.analysis.words])
            self.needs.change(needs, [id_ for kind, id_ in leaving if kind == "need"])
            self.profiles.change(profiles, [id_ for kind, id_ in leaving if kind == "profile"])
            self.position = self.position if position is None else position

    def _entries(self, documents: Sequence[Need] | Sequence[Profile]) -> list[Entry]:
        analyses = [self._analyse(document) for document in documents]
        wholes = self._encode([analysis.whole for analysis in analyses])
        points = self._encode([point for analysis in analyses for point in analysis.points])
        ends = np.cumsum([len(analysis.points) for analysis in analyses])
        entries = []
        for at, (document, analysis) in enumerate(zip(documents, analyses, strict=True)):
            source = sources.dump(document)
            first = int(ends[at]) - len(analysis.points)
            own = None if points is None else points[first : int(ends[at])]
            whole = None if wholes is None else wholes[at]
            entries.append(Entry(document.id, sources.digest(source), document.audience, source, analysis, whole, own))
        return entries

    def _analyse(self, document: Need | Profile) -> Analysis:
        return self.analyser.need(document) if isinstance(document, Need) else self.analyser.profile(document)

    def _encode(self, texts: Sequence[str]) -> Vectors | None:
        if self.encoder is None:
            return None
        if not texts:
            return np.empty((0, self.encoder.dimension), dtype=np.float32)
        return self.encoder.encode(texts)

    def rank_profiles(
        self,
        need: Need,
        *,
        top: int = 10,
        audiences: frozenset[str] = EVERYBODY,
        blockers: bool = True,
        allowed: frozenset[str] | None = None,
    ) -> Ranking:
        """Rank the profiles for a need, best first, with evidence for each of the `top` hits."""
        asker = self._asker(need)

        def judge(row: int) -> tuple[Blocker, ...]:
            return conditions.blockers(need, sources.profile(self.profiles.source(row)))

        checked = judge if blockers and conditions.states_any(need) else None
        with self._lock.reading():
            rows = self._candidates(self.profiles, asker, audiences, allowed)
            common = self._pairs_of_need(asker, rows)
            return self._ranking(need.id, asker, self.profiles, common, top, checked)

    def rank_needs(
        self,
        profile: Profile,
        *,
        top: int = 10,
        audiences: frozenset[str] = EVERYBODY,
        blockers: bool = True,
        allowed: frozenset[str] | None = None,
    ) -> Ranking:
        """Rank the needs for a profile; a pair scores the same as when the need asks."""
        asker = self._asker(profile)

        def judge(row: int) -> tuple[Blocker, ...]:
            return conditions.blockers(sources.need(self.needs.source(row)), profile)

        with self._lock.reading():
            rows = self._candidates(self.needs, asker, audiences, allowed)
            common = self._pairs_of_profile(asker, rows)
            return self._ranking(profile.id, asker, self.needs, common, top, judge if blockers else None)

    def _asker(self, document: Need | Profile) -> Asker:
        analysis = self._analyse(document)
        vectors = self._encode([analysis.whole, *analysis.points])
        whole, points = (None, None) if vectors is None else (vectors[0], vectors[1:])
        return Asker(analysis, whole, read_points(self.analyser, analysis, points))

    def _fusion(self) -> Fusion:
        return Fusion(self.needs, self.profiles, self.settings)

    def _pairs_of_need(self, asker: Asker, rows: Rows) -> Common:
        common = self._fusion().profiles_for(asker.analysis.terms, rows)
        return self._with_meaning(common, asker, self.profiles, forward=True)

    def _pairs_of_profile(self, asker: Asker, rows: Rows) -> Common:
        common = self._fusion().needs_for(asker.analysis.terms, asker.analysis.refused, rows)
        return self._with_meaning(common, asker, self.needs, forward=False)

    def _with_meaning(self, common: Common, asker: Asker, shelf: Shelf, *, forward: bool) -> Common:
        total = common.sum
        if self._alignment is not None:
            aligned = self._alignment.pairs(self._fusion(), asker.analysis, shelf, common.rows, forward=forward)
            total = total + self.settings.weights.alignment * aligned
        if asker.vector is not None and shelf.wholes is not None and self.settings.weights.meaning:
            cosine = shelf.wholes.vectors(common.rows) @ asker.vector
            total = total + self.settings.weights.meaning * common.chance * np.maximum(cosine, 0.0)
        return replace(common, sum=total)

    def _candidates(
        self, shelf: Shelf, asker: Asker, audiences: frozenset[str], allowed: frozenset[str] | None
    ) -> Rows:
        mask = shelf.visible(audiences, allowed)
        limits = self.settings.candidates
        rows = np.flatnonzero(mask).astype(np.int64)
        if len(rows) <= max(limits.most, limits.narrow if allowed is not None else 0):
            return rows
        found = self._by_words(shelf, asker.analysis.terms, audiences, None if allowed is None else rows.tolist())
        near = self._by_meaning(shelf, asker, mask)
        both = np.unique(np.concatenate([found, near]))
        return both[mask[both]]

    def _by_words(self, shelf: Shelf, terms: Terms, audiences: frozenset[str], allowed: Sequence[int] | None) -> Rows:
        limits, weights = self.settings.candidates, self.settings.weights
        idf = self._fusion().idf
        legs = [leg[np.argsort(-idf(leg), kind="stable")[: limits.query_terms]] for leg in by_leg(terms.numbers)]
        legs[1] = legs[1][: limits.query_terms // 2]
        values = (weights.words, weights.bigrams, weights.concepts)
        return shelf.words.search(legs, values, limit=limits.most * 2 // 3, audiences=audiences, allowed=allowed)

    def _by_meaning(self, shelf: Shelf, asker: Asker, mask: Mask) -> Rows:
        if asker.vector is None or shelf.wholes is None:
            return np.empty(0, dtype=np.int64)
        most = self.settings.candidates.most // 6
        whole = shelf.wholes.search(asker.vector, limit=most, seen=mask)
        if shelf.points is None:
            return whole
        owners = shelf.point_owner.view
        points = shelf.points.search(asker.vector, limit=most, seen=mask[owners])
        return np.concatenate([whole, owners[points]])

    def _ranking(
        self,
        query: str,
        asker: Asker,
        shelf: Shelf,
        common: Common,
        top: int,
        judge: Callable[[int], tuple[Blocker, ...]] | None,
    ) -> Ranking:
        values = scores(common, self.settings.calibration)
        ids = [shelf.ids[row] for row in common.rows.tolist()]
        order = sorted(range(len(ids)), key=lambda at: (-values[at], -common.sum[at], ids[at]))
        free: list[tuple[int, tuple[Blocker, ...]]] = []
        blocked: list[tuple[int, tuple[Blocker, ...]]] = []
        for at in order:
            reasons = judge(int(common.rows[at])) if judge else ()
            (blocked if reasons else free).append((at, reasons))
            if len(free) >= top:
                break
        hits = tuple(
            self._hit(asker, shelf, common, at, float(values[at]), reasons) for at, reasons in [*free, *blocked][:top]
        )
        found = any(hit.verdict is not Verdict.NONE for hit in hits)
        return Ranking(query, "match" if found else "none", hits)

    def _hit(
        self, asker: Asker, shelf: Shelf, common: Common, at: int, score: float, reasons: tuple[Blocker, ...]
    ) -> Hit:
        row = int(common.rows[at])
        fusion = self._fusion()
        offers = shelf is self.profiles
        document = (sources.profile if offers else sources.need)(shelf.source(row))
        analysis = self._analyse(document)
        vectors = None if shelf.points is None else shelf.points.vectors(shelf.point_places(row))
        other = read_points(self.analyser, analysis, vectors)
        need, profile, said = (asker.points, other, analysis) if offers else (other, asker.points, asker.analysis)
        evidence, gaps = cover(fusion, self.analyser, need, said, profile, self.settings.coverage)
        shared = shared_names(fusion, self.analyser, need.texts, profile.texts)
        count = int(common.concepts[at] + common.words[at])
        judged = verdict(score, count, self.settings.calibration, blocked=bool(reasons))
        return Hit(shelf.ids[row], score, judged, evidence, gaps, reasons, shared)

    def search_needs(
        self, text: str, *, limit: int = 50, audiences: frozenset[str] = EVERYBODY
    ) -> list[tuple[str, float]]:
        """Find needs by a few words of text: (id, score), best first; only those that share a word, a pair or a concept."""
        return self._search(self.needs, text, limit, audiences)

    def search_profiles(
        self, text: str, *, limit: int = 50, audiences: frozenset[str] = EVERYBODY
    ) -> list[tuple[str, float]]:
        """Find profiles by a few words of text: (id, score), best first."""
        return self._search(self.profiles, text, limit, audiences)

    def _search(self, shelf: Shelf, text: str, limit: int, audiences: frozenset[str]) -> list[tuple[str, float]]:
        terms = self.analyser.terms([self.analyser.read(text)])
        with self._lock.reading():
            rows = self._by_words(shelf, terms, audiences, None)
            rows = rows[shelf.alive.view[rows]]
            common = self._fusion().on(shelf, terms, rows)
            found = sorted(zip((shelf.ids[row] for row in rows.tolist()), common.tolist(), strict=True), key=_best)
        return [(id_, round(score, 4)) for id_, score in found if score > 0][:limit]

    def keys(self) -> dict[str, str]:
        """Return id → digest of every indexed document; needs and profiles have distinct ids."""
        with self._lock.reading():
            return self.needs.keys() | self.profiles.keys()

    def save(self) -> None:
        """Write the index to its folder; a reader of the folder sees the old one or the new one, whole."""
        if self.folder is None:
            return
        with self._lock.reading():
            store.write(
                self.folder, self.needs, self.profiles, self.vocabulary,
                position=self.position, encoder=self.encoder, lexicon=self.lexicon.digest,
            )  # fmt: skip


def _best(found: tuple[str, float]) -> tuple[float, str]:
    return -found[1], found[0]
