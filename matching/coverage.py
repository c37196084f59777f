"""Which statement of a profile answers which requirement of a need; what none answers is a gap."""

from collections.abc import Mapping

import numpy as np

from matching.analysis import Terms
from matching.documents import Evidence
from matching.explain import shared_names
from matching.fusion import Floats, Fusion
from matching.points import Points
from matching.ragged import Rows
from matching.settings import Coverage
from matching.text import Numbers


def strengths(fusion: Fusion, need: Points, profile: Points, settings: Coverage) -> Floats:
    """Return how well each statement answers each requirement: (requirements, statements), 0 to 1.

    The share of the requirement's idf mass that the statement names, mixed with the cosine of their vectors.
    """
    if not need.texts or not profile.texts:
        return np.zeros((len(need.texts), len(profile.texts)))
    values, owners = profile.flat()
    named = np.stack([_named(fusion, terms, values, owners, len(profile.texts)) for terms in need.terms])
    cosine = np.clip(need.vectors @ profile.vectors.T, 0.0, 1.0)
    return np.asarray((1 - settings.meaning) * named + settings.meaning * cosine)


def _named(fusion: Fusion, terms: Terms, values: Numbers, owners: Rows, size: int) -> Floats:
    if not len(terms.numbers):
        return np.zeros(size)
    worth = fusion.worth(terms.numbers, terms.halves)
    at = np.minimum(np.searchsorted(terms.numbers, values), len(terms.numbers) - 1)
    known = terms.numbers[at] == values
    return np.asarray(np.bincount(owners[known], weights=worth[at[known]], minlength=size) / worth.sum())


def cover(
    fusion: Fusion, names: Mapping[int, str], need: Points, profile: Points, settings: Coverage
) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """Return the evidence for each answered requirement, in the need's order, and the gaps."""
    table = strengths(fusion, need, profile, settings)
    best = table.argmax(axis=1) if table.shape[1] else np.zeros(len(table), dtype=np.int64)
    strength = table.max(axis=1, initial=0.0)
    answered = strength >= settings.least
    evidence = []
    for at in np.flatnonzero(answered).tolist():
        place = int(best[at])
        shared = shared_names(fusion, names, need.terms[at].numbers, profile.terms[place].numbers)
        value = round(float(strength[at]), 4)
        evidence.append(Evidence(need.texts[at], profile.statements[place], value, shared))
    return tuple(evidence), tuple(need.texts[at] for at in np.flatnonzero(~answered).tolist())
