"""The few numbers of fusion, coverage and calibration, read from `settings.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class Bm25:
    """Saturation k1, length normalisation b, the cap on a need's own repeats, and the weight of a concept's parents."""

    saturation: float
    length: float
    most_repeats: float
    parent: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each leg counts in the sum."""

    words: float
    bigrams: float
    concepts: float
    alignment: float
    meaning: float
    refusal: float


@dataclass(frozen=True, slots=True)
class Alignment:
    """From which cosine on two words count as near in meaning."""

    least_cosine: float


@dataclass(frozen=True, slots=True)
class Candidates:
    """How many documents are scored exactly, and how they are found."""

    most: int
    query_terms: int
    narrow: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """From which strength on a statement answers a requirement, and how much of it the vectors decide."""

    least: float
    meaning: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from the evidence of a pair to a score, and the scores that part the verdicts."""

    intercept: float
    standing: float
    mass: float
    floor: float
    strong: float
    shared: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them."""

    bm25: Bm25
    weights: Weights
    alignment: Alignment
    candidates: Candidates
    coverage: Coverage
    calibration: Calibration


@cache
def load(path: Path = FILE) -> Settings:
    """Read the settings file; a missing or unknown number is an error."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Settings(
        bm25=Bm25(**tables["bm25"]),
        weights=Weights(**tables["weights"]),
        alignment=Alignment(**tables["alignment"]),
        candidates=Candidates(**tables["candidates"]),
        coverage=Coverage(**tables["coverage"]),
        calibration=Calibration(**tables["calibration"]),
    )
