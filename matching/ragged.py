"""Rows of unequal length in flat arrays: a part mapped from disk that never changes, and a part that grows in memory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)
Rows = NDArray[np.int64]


class Growing(Generic[Number]):
    """An array that doubles its room; `view` is what is filled so far."""

    def __init__(self, dtype: type[Number], width: int | None = None) -> None:
        self._room: NDArray[Number] = np.empty((64,) if width is None else (64, width), dtype=dtype)
        self.size = 0

    def extend(self, values: NDArray[Any]) -> None:
        """Append `values`; a reader that holds an earlier view keeps what it saw."""
        need = self.size + len(values)
        if need > len(self._room):
            room = np.empty((max(need, 2 * len(self._room)), *self._room.shape[1:]), dtype=self._room.dtype)
            room[: self.size] = self._room[: self.size]
            self._room = room
        self._room[self.size : need] = values
        self.size = need

    @property
    def view(self) -> NDArray[Number]:
        """The filled part; not a copy."""
        return self._room[: self.size]


class Ragged(Generic[Number]):
    """Rows of numbers of one type, appended to and gathered from."""

    def __init__(self, dtype: type[Number], values: NDArray[Number] | None = None, bounds: Rows | None = None) -> None:
        self._old: NDArray[Number] = np.empty(0, dtype=dtype) if values is None else values
        self._old_bounds: Rows = np.zeros(1, dtype=np.int64) if bounds is None else bounds
        self._new = Growing(dtype)
        self._new_bounds = Growing(np.int64)
        self._new_bounds.extend(np.zeros(1, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._old_bounds) - 1 + self._new_bounds.size - 1

    def append(self, rows: Sequence[NDArray[Number]]) -> None:
        """Append rows."""
        if rows:
            ends = self._new.size + np.cumsum([len(row) for row in rows])
            self._new.extend(np.concatenate(rows))
            self._new_bounds.extend(ends)

    def lengths(self, rows: Rows) -> Rows:
        """Return the length of each of `rows`."""
        _, starts, ends = self._places(rows)
        return ends - starts

    def row(self, row: int) -> NDArray[Number]:
        """Return the values of one row; not a copy."""
        old = len(self._old_bounds) - 1
        if row < old:
            return self._old[self._old_bounds[row] : self._old_bounds[row + 1]]
        bounds = self._new_bounds.view
        return self._new.view[bounds[row - old] : bounds[row - old + 1]]

    def gather(self, rows: Rows) -> tuple[NDArray[Number], Rows]:
        """Return the values of `rows` one after another and, for each value, the position in `rows` it belongs to."""
        fresh, starts, ends = self._places(rows)
        lengths = ends - starts
        owners = np.repeat(np.arange(len(rows), dtype=np.int64), lengths)
        shift = np.cumsum(lengths) - lengths
        places = np.arange(len(owners), dtype=np.int64) + np.repeat(starts - shift, lengths)
        if not fresh.any():
            return self._old[places], owners
        if fresh.all():
            return self._new.view[places], owners
        values = np.empty(len(places), dtype=self._old.dtype)
        new = fresh[owners]
        values[new] = self._new.view[places[new]]
        values[~new] = self._old[places[~new]]
        return values, owners

    def _places(self, rows: Rows) -> tuple[NDArray[np.bool_], Rows, Rows]:
        old = len(self._old_bounds) - 1
        fresh = rows >= old
        bounds = self._new_bounds.view
        starts = np.empty(len(rows), dtype=np.int64)
        ends = np.empty(len(rows), dtype=np.int64)
        starts[~fresh], ends[~fresh] = self._old_bounds[rows[~fresh]], self._old_bounds[rows[~fresh] + 1]
        starts[fresh], ends[fresh] = bounds[rows[fresh] - old], bounds[rows[fresh] - old + 1]
        return fresh, starts, ends

    def save(self, folder: Path, name: str, rows: Rows) -> None:
        """Write the values of `rows` as two plain arrays that `open` can map."""
        values, _ = self.gather(rows)
        np.save(folder / f"{name}.npy", values)
        np.save(folder / f"{name}.bounds.npy", np.concatenate([[0], np.cumsum(self.lengths(rows))]).astype(np.int64))

    @classmethod
    def open(cls, dtype: type[Number], folder: Path, name: str) -> "Ragged[Number]":
        """Map what `save` wrote."""
        # As a plain array over the mapped file: numpy's own kind of mapped array is slow to take slices of.
        values = np.load(folder / f"{name}.npy", mmap_mode="r").view(np.ndarray)
        return cls(dtype, values, np.load(folder / f"{name}.bounds.npy"))
