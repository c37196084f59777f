"""The matcher: needs and profiles go in, rankings with verdicts and evidence come out, in both directions."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import numpy as np

from matching import settings as numbers
from matching import sources, store, teams
from matching.alignment import Alignment
from matching.analysis import Analyser, Analysis
from matching.concepts import Lexicon
from matching.concepts import load as load_lexicon
from matching.crowd import Crowd
from matching.dense import Vectors
from matching.documents import PUBLIC, Need, Profile, Ranking, Team
from matching.encoder import Encoder
from matching.encoder import load as load_encoder
from matching.frames import Frames
from matching.locks import SharedLock
from matching.looking import NEAR, look
from matching.pace import Pause
from matching.ranking import Asker, Ranker
from matching.shelf import Entry, Shelf
from matching.text import simplified

EVERYBODY = frozenset({PUBLIC})
STEP = 20
"""So many documents are read between two pauses: some hundredths of a second."""


class Engine:
    """An index of needs and profiles with everything that ranks them; open it with `Engine.open`.

    Any number of threads may ask while one applies changes.
    """

    def __init__(
        self,
        *,
        lexicon: Lexicon,
        encoder: Encoder,
        settings: numbers.Settings,
        state: store.State,
        market: "Engine | None" = None,
        kinds: Frames | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.encoder = encoder
        self.settings = settings
        self.folder = state.folder
        self.position = state.position
        self.needs = state.needs
        self.profiles = state.profiles
        self.vocabulary = state.vocabulary
        self.analyser = Analyser(lexicon, kinds)
        self._crowd = Crowd(encoder, lexicon, settings.meaning.crowd)
        alignment = Alignment(state.vocabulary, settings.meaning.least_cosine)
        counted = None if market is None else (market.needs, market.profiles)
        self.ranker = Ranker(self.needs, self.profiles, self.analyser, alignment, settings, counted=counted)
        self._market = market
        self._lock = SharedLock()
        self._is_saved = bool(state.position or len(state.needs) or len(state.profiles))

    @classmethod
    def open(
        cls,
        folder: Path | None,
        *,
        encoder: Encoder | None = None,
        lexicon: Lexicon | None = None,
        settings: numbers.Settings | None = None,
        kinds: Frames | None = None,
    ) -> "Engine":
        """Open the index in `folder`, or an empty one where there is none or it was made with another model or lexicon.

        `folder` None keeps everything in memory. What is not given is as shipped; kinds of work of one's own are for trials in memory.
        """
        # An empty lexicon is one too.
        lexicon = load_lexicon() if lexicon is None else lexicon
        encoder = load_encoder() if encoder is None else encoder
        state = store.read(folder, concepts=len(lexicon), encoder=encoder, lexicon=lexicon.digest)
        return cls(lexicon=lexicon, encoder=encoder, settings=settings or numbers.load(), state=state, kinds=kinds)

    @classmethod
    def beside(cls, market: "Engine", *, settings: numbers.Settings) -> "Engine":
        """Return an empty index in memory that weighs words by how rare they are in the market, not among its own documents.

        So a pair scores the same however many others like it are held here.
        """
        lexicon, encoder = market.lexicon, market.encoder
        state = store.read(None, concepts=len(lexicon), encoder=encoder, lexicon=lexicon.digest)
        return cls(lexicon=lexicon, encoder=encoder, settings=settings, state=state, market=market)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Hold still whatever a ranking reads: this index, and the market's counts where they weigh its words."""
        with nullcontext() if self._market is None else self._market.still(), self._lock.reading():
            yield

    def apply(
        self,
        puts: Iterable[Need | Profile],
        gone: Iterable[tuple[str, str]] = (),
        *,
        position: int | None = None,
        pause: Pause | None = None,
    ) -> None:
        """Put and remove documents; `gone` holds (kind, id) pairs, kind "need" or "profile". Readers see all of it or none.

        With a `pause` documents are read a few at a time, and it is called in between.
        """
        documents = list(puts)
        needs = self._read([each for each in documents if isinstance(each, Need)], pause)
        profiles = self._read([each for each in documents if isinstance(each, Profile)], pause)
        leaving = list(gone)
        with self._lock.writing():
            self.vocabulary.learn([word for entry in (*needs, *profiles) for word in entry.analysis.words])
            self.needs.change(needs, [id_ for kind, id_ in leaving if kind == "need"])
            self.profiles.change(profiles, [id_ for kind, id_ in leaving if kind == "profile"])
            self._is_saved &= not documents and not leaving and position in (None, self.position)
            self.position = self.position if position is None else position

    def _read(self, documents: Sequence[Need | Profile], pause: Pause | None) -> list[Entry]:
        if pause is None:
            return self._entries(documents)
        entries: list[Entry] = []
        for start in range(0, len(documents), STEP):
            entries += self._entries(documents[start : start + STEP])
            pause()
        return entries

    def _entries(self, documents: Sequence[Need | Profile]) -> list[Entry]:
        analyses = [self._analyse(document) for document in documents]
        wholes = self._encode([analysis.whole for analysis in analyses])
        points = self._encode([point for analysis in analyses for point in analysis.points])
        ends = np.cumsum([len(analysis.points) for analysis in analyses])
        crowds = self._crowd.nearness(wholes)
        entries = []
        for at, (document, analysis) in enumerate(zip(documents, analyses, strict=True)):
            source = sources.dump(document)
            own = points[int(ends[at]) - len(analysis.points) : int(ends[at])]
            label = (document.id, sources.digest(source), document.audience)
            packed = sources.pack(source, analysis.points, analysis.statements, analysis.refusals)
            entries.append(Entry(*label, packed, sources.shown(source), analysis, wholes[at], own, float(crowds[at])))
        return entries

    def _analyse(self, document: Need | Profile) -> Analysis:
        return self.analyser.need(document) if isinstance(document, Need) else self.analyser.profile(document)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.encoder.dimension), dtype=np.float32)
        # The index keeps half precision; a question is rounded alike, so that a pair scores the same whichever side asks.
        return self.encoder.encode([simplified(text) for text in texts]).astype(np.float16).astype(np.float32)

    def asker(self, document: Need | Profile) -> Asker:
        """Read a document that asks; it need not be in the index."""
        analysis = self._analyse(document)
        vectors = self._encode([analysis.whole, *analysis.points])
        crowd = float(self._crowd.nearness(vectors[:1])[0])
        return Asker(document, analysis, vectors[0], vectors[1:], crowd)

    def rank_profiles(
        self,
        need: Need,
        *,
        top: int = 10,
        audiences: frozenset[str] = EVERYBODY,
        blockers: bool = True,
        allowed: frozenset[str] | None = None,
    ) -> Ranking:
        """Rank the profiles for a need, best first, with evidence for each of the `top` hits.

        `audiences` are the visibility labels the viewer holds; `allowed` narrows the search to these ids.
        """
        asker = self.asker(need)
        with self.still():
            return self.ranker.rank(asker, self.profiles.visible(audiences, allowed), top=top, blockers=blockers)

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
        asker = self.asker(profile)
        with self.still():
            return self.ranker.rank(asker, self.needs.visible(audiences, allowed), top=top, blockers=blockers)

    def teams(
        self,
        need: Need,
        *,
        audiences: frozenset[str] = EVERYBODY,
        allowed: frozenset[str] | None = None,
        including: str | None = None,
        most: int = teams.SHOWN,
    ) -> tuple[Team, ...]:
        """Return small sets of profiles that answer a need together where nobody answers it alone, see `matching.teams`."""
        return teams.teams(self, need, audiences=audiences, allowed=allowed, including=including, most=most)

    def profile(self, id_: str) -> Profile | None:
        """Return an indexed profile as it was put; None where there is none."""
        with self._lock.reading():
            row = self.profiles.row_of.get(id_)
            return None if row is None else sources.profile(self.profiles.source(row)["document"])

    def search_needs(
        self, text: str, *, limit: int = 50, audiences: frozenset[str] = EVERYBODY
    ) -> list[tuple[str, float]]:
        """Find needs by a few words of text: (id, score), best first; only those that hold enough of them (`looking`)."""
        return self._search(self.needs, text, limit, audiences)

    def search_profiles(
        self, text: str, *, limit: int = 50, audiences: frozenset[str] = EVERYBODY
    ) -> list[tuple[str, float]]:
        """Find profiles by a few words of text: (id, score), best first."""
        return self._search(self.profiles, text, limit, audiences)

    def near_needs(
        self, text: str, *, limit: int = 5, audiences: frozenset[str] = EVERYBODY
    ) -> list[tuple[str, float]]:
        """Find needs that mean something like a text, whatever their words: (id, cosine), best first."""
        return self._near(self.needs, text, limit, audiences)

    def near_profiles(
        self, text: str, *, limit: int = 5, audiences: frozenset[str] = EVERYBODY
    ) -> list[tuple[str, float]]:
        """Find profiles that mean something like a text: (id, cosine), best first."""
        return self._near(self.profiles, text, limit, audiences)

    def _near(self, shelf: Shelf, text: str, limit: int, audiences: frozenset[str]) -> list[tuple[str, float]]:
        (vector,) = self._encode([text])
        with self._lock.reading():
            rows = shelf.wholes.search(vector, limit=limit, seen=shelf.visible(audiences, None))
            cosines = shelf.wholes.vectors(rows) @ vector
            found = [(shelf.ids[row], round(float(cosine), 4)) for row, cosine in zip(rows, cosines, strict=True)]
        return sorted((each for each in found if each[1] >= NEAR), key=lambda each: (-each[1], each[0]))

    def _search(self, shelf: Shelf, text: str, limit: int, audiences: frozenset[str]) -> list[tuple[str, float]]:
        with self._lock.reading():
            return look(self.ranker, self.analyser, shelf, text, shelf.visible(audiences, None), limit=limit)

    def keys(self) -> dict[str, str]:
        """Return id → digest of every indexed document; needs and profiles have distinct ids."""
        with self._lock.reading():
            return self.needs.keys() | self.profiles.keys()

    def save(self) -> None:
        """Write the index to its folder where it has changed since; whoever opens the folder meanwhile gets the old one or the new one, whole."""
        if self.folder is None:
            return
        with self._lock.reading():
            if self._is_saved:
                return
            state = store.State(self.folder, self.position, self.needs, self.profiles, self.vocabulary)
            store.write(self.folder, state, model=self.encoder.digest, lexicon=self.lexicon.digest)
            self._is_saved = True
