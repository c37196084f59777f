"""Where a training step takes its texts from: pairs that belong together, and crops of one paragraph."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from matching.training.ragged import Numbers, Ragged

Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts for one step: anchor i belongs to positive i; a negative looks like its anchor and is not it.

    Texts of the same group are never held against each other. A text without a negative has an empty one.
    """

    anchors: list[Numbers]
    positives: list[Numbers]
    negatives: list[Numbers]
    groups: Indexes


class Supply(Protocol):
    """Something that can fill batches."""

    @property
    def name(self) -> str:
        """What it is called in the log."""
        ...

    @property
    def share(self) -> float:
        """How often it is drawn, against the others."""
        ...

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """Fill one batch."""
        ...


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs read from a data set."""

    name: str
    share: float
    anchors: Ragged
    positives: Ragged
    negatives: Ragged
    groups: Indexes

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """Take rows at random, no row twice while there are enough."""
        rows = rng.choice(len(self.anchors), size=size, replace=size > len(self.anchors))
        flipped = rng.random(size) < 0.5  # noqa: PLR2004 -- either text may ask
        firsts = [self.anchors[row] for row in rows]
        seconds = [self.positives[row] for row in rows]
        return Batch(
            anchors=[b if turn else a for a, b, turn in zip(firsts, seconds, flipped, strict=True)],
            positives=[a if turn else b for a, b, turn in zip(firsts, seconds, flipped, strict=True)],
            negatives=[self.negatives[row] for row in rows],
            groups=self.groups[rows],
        )


@dataclass(frozen=True, slots=True)
class Crops:
    """Stretches of running text: two from the same place belong together (Gao and Callan 2021; Izacard et al. 2022)."""

    name: str
    share: float
    text: Ragged
    documents: Indexes
    """The document of each paragraph."""
    shortest: int = 3
    longest: int = 48

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """Take places at random; a short stretch asks, a longer one beside it, before it or around it answers."""
        owners = np.searchsorted(self.text.starts, rng.integers(0, len(self.text.numbers), size), side="right") - 1
        couples = [self._couple(rng, int(owner)) for owner in owners]
        return Batch(
            anchors=[couple[0] for couple in couples],
            positives=[couple[1] for couple in couples],
            negatives=[],
            groups=self.documents[owners],
        )

    def _couple(self, rng: np.random.Generator, owner: int) -> tuple[Numbers, Numbers]:
        """Cut two stretches out of a paragraph, or out of it and the next one of the document where it is short."""
        last = owner
        while (
            last + 1 < len(self.text) and self._room(owner, last) and self.documents[last + 1] == self.documents[owner]
        ):
            last += 1
        passage = self.text.numbers[self.text.starts[owner] : self.text.starts[last + 1]]
        length = int(rng.integers(self.shortest, max(self.shortest + 1, min(20, len(passage) // 2 + 1))))
        start = int(rng.integers(0, max(1, len(passage) - length)))
        asked = passage[start : start + length]
        if rng.random() < 0.3:  # noqa: PLR2004 -- some answers hold the question's own words, as real ones do
            low = max(0, start - int(rng.integers(0, 16)))
            return asked, passage[low : start + length + int(rng.integers(4, 24))]
        before, after = passage[max(0, start - self.longest) : start], passage[start + length :][: self.longest]
        return asked, before if len(before) > len(after) else after

    def _room(self, owner: int, last: int) -> bool:
        return bool(self.text.starts[last + 1] - self.text.starts[owner] < 24 and last - owner < 4)  # noqa: PLR2004


def group_numbers(keys: Sequence[str]) -> Indexes:
    """Number equal keys alike."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
