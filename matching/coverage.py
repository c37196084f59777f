"""Which statement of a profile answers which requirement of a need; what none answers is a gap."""

from dataclasses import dataclass

import numpy as np

from matching.analysis import OWN
from matching.documents import Evidence
from matching.explain import Names
from matching.fusion import Floats, Fusion
from matching.measures import Outcome, held_against, measures
from matching.points import Points
from matching.ragged import Rows
from matching.settings import Coverage
from matching.text import CONCEPTS, WORDS, Numbers, legs_of

_DECIMALS = 6

Covered = tuple[tuple[Evidence, ...], tuple[str, ...]]
"""The evidence of a pair, and its gaps."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What each requirement and each statement have in common: (requirements, statements).

    `named`: the share of the requirement's idf mass that the statement names, 0 to 1; `cosine`: of their vectors;
    `telling`: the idf of what both name, their words or their concepts, whichever tell more.
    """

    named: Floats
    cosine: Floats
    telling: Floats


def strengths(agreement: Agreement, settings: Coverage) -> Floats:
    """Return how well each statement answers each requirement, 0 to 1: what it names, mixed with the cosine."""
    cosine = np.clip(agreement.cosine, 0.0, 1.0)
    return np.asarray((1 - settings.meaning) * agreement.named + settings.meaning * cosine)


def compared(fusion: Fusion, need: Points, profile: Points) -> Agreement:
    """Hold every requirement against every statement; both may come from several documents."""
    asked, known, places = _table(need.terms.numbers, profile)
    owners = need.owners
    worth = _spread(owners, places, fusion.worth(need.terms.numbers, need.terms.halves), asked, need)
    mass = worth.sum(axis=1, keepdims=True)
    named = np.divide(worth @ known.T, mass, out=np.zeros((len(need.texts), len(profile.texts))), where=mass > 0)
    own = np.where(need.terms.halves >= OWN, fusion.idf(need.terms.numbers), 0.0)
    legs = legs_of(need.terms.numbers)
    telling = [
        _spread(owners, places, np.where(legs == leg, own, 0.0), asked, need) @ known.T for leg in (WORDS, CONCEPTS)
    ]
    cosine = (need.vectors @ profile.vectors.T).astype(np.float64)
    return Agreement(named, cosine, np.maximum(*telling))


def _table(numbers: Numbers, profile: Points) -> tuple[Numbers, Floats, Rows]:
    """Return the distinct numbers, which of them each statement names (statements, distinct), and each number's place."""
    asked, places = np.unique(numbers, return_inverse=True)
    known = np.zeros((len(profile.texts), len(asked)))
    if len(asked):
        given = profile.terms.numbers
        at = np.minimum(np.searchsorted(asked, given), len(asked) - 1)
        found = asked[at] == given
        known[profile.owners[found], at[found]] = 1.0
    return asked, known, places


def _spread(owners: Rows, places: Rows, values: Floats, asked: Numbers, need: Points) -> Floats:
    table = np.zeros((len(need.texts), len(asked)))
    table[owners, places] = values
    return table


def cover(names: Names, table: Floats, need: Points, profile: Points, settings: Coverage) -> Covered:
    """Return the evidence for each answered point of a need, its title first, and the gaps, which the title never is.

    `table` is what `weighed` makes of this need and this profile.
    """
    best = table.argmax(axis=1) if table.shape[1] else np.zeros(len(table), dtype=np.int64)
    strength = np.minimum(table.max(axis=1, initial=0.0), 1.0)
    answered = strength >= settings.least
    evidence = []
    for at in np.flatnonzero(answered).tolist():
        place = int(best[at])
        shared = names.shared(need.of(at), profile.of(place))
        value = round(float(strength[at]), 4)
        evidence.append(Evidence(need.texts[at], profile.statements[place], value, shared))
    return tuple(evidence), tuple(need.texts[at] for at in np.flatnonzero(~answered).tolist() if at)


def weighed(fusion: Fusion, need: Points, profile: Points, settings: Coverage) -> Floats:
    """Return the strengths, figures held against each other, bare tags and chance agreement counted down.

    Rounded, so that statements alike in everything are equal and the first of them counts.
    """
    agreement = compared(fusion, need, profile)
    table = strengths(agreement, settings)
    if not table.size:
        return table
    table *= np.array([settings.tag if each.source.startswith("skills") else 1.0 for each in profile.statements])
    outcomes = _outcomes(need, profile)
    proven = (agreement.telling.round(_DECIMALS) >= settings.telling) | (agreement.cosine >= settings.close)
    table *= proven | (outcomes > 0)
    table += settings.figure * (outcomes > 0)
    numeric = np.array([bool(measures(text)) for text in need.texts])[:, None]
    table *= np.where(numeric & (outcomes == 0), settings.silent, 1.0)
    return np.asarray(np.where(outcomes < 0, 0.0, table).round(_DECIMALS))


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


_SIGN = {Outcome.MET: 1, Outcome.MISSED: -1, Outcome.SILENT: 0}
