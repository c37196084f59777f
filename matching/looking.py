"""Looking for a few words: what is found has to hold enough of them, not a stray pair of characters.

A query falls into its words; each weighs its idf, so that a word nobody uses weighs most. A document holds a word where it
has the word itself, all of its character pairs, or a concept that the query names with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.analysis import OWN, Analyser, terms
from matching.fusion import Floats, known_among
from matching.ragged import Rows
from matching.ranking import Ranker
from matching.shelf import Mask, Shelf
from matching.text import BIGRAMS, WORDS, Numbers, bigrams, concept_number, normalise, term_number

LEAST = 0.6
"""The share of the query's weight that a document has to hold."""
NEAR = 0.45
"""The cosine from which on a document is near in meaning to a query that no document holds; set by eye on the sample market."""
_SPARE = 3
"""So many times more documents than asked for are looked at."""


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a query: what it weighs, and the sets of terms each of which stands for it."""

    weight: float
    ways: tuple[frozenset[int], ...]


def look(
    ranker: Ranker, analyser: Analyser, shelf: Shelf, text: str, seen: Mask, *, limit: int
) -> list[tuple[str, float]]:
    """Return (id, score) of the rows that hold enough of a text, those that hold it letter by letter first, ties by id."""
    normal = normalise(text)
    if len(normal) == 1:
        return _with_character(shelf, normal, seen, limit)
    asked = terms([analyser.read(text)], parents=False)
    parts = split(ranker, analyser, normal)
    if not parts:
        return []
    rows, values = ranker.words_in_common(shelf, asked, seen, limit=_SPARE * limit)
    most, sought = float(values.max(initial=0.0)), normal.encode()
    enough = (shares(parts, shelf, rows) >= LEAST).tolist()
    found: list[tuple[str, float]] = []
    for row, value, holds in zip(rows.tolist(), values.tolist(), enough, strict=True):
        exact = sought in shelf.texts.row(row).tobytes()
        if exact or holds:
            found.append((shelf.ids[row], round(value + most * exact, 4)))
    return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]


def split(ranker: Ranker, analyser: Analyser, normal: str) -> tuple[Part, ...]:
    """Return the words of a query with their weights."""
    words = list(dict.fromkeys(analyser.read(normal).words or bigrams(normal)))
    if not words:
        return ()
    weights = ranker.idf(np.array([term_number(word, WORDS) for word in words], dtype=np.uint32))
    mentions = analyser.lexicon.find(normal)
    parts = []
    for word, weight in zip(words, weights.tolist(), strict=True):
        start, pairs = normal.find(word), bigrams(word)
        named = {each.concept for each in mentions if each.start < start + len(word) and start < each.end}
        ways = [frozenset({term_number(word, WORDS)}), *(frozenset({concept_number(each)}) for each in named)]
        ways += [frozenset(term_number(pair, BIGRAMS) for pair in pairs)] if pairs else []
        parts.append(Part(weight, tuple(ways)))
    return tuple(parts)


def shares(parts: Sequence[Part], shelf: Shelf, rows: Rows) -> Floats:
    """Return the share of the query's weight that each row holds, 0 to 1."""
    asked = np.array(sorted({term for part in parts for way in part.ways for term in way}), dtype=np.uint32)
    held = _held(shelf, rows, asked)
    total = np.zeros(len(rows))
    for part in parts:
        ways = [held[:, np.searchsorted(asked, sorted(way))].all(axis=1) for way in part.ways]
        total += part.weight * np.any(ways, axis=0)
    return np.asarray(total / sum(part.weight for part in parts))


def _held(shelf: Shelf, rows: Rows, asked: Numbers) -> NDArray[np.bool_]:
    """Return which rows name which terms themselves; concepts above their own, short names for much, are no hits."""
    values, owners = shelf.terms.gather(rows)
    at, places = known_among(asked, values)
    own = shelf.halves.gather(rows)[0][places] >= OWN
    held = np.zeros((len(rows), len(asked)), dtype=np.bool_)
    held[owners[places[own]], at[own]] = True
    return held


def _with_character(shelf: Shelf, character: str, seen: Mask, limit: int) -> list[tuple[str, float]]:
    """Read every document that is seen: a single character is no term of its own inside a word."""
    if not character.isalpha() or character.isascii():
        return []
    sought = character.encode()
    counts = ((row, shelf.texts.row(row).tobytes().count(sought)) for row in np.flatnonzero(seen).tolist())
    found = [(shelf.ids[row], float(count)) for row, count in counts if count]
    return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]
