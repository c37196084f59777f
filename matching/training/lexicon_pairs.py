"""What the lexicon teaches: names of one concept mean the same, look-alikes and kin do not.

Three kinds of pairs: a name with another name or the gloss; a sentence of running text with the name in it replaced;
and made-up wants and offers that speak of the same few concepts in different names.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.training.lexicon import Concept
from matching.training.pairs import Batch, Indexes
from matching.training.ragged import Numbers, Ragged

Tokenize = Callable[[Sequence[str]], list[list[int]]]
_NONE = np.empty(0, dtype=np.int32)
_SIDE = 10
"""Tokens of context kept on each side of a name in running text."""
_PER_NAME = 40


@dataclass(frozen=True, slots=True)
class Meanings:
    """The lexicon in token numbers, concept by concept, and which concepts share a parent."""

    names: list[list[Numbers]]
    glosses: list[Numbers]
    lookalikes: list[list[Numbers]]
    kin: list[list[int]]


def read_meanings(concepts: Sequence[Concept], tokenize: Tokenize) -> Meanings:
    """Turn concepts into token numbers; names of no known token are left out, concepts of one name too."""
    usable = [concept for concept in concepts if len(concept.names) > 1]
    names = [_known(tokenize(concept.names)) for concept in usable]
    members: dict[str, list[int]] = {}
    for number, concept in enumerate(usable):
        for parent in concept.parents:
            members.setdefault(parent, []).append(number)
    kin = [
        sorted({other for parent in concept.parents for other in members[parent]} - {number})
        for number, concept in enumerate(usable)
    ]
    return Meanings(
        names=names,
        glosses=[np.array(entry, dtype=np.int32) for entry in tokenize([concept.gloss for concept in usable])],
        lookalikes=[_known(tokenize(concept.lookalikes)) for concept in usable],
        kin=kin,
    )


def _known(texts: list[list[int]]) -> list[Numbers]:
    return [np.array(text, dtype=np.int32) for text in texts if text]


@dataclass(frozen=True, slots=True)
class Names:
    """A name against another name of its concept, or against its gloss."""

    meanings: Meanings
    name: str = "lexicon names"
    share: float = 1.0

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """Take concepts at random; the negative is a look-alike, or a name of a concept with the same parent."""
        chosen = rng.integers(0, len(self.meanings.names), size)
        couples = [_two(rng, self.meanings, int(number)) for number in chosen]
        negatives = [_unlike(rng, self.meanings, int(number)) for number in chosen]
        return Batch([a for a, _ in couples], [b for _, b in couples], negatives, chosen.astype(np.int64))


@dataclass(frozen=True, slots=True)
class Bundles:
    """A made-up want and offer: the same two to four related concepts, each side in names of its own."""

    meanings: Meanings
    name: str = "lexicon bundles"
    share: float = 1.0

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """Take concepts and some of their kin; the rival keeps the want's words but for the concept that matters."""
        chosen = rng.integers(0, len(self.meanings.names), size)
        rows = [self._row(rng, int(number)) for number in chosen]
        return Batch(
            [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], chosen.astype(np.int64)
        )

    def _row(self, rng: np.random.Generator, number: int) -> tuple[Numbers, Numbers, Numbers]:
        pool = self.meanings.kin[number] or list(range(len(self.meanings.names)))
        extra = int(rng.integers(1, 4))
        others = [int(other) for other in rng.choice(pool, size=min(extra, len(pool)), replace=False)]
        couples = [_two(rng, self.meanings, concept) for concept in [number, *others]]
        rival = [_unlike(rng, self.meanings, number), *(want for want, _ in couples[1:])]
        return _shuffled(rng, [a for a, _ in couples]), _shuffled(rng, [b for _, b in couples]), _shuffled(rng, rival)


@dataclass(frozen=True, slots=True)
class Replacements:
    """Sentences of running text in which a name gives way to another name of its concept."""

    meanings: Meanings
    text: Ragged
    places: NDArray[np.int64]
    """Rows of (concept, first token of the name in the text, tokens of the name)."""
    name: str = "lexicon replacements"
    share: float = 1.0

    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """Take places at random; the negative has a look-alike or kin in the name's stead."""
        rows = self.places[rng.integers(0, len(self.places), size)]
        found = [self._row(rng, int(concept), int(start), int(length)) for concept, start, length in rows]
        return Batch([row[0] for row in found], [row[1] for row in found], [row[2] for row in found], rows[:, 0].copy())

    def _row(self, rng: np.random.Generator, concept: int, start: int, length: int) -> tuple[Numbers, Numbers, Numbers]:
        low = max(0, start - int(rng.integers(1, _SIDE)))
        before = self.text.numbers[low:start]
        after = self.text.numbers[start + length : start + length + int(rng.integers(1, _SIDE))]
        other = _one(rng, self.meanings.names[concept])
        kept = [side[rng.random(len(side)) < 0.6] for side in (before, after)]  # noqa: PLR2004 -- context alone must not do
        return (
            self.text.numbers[low : start + length + len(after)],
            np.concatenate([kept[0], other, kept[1]]),
            np.concatenate([before, _unlike(rng, self.meanings, concept), after]),
        )


def find_places(meanings: Meanings, text: Ragged, rng: np.random.Generator) -> NDArray[np.int64]:
    """Find names in running text, at most so many places for each."""
    order = np.argsort(text.numbers, kind="stable")
    sorted_numbers = text.numbers[order]
    rows: list[NDArray[np.int64]] = []
    for concept, names in enumerate(meanings.names):
        for name in names:
            low, high = np.searchsorted(sorted_numbers, [name[0], name[0] + 1])
            places = order[low:high]
            places = places[places + len(name) <= len(text.numbers)]
            for step, number in enumerate(name[1:], start=1):
                places = places[text.numbers[places + step] == number]
            if len(places) > _PER_NAME:
                places = np.sort(rng.choice(places, size=_PER_NAME, replace=False))
            rows.append(np.column_stack([np.full(len(places), concept), places, np.full(len(places), len(name))]))
    return np.concatenate(rows).astype(np.int64) if rows else np.empty((0, 3), dtype=np.int64)


def _one(rng: np.random.Generator, names: list[Numbers]) -> Numbers:
    return names[int(rng.integers(0, len(names)))] if names else _NONE


def _two(rng: np.random.Generator, meanings: Meanings, concept: int) -> tuple[Numbers, Numbers]:
    """Give two different names of a concept, or a name and the gloss."""
    names = meanings.names[concept]
    first, second = (names[int(place)] for place in rng.choice(len(names), size=2, replace=len(names) < 2))  # noqa: PLR2004
    if len(meanings.glosses[concept]) and rng.random() < 0.3:  # noqa: PLR2004
        return first, meanings.glosses[concept]
    return first, second


def _unlike(rng: np.random.Generator, meanings: Meanings, concept: int) -> Numbers:
    """Give a look-alike of a concept, or a name of one of its kin."""
    lookalikes, kin = meanings.lookalikes[concept], meanings.kin[concept]
    if lookalikes and (not kin or rng.random() < 0.5):  # noqa: PLR2004
        return _one(rng, lookalikes)
    return _one(rng, meanings.names[int(rng.choice(kin))]) if kin else _NONE


def _shuffled(rng: np.random.Generator, texts: list[Numbers]) -> Numbers:
    return np.concatenate([texts[int(place)] for place in rng.permutation(len(texts))])


def supplies(meanings: Meanings, text: Ragged, rng: np.random.Generator) -> list[Names | Bundles | Replacements]:
    """Set up the three kinds, the last only where running text holds a name."""
    places = find_places(meanings, text, rng)
    found: list[Names | Bundles | Replacements] = [Names(meanings), Bundles(meanings)]
    return [*found, Replacements(meanings, text, places)] if len(places) else found


__all__ = ["Bundles", "Indexes", "Meanings", "Names", "Replacements", "find_places", "read_meanings", "supplies"]
