"""The points of a document: a need's title and requirements or a profile's statements, with the terms and the vector of each."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.analysis import Analyser, Analysis, Terms
from matching.dense import Vectors
from matching.documents import Statement
from matching.ragged import Rows
from matching.text import WORDS, Numbers, concept_number, normalise, term_number

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")


@dataclass(frozen=True, slots=True)
class Points:
    """The points of one document, a need's title first; `statements` where it is a profile."""

    texts: Sequence[str]
    terms: Sequence[Terms]
    vectors: Vectors
    statements: Sequence[Statement] = ()

    def flat(self) -> tuple[Numbers, Rows]:
        """Return the term numbers of all points one after another, and the point of each."""
        sizes = [len(terms.numbers) for terms in self.terms]
        values = [terms.numbers for terms in self.terms]
        joined = np.concatenate(values) if values else np.empty(0, dtype=np.uint32)
        return joined, np.repeat(np.arange(len(sizes), dtype=np.int64), sizes)


def named(analyser: Analyser, analysis: Analysis) -> Mapping[int, str]:
    """Return how a document at hand calls its terms: its words of two or more characters, its concepts as they stand in it."""
    spelled = {word.lower(): word for word in _LATIN.findall(unicodedata.normalize("NFKC", analysis.whole))}

    def as_written(name: str) -> str:
        return _LATIN.sub(lambda found: spelled.get(found[0], found[0]), name)

    words = (word for word in analysis.words if len(word) > 1 and word[-1].isalpha())
    names = {term_number(word, WORDS): as_written(word) for word in words}
    normal = normalise(analysis.whole)
    for mention in analyser.lexicon.find(normal):
        names.setdefault(concept_number(mention.concept), as_written(normal[mention.start : mention.end]))
    return names
