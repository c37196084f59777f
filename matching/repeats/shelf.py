"""Items side by side, with what finds the pairs worth a look among millions: vectors, and postings of figures.

No pair that would be told is passed over: what is cheap to know of a pair bounds its score from above.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from ingest.fields import Draft
from matching.encoder import Encoder, Vectors
from matching.pace import Pause
from matching.repeats import figures
from matching.repeats.evidence import MOST_FIGURES, Evidence, weigh_up
from matching.repeats.figures import Figure
from matching.repeats.marks import Marks
from matching.repeats.weighing import Weights

Vector = NDArray[np.float32]
Mask = NDArray[np.bool_]

_ROWS = 64
_READ = 256
"""Items compared, and items read, in one step."""
_SLACK = 1e-4
"""The cosines of a block depend on its shape in the last digits: they find, and are not what is weighed."""
_SMALLEST, _LARGEST = 1e-9, 1e30
_STEPS = 24
"""How many spans of figures there are from a number to its double and a half."""


class Shelf:
    """Items in the order of their keys."""

    def __init__(self, items: Mapping[str, Draft], encoder: Encoder, pause: Pause | None = None) -> None:
        """`pause` is called between two steps of reading the items, and of looking for pairs."""
        self.keys = sorted(items)
        self._marks = [Marks(items[key]) for key in self.keys]
        self._pause = pause or _go_on
        self._texts, self._titles = self._encoded(encoder)
        self._place = {key: at for at, key in enumerate(self.keys)}
        self._titled = _filed((each.title, at) for at, each in enumerate(self._marks))
        self._figured = _filed(
            (span, at) for at, each in enumerate(self._marks) for figure in each.figures for span in _spans(figure)
        )

    def _encoded(self, encoder: Encoder) -> tuple[Vectors, Vectors]:
        """The vectors of the texts and of the titles; figures, which take as long, are read on the way."""
        texts = np.zeros((len(self._marks), encoder.dimension), np.float32)
        titles = np.zeros_like(texts)
        for start in range(0, len(self._marks), _READ):
            some = self._marks[start : start + _READ]
            texts[start : start + _READ] = encoder.encode([each.text for each in some])
            titles[start : start + _READ] = encoder.encode([each.title for each in some])
            for each in some:
                _ = each.figures
            self._pause()
        return texts, titles

    def marks(self, key: str) -> Marks:
        """The marks of an item."""
        return self._marks[self._place[key]]

    def evidence(self, one: str, other: str) -> Evidence:
        """What speaks for and against a pair."""
        a, b = self._place[one], self._place[other]
        subject = max(_cosine(self._titles[a], self._texts[b]), _cosine(self._titles[b], self._texts[a]))
        meaning = _cosine(self._texts[a], self._texts[b])
        return weigh_up(self._marks[a], self._marks[b], meaning=meaning, subject=subject)

    def near(self, asked: Iterable[str], least: float) -> Iterator[tuple[str, str]]:
        """Pairs with an asked item in them whose texts are near in meaning, each once, the lesser key first."""
        return self._pairs(asked, lambda rows: self._texts[rows] @ self._texts.T >= least - _SLACK)

    def promising(self, asked: Iterable[str], weights: Weights) -> Iterator[tuple[str, str]]:
        """Those pairs, and those of the same title, whose score may reach the threshold for all that is known cheaply."""
        return self._pairs(asked, lambda rows: self._may_reach(rows, weights))

    def _may_reach(self, rows: list[int], weights: Weights) -> Mask:
        """Whether meaning, subject, a unit that is the same and figures in common would do, were nothing against it."""
        meaning = self._texts[rows] @ self._texts.T
        subject = np.maximum(self._titles[rows] @ self._texts.T, self._texts[rows] @ self._titles.T)
        slopes = weights.slopes
        odds = weights.intercept + slopes["owner"] + slopes["meaning"] * meaning + slopes["subject"] * subject
        odds += slopes["figures"] * np.stack([self._most_figures(row) for row in rows])
        found: Mask = (odds >= math.log(weights.threshold / (1 - weights.threshold)) - _SLACK * 100) & (
            meaning >= weights.least_meaning - _SLACK
        )
        for number, row in enumerate(rows):
            found[number, self._titled[self._marks[row].title]] = True
        return found

    def _most_figures(self, row: int) -> NDArray[np.float32]:
        """The most that figures in common with one item may be worth to each."""
        total = np.zeros(len(self.keys), np.float32)
        for figure in self._marks[row].figures:
            worth = figures.telling(figure)
            if worth:
                total[np.unique(np.concatenate([self._figured[span] for span in _spans(figure)]))] += worth
        worth_most: NDArray[np.float32] = np.minimum(np.sqrt(total), MOST_FIGURES)
        return worth_most

    def _pairs(self, asked: Iterable[str], found: Callable[[list[int]], Mask]) -> Iterator[tuple[str, str]]:
        rows = [self._place[key] for key in asked]
        wanted = set(rows)
        for start in range(0, len(rows), _ROWS):
            block = rows[start : start + _ROWS]
            for row, line in zip(block, found(block), strict=True):
                self._pause()
                for at in np.flatnonzero(line).tolist():
                    if at > row or (at < row and at not in wanted):
                        yield self.keys[min(row, at)], self.keys[max(row, at)]


def _go_on() -> None:
    """Rest not at all."""


def _filed(places: Iterable[tuple[Hashable, int]]) -> Mapping[Hashable, NDArray[np.intp]]:
    """The places under each key, ascending."""
    found = defaultdict[Hashable, list[int]](list)
    for key, place in places:
        found[key].append(place)
    return {key: np.array(each, np.intp) for key, each in found.items()}


def _spans(figure: Figure) -> list[tuple[str, int]]:
    """The spans of numbers that a figure lies in: figures that may be the same share one."""
    kind = figures.family(figure)
    low, high = (_span(float(end)) for end in (figure.low, figure.high))
    return [(kind, span) for span in range(low, high + 1)]


def _span(number: float) -> int:
    return math.floor(_STEPS * math.log(min(max(number, _SMALLEST), _LARGEST)))


def _cosine(one: Vector, other: Vector) -> float:
    return round(float(np.dot(one.astype(np.float64), other.astype(np.float64))), 6)
