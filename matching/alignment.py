"""Soft alignment: each word of a need beside the word of the profile that is nearest to it in meaning.

The sum over the need's words of idf × (cosine of the best word - least) / (1 - least), as far as it is positive.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analysis, Terms
from matching.dense import Vectors
from matching.encoder import Encoder
from matching.fusion import Floats, Fusion
from matching.lexical import by_leg
from matching.ragged import Growing, Rows
from matching.shelf import Shelf
from matching.text import TERM_BITS, WORDS, Numbers, term_number


class Vocabulary:
    """The vector of every word of the index, in half precision, by the word's term number."""

    def __init__(self, encoder: Encoder, folder: Path | None = None) -> None:
        self._encoder = encoder
        self._place = np.full(1 << TERM_BITS, -1, dtype=np.int32)
        self._numbers = Growing(np.uint32)
        self._old: NDArray[np.float16] = np.empty((0, encoder.dimension), dtype=np.float16)
        self._new = Growing(np.float16, encoder.dimension)
        if folder is not None:
            self._old = np.load(folder / "vectors.npy", mmap_mode="r")
            self._note(np.load(folder / "numbers.npy"))

    def _note(self, numbers: Numbers) -> None:
        self._place[numbers] = np.arange(self._numbers.size, self._numbers.size + len(numbers))
        self._numbers.extend(numbers)

    def learn(self, words: Iterable[str]) -> None:
        """Add the vectors of words not seen yet."""
        unseen = {number: word for word in words if self._place[number := term_number(word, WORDS)] < 0}
        if unseen:
            self._new.extend(self._encoder.encode(list(unseen.values())))
            self._note(np.array(list(unseen), dtype=np.uint32))

    def vectors(self, numbers: Numbers) -> Vectors:
        """Return the vectors of words by number; zeros for a word never learnt."""
        places = self._place[numbers]
        result = np.zeros((len(numbers), self._old.shape[1]), dtype=np.float32)
        old = (places >= 0) & (places < len(self._old))
        new = places >= len(self._old)
        result[old] = self._old[places[old]]
        result[new] = self._new.view[places[new] - len(self._old)]
        return result

    def of_words(self, words: Sequence[str]) -> Vectors:
        """Return the vectors of words, of those never learnt too."""
        found = self.vectors(np.array([term_number(word, WORDS) for word in words], dtype=np.uint32))
        unknown = [at for at, word in enumerate(words) if self._place[term_number(word, WORDS)] < 0]
        if unknown:
            found[unknown] = self._encoder.encode([words[at] for at in unknown]).astype(np.float16)
        return found

    def save(self, folder: Path) -> None:
        """Write the vocabulary to a folder."""
        folder.mkdir(parents=True)
        np.save(folder / "numbers.npy", self._numbers.view)
        np.save(folder / "vectors.npy", np.concatenate([self._old, self._new.view]))


class Alignment:
    """Scores pairs by their nearest words."""

    def __init__(self, vocabulary: Vocabulary, least: float) -> None:
        self._vocabulary = vocabulary
        self._least = least

    def pairs(self, fusion: Fusion, asker: Analysis, shelf: Shelf, rows: Rows, *, forward: bool) -> Floats:
        """Return the alignment of each row with the asker; `forward` where the asker is the need."""
        asked = np.array([term_number(word, WORDS) for word in asker.words], dtype=np.uint32)
        values, owners = shelf.terms.gather(rows)
        words = np.flatnonzero(values < (1 << TERM_BITS))
        if not len(asked) or not len(words):
            return np.zeros(len(rows))
        distinct, at = np.unique(values[words], return_inverse=True)
        near = self._nearness(distinct, asked, self._vocabulary.of_words(asker.words))
        if forward:
            return _best_of_each(near[at], owners[words], len(rows)) @ _worth(fusion, asker.terms, asked)
        halves = shelf.halves.gather(rows)[0][words]
        worth = fusion.worth(values[words], halves)
        return np.bincount(owners[words], weights=worth * near.max(axis=1)[at], minlength=len(rows)).astype(np.float64)

    def _nearness(self, words: Numbers, asked: Numbers, vectors: Vectors) -> NDArray[np.float32]:
        cosine = self._vocabulary.vectors(words) @ vectors.T
        near = np.clip((cosine - self._least) / (1 - self._least), 0.0, 1.0)
        near[words[:, None] == asked[None, :]] = 1.0
        return np.asarray(near, dtype=np.float32)


def _best_of_each(near: NDArray[np.float32], owners: Rows, size: int) -> Floats:
    """Return (rows, words): the greatest nearness of a row's words to each asked word; owners ascend."""
    result = np.zeros((size, near.shape[1]))
    present, starts = np.unique(owners, return_index=True)
    result[present] = np.maximum.reduceat(near, starts, axis=0)
    return result


def _worth(fusion: Fusion, terms: Terms, asked: Numbers) -> Floats:
    words = by_leg(terms.numbers)[WORDS]
    worth = fusion.worth(words, terms.halves[: len(words)])
    return worth[np.searchsorted(words, asked)]
