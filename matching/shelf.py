"""One side of the market in the index: its documents as arrays, and the word and vector indexes over them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from matching import frames, sources
from matching.analysis import OWN, Analysis, Terms
from matching.dense import Places, VectorIndex, Vectors
from matching.lexical import WordIndex
from matching.points import Points
from matching.ragged import Growing, Ragged, Rows
from matching.text import CONCEPTS, TERM_BITS, legs_of

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Entry:
    """A document ready to be put on a shelf.

    `source` is what `sources.pack` made of it, `text` what `sources.shown` did; `whole` and `points` are its vectors; `crowd` tells how vague it is.
    """

    id: str
    digest: str
    audience: str
    source: bytes
    text: bytes
    analysis: Analysis
    whole: Vectors
    points: Vectors
    crowd: float


class Shelf:
    """Documents of one kind, by row; a row is never used twice, and a dead one is left out of everything."""

    def __init__(self, concepts: int, dimension: int) -> None:
        self.ids: list[str] = []
        self.digests: list[str] = []
        self.audiences: list[str] = []
        self.row_of: dict[str, int] = {}
        self.frequency = np.zeros((CONCEPTS << TERM_BITS) + concepts, dtype=np.uint32)
        self.alive = Growing(np.bool_)
        self._alive_points = Growing(np.bool_)
        self.lengths = Growing(np.float32, 3)
        self.kinds = Growing(np.uint8, frames.WIDTH)
        self.crowd = Growing(np.float32)
        self.point_owner = Growing(np.int64)
        self.terms = Ragged(np.uint32)
        self.halves = Ragged(np.uint8)
        self.refused = Ragged(np.uint32)
        self.sources = Ragged(np.uint8)
        self.texts = Ragged(np.uint8)
        self.points_of = Ragged(np.int64)
        self.point_terms = Ragged(np.uint32)
        self.point_halves = Ragged(np.uint8)
        self.point_sizes = Ragged(np.uint16)
        self.wholes = VectorIndex(dimension)
        self.points = VectorIndex(dimension)
        self.words = WordIndex()
        self._length_sum = np.zeros(3)
        self._labels: dict[str, int] = {}
        self._label = Growing(np.uint16)

    def __len__(self) -> int:
        return len(self.row_of)

    @property
    def mean_lengths(self) -> NDArray[np.float64]:
        """The mean weight of a living document in each leg."""
        return np.maximum(self._length_sum / max(len(self), 1), 1.0)

    def change(self, puts: Sequence[Entry], gone: Iterable[str]) -> None:
        """Put and remove documents; a put replaces the document of the same id, and of two with one id the last stays."""
        latest = list({entry.id: entry for entry in puts}.values())
        leaving = [self.row_of.pop(id_) for id_ in {*gone, *(entry.id for entry in latest)} if id_ in self.row_of]
        first = len(self.ids)
        self._bury(leaving)
        self._append(latest)
        fresh = [(first + at, entry.analysis.terms.numbers) for at, entry in enumerate(latest)]
        if fresh or leaving:
            self.words.change(fresh, leaving)

    def _bury(self, rows: list[int]) -> None:
        if rows:
            places = np.array(rows, dtype=np.int64)
            self.alive.view[places] = False
            self._alive_points.view[self.points_of.gather(places)[0]] = False
            terms, _ = self.terms.gather(places)
            np.subtract.at(self.frequency, terms, 1)
            self._length_sum -= self.lengths.view[rows].sum(axis=0, dtype=np.float64)

    def _append(self, entries: list[Entry]) -> None:
        if not entries:
            return
        terms = [entry.analysis.terms for entry in entries]
        self.terms.append([each.numbers for each in terms])
        self.halves.append([each.halves for each in terms])
        self.refused.append([entry.analysis.refused for entry in entries])
        self.sources.append([np.frombuffer(entry.source, dtype=np.uint8) for entry in entries])
        self.texts.append([np.frombuffer(entry.text, dtype=np.uint8) for entry in entries])
        self._append_point_terms([entry.analysis.point_terms for entry in entries])
        self.kinds.extend(np.stack([entry.analysis.kinds for entry in entries]))
        self.crowd.extend(np.array([entry.crowd for entry in entries]))
        self._measure(np.stack([leg_lengths(each.numbers, each.halves) for each in terms]))
        np.add.at(self.frequency, np.concatenate([each.numbers for each in terms]), 1)
        self._place_points([len(entry.points) for entry in entries])
        self.wholes.add(np.stack([entry.whole for entry in entries]))
        self.points.add(np.concatenate([entry.points for entry in entries]))
        self._name(
            [entry.id for entry in entries],
            [entry.digest for entry in entries],
            [entry.audience for entry in entries],
        )

    def _append_point_terms(self, documents: Sequence[Sequence[Terms]]) -> None:
        none = Terms(np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint8))
        self.point_terms.append([np.concatenate([terms.numbers for terms in (*points, none)]) for points in documents])
        self.point_halves.append([np.concatenate([terms.halves for terms in (*points, none)]) for points in documents])
        self.point_sizes.append(
            [np.array([len(terms.numbers) for terms in points], dtype=np.uint16) for points in documents]
        )

    def _measure(self, lengths: NDArray[np.float32]) -> None:
        self.lengths.extend(lengths)
        self._length_sum += lengths.sum(axis=0, dtype=np.float64)

    def _place_points(self, counts: Sequence[int]) -> None:
        ends = self.point_owner.size + np.cumsum(counts)
        self.points_of.append([np.arange(end - n, end, dtype=np.int64) for end, n in zip(ends, counts, strict=True)])
        first = self.alive.size
        self.point_owner.extend(np.repeat(np.arange(first, first + len(counts)), counts))
        self._alive_points.extend(np.ones(int(sum(counts)), dtype=np.bool_))

    def _name(self, ids: list[str], digests: list[str], audiences: list[str]) -> None:
        self.row_of |= {id_: row for row, id_ in enumerate(ids, start=len(self.ids))}
        self.ids += ids
        self.digests += digests
        self.audiences += audiences
        numbers = [self._labels.setdefault(label, len(self._labels)) for label in audiences]
        self._label.extend(np.array(numbers, dtype=np.uint16))
        self.alive.extend(np.ones(len(ids), dtype=np.bool_))

    def visible(self, audiences: frozenset[str], allowed: frozenset[str] | None) -> Mask:
        """Return which rows a viewer may find; not to be changed, for it may be the shelf's own."""
        if allowed is None and self._labels.keys() <= audiences:
            return self.alive.view
        mask = self.alive.view.copy()
        if not self._labels.keys() <= audiences:
            mask &= np.isin(self._label.view, [self._labels[label] for label in audiences if label in self._labels])
        if allowed is not None:
            chosen = np.zeros_like(mask)
            chosen[[self.row_of[id_] for id_ in allowed if id_ in self.row_of]] = True
            mask &= chosen
        return mask

    def points_visible(self, seen: Mask) -> Mask:
        """Return which points are of the rows that `seen` allows."""
        if np.shares_memory(seen, self.alive.view):
            return self._alive_points.view
        return np.asarray(seen[self.point_owner.view])

    def source(self, row: int) -> Any:
        """Return what `sources.pack` kept of a row."""
        return orjson.loads(self.sources.row(row).tobytes())

    def points_at(self, rows: Sequence[int]) -> list[Points]:
        """Return the statements or requirements of rows with their terms and vectors, as they were read when put."""
        places = self.points_of.gather(np.array(rows, dtype=np.int64))[0]
        vectors = self.points.vectors(places)
        found: list[Points] = []
        start = 0
        for row in rows:
            record = self.source(row)
            texts = record["points"]
            terms = Terms(self.point_terms.row(row), self.point_halves.row(row))
            bounds = np.concatenate([[0], np.cumsum(self.point_sizes.row(row), dtype=np.int64)])
            own = vectors[start : start + len(texts)]
            found.append(Points(texts, terms, bounds, own, sources.statements(record)))
            start += len(texts)
        return found

    def keys(self) -> dict[str, str]:
        """Return id → digest of every living document."""
        return {id_: self.digests[row] for id_, row in self.row_of.items()}

    def save(self, folder: Path) -> None:
        """Write the living documents, in the order of their ids, to an empty folder."""
        folder.mkdir(parents=True)
        rows = np.array([self.row_of[id_] for id_ in sorted(self.row_of)], dtype=np.int64)
        labels = [[names[row] for row in rows.tolist()] for names in (self.ids, self.digests, self.audiences)]
        (folder / "labels.json").write_bytes(orjson.dumps(labels))
        used = np.flatnonzero(self.frequency)
        np.savez(
            folder / "columns.npz",
            lengths=self.lengths.view[rows],
            kinds=self.kinds.view[rows],
            crowd=self.crowd.view[rows],
            counts=self.points_of.lengths(rows),
            used=used.astype(np.uint32),
            frequency=self.frequency[used],
        )
        for name, ragged in self._mapped().items():
            ragged.save(folder, name, rows)
        self.wholes.save(folder / "wholes.faiss", rows)
        self.points.save(folder / "points.faiss", self.points_of.gather(rows)[0], clusters=True)
        WordIndex.write(folder / "words", self._word_rows(rows))

    def _mapped(self) -> dict[str, Ragged[Any]]:
        return {
            "terms": self.terms,
            "halves": self.halves,
            "refused": self.refused,
            "sources": self.sources,
            "texts": self.texts,
            "point_terms": self.point_terms,
            "point_halves": self.point_halves,
            "point_sizes": self.point_sizes,
        }

    def _word_rows(self, rows: Rows) -> Iterable[tuple[int, NDArray[np.uint32]]]:
        for at, row in enumerate(rows.tolist()):
            yield at, self.terms.row(row)

    @classmethod
    def open(cls, folder: Path, concepts: int, dimension: int) -> "Shelf":
        """Map a saved shelf; the word index is a private copy."""
        shelf = cls(concepts, dimension)
        # Opened here: numpy would leave a file that is no archive open.
        with (folder / "columns.npz").open("rb") as file, np.load(file) as columns:
            shelf.frequency[columns["used"]] = columns["frequency"]
            shelf._measure(columns["lengths"])
            shelf.kinds.extend(columns["kinds"])
            shelf.crowd.extend(columns["crowd"])
            counts = columns["counts"]
        shelf._map(folder, counts, dimension)
        shelf._name(*orjson.loads((folder / "labels.json").read_bytes()))
        return shelf

    def _map(self, folder: Path, counts: Places, dimension: int) -> None:
        self.terms = Ragged.open(np.uint32, folder, "terms")
        self.halves = Ragged.open(np.uint8, folder, "halves")
        self.refused = Ragged.open(np.uint32, folder, "refused")
        self.sources = Ragged.open(np.uint8, folder, "sources")
        self.texts = Ragged.open(np.uint8, folder, "texts")
        self.point_terms = Ragged.open(np.uint32, folder, "point_terms")
        self.point_halves = Ragged.open(np.uint8, folder, "point_halves")
        self.point_sizes = Ragged.open(np.uint16, folder, "point_sizes")
        bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self.points_of = Ragged(np.int64, np.arange(bounds[-1], dtype=np.int64), bounds)
        self.point_owner.extend(np.repeat(np.arange(len(counts)), counts))
        self._alive_points.extend(np.ones(int(counts.sum()), dtype=np.bool_))
        self.wholes = VectorIndex(dimension, folder / "wholes.faiss")
        self.points = VectorIndex(dimension, folder / "points.faiss")
        self.words = WordIndex(folder / "words")


def leg_lengths(numbers: NDArray[np.uint32], halves: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the summed weight of a document in each leg."""
    return np.bincount(legs_of(numbers), weights=halves / OWN, minlength=3).astype(np.float32)
