"""How a word's vector is made up: of a row of its own and of rows it shares with words of the same characters.

What a rare word lacks in text of its own it takes from its parts (Bojanowski et al. 2017, with Chinese characters and
bigrams as the subwords). At the end the sum is written down as one row per token.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse  # type: ignore[import-untyped]  # scipy carries no types

from matching.training.ragged import Ragged, pack
from matching.training.texts import is_han
from matching.training.vocabulary import bigrams

Floats = NDArray[np.float32]
_GRAM = 3
_ROUNDS = 30


@dataclass(frozen=True, slots=True)
class Parts:
    """For every token the numbers of its parts; `count` is the number of different parts."""

    of: Ragged
    count: int

    def mean(self) -> sparse.csr_array:
        """Give the (tokens, parts) matrix that averages each token's parts."""
        lengths = np.diff(self.of.starts)
        values = np.repeat(1.0 / np.maximum(lengths, 1), lengths).astype(np.float32)
        return sparse.csr_array((values, self.of.numbers, self.of.starts), shape=(len(self.of), self.count))


def parts(tokens: Sequence[str]) -> Parts:
    """List the parts of every token: characters and bigrams of a Chinese word, letter trigrams of a Latin one."""
    listed = [_parts(token) for token in tokens]
    frequency = Counter(part for entry in listed for part in set(entry))
    shared = sorted(part for part, count in frequency.items() if count > 1)
    number = {part: place for place, part in enumerate(shared)}
    return Parts(pack([[number[part] for part in entry if part in number] for entry in listed]), len(shared))


def _parts(token: str) -> list[str]:
    if token.startswith("["):
        return []
    if is_han(token):
        return [*token, *bigrams(token)]
    if token.isdigit() or len(token) <= _GRAM:
        return []
    framed = f"<{token}>"
    return [framed[start : start + _GRAM] for start in range(len(framed) - _GRAM + 1)]


def fit(known: Parts, vectors: Floats, importance: Floats, *, penalty: float) -> Floats:
    """Find part vectors whose averages come nearest to the word vectors: ridge regression by conjugate gradients.

    `importance` weighs each token's error; the penalty is in units of importance. Returns (parts, dimension).
    """
    mean = known.mean()
    weighted = mean.T.multiply(importance[None, :]).tocsr()
    wanted = weighted @ vectors
    solution = np.zeros_like(wanted)
    residual = wanted.copy()
    direction = residual.copy()
    size = (residual * residual).sum(axis=0)
    for _ in range(_ROUNDS):
        product = weighted @ (mean @ direction) + penalty * direction
        stride = size / np.maximum((direction * product).sum(axis=0), 1e-20)
        solution += stride * direction
        residual -= stride * product
        new_size = (residual * residual).sum(axis=0)
        direction = residual + (new_size / np.maximum(size, 1e-20)) * direction
        size = new_size
    found: Floats = solution.astype(np.float32)
    return found
