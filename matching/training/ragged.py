"""Many texts as token numbers in two arrays: all numbers in a row, and where each text begins."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Texts of differing length; text i is `numbers[starts[i]:starts[i + 1]]`, `starts` has one entry more than texts."""

    numbers: Numbers
    starts: Places

    def __len__(self) -> int:
        """Count the texts."""
        return len(self.starts) - 1

    def __getitem__(self, index: int) -> Numbers:
        """Give the token numbers of one text."""
        return self.numbers[self.starts[index] : self.starts[index + 1]]

    def owners(self) -> Places:
        """Give, for every token, the text it stands in."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))


def pack(texts: Sequence[Sequence[int] | Numbers]) -> Ragged:
    """Put texts end to end."""
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    numbers = np.empty(int(starts[-1]), dtype=np.int32)
    for text, start in zip(texts, starts, strict=False):
        numbers[start : start + len(text)] = np.asarray(text, dtype=np.int32)
    return Ragged(numbers, starts)
