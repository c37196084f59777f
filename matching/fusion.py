"""What a need and a profile have in common, as numbers: three BM25 legs and what the profile refuses.

A pair has the same numbers whichever of the two asks. The functions take the asker's terms and the rows that may answer.
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
Halves = NDArray[np.uint8]
_PRIOR = 50.0
"""Documents of no content that a small collection is filled up with, so that a word of one of five is not common."""


@dataclass(frozen=True, slots=True)
class Common:
    """What each candidate row shares with the asker, in units of weighted idf.

    `legs` (rows, 3): words, pairs, concepts; `refused`: what the profile says it does not do; `chance`: the standard
    deviation that the need's legs would have over unrelated profiles; `concepts`, `words`: how many distinct ones both name.
    """

    rows: Rows
    legs: Floats
    refused: Floats
    chance: Floats
    concepts: Rows
    words: Rows


@dataclass(frozen=True, slots=True)
class Matches:
    """The terms that the asker and the rows both have: whose they are, their leg, their gain, named by both themselves."""

    owners: Rows
    legs: NDArray[np.intp]
    gain: Floats
    own: NDArray[np.bool_]


class Fusion:
    """Counts what pairs have in common with the statistics of both shelves, or of two others (`counted`)."""

    def __init__(
        self, needs: Shelf, profiles: Shelf, settings: Settings, *, counted: tuple[Shelf, Shelf] | None = None
    ) -> None:
        self._needs = needs
        self._profiles = profiles
        self._counted = counted or (needs, profiles)
        self._bm25 = settings.bm25
        weights = settings.weights
        self._legs = np.array([weights.words, weights.bigrams, weights.concepts])

    def idf(self, terms: Numbers) -> Floats:
        """Return log(1 + (N - n + .5) / (n + .5)) over needs and profiles together (BM25's idf, Robertson and Zaragoza)."""
        total, count = self._counts(terms)
        return np.asarray(np.log1p((total - count + 0.5) / (count + 0.5)))

    def _counts(self, terms: Numbers) -> tuple[float, Floats]:
        needs, profiles = self._counted
        count = needs.frequency[terms].astype(np.float64) + profiles.frequency[terms]
        return len(needs) + len(profiles) + _PRIOR, count

    def worth(self, terms: Numbers, halves: Halves) -> Floats:
        """Return what each term of a need is worth: its idf, its repeats up to a cap, its leg."""
        repeats = np.minimum(halves / OWN, self._bm25.most_repeats)
        return np.asarray(repeats * self.idf(terms) * self._legs[legs_of(terms)])

    def _variance(self, terms: Numbers, worth: Floats) -> Floats:
        total, count = self._counts(terms)
        chance = (count + 0.1) / (total + 1)
        return np.asarray(worth**2 * chance * (1 - chance))

    def _soaked(self, shelf: Shelf, halves: Halves, legs: NDArray[np.intp], lengths: Floats) -> Floats:
        repeats = halves / OWN
        relative = lengths / shelf.mean_lengths[legs]
        room = self._bm25.saturation * (1 - self._bm25.length + self._bm25.length * relative)
        return np.asarray(repeats * (self._bm25.saturation + 1) / (repeats + room))

    def profiles_for(self, need: Terms, rows: Rows) -> Common:
        """Compare profile rows with a need."""
        worth = self.worth(need.numbers, need.halves)
        values, owners = self._profiles.refused.gather(rows)
        at, places = known_among(need.numbers, values)
        refused = _sums(owners[places], worth[at], len(rows))
        chance = float(np.sqrt(self._variance(need.numbers, worth).sum()))
        matches = self._matches(self._profiles, need, worth, rows)
        return _common(rows, matches, refused, np.full(len(rows), chance))

    def on(self, shelf: Shelf, asked: Terms, rows: Rows) -> Floats:
        """Score rows of either shelf for a few words of text."""
        matches = self._matches(shelf, asked, self.worth(asked.numbers, asked.halves), rows)
        return _sums(matches.owners, matches.gain, len(rows))

    def _matches(self, shelf: Shelf, asked: Terms, worth: Floats, rows: Rows) -> Matches:
        values, owners = shelf.terms.gather(rows)
        at, places = known_among(asked.numbers, values)
        owners, halves, legs = owners[places], shelf.halves.gather(rows)[0][places], legs_of(asked.numbers)[at]
        lengths = shelf.lengths.view[rows[owners], legs].astype(np.float64)
        gain = worth[at] * self._soaked(shelf, halves, legs, lengths)
        return Matches(owners, legs, gain, (halves >= OWN) & (asked.halves[at] >= OWN))

    def needs_for(self, profile: Terms, refused: Numbers, rows: Rows) -> Common:
        """Compare need rows with a profile."""
        terms, owners = self._needs.terms.gather(rows)
        halves, _ = self._needs.halves.gather(rows)
        worth = self.worth(terms, halves)
        chance = np.sqrt(_sums(owners, self._variance(terms, worth), len(rows)))
        legs = legs_of(profile.numbers)
        lengths = leg_lengths(profile.numbers, profile.halves).astype(np.float64)
        soaked = self._soaked(self._profiles, profile.halves, legs, lengths[legs])
        at, hit = known_among(profile.numbers, terms)
        own = (halves[hit] >= OWN) & (profile.halves[at] >= OWN)
        barred = known_among(refused, terms)[1]
        loss = _sums(owners[barred], worth[barred], len(rows))
        return _common(rows, Matches(owners[hit], legs[at], worth[hit] * soaked[at], own), loss, chance)


def _common(rows: Rows, matches: Matches, refused: Floats, chance: Floats) -> Common:
    size = len(rows)
    legs = _sums(matches.owners * 3 + matches.legs, matches.gain, 3 * size).reshape(size, 3)
    named = [
        np.bincount(matches.owners[matches.own & (matches.legs == leg)], minlength=size) for leg in (CONCEPTS, WORDS)
    ]
    return Common(rows, legs, refused, np.maximum(chance, 1.0), named[0], named[1])


def _sums(owners: Rows, values: Floats, size: int) -> Floats:
    return np.bincount(owners, weights=values, minlength=size).astype(np.float64)


def known_among(ascending: Numbers, values: Numbers) -> tuple[Rows, Rows]:
    """Return where each known one of `values` stands in `ascending`, and which of the values those are."""
    if not len(ascending):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    at = np.searchsorted(ascending, values)
    at[at == len(ascending)] = 0
    known = np.flatnonzero(ascending[at] == values)
    return at[known].astype(np.int64), known.astype(np.int64)
