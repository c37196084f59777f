"""A small real encoder for tests: character pairs hashed into 512 numbers, no model file."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.text import bigrams, normalise

Vectors = NDArray[np.float32]


class HashedEncoder:
    """Every character pair adds ±1 to one of 512 numbers."""

    name = "hashed"
    dimension = 512
    digest = "hashed-512"

    def tokens(self, text: str) -> list[str]:
        """Return the character pairs."""
        return bigrams(normalise(text))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, zeros for a text without pairs."""
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for pair in self.tokens(text):
                number = zlib.crc32(pair.encode())
                row[number % self.dimension] += 1.0 if number & 65536 else -1.0
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)

    def token_vectors(self, text: str) -> tuple[list[str], Vectors, Vectors]:
        """Return each pair with its own vector; all weigh the same."""
        tokens = self.tokens(text)
        return tokens, self.encode(tokens), np.ones(len(tokens), dtype=np.float32)
