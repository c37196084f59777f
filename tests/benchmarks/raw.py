"""The search libraries alone, on the product's own index files: what no page can be faster than."""

from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from matching.dense import PROBED
from matching.documents import Need
from matching.engine import Engine
from matching.lexical import FIELDS, by_leg
from matching.text import simplified

WORD_HITS, VECTOR_HITS = 200, 50
"""What the product asks of them for 300 candidates."""


class RawEngines:
    """tantivy and FAISS over the saved profiles of one index folder; queries are made ready before the clock starts."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        import faiss
        import tantivy

        faiss.omp_set_num_threads(1)
        manifest = orjson.loads((folder / "manifest.json").read_bytes())
        shelf = folder / manifest["generation"] / "profiles"
        self._tantivy = tantivy
        self._index = tantivy.Index.open(str(shelf / "words"))
        read = [faiss.read_index(str(shelf / name)) for name in ("wholes.faiss", "points.faiss")]
        # Where there are clusters, into as many as the product looks: FAISS alone would look into one.
        clusters = faiss.SearchParametersIVF(nprobe=PROBED)
        self._vectors = [(index, clusters if isinstance(index, faiss.IndexIVF) else None) for index in read]
        self._engine = engine

    def milliseconds(self, need: Need) -> tuple[float, float, float]:
        """How long tantivy takes for a need's words, FAISS for its vector among profiles and statements, the encoder for its texts."""
        asker = self._engine.asker(need)
        texts = [simplified(text) for text in (asker.analysis.whole, *asker.analysis.points)]
        query = self._query(asker.analysis.terms.numbers)
        vector = np.ascontiguousarray(asker.vector.reshape(1, -1), dtype=np.float32)
        start = perf_counter()
        self._index.searcher().search(query, WORD_HITS, count=False)
        middle = perf_counter()
        for index, parameters in self._vectors:
            index.search(vector, VECTOR_HITS, params=parameters)
        searched = perf_counter()
        self._engine.encoder.encode(texts)
        return 1000 * (middle - start), 1000 * (searched - middle), 1000 * (perf_counter() - searched)

    def _query(self, numbers: NDArray[np.uint32]) -> Any:
        should, schema = self._tantivy.Occur.Should, self._index.schema
        most = self._engine.settings.candidates.query_terms
        parts = [
            (should, self._tantivy.Query.term_query(schema, field, str(term), "freq"))
            for field, terms in zip(FIELDS, by_leg(numbers), strict=True)
            for term in self._rarest(terms, most).tolist()
        ]
        return self._tantivy.Query.boolean_query(parts)

    def _rarest(self, terms: NDArray[np.uint32], most: int) -> NDArray[np.uint32]:
        """The product asks for the rarest terms of each leg alone."""
        return terms[np.argsort(self._engine.profiles.frequency[terms], kind="stable")[:most]]
