"""Find the same need listed twice among items, or between new items and known ones.

A pair is looked at where its texts are near in meaning or its titles are the same, whatever else there is: so the same pairs
come out in any order, and looking at new items alone finds what looking at all would find of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.fields import Draft
from matching import encoder as encoders
from matching.encoder import Encoder, Vectors
from matching.repeats import marks, reasons, weighing
from matching.repeats.evidence import Evidence, weigh_up
from matching.repeats.marks import Marks
from matching.repeats.weighing import Weights

Vector = NDArray[np.float32]

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
    shelf = Shelf({**new, **known}, encoder or encoders.load())
    weights = weighing.load()
    found = [
        repeat
        for one, other in shelf.near(sorted(new), weights.least_meaning)
        if (repeat := _repeat(shelf, (one, other), weights)) is not None
    ]
    return sorted(found, key=lambda repeat: (-repeat.score, repeat.a, repeat.b))


def _repeat(shelf: "Shelf", pair: tuple[str, str], weights: Weights) -> Repeat | None:
    """The repeat that a pair is, if it is one."""
    one, other = shelf.marks(pair[0]), shelf.marks(pair[1])
    evidence = shelf.evidence(*pair)
    score = weighing.score(one, other, evidence, weights)
    return Repeat(*pair, score, reasons.of(one, other, evidence)) if score >= weights.threshold else None


class Shelf:
    """Items in the order of their keys, with their vectors; their marks are read when a pair is looked at."""

    def __init__(self, items: Mapping[str, Draft], encoder: Encoder) -> None:
        self.keys = sorted(items)
        self._items = items
        self._marks: dict[str, Marks] = {}
        self._vectors: Vectors = encoder.encode([marks.text_of(items[key]) for key in self.keys])
        self._titles: Vectors = encoder.encode([marks.title_of(items[key]) for key in self.keys])
        self._place = {key: at for at, key in enumerate(self.keys)}
        self._titled = defaultdict[str, list[int]](list)
        for at, key in enumerate(self.keys):
            self._titled[marks.title_of(items[key])].append(at)

    def marks(self, key: str) -> Marks:
        """The marks of an item."""
        if key not in self._marks:
            self._marks[key] = marks.read(self._items[key])
        return self._marks[key]

    def evidence(self, one: str, other: str) -> Evidence:
        """What speaks for and against a pair."""
        a, b = self._place[one], self._place[other]
        texts, titles = self._vectors, self._titles
        subject = max(_cosine(titles[a], texts[b]), _cosine(titles[b], texts[a]))
        return weigh_up(self.marks(one), self.marks(other), meaning=_cosine(texts[a], texts[b]), subject=subject)

    def near(self, asked: Iterable[str], least: float) -> Iterator[tuple[str, str]]:
        """Pairs with an asked item in them, each once, the lesser key first."""
        rows = [self._place[key] for key in asked]
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
                        yield self.keys[min(row, at)], self.keys[max(row, at)]


def _cosine(one: Vector, other: Vector) -> float:
    return round(float(np.dot(one.astype(np.float64), other.astype(np.float64))), 6)
