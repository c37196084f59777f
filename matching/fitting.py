"""Fitting the calibration: logistic regression whose slopes keep their signs, by folds over needs.

Slopes are found by Newton's method with a small ridge; a slope that comes out with the wrong sign is set to nought and the
others are fitted again.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching.calibrate import FEATURES, SIGNS, score
from matching.fusion import Floats
from matching.judged import Judged, Mask
from matching.metrics import FITS
from matching.settings import Calibration

FOLDS = 5
_RIDGE = 1.0
_STEPS = 60
_CLOSE = 1e-7
MISSED = 0.05
"""In each wording, the share of the needs with a fitting supplier that a floor of its own would answer by none: what is asked."""

Part = tuple[Judged, Mask]
"""A judged wording and the needs of it to fit to."""


def folds(needs: int) -> NDArray[np.int64]:
    """Return the fold of each need, by its place."""
    return np.arange(needs) % FOLDS


def fit(parts: Sequence[Part], start: Calibration) -> Calibration:
    """Fit slopes, intercept and floor to the chosen needs of all wordings together.

    Slopes are fitted to every pair twice, once with what the profile refuses hidden: most suppliers do not say what they do
    not do, and numbers that lean on it would trust copied words too much where it is missing.
    """
    seen = [each.features[chosen].reshape(-1, len(FEATURES)) for each, chosen in parts]
    examples = np.concatenate([*seen, *map(_hidden, seen)])
    fits = np.concatenate([(each.grades[chosen] >= FITS).ravel() for each, chosen in (*parts, *parts)])
    intercept, slopes = _signed(examples, fits)
    fitted = replace(start, intercept=round(intercept, 4))
    for name, slope in zip(FEATURES, slopes.tolist(), strict=True):
        fitted = replace(fitted, **{name: round(slope, 4)})
    return replace(fitted, floor=_floor(parts, fitted))


def _hidden(examples: Floats) -> Floats:
    hidden = examples.copy()
    hidden[:, FEATURES.index("refusal")] = 0.0
    return hidden


def scores(judged: Judged, calibration: Calibration) -> Floats:
    """Return the score of every pair."""
    slopes = np.array([getattr(calibration, name) for name in FEATURES])
    return score(judged.features @ slopes + calibration.intercept)


def _signed(examples: Floats, fits: NDArray[np.bool_]) -> tuple[float, Floats]:
    scale = np.maximum(examples.std(axis=0), 1e-9)
    kept = np.ones(len(FEATURES), dtype=np.bool_)
    while True:
        weights = _newton(examples[:, kept] / scale[kept], fits)
        slopes = np.zeros(len(FEATURES))
        slopes[kept] = weights[1:] / scale[kept]
        wrong = kept & (slopes * np.array(SIGNS) < 0)
        if not wrong.any():
            return float(weights[0]), slopes
        kept &= ~wrong


def _newton(examples: Floats, fits: NDArray[np.bool_]) -> Floats:
    """Return intercept and slopes; a step that would not improve the penalised likelihood is halved until it does."""
    design = np.column_stack([np.ones(len(examples)), examples])
    ridge = np.array([0.0, *[_RIDGE] * examples.shape[1]])
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-(design @ weights)))
        slope = design.T @ (fits - chance) - ridge * weights
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        before = _likelihood(design, fits, weights, ridge)
        while np.abs(step).max() > _CLOSE and _likelihood(design, fits, weights + step, ridge) < before:
            step /= 2
        weights += step
        if np.abs(step).max() <= _CLOSE:
            break
    return np.asarray(weights)


def _likelihood(design: Floats, fits: NDArray[np.bool_], weights: Floats, ridge: Floats) -> float:
    logit = design @ weights
    return float((fits * logit - np.logaddexp(0.0, logit)).sum() - (ridge * weights**2).sum() / 2)


def _floor(parts: Sequence[Part], fitted: Calibration) -> float:
    """Return the middle, in log-odds, of the floors that each wording alone would set.

    One floor for all pairs at once would be the hardest wording's own: a handful of its needs, whose suppliers speak in
    abbreviations alone, would then decide what everybody else gets shown.
    """
    odds = []
    for each, chosen in parts:
        best = np.where(each.shared >= fitted.shared, scores(each, fitted), 0.0).max(axis=1)
        lowest = float(np.clip(np.quantile(best[chosen & each.fitting], MISSED), 1.0, 99.0)) / 100
        odds.append(np.log(lowest / (1 - lowest)))
    return round(float(100 / (1 + np.exp(-np.mean(odds)))), 2)
