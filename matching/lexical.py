"""The word index: tantivy over our own term numbers, with deletion by row and filters inside the search."""

import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.ragged import Rows
from matching.text import CONCEPTS, TERM_BITS, Numbers

FIELDS = ("words", "bigrams", "concepts")
_HEAP_BYTES = 64 << 20


class WordIndex:
    """Rows found by the terms they share with a query; BM25 per field, summed with the given weights."""

    def __init__(self, folder: Path | None = None) -> None:
        import tantivy

        self._tantivy = tantivy
        self._schema = _schema(tantivy)
        self._index = self._open(folder)
        self._writer: Any = None
        self._index.reload()

    def _open(self, folder: Path | None) -> Any:
        if folder is None:
            return self._tantivy.Index(self._schema)
        # A copy of this process's own: one folder has one writer. It goes with the index, or with the process.
        private = tempfile.mkdtemp(prefix="jiebang-words-")
        weakref.finalize(self, shutil.rmtree, private, ignore_errors=True)
        copy = Path(private) / "words"
        shutil.copytree(folder, copy)
        return self._tantivy.Index(self._schema, path=str(copy))

    @staticmethod
    def write(folder: Path, rows: Iterable[tuple[int, Numbers]]) -> None:
        """Write a fresh index of (row, terms) into an empty folder."""
        import tantivy

        folder.mkdir(parents=True)
        index = tantivy.Index(_schema(tantivy), path=str(folder))
        writer = index.writer(_HEAP_BYTES, 1)
        for row, terms in rows:
            writer.add_document(_document(tantivy, row, terms))
        writer.commit()
        writer.wait_merging_threads()

    def change(self, puts: Iterable[tuple[int, Numbers]], gone: Iterable[int]) -> None:
        """Add and delete rows; both are seen by the next search."""
        if self._writer is None:
            self._writer = self._index.writer(_HEAP_BYTES, 1)
        for row in gone:
            self._writer.delete_documents_by_query(self._tantivy.Query.term_query(self._schema, "row", row))
        for row, terms in puts:
            self._writer.add_document(_document(self._tantivy, row, terms))
        self._writer.commit()
        self._index.reload()

    def search(self, legs: Sequence[Numbers], weights: Sequence[float], *, limit: int, seen: NDArray[np.bool_]) -> Rows:
        """Return the best rows among those `seen` allows, best first; `legs` holds the query's terms of each field.

        Deleted rows are gone from the index; where `seen` hides others too, the search itself leaves them out.
        """
        query = self._query(legs, weights, seen)
        if query is None:
            return np.empty(0, dtype=np.int64)
        searcher = self._index.searcher()
        hits = searcher.search(query, limit, count=False).hits
        rows = np.array(searcher.fast_field_values("row", [address for _, address in hits]), dtype=np.int64)
        return rows[seen[rows]]

    def _query(self, legs: Sequence[Numbers], weights: Sequence[float], seen: NDArray[np.bool_]) -> Any:
        tantivy = self._tantivy
        must, should = tantivy.Occur.Must, tantivy.Occur.Should
        parts = [
            (should, self._term(field, term, weight))
            for field, terms, weight in zip(FIELDS, legs, weights, strict=True)
            for term in terms.tolist()
        ]
        if not parts:
            return None
        found = tantivy.Query.boolean_query(parts)
        allowed = int(np.count_nonzero(seen))
        if allowed == len(seen) or allowed >= self._index.searcher().num_docs:
            return found
        return tantivy.Query.boolean_query([(must, found), self._filter(seen)])

    def _filter(self, seen: NDArray[np.bool_]) -> tuple[Any, Any]:
        """Name the rows that may be found, or those that may not where they are fewer."""
        few = 2 * int(np.count_nonzero(seen)) <= len(seen)
        rows = self._tantivy.Query.term_set_query(self._schema, "row", np.flatnonzero(seen == few).tolist())
        occur = self._tantivy.Occur.Must if few else self._tantivy.Occur.MustNot
        return occur, self._tantivy.Query.const_score_query(rows, 0.0)

    def _term(self, field: str, term: int, weight: float) -> Any:
        query = self._tantivy.Query.term_query(self._schema, field, str(term), "freq")
        return query if weight == 1.0 else self._tantivy.Query.boost_query(query, weight)


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(tantivy: Any, row: int, terms: Numbers) -> Any:
    document = tantivy.Document()
    document.add_unsigned("row", row)
    for field, numbers in zip(FIELDS, by_leg(terms), strict=True):
        document.add_text(field, " ".join(map(str, numbers.tolist())))
    return document


def by_leg(terms: Numbers) -> list[NDArray[np.uint32]]:
    """Split ascending term numbers into the three legs."""
    return np.split(terms, np.searchsorted(terms, [1 << TERM_BITS, CONCEPTS << TERM_BITS]))
