"""A need or a profile as numbers: the terms of the three legs with their counts, and what a profile refuses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from matching import frames
from matching.concepts import Lexicon
from matching.documents import Need, Profile, Statement
from matching.frames import Frames, Kinds
from matching.statements import asked, claims
from matching.text import BIGRAMS, WORDS, Numbers, bigrams, concept_number, normalise, term_number

PARENT = 1
OWN = 2
"""Weights are kept in halves, so that a concept's parents can count half in whole numbers."""
_MOST = 255


@dataclass(frozen=True, slots=True)
class Terms:
    """Distinct term numbers, ascending, and the weight of each in halves (uint8)."""

    numbers: Numbers
    halves: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reading:
    """One short text read: its words, the concepts it names, the numbers of all its terms with repeats, and their parents."""

    words: tuple[str, ...]
    concepts: tuple[int, ...]
    numbers: tuple[int, ...]
    parents: frozenset[int]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A document as the index keeps it.

    `whole` is the text its vector is made of; `points` are a profile's statements, or a need's title and
    requirements, `point_terms` the terms of each; `words` the distinct words behind the word terms; `kinds` the kinds of work it wants or leads with (`frames`);
    `refusals` the passages in which a profile says what it does not do.
    """

    terms: Terms
    refused: Numbers
    whole: str
    points: tuple[str, ...]
    point_terms: tuple[Terms, ...]
    words: tuple[str, ...]
    kinds: Kinds
    statements: tuple[Statement, ...] = ()
    refusals: tuple[str, ...] = ()


class Analyser:
    """Reads documents with one lexicon; equal texts are read once."""

    def __init__(self, lexicon: Lexicon, kinds: Frames | None = None) -> None:
        self.lexicon = lexicon
        self._segmenter = lexicon.segmenter
        self.frames = kinds or frames.load()
        self.read = lru_cache(maxsize=1 << 11)(self._read)

    def _read(self, text: str, around: str | None = None) -> Reading:
        normal = normalise(text)
        words = tuple(self._segmenter.words(normal))
        mentions = self.lexicon.find(normal, around=normal if around is None else normalise(around))
        concepts = tuple(mention.concept for mention in mentions)
        numbers = (
            *(term_number(word, WORDS) for word in words),
            *(term_number(pair, BIGRAMS) for pair in bigrams(normal)),
            *(concept_number(concept) for concept in concepts),
        )
        above = {concept_number(up) for concept in concepts for up in self.lexicon.ancestors[concept]}
        return Reading(words, concepts, numbers, frozenset(above))

    def need(self, need: Need) -> Analysis:
        """Analyse a need; its title, which names the task, counts twice."""
        listed = [need.title, need.title, need.description, *need.requirements]
        whole = "\n".join(text for text in listed[1:] if text)
        readings = [self.read(text, whole) for text in listed if text]
        points = asked(need)
        return Analysis(
            terms=terms(readings),
            refused=np.empty(0, dtype=np.uint32),
            whole=whole,
            points=points,
            point_terms=tuple(terms([self.read(point, whole)]) for point in points),
            words=_distinct(readings),
            kinds=self.frames.wanted(whole),
        )

    def profile(self, profile: Profile) -> Analysis:
        """Analyse a profile by what it affirms; what it refuses is kept apart."""
        said = claims(profile)
        points = tuple(statement.text for statement in said.statements)
        texts = [*points, *profile.sectors, profile.name]
        whole = "\n".join(text for text in texts if text)
        readings = [self.read(text, whole) for text in texts]
        return Analysis(
            terms=terms(readings),
            refused=terms([self.read(text) for text in said.refusals], parents=False).numbers,
            whole=whole,
            points=points,
            point_terms=tuple(terms([reading]) for reading in readings[: len(points)]),
            words=_distinct(readings),
            kinds=self.frames.led(profile),
            statements=said.statements,
            refusals=said.refusals,
        )


def terms(readings: Iterable[Reading], *, parents: bool = True) -> Terms:
    """Count the terms of several texts together; parents of a named concept count half, once."""
    counts: Counter[int] = Counter()
    above: set[int] = set()
    for reading in readings:
        counts.update(reading.numbers)
        above |= reading.parents if parents else set()
    order = sorted(counts.keys() | above)
    halves = [min(OWN * counts[number], _MOST) or PARENT for number in order]
    return Terms(np.array(order, dtype=np.uint32), np.array(halves, dtype=np.uint8))


def _distinct(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(sorted({word for reading in readings for word in reading.words}))
