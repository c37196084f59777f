"""Vectors found again: all compared, or in clusters, against the products worked out one by one."""

from pathlib import Path

import faiss
import numpy as np
import pytest

from matching import dense
from matching.dense import Places, VectorIndex, Vectors

DIMENSION, COUNT = 32, 4_000


def drawn(count: int, seed: int) -> Vectors:
    """Unit vectors that lie about two hundred directions, as sentences about two hundred matters would."""
    chance = np.random.default_rng(seed)
    matters = np.random.default_rng(1).normal(size=(200, DIMENSION))
    vectors = matters[chance.integers(0, 200, count)] + 0.5 * chance.normal(size=(count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def nearest(vectors: Vectors, query: Vectors, limit: int, among: Places) -> list[int]:
    """The places of the nearest among some, by the products themselves."""
    halves = vectors[among].astype(np.float16).astype(np.float32)
    return among[np.argsort(-(halves @ query), kind="stable")[:limit]].tolist()


@pytest.fixture
def clustered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VectorIndex:
    """An index that was saved in clusters and opened again."""
    monkeypatch.setattr(dense, "CLUSTERED_FROM", COUNT)
    monkeypatch.setattr(dense, "PROBED", 12)  # of 63
    index = VectorIndex(DIMENSION)
    index.add(drawn(COUNT, 2))
    index.save(tmp_path / "points.faiss", np.arange(COUNT), clusters=True)
    assert isinstance(faiss.read_index(str(tmp_path / "points.faiss")), faiss.IndexIVF)
    return VectorIndex(DIMENSION, tmp_path / "points.faiss")


def test_clusters_find_almost_all_that_is_nearest(clustered: VectorIndex) -> None:
    vectors, everything = drawn(COUNT, 2), np.ones(COUNT, dtype=np.bool_)
    found = [
        len(
            {*clustered.search(query, limit=20, seen=everything).tolist()}
            & {*nearest(vectors, query, 20, np.arange(COUNT))}
        )
        for query in drawn(50, 3)
    ]
    assert sum(found) / (50 * 20) >= 0.95


def test_clusters_find_everything_where_little_may_be_seen(clustered: VectorIndex) -> None:
    vectors, seen = drawn(COUNT, 2), np.zeros(COUNT, dtype=np.bool_)
    among = np.arange(7, COUNT, 97)
    seen[among] = True
    for query in drawn(20, 4):
        assert clustered.search(query, limit=10, seen=seen).tolist() == nearest(vectors, query, 10, among)


def test_clusters_keep_vectors_at_their_places_and_are_added_to(clustered: VectorIndex) -> None:
    vectors, new = drawn(COUNT, 2), drawn(1, 5)
    clustered.add(new)
    places = np.array([COUNT, 3, 1999])
    kept = clustered.vectors(places)
    assert np.abs(kept - np.stack([new[0], vectors[3], vectors[1999]])).max() < 1e-3
    assert clustered.search(new[0], limit=1, seen=np.ones(COUNT + 1, dtype=np.bool_)).tolist() == [COUNT]
    seen = np.ones(COUNT + 1, dtype=np.bool_)
    seen[COUNT] = False
    assert COUNT not in clustered.search(new[0], limit=50, seen=seen).tolist()


def test_few_vectors_are_all_compared(tmp_path: Path) -> None:
    index = VectorIndex(DIMENSION)
    index.add(drawn(300, 2))
    index.save(tmp_path / "points.faiss", np.arange(300), clusters=True)
    again, vectors = VectorIndex(DIMENSION, tmp_path / "points.faiss"), drawn(300, 2)
    for query in drawn(10, 6):
        found = again.search(query, limit=5, seen=np.ones(300, dtype=np.bool_)).tolist()
        assert found == nearest(vectors, query, 5, np.arange(300))
