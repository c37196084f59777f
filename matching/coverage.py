"""Which statement of a profile answers which requirement of a need; what none answers is a gap."""

from collections.abc import Mapping

import numpy as np

from matching.analysis import OWN, Terms
from matching.documents import Evidence
from matching.explain import shared_names
from matching.fusion import Floats, Fusion
from matching.measures import Outcome, held_against, measures
from matching.points import Points
from matching.ragged import Rows
from matching.settings import Coverage
from matching.text import CONCEPTS, WORDS, Numbers, legs_of


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
    """Return the evidence for each answered point of the need, its title first, and the gaps, which the title never is."""
    table = _weighed(fusion, need, profile, settings)
    best = table.argmax(axis=1) if table.shape[1] else np.zeros(len(table), dtype=np.int64)
    strength = np.minimum(table.max(axis=1, initial=0.0), 1.0)
    answered = strength >= settings.least
    evidence = []
    for at in np.flatnonzero(answered).tolist():
        place = int(best[at])
        shared = shared_names(fusion, names, need.terms[at], profile.terms[place])
        value = round(float(strength[at]), 4)
        evidence.append(Evidence(need.texts[at], profile.statements[place], value, shared))
    return tuple(evidence), tuple(need.texts[at] for at in np.flatnonzero(~answered).tolist() if at)


def _weighed(fusion: Fusion, need: Points, profile: Points, settings: Coverage) -> Floats:
    """Return the strengths, figures held against each other, bare tags and chance agreement counted down."""
    table = strengths(fusion, need, profile, settings)
    if not table.size:
        return table
    table *= np.array([settings.tag if each.source.startswith("skills") else 1.0 for each in profile.statements])
    outcomes = _outcomes(need, profile)
    proven = _telling(fusion, need, profile) >= settings.telling
    close = need.vectors @ profile.vectors.T >= settings.close
    table *= proven | close | (outcomes > 0)
    table += settings.figure * (outcomes > 0)
    numeric = np.array([bool(measures(text)) for text in need.texts])[:, None]
    table *= np.where(numeric & (outcomes == 0), settings.silent, 1.0)
    return np.where(outcomes < 0, 0.0, table)


def _outcomes(need: Points, profile: Points) -> Floats:
    """Return 1 where a statement's figures meet a requirement's, -1 where they miss them, else 0."""
    result = np.zeros((len(need.texts), len(profile.texts)))
    wanted = [(at, found) for at, text in enumerate(need.texts) if (found := measures(text))]
    if not wanted:
        return result
    given = [(at, found) for at, text in enumerate(profile.texts) if (found := measures(text))]
    for row, figures in wanted:
        for column, own in given:
            result[row, column] = _SIGN[held_against(figures, own)]
    return result


def _telling(fusion: Fusion, need: Points, profile: Points) -> Floats:
    """Return the idf of what requirement and statement both name: their words or their concepts, whichever tell more."""
    values, owners = profile.flat()
    size = len(profile.texts)
    result = np.zeros((len(need.texts), size))
    for row, terms in enumerate(need.terms):
        own = terms.numbers[terms.halves >= OWN]
        if not len(own):
            continue
        idf, legs = fusion.idf(own), legs_of(own)
        at = np.minimum(np.searchsorted(own, values), len(own) - 1)
        known = own[at] == values
        for leg in (WORDS, CONCEPTS):
            worth = np.where(legs == leg, idf, 0.0)[at[known]]
            result[row] = np.maximum(result[row], np.bincount(owners[known], weights=worth, minlength=size))
    return result


_SIGN = {Outcome.MET: 1, Outcome.MISSED: -1, Outcome.SILENT: 0}
