"""How sure one may be that two items state one need: a logistic score of the evidence.

The slopes stand in `weights.toml` beside this file, written by `python -m matching.repeats.fitting`. What speaks for a pair
never lowers its score, what speaks against it never raises it.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matching.repeats.evidence import NAMES, Evidence
from matching.repeats.marks import Marks

FILE = Path(__file__).parent / "weights.toml"
SURE = 0.95
"""The least score of two items with the same title and unit, or with the same words throughout."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The intercept, a slope for each kind of evidence, the score from which a pair is told, and the least cosine looked at."""

    intercept: float
    slopes: Mapping[str, float]
    threshold: float
    least_meaning: float


@cache
def load(file: Path = FILE) -> Weights:
    """Read the weights."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    slopes = {name: float(table["slopes"][name]) for name in NAMES}
    return Weights(float(table["intercept"]), slopes, float(table["threshold"]), float(table["least_meaning"]))


def score(one: Marks, other: Marks, evidence: Evidence, weights: Weights) -> float:
    """How sure, 0 to 1."""
    if never(one, other):
        return 0.0
    found = logistic(weights.intercept + sum(weights.slopes[name] * getattr(evidence, name) for name in NAMES))
    return max(found, SURE) if same(one, other) else found


def never(one: Marks, other: Marks) -> bool:
    """Whether a pair can be no repeat: a capability against a need."""
    return one.capability != other.capability


def same(one: Marks, other: Marks) -> bool:
    """Whether title and unit, or all words, are the same but for spelling."""
    named = bool(one.owner.name) and one.owner.name == other.owner.name
    return one.title == other.title and (named or one.text == other.text)


def logistic(odds: float) -> float:
    """The probability of log-odds."""
    return (1 + math.tanh(odds / 2)) / 2
