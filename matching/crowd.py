"""How near a text is to whatever the lexicon speaks of: a vague need is near to much, so nearness proves less for it."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching.concepts import Lexicon
from matching.dense import Vectors
from matching.encoder import Encoder


class Crowd:
    """The glosses of the lexicon as vectors."""

    def __init__(self, encoder: Encoder, lexicon: Lexicon, most: int) -> None:
        self._glosses = _glosses(encoder, lexicon)
        self._most = min(most, len(self._glosses))

    def nearness(self, vectors: Vectors) -> NDArray[np.float32]:
        """Return, for each vector, the mean cosine with the glosses nearest to it."""
        if not self._most:
            return np.zeros(len(vectors), dtype=np.float32)
        cosine = vectors @ self._glosses.T
        nearest = np.partition(cosine, -self._most, axis=1)[:, -self._most :]
        return np.asarray(nearest.mean(axis=1), dtype=np.float32)


@lru_cache(maxsize=2)
def _glosses(encoder: Encoder, lexicon: Lexicon) -> Vectors:
    """One vector a concept; made once, however many indexes a process opens with the same two."""
    return encoder.encode([f"{concept.name}：{concept.gloss}" for concept in lexicon.concepts])
