"""The vector index: FAISS over unit vectors in half precision, with tombstones and filters inside the search.

Few vectors are all compared with a question. Many are saved in clusters, of which a question looks into the nearest: what is
added after that, until it is saved in its turn, is compared one by one. Nothing outside this file knows which it is.
"""

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Places = NDArray[np.int64]

CLUSTERED_FROM = 100_000
"""Vectors; below that comparing all of them takes less than the rest of a ranking."""
PROBED = 64
"""Clusters that a question looks into where it may see everything; there are as many clusters as vectors in each."""
_TRAINED_ON = 40
"""Vectors for each cluster that its centre is found by."""
_ROUNDS, _SEED = 8, 20261201


@cache
def _faiss() -> Any:
    import faiss

    faiss.omp_set_num_threads(1)
    return faiss


class VectorIndex:
    """Vectors by their place in the order they came; the part read from disk is mapped and never changes."""

    def __init__(self, dimension: int, file: Path | None = None) -> None:
        faiss = _faiss()
        self._old = faiss.read_index(str(file), faiss.IO_FLAG_MMAP_IFC) if file else _flat(dimension)
        if isinstance(self._old, faiss.IndexIVF):
            # Tells where a vector lies by its place.
            self._old.make_direct_map()
        self._new = _flat(dimension)
        self.dimension = dimension

    def __len__(self) -> int:
        return int(self._old.ntotal + self._new.ntotal)

    def add(self, vectors: Vectors) -> None:
        """Append vectors."""
        if len(vectors):
            self._new.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def search(self, query: Vectors, *, limit: int, seen: NDArray[np.bool_]) -> Places:
        """Return the places of the nearest vectors among those `seen` allows, best first."""
        old = int(self._old.ntotal)
        found = [_search(self._old, query, limit, seen[:old], 0), _search(self._new, query, limit, seen[old:], old)]
        scores = np.concatenate([score for score, _ in found])
        places = np.concatenate([place for _, place in found])
        return places[np.lexsort((places, -scores))[:limit]]

    def vectors(self, places: Places) -> Vectors:
        """Return the vectors at `places`."""
        old = int(self._old.ntotal)
        result = np.empty((len(places), self.dimension), dtype=np.float32)
        fresh = places >= old
        if not fresh.all():
            result[~fresh] = self._old.reconstruct_batch(places[~fresh])
        if fresh.any():
            result[fresh] = self._new.reconstruct_batch(places[fresh] - old)
        return result

    def save(self, file: Path, places: Places, *, clusters: bool = False) -> None:
        """Write the vectors at `places`, in that order, as a file that can be mapped; in clusters where it may and there are many."""
        is_clustered = clusters and len(places) >= CLUSTERED_FROM
        index = self._clustered(places) if is_clustered else _flat(self.dimension)
        for start in range(0, len(places), 65536):
            index.add(self.vectors(places[start : start + 65536]))
        _faiss().write_index(index, str(file))

    def _clustered(self, places: Places) -> Any:
        """Return an empty index whose clusters were found among these vectors, the same ones for the same vectors."""
        faiss, count = _faiss(), math.isqrt(len(places))
        centres = faiss.IndexFlatIP(self.dimension)
        half = faiss.ScalarQuantizer.QT_fp16
        index = faiss.IndexIVFScalarQuantizer(centres, self.dimension, count, half, faiss.METRIC_INNER_PRODUCT, False)
        index.cp.niter, index.cp.seed = _ROUNDS, _SEED
        index.cp.max_points_per_centroid = _TRAINED_ON
        step = max(1, len(places) // (count * _TRAINED_ON))
        index.train(self.vectors(places[::step]))
        return index


def _flat(dimension: int) -> Any:
    faiss = _faiss()
    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _search(
    index: Any, query: Vectors, limit: int, seen: NDArray[np.bool_], shift: int
) -> tuple[NDArray[np.float32], Places]:
    faiss = _faiss()
    allowed = int(np.count_nonzero(seen))
    limit = min(limit, allowed)
    if limit == 0:
        return np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64)
    bits = np.packbits(seen, bitorder="little")
    selector = None if allowed == len(seen) else faiss.IDSelectorBitmap(len(seen), faiss.swig_ptr(bits))
    if isinstance(index, faiss.IndexIVF):
        # The fewer vectors may be seen, the more clusters it takes to find as many of them; in the end all.
        probed = math.ceil(PROBED * len(seen) / allowed)
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=min(probed, index.nlist))
    else:
        parameters = faiss.SearchParameters(sel=selector)
    scores, places = index.search(query.reshape(1, -1), limit, params=parameters)
    kept = places[0] >= 0
    return scores[0][kept], places[0][kept] + shift
