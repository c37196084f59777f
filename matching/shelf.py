"""One side of the market in the index: its documents as arrays, and the word and vector indexes over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from matching.analysis import OWN, Analysis
from matching.dense import Places, VectorIndex, Vectors
from matching.lexical import WordIndex
from matching.ragged import Growing, Ragged, Rows
from matching.text import CONCEPTS, TERM_BITS, legs_of

Mask = NDArray[np.bool_]
_RAGGED = {"terms": np.uint32, "halves": np.uint8, "refused": np.uint32, "sources": np.uint8, "points": np.int64}


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be put on a shelf; `source` is its JSON, `whole` and `points` its vectors where there is a model."""

    id: str
    digest: str
    audience: str
    source: bytes
    analysis: Analysis
    whole: Vectors | None
    points: Vectors | None


class Shelf:
    """Documents of one kind, by row; a row is never used twice, and a dead one is left out of everything."""

    def __init__(self, concepts: int, dimension: int) -> None:
        self.ids: list[str] = []
        self.digests: list[str] = []
        self.audiences: list[str] = []
        self.row_of: dict[str, int] = {}
        self.frequency = np.zeros((CONCEPTS << TERM_BITS) + concepts, dtype=np.uint32)
        self.lengths = Growing(np.float32, 3)
        self._length_sum = np.zeros(3)
        self._labels: dict[str, int] = {}
        self._label = Growing(np.uint16)
        self.alive = Growing(np.bool_)
        self.point_owner = Growing(np.int64)
        self.ragged = {name: Ragged(dtype) for name, dtype in _RAGGED.items()}
        self.words = WordIndex()
        self.wholes = VectorIndex(dimension) if dimension else None
        self.points = VectorIndex(dimension) if dimension else None

    def __len__(self) -> int:
        return len(self.row_of)

    @property
    def mean_lengths(self) -> NDArray[np.float64]:
        """The mean weight of a living document in each leg."""
        return np.maximum(self._length_sum / max(len(self), 1), 1.0)

    def change(self, puts: Sequence[Entry], gone: Iterable[str]) -> None:
        """Put and remove documents; a put replaces the document of the same id, and of two with one id the last stays."""
        latest = {entry.id: entry for entry in puts}
        leaving = [self.row_of.pop(id_) for id_ in {*gone, *latest} if id_ in self.row_of]
        self._bury(leaving)
        first = len(self.ids)
        self._append(list(latest.values()))
        fresh = [(first + at, entry.audience, entry.analysis.terms.numbers) for at, entry in enumerate(latest.values())]
        self.words.change(fresh, leaving)

    def _bury(self, rows: list[int]) -> None:
        if rows:
            self.alive.view[rows] = False
            terms, _ = self.ragged["terms"].gather(np.array(rows, dtype=np.int64))
            np.subtract.at(self.frequency, terms, 1)
            self._length_sum -= self.lengths.view[rows].sum(axis=0, dtype=np.float64)

    def _append(self, entries: list[Entry]) -> None:
        if not entries:
            return
        for row, entry in enumerate(entries, start=len(self.ids)):
            self.row_of[entry.id] = row
        self.ids += [entry.id for entry in entries]
        self.digests += [entry.digest for entry in entries]
        self.audiences += [entry.audience for entry in entries]
        terms = [entry.analysis.terms for entry in entries]
        self.ragged["terms"].append([each.numbers for each in terms])
        self.ragged["halves"].append([each.halves for each in terms])
        self.ragged["refused"].append([entry.analysis.refused for entry in entries])
        self.ragged["sources"].append([np.frombuffer(entry.source, dtype=np.uint8) for entry in entries])
        self._measure(np.stack([leg_lengths(each.numbers, each.halves) for each in terms]))
        self._mark([entry.audience for entry in entries])
        np.add.at(self.frequency, np.concatenate([each.numbers for each in terms]), 1)
        self._append_vectors(entries)
        self.alive.extend(np.ones(len(entries), dtype=np.bool_))

    def _measure(self, lengths: NDArray[np.float32]) -> None:
        self.lengths.extend(lengths)
        self._length_sum += lengths.sum(axis=0, dtype=np.float64)

    def _mark(self, audiences: Sequence[str]) -> None:
        numbers = [self._labels.setdefault(label, len(self._labels)) for label in audiences]
        self._label.extend(np.array(numbers, dtype=np.uint16))

    def _append_vectors(self, entries: list[Entry]) -> None:
        first = self.alive.size
        counts = [0 if entry.points is None else len(entry.points) for entry in entries]
        ends = self.point_owner.size + np.cumsum(counts)
        places = [np.arange(end - count, end, dtype=np.int64) for end, count in zip(ends, counts, strict=True)]
        self.ragged["points"].append(places)
        self.point_owner.extend(np.repeat(np.arange(first, first + len(entries)), counts))
        if self.wholes is not None and self.points is not None:
            self.wholes.add(np.stack([entry.whole for entry in entries if entry.whole is not None]))
            self.points.add(np.concatenate([entry.points for entry in entries if entry.points is not None]))

    def visible(self, audiences: frozenset[str], allowed: frozenset[str] | None) -> Mask:
        """Return which rows a viewer may find."""
        mask = self.alive.view.copy()
        if not self._labels.keys() <= audiences:
            mask &= np.isin(self._label.view, [self._labels[label] for label in audiences if label in self._labels])
        if allowed is not None:
            chosen = np.zeros_like(mask)
            chosen[[self.row_of[id_] for id_ in allowed if id_ in self.row_of]] = True
            mask &= chosen
        return mask

    def source(self, row: int) -> Any:
        """Return the document of a row as it was put, from its JSON."""
        values, _ = self.ragged["sources"].gather(np.array([row], dtype=np.int64))
        return orjson.loads(values.tobytes())

    def point_places(self, row: int) -> Places:
        """Return the places of a row's statement vectors."""
        places, _ = self.ragged["points"].gather(np.array([row], dtype=np.int64))
        return places.astype(np.int64)

    def keys(self) -> dict[str, str]:
        """Return id → digest of every living document."""
        return {id_: self.digests[row] for id_, row in self.row_of.items()}

    def save(self, folder: Path) -> None:
        """Write the living documents, in the order of their ids, to an empty folder."""
        folder.mkdir(parents=True)
        rows = np.array([self.row_of[id_] for id_ in sorted(self.row_of)], dtype=np.int64)
        labels = [[names[row] for row in rows.tolist()] for names in (self.ids, self.digests, self.audiences)]
        (folder / "labels.json").write_bytes(orjson.dumps(labels))
        np.save(folder / "lengths.npy", self.lengths.view[rows])
        used = np.flatnonzero(self.frequency)
        np.save(folder / "frequency.npy", np.stack([used.astype(np.uint32), self.frequency[used]]))
        for name in ("terms", "halves", "refused", "sources"):
            self.ragged[name].save(folder, name, rows)
        self._save_vectors(folder, rows)
        WordIndex.write(folder / "words", self._word_rows(rows))

    def _word_rows(self, rows: Rows) -> Iterable[tuple[int, str, NDArray[np.uint32]]]:
        for at, row in enumerate(rows.tolist()):
            terms, _ = self.ragged["terms"].gather(np.array([row], dtype=np.int64))
            yield at, self.audiences[row], terms.astype(np.uint32)

    def _save_vectors(self, folder: Path, rows: Rows) -> None:
        np.save(folder / "counts.npy", self.ragged["points"].lengths(rows))
        if self.wholes is not None and self.points is not None:
            self.wholes.save(folder / "wholes.faiss", rows)
            self.points.save(folder / "points.faiss", self.ragged["points"].gather(rows)[0].astype(np.int64))

    @classmethod
    def open(cls, folder: Path, concepts: int, dimension: int) -> "Shelf":
        """Map a saved shelf; the word index is a private copy."""
        shelf = cls(concepts, 0)
        shelf.ids, shelf.digests, shelf.audiences = orjson.loads((folder / "labels.json").read_bytes())
        shelf.row_of = {id_: row for row, id_ in enumerate(shelf.ids)}
        used, counts = np.load(folder / "frequency.npy")
        shelf.frequency[used] = counts
        shelf._measure(np.load(folder / "lengths.npy"))
        shelf._mark(shelf.audiences)
        shelf.alive.extend(np.ones(len(shelf.ids), dtype=np.bool_))
        shelf.ragged |= {name: Ragged.open(folder, name) for name in ("terms", "halves", "refused", "sources")}
        shelf._open_points(np.load(folder / "counts.npy"))
        shelf.words = WordIndex(folder / "words")
        if dimension:
            shelf.wholes = VectorIndex(dimension, folder / "wholes.faiss")
            shelf.points = VectorIndex(dimension, folder / "points.faiss")
        return shelf

    def _open_points(self, counts: Rows) -> None:
        bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.ragged["points"] = Ragged(np.int64, np.arange(bounds[-1], dtype=np.int64), bounds)
        self.point_owner.extend(np.repeat(np.arange(len(counts)), counts))


def leg_lengths(numbers: NDArray[np.uint32], halves: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the summed weight of a document in each leg."""
    return np.bincount(legs_of(numbers), weights=halves / OWN, minlength=3).astype(np.float32)
