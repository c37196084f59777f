"""Find the same need listed twice among items, or between new items and known ones.

A pair is looked at where its texts are near in meaning or its titles are the same, whatever else there is: so the same pairs
come out in any order, and looking at new items alone finds what looking at all would find of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ingest.fields import Draft
from matching import encoder as encoders
from matching.encoder import Encoder, Vectors
from matching.repeats import marks, reasons, weighing
from matching.repeats.evidence import weigh_up
from matching.repeats.marks import Marks
from matching.repeats.weighing import Weights

_ROWS = 256
_SLACK = 1e-4


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two items that likely state the same need: their keys (a < b), how sure (0 to 1) and why, in Chinese."""

    a: str
    b: str
    score: float
    reason: str


def within(items: Mapping[str, Draft], *, encoder: Encoder | None = None) -> list[Repeat]:
    """Likely repeats among items by key (each unordered pair once, best first)."""
    return against(items, {}, encoder=encoder)


def against(new: Mapping[str, Draft], known: Mapping[str, Draft], *, encoder: Encoder | None = None) -> list[Repeat]:
    """Likely repeats between new items and known ones and among the new ones.

    Pairs of `known` items are not looked at. Raises ValueError where a key is in both.
    """
    if twice := new.keys() & known.keys():
        raise ValueError(f"keys of both new and known items: {sorted(twice)}")
    shelf = _Shelf({**new, **known}, encoder or encoders.load())
    weights = weighing.load()
    found = [
        repeat
        for one, other, meaning in shelf.near(sorted(new), weights.least_meaning)
        if (repeat := _repeat(shelf, (one, other), meaning, weights)) is not None
    ]
    return sorted(found, key=lambda repeat: (-repeat.score, repeat.a, repeat.b))


def _repeat(shelf: "_Shelf", pair: tuple[str, str], meaning: float, weights: Weights) -> Repeat | None:
    """The repeat that a pair is, if it is one."""
    one, other = shelf.marks(pair[0]), shelf.marks(pair[1])
    evidence = weigh_up(one, other, meaning=meaning)
    score = weighing.score(one, other, evidence, weights)
    return Repeat(*pair, score, reasons.of(one, other, evidence)) if score >= weights.threshold else None


class _Shelf:
    """Items in the order of their keys, with their vectors; their marks are read when a pair is looked at."""

    def __init__(self, items: Mapping[str, Draft], encoder: Encoder) -> None:
        self.keys = sorted(items)
        self._items = items
        self._marks: dict[str, Marks] = {}
        self._vectors: Vectors = encoder.encode([marks.text_of(items[key]) for key in self.keys])
        self._titled = defaultdict[str, list[int]](list)
        for at, key in enumerate(self.keys):
            self._titled[marks.title_of(items[key])].append(at)

    def marks(self, key: str) -> Marks:
        """The marks of an item."""
        if key not in self._marks:
            self._marks[key] = marks.read(self._items[key])
        return self._marks[key]

    def near(self, asked: Iterable[str], least: float) -> Iterator[tuple[str, str, float]]:
        """Pairs with an asked item in them, each once, the lesser key first, with their cosine."""
        place = {key: at for at, key in enumerate(self.keys)}
        rows = [place[key] for key in asked]
        wanted = set(rows)
        for start in range(0, len(rows), _ROWS):
            block = rows[start : start + _ROWS]
            # The cosines of a block depend on its shape in the last digits: they find, and are not what is weighed.
            found = self._vectors[block] @ self._vectors.T >= least - _SLACK
            for row, line in zip(block, found, strict=True):
                for at in sorted(
                    {*np.flatnonzero(line).tolist(), *self._titled[marks.title_of(self._items[self.keys[row]])]}
                ):
                    if at > row or (at < row and at not in wanted):
                        yield self.keys[min(row, at)], self.keys[max(row, at)], self._cosine(row, at)

    def _cosine(self, row: int, at: int) -> float:
        return round(float(np.dot(self._vectors[row].astype(np.float64), self._vectors[at].astype(np.float64))), 6)
