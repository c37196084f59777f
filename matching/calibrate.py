"""From the evidence of a pair to a score of 0 to 100 and a verdict.

The score is 100 × the probability that a judge calls the pair fitting (grade 2 or 3), by a logistic curve whose two slopes are
not negative. It looks at the pair and the need alone, never at the rank or at the other hits.
"""

import numpy as np
from numpy.typing import NDArray

from matching.documents import Verdict
from matching.fusion import Common
from matching.settings import Calibration


def scores(common: Common, calibration: Calibration) -> NDArray[np.float64]:
    """Return the score of each candidate."""
    logit = (
        calibration.intercept + calibration.standing * common.sum / common.chance + calibration.mass * common.sum / 100
    )
    return np.asarray(np.round(100 / (1 + np.exp(-np.clip(logit, -50, 50))), 2))


def verdict(score: float, shared: int, calibration: Calibration, *, blocked: bool) -> Verdict:
    """Return the verdict on a score; without enough shared concepts and words there is no match, and no blocked hit is strong."""
    if score < calibration.floor or shared < calibration.shared:
        return Verdict.NONE
    return Verdict.STRONG if score >= calibration.strong and not blocked else Verdict.POSSIBLE
