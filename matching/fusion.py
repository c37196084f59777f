"""How much a pair of need and profile has in common: three BM25 legs summed, less what the profile refuses.

A pair has the same evidence whichever of the two asks. Both functions take the asker's terms and the rows that may answer.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.analysis import OWN, Terms
from matching.ragged import Rows
from matching.settings import Settings
from matching.shelf import Shelf, leg_lengths
from matching.text import CONCEPTS, WORDS, Numbers, legs_of

Floats = NDArray[np.float64]
_PRIOR = 50.0
"""Documents of no content that a small collection is filled up with, so that a word of one of five is not common."""


@dataclass(frozen=True, slots=True)
class Common:
    """What each candidate row shares with the asker.

    `sum`: weighted legs less refusals, in idf units; `chance`: the standard deviation of that sum over unrelated profiles;
    `concepts`, `words`: how many distinct ones both name.
    """

    rows: Rows
    sum: Floats
    chance: Floats
    concepts: Rows
    words: Rows


class Fusion:
    """Scores pairs with the statistics of both shelves."""

    def __init__(self, needs: Shelf, profiles: Shelf, settings: Settings) -> None:
        self._needs = needs
        self._profiles = profiles
        self._bm25 = settings.bm25
        weights = settings.weights
        self._legs = np.array([weights.words, weights.bigrams, weights.concepts])
        self._refusal = weights.refusal

    def idf(self, terms: Numbers) -> Floats:
        """Return log(1 + (N - n + .5) / (n + .5)) over needs and profiles together (BM25's idf, Robertson and Zaragoza)."""
        total, count = self._counts(terms)
        return np.asarray(np.log1p((total - count + 0.5) / (count + 0.5)))

    def _counts(self, terms: Numbers) -> tuple[float, Floats]:
        count = self._needs.frequency[terms].astype(np.float64) + self._profiles.frequency[terms]
        return len(self._needs) + len(self._profiles) + _PRIOR, count

    def asked(self, terms: Numbers, halves: NDArray[np.uint8]) -> Floats:
        """Return what each term of a need is worth: its idf, its repeats up to a cap, its leg."""
        repeats = np.minimum(halves / OWN, self._bm25.most_repeats)
        return np.asarray(repeats * self.idf(terms) * self._legs[legs_of(terms)])

    def _variance(self, terms: Numbers, worth: Floats) -> Floats:
        total, count = self._counts(terms)
        chance = (count + 0.1) / (total + 1)
        return np.asarray(worth**2 * chance * (1 - chance))

    def _soaked(self, shelf: Shelf, halves: NDArray[np.uint8], legs: NDArray[np.intp], lengths: Floats) -> Floats:
        repeats = halves / OWN
        relative = lengths / shelf.mean_lengths[legs]
        room = self._bm25.saturation * (1 - self._bm25.length + self._bm25.length * relative)
        return np.asarray(repeats * (self._bm25.saturation + 1) / (repeats + room))

    def profiles_for(self, need: Terms, rows: Rows) -> Common:
        """Score profile rows for a need."""
        shelf, worth = self._profiles, self.asked(need.numbers, need.halves)
        at, owners, halves, gain = self._gains(shelf, need, worth, rows)
        legs = legs_of(need.numbers)[at]
        refused, refusers, _ = _meet(need.numbers, shelf, "refused", rows)
        loss = np.bincount(refusers, weights=worth[refused], minlength=len(rows))
        chance = float(np.sqrt(self._variance(need.numbers, worth).sum()))
        own = (halves >= OWN) & (need.halves[at] >= OWN)
        return self._common(rows, owners, gain, loss, np.full(len(rows), chance), legs, own)

    def on(self, shelf: Shelf, terms: Terms, rows: Rows) -> Floats:
        """Score rows of either shelf for a few words of text."""
        _, owners, _, gain = self._gains(shelf, terms, self.asked(terms.numbers, terms.halves), rows)
        return np.bincount(owners, weights=gain, minlength=len(rows))

    def _gains(
        self, shelf: Shelf, asked: Terms, worth: Floats, rows: Rows
    ) -> tuple[Rows, Rows, NDArray[np.uint8], Floats]:
        at, owners, places = _meet(asked.numbers, shelf, "terms", rows)
        halves = shelf.ragged["halves"].gather(rows)[0][places]
        legs = legs_of(asked.numbers)[at]
        gain = worth[at] * self._soaked(shelf, halves, legs, shelf.lengths.view[rows[owners], legs])
        return at, owners, halves, gain

    def needs_for(self, profile: Terms, refused: Numbers, rows: Rows) -> Common:
        """Score need rows for a profile."""
        shelf = self._needs
        terms, owners = shelf.ragged["terms"].gather(rows)
        halves, _ = shelf.ragged["halves"].gather(rows)
        worth = self.asked(terms, halves)
        chance = np.sqrt(np.bincount(owners, weights=self._variance(terms, worth), minlength=len(rows)))
        lengths = leg_lengths(profile.numbers, profile.halves).astype(np.float64)
        legs = legs_of(profile.numbers)
        soaked = self._soaked(self._profiles, profile.halves, legs, lengths[legs])
        at, hit = _find(profile.numbers, terms)
        gain = worth[hit] * soaked[at]
        barred = _find(refused, terms)[1]
        loss = np.bincount(owners[barred], weights=worth[barred], minlength=len(rows))
        own = (halves[hit] >= OWN) & (profile.halves[at] >= OWN)
        return self._common(rows, owners[hit], gain, loss, chance, legs[at], own)

    def _common(
        self,
        rows: Rows,
        owners: Rows,
        gain: Floats,
        loss: Floats,
        chance: Floats,
        legs: NDArray[np.intp],
        own: NDArray[np.bool_],
    ) -> Common:
        size = len(rows)
        total = np.bincount(owners, weights=gain, minlength=size) - self._refusal * loss
        concepts = np.bincount(owners[own & (legs == CONCEPTS)], minlength=size)
        words = np.bincount(owners[own & (legs == WORDS)], minlength=size)
        return Common(rows, total, np.maximum(chance, 1.0), concepts, words)


def _meet(asked: Numbers, shelf: Shelf, name: str, rows: Rows) -> tuple[Rows, Rows, Rows]:
    """Return, for every value of `rows` that is asked for: its place in `asked`, its owner and its place among the values."""
    values, owners = shelf.ragged[name].gather(rows)
    at, places = _find(asked, values)
    return at, owners[places], places


def _find(sorted_terms: Numbers, values: Numbers) -> tuple[Rows, Rows]:
    """Return where each known value stands in `sorted_terms`, and which values those are."""
    if not len(sorted_terms):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    at = np.searchsorted(sorted_terms, values)
    at[at == len(sorted_terms)] = 0
    known = np.flatnonzero(sorted_terms[at] == values)
    return at[known], known
