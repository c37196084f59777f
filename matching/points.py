"""The points of a document: a need's title and requirements or a profile's statements, with the terms and the vector of each."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.analysis import Analyser, Analysis, Terms
from matching.dense import Vectors
from matching.documents import Statement
from matching.measures import UNITS
from matching.ragged import Rows
from matching.text import WORDS, concept_number, normalise, term_number

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a document, a need's title first, or of several documents; `statements` where they are profiles'.

    `terms` holds the terms of all points one after another, those of point i from `bounds[i]` to `bounds[i + 1]`.
    """

    texts: Sequence[str]
    terms: Terms
    bounds: Rows
    vectors: Vectors
    statements: Sequence[Statement] = ()

    def of(self, at: int) -> Terms:
        """Return the terms of one point."""
        place = slice(int(self.bounds[at]), int(self.bounds[at + 1]))
        return Terms(self.terms.numbers[place], self.terms.halves[place])

    @property
    def owners(self) -> Rows:
        """Return the point that each term belongs to."""
        return np.repeat(np.arange(len(self.texts), dtype=np.int64), np.diff(self.bounds))


def points(
    texts: Sequence[str], terms: Sequence[Terms], vectors: Vectors, statements: Sequence[Statement] = ()
) -> Points:
    """Put together the points of one document, whose terms were read point by point."""
    return Points(texts, _one_after_another(terms), _bounds([len(each.numbers) for each in terms]), vectors, statements)


def joined(documents: Sequence[Points]) -> Points:
    """Return the points of several documents as those of one, in order."""
    return Points(
        [text for each in documents for text in each.texts],
        _one_after_another([each.terms for each in documents]),
        _bounds(np.concatenate([np.diff(each.bounds) for each in documents])),
        np.concatenate([each.vectors for each in documents]),
        [statement for each in documents for statement in each.statements],
    )


def _one_after_another(terms: Sequence[Terms]) -> Terms:
    none = Terms(np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.uint8))
    every = (*terms, none)
    return Terms(np.concatenate([each.numbers for each in every]), np.concatenate([each.halves for each in every]))


def _bounds(sizes: Sequence[int] | Rows) -> Rows:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])


def named(analyser: Analyser, analysis: Analysis) -> Mapping[int, str]:
    """Return how a document at hand calls its terms: its words of two or more characters, units left out, its concepts as they stand in it."""
    spelled = {word.lower(): word for word in _LATIN.findall(unicodedata.normalize("NFKC", analysis.whole))}

    def as_written(name: str) -> str:
        return _LATIN.sub(lambda found: spelled.get(found[0], found[0]), name)

    words = (word for word in analysis.words if len(word) > 1 and word[-1].isalpha() and word not in UNITS)
    names = {term_number(word, WORDS): as_written(word) for word in words}
    normal = normalise(analysis.whole)
    for mention in analyser.lexicon.find(normal):
        names.setdefault(concept_number(mention.concept), as_written(normal[mention.start : mention.end]))
    return names
