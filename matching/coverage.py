"""Which statement of a profile answers which requirement of a need; what none answers is a gap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analyser, Analysis, Terms
from matching.dense import Vectors
from matching.documents import Evidence
from matching.explain import shared_names
from matching.fusion import Fusion
from matching.settings import Coverage
from matching.text import Numbers

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Points:
    """The requirements of a need, or the statements of a profile, read one by one; `vectors` where there is a model."""

    texts: Sequence[str]
    terms: Sequence[Terms]
    vectors: Vectors | None


def read_points(analyser: Analyser, analysis: Analysis, vectors: Vectors | None) -> Points:
    """Read the points of an analysed document."""
    terms = [analyser.terms([analyser.read(text, analysis.whole)]) for text in analysis.points]
    return Points(analysis.points, terms, vectors)


def strengths(fusion: Fusion, asked: Points, offered: Points, settings: Coverage) -> Floats:
    """Return how well each statement answers each requirement: (requirements, statements), 0 to 1.

    The share of the requirement's idf mass that the statement names, mixed with the cosine of their vectors.
    """
    result = np.zeros((len(asked.texts), len(offered.texts)))
    if not result.size:
        return result
    values = np.concatenate([terms.numbers for terms in offered.terms])
    owners = np.repeat(np.arange(len(offered.terms)), [len(terms.numbers) for terms in offered.terms])
    for at, terms in enumerate(asked.terms):
        result[at] = _named(fusion, terms, values, owners, len(offered.terms))
    if asked.vectors is None or offered.vectors is None:
        return result
    cosine = np.clip(asked.vectors @ offered.vectors.T, 0.0, 1.0)
    return np.asarray((1 - settings.meaning) * result + settings.meaning * cosine * (result > 0))


def _named(fusion: Fusion, terms: Terms, values: Numbers, owners: NDArray[np.int64], size: int) -> Floats:
    if not len(terms.numbers):
        return np.zeros(size)
    worth = fusion.asked(terms.numbers, terms.halves)
    at = np.minimum(np.searchsorted(terms.numbers, values), len(terms.numbers) - 1)
    known = terms.numbers[at] == values
    return np.bincount(owners[known], weights=worth[at[known]], minlength=size) / worth.sum()


def cover(
    fusion: Fusion, analyser: Analyser, asked: Points, profile: Analysis, offered: Points, settings: Coverage
) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """Return the evidence for each answered requirement, in the need's order, and the gaps."""
    table = strengths(fusion, asked, offered, settings)
    evidence: list[Evidence] = []
    gaps: list[str] = []
    for at, requirement in enumerate(asked.texts):
        best = int(np.argmax(table[at])) if table.shape[1] else -1
        if best < 0 or table[at, best] < settings.least:
            gaps.append(requirement)
            continue
        statement = profile.statements[best]
        names = shared_names(fusion, analyser, [requirement], [statement.text])
        evidence.append(Evidence(requirement, statement, round(float(table[at, best]), 4), names))
    return tuple(evidence), tuple(gaps)
