"""Looking for a few words: what is found has to hold enough of them, not a stray pair of characters.

A query falls into its words; each weighs its idf, so that a word nobody uses weighs most. A document holds a word where it
has the word itself, all of its character pairs, or a concept that the query names with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.analysis import OWN, Analyser, terms
from matching.ranking import Ranker
from matching.shelf import Mask, Shelf
from matching.text import BIGRAMS, WORDS, bigrams, concept_number, normalise, term_number

LEAST = 0.6
"""The share of the query's weight that a document has to hold."""
NEAR = 0.45
"""The cosine from which on a document is near in meaning to a query that no document holds; set by eye on the sample market."""
_SPARE = 3
"""So many times more documents than asked for are looked at."""
_HIDDEN = frozenset({"id", "audience", "list_kind", "issuer_type"})


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a query: what it weighs, and the sets of terms each of which stands for it."""

    weight: float
    ways: tuple[frozenset[int], ...]

    def is_in(self, held: frozenset[int]) -> bool:
        """Tell whether a document that names these terms holds the word."""
        return any(way <= held for way in self.ways)


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
    most = float(values.max(initial=0.0))
    found: list[tuple[str, float]] = []
    for row, value in zip(rows.tolist(), values.tolist(), strict=True):
        exact = normal in _text(shelf.source(row)["document"])
        if exact or share(parts, _held(shelf, row)) >= LEAST:
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


def share(parts: Sequence[Part], held: frozenset[int]) -> float:
    """Return the share of the query's weight that a document holds, 0 to 1."""
    return sum(part.weight for part in parts if part.is_in(held)) / sum(part.weight for part in parts)


def _held(shelf: Shelf, row: int) -> frozenset[int]:
    """Return the terms that a row names itself; concepts above its own, short names for much, are no hits."""
    return frozenset(shelf.terms.row(row)[shelf.halves.row(row) >= OWN].tolist())


def _with_character(shelf: Shelf, character: str, seen: Mask, limit: int) -> list[tuple[str, float]]:
    """Read every document that is seen: a single character is no term of its own inside a word."""
    sought = character.encode()
    if not character.isalpha() or character.isascii():
        return []
    rows = [row for row in np.flatnonzero(seen).tolist() if sought in shelf.sources.row(row).tobytes()]
    found = [(shelf.ids[row], float(_text(shelf.source(row)["document"]).count(character))) for row in rows]
    return sorted((each for each in found if each[1]), key=lambda each: (-each[1], each[0]))[:limit]


def _text(record: dict[str, Any]) -> str:
    """Return the words of a document that its page shows, what it refuses left out."""
    return normalise(
        "\n".join(_strings(value for name, value in record.items() if name not in _HIDDEN | {"not_offered"}))
    )


def _strings(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _strings(value)
