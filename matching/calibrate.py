"""From what a pair has in common to a score of 0 to 100 and a verdict.

The score is 100 × the probability that a judge calls the pair fitting (grade 2 or 3), by a logistic curve with a slope of
fixed sign for each of a few features. They describe the pair and the need alone, never the rank or the other hits.
"""

from dataclasses import dataclass, fields

import numpy as np

from matching.documents import Verdict
from matching.fusion import Common, Floats
from matching.ragged import Rows
from matching.settings import Calibration
from matching.text import CONCEPTS

FEATURES = ("concepts", "alignment", "cosine", "refusal", "foreign", "crowd")
SIGNS = (1, 1, 1, -1, -1, -1)
"""More in common never lowers a score; refusing it, leading with another kind of work, and a vaguer need never raise it."""


_FEW = 5.0
"""Idf units; about one rare concept."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The candidates and all that is known of each pair; arrays of one length.

    `aligned`: soft alignment in idf units; `cosine` of the whole texts; `foreign`: how far the profile leads with
    kinds of work the need does not name, 0 to 1; `crowd`: mean cosine of the need with the glosses nearest to it.
    """

    common: Common
    aligned: Floats
    cosine: Floats
    foreign: Floats
    crowd: Floats

    def only(self, places: Rows) -> "Pairs":
        """Return the pairs at some places."""
        common = Common(**{field.name: getattr(self.common, field.name)[places] for field in fields(Common)})
        columns = (self.aligned, self.cosine, self.foreign, self.crowd)
        return Pairs(common, *(column[places] for column in columns))

    def features(self) -> Floats:
        """Return (pairs, features) in the order of `FEATURES`.

        The first concepts in common tell more than further ones, so their mass is taken by its logarithm. Words and character
        pairs find the candidates; in the score the alignment stands for them, which counts the same words and their kin.
        """
        chance = self.common.chance
        concepts = np.log1p(self.common.legs[:, CONCEPTS] / _FEW)
        columns = (concepts, self.aligned / chance, self.cosine, self.common.refused / chance, self.foreign, self.crowd)
        return np.stack(columns, axis=1)


def logits(pairs: Pairs, calibration: Calibration) -> Floats:
    """Return the log-odds of each pair."""
    slopes = np.array([getattr(calibration, name) for name in FEATURES])
    return np.asarray(pairs.features() @ slopes + calibration.intercept)


def score(logit: Floats) -> Floats:
    """Return the scores of log-odds, rounded to two places."""
    return np.asarray(np.round(100 / (1 + np.exp(-np.clip(logit, -50, 50))), 2))


def verdict(score: float, shared: int, calibration: Calibration, *, blocked: bool) -> Verdict:
    """Return the verdict on a score; without enough shared concepts and words there is no match, and no blocked hit is strong."""
    if score < calibration.floor or shared < calibration.shared:
        return Verdict.NONE
    return Verdict.STRONG if score >= calibration.strong and not blocked else Verdict.POSSIBLE
