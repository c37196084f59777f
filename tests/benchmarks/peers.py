"""Other engines on the same texts, with the same vectors, on the same machine, in the same run: quality and time.

txtai's hybrid index (BM25 and vectors, its own weights) and Qdrant in local mode (dense and sparse vectors, reciprocal rank
fusion) get the project's encoder and the project's words, which is the best that can be done for them here.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any, Protocol

from matching import metrics
from matching.analysis import Analysis
from matching.concepts import load
from matching.documents import Need, Profile
from matching.engine import Engine
from matching.files import read_needs, read_profiles
from matching.text import normalise
from tests.benchmarks.figures import Cell, Report, Spread, Table, growth
from tests.benchmarks.made_up_market import MadeUpMarket
from tests.benchmarks.options import Options

SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (200, 600)
QUERIES, QUICK_QUERIES = 100, 20
DEPTH = 10
LOCAL_LIMIT = 20_000
"""Qdrant's local mode is made for so many points; it looks at each of them for every question."""
ITSELF = "jiebang"
_SEGMENTER = load().segmenter

Ids = list[str]


class Peer(Protocol):
    """An engine that holds profiles and ranks them for a need."""

    name: str

    def fill(self, profiles: Sequence[tuple[Profile, Analysis]]) -> None:
        """Index profiles."""
        ...

    def asker(self, need: Need, analysis: Analysis) -> Callable[[], Ids]:
        """Return the question, ready to be asked: the ids of the best profiles."""
        ...


class Ours:
    """The product's engine, evidence and all."""

    name = ITSELF

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def fill(self, profiles: Sequence[tuple[Profile, Analysis]]) -> None:
        """Index profiles, and where there is a folder open them from it as a server does."""
        engine = self._engine
        for at in range(0, len(profiles), 2000):
            engine.apply([profile for profile, _ in profiles[at : at + 2000]])
        if engine.folder is not None:
            engine.save()
            self._engine = Engine.open(engine.folder, encoder=engine.encoder, lexicon=engine.lexicon)

    def asker(self, need: Need, analysis: Analysis) -> Callable[[], Ids]:  # noqa: ARG002 - one shape for all peers
        """Rank, reading the need's text as well."""
        return lambda: [hit.id for hit in self._engine.rank_profiles(need, top=DEPTH, blockers=False).hits]


class Txtai:
    """txtai, hybrid."""

    name = "txtai hybrid"

    def __init__(self, encode: Callable[[Sequence[str]], Any]) -> None:
        from txtai.embeddings import Embeddings  # type: ignore[import-not-found]  # only benchmarks install it

        scoring = {"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"whitespace": True}}
        self._index = Embeddings(method="external", transform=encode, scoring=scoring, hybrid=True, backend="faiss")

    def fill(self, profiles: Sequence[tuple[Profile, Analysis]]) -> None:
        """Index profiles."""
        self._index.index((profile.id, _words(analysis), None) for profile, analysis in profiles)

    def asker(self, need: Need, analysis: Analysis) -> Callable[[], Ids]:  # noqa: ARG002 - one shape for all peers
        """Ask by the need's words."""
        text = _words(analysis)
        return lambda: [str(id_) for id_, _ in self._index.search(text, DEPTH)]


class Qdrant:
    """qdrant-client's local mode, dense and sparse by reciprocal rank fusion on its side, with its own IDF."""

    name = "qdrant local"

    def __init__(self, encode: Callable[[Sequence[str]], Any], dimension: int) -> None:
        from qdrant_client import QdrantClient, models  # type: ignore[import-not-found]  # only benchmarks install it

        self._models, self._encode, self._ids = models, encode, list[str]()
        self._client = QdrantClient(":memory:")
        self._client.create_collection(
            "profiles",
            vectors_config={"dense": models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
            sparse_vectors_config={"words": models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )

    def fill(self, profiles: Sequence[tuple[Profile, Analysis]]) -> None:
        """Index profiles."""
        models = self._models
        vectors = self._encode([analysis.whole for _, analysis in profiles])
        points = [
            models.PointStruct(id=at, vector={"dense": vectors[at].tolist(), "words": self._sparse(analysis)})
            for at, (_, analysis) in enumerate(profiles)
        ]
        for at in range(0, len(points), 500):
            self._client.upsert("profiles", points[at : at + 500])
        self._ids = [profile.id for profile, _ in profiles]

    def _sparse(self, analysis: Analysis) -> Any:
        counts = Counter(dict(zip(analysis.terms.numbers.tolist(), analysis.terms.halves.tolist(), strict=True)))
        return self._models.SparseVector(indices=list(counts), values=[float(each) for each in counts.values()])

    def asker(self, need: Need, analysis: Analysis) -> Callable[[], Ids]:  # noqa: ARG002 - one shape for all peers
        """Ask by the need's terms and its vector."""
        models, sparse = self._models, self._sparse(analysis)
        dense = self._encode([analysis.whole])[0].tolist()

        def ask() -> Ids:
            found = self._client.query_points(
                "profiles",
                prefetch=[
                    models.Prefetch(query=sparse, using="words", limit=100),
                    models.Prefetch(query=dense, using="dense", limit=100),
                ],
                query=models.FusionQuery(fusion=models.Fusion.RRF),
                limit=DEPTH,
            )
            return [self._ids[point.id] for point in found.points]

        return ask


def _words(analysis: Analysis) -> str:
    """Return a text as the project's words, parted by spaces."""
    return " ".join(word for line in analysis.whole.splitlines() for word in _SEGMENTER.words(normalise(line)))


def measure(options: Options) -> Report:
    """Judge all engines on the judged set, then time them at growing sizes."""
    if find_spec("txtai") is None or find_spec("qdrant_client") is None:
        return Report(skipped="txtai and qdrant-client are not installed: make bench installs them")
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    quality = _quality(options.judged) if options.judged.is_dir() else ()
    tables = [Table("nDCG@10 (top-1) on the judged set", ("engine", "hard", "plain"), quality)] if quality else []
    queries = QUICK_QUERIES if options.quick else QUERIES
    timed = [row for size in sorted(sizes) for row in _timed(size, queries, options.scratch / str(size))]
    columns = ("profiles", "engine", "index s", "p50 ms", "p99 ms", "× ours")
    return Report((*tables, Table("One need, ten answers", columns, tuple(timed), _grown(timed))))


def _peers(engine: Engine, size: int) -> list[Peer]:
    encode = engine.encoder.encode
    peers: list[Peer] = [Ours(engine), Txtai(lambda texts: encode(list(texts)))]
    return peers if size > LOCAL_LIMIT else [*peers, Qdrant(encode, engine.encoder.dimension)]


def _quality(folder: Path) -> tuple[tuple[Cell, ...], ...]:
    needs = [need for path in sorted(folder.glob("demands*.jsonl")) for need in read_needs(path)]
    lines = (folder / "judgements.tsv").read_text(encoding="utf-8").splitlines()[1:]
    graded: dict[str, dict[str, int]] = {}
    for need, profile, grade in (line.split("\t") for line in lines):
        graded.setdefault(need, {})[profile] = int(grade)
    cells: dict[str, list[str]] = {}
    for path in sorted(folder.glob("capabilities*.jsonl")):
        profiles = read_profiles(path)
        engine = Engine.open(None)
        for peer in _peers(engine, len(profiles)):
            peer.fill([(each, engine.analyser.profile(each)) for each in profiles])
            cells.setdefault(peer.name, []).append(_judged(peer, engine, needs, graded))
    return tuple((name, *each) for name, each in cells.items())


def _judged(peer: Peer, engine: Engine, needs: Sequence[Need], graded: dict[str, dict[str, int]]) -> str:
    gains, first = [], []
    for need in (each for each in needs if max(graded.get(each.id, {}).values(), default=0) >= metrics.FITS):
        ranked = [graded[need.id].get(id_, 0) for id_ in peer.asker(need, engine.analyser.need(need))()]
        gains.append(metrics.ndcg(ranked, list(graded[need.id].values())))
        first.append(metrics.first_fits(ranked))
    return f"{fmean(gains):.3f} ({fmean(first):.2f})"


def _timed(size: int, queries: int, folder: Path) -> list[tuple[Cell, ...]]:
    engine = Engine.open(folder)
    market = MadeUpMarket(engine.lexicon)
    drawn = [market.profile(number) for number in range(size)]
    profiles = [(each, engine.analyser.profile(each)) for each in drawn]
    asked = [market.need(number) for number in range(queries + 1)]
    rows: list[tuple[Cell, ...]] = []
    ours = 0.0
    for peer in _peers(engine, size):
        start = perf_counter()
        peer.fill(profiles)
        filled = perf_counter() - start
        spent = Spread(tuple(_spent(peer.asker(need, engine.analyser.need(need))) for need in asked)[1:])
        ours = ours or spent.p50
        rows.append((float(size), peer.name, filled, spent.p50, spent.p99, spent.p50 / ours))
    return rows


def _spent(ask: Callable[[], Ids]) -> float:
    start = perf_counter()
    found = ask()
    spent = 1000 * (perf_counter() - start)
    if not found:
        raise RuntimeError("an engine found nothing, so its time says nothing")
    return spent


def _grown(rows: Sequence[tuple[Cell, ...]]) -> tuple[str, ...]:
    notes = ["Ours reads the need's text and gives evidence; the others get words and, Qdrant, vectors made before."]
    for name in dict.fromkeys(str(row[1]) for row in rows):
        own = [row for row in rows if row[1] == name]
        power = growth([float(row[0] or 0) for row in own], [float(row[3] or 0) for row in own])
        if power is not None:
            notes.append(f"{name}: time grows with power {power:.2f}")
    return tuple(notes)
