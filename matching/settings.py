"""The few numbers of fusion, coverage and calibration, read from `settings.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("settings.toml")


@dataclass(frozen=True, slots=True)
class Bm25:
    """Saturation k1, length normalisation b, and the cap on a need's own repeats."""

    saturation: float
    length: float
    most_repeats: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each leg counts in the sum."""

    words: float
    bigrams: float
    concepts: float


@dataclass(frozen=True, slots=True)
class Meaning:
    """From which cosine on two words are near, and how many glosses make the crowd a need stands out from."""

    least_cosine: float
    crowd: int


@dataclass(frozen=True, slots=True)
class Frames:
    """`most`: how many mentions of kinds of work that a need does not name make a profile wholly foreign to it; 0 makes none."""

    most: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """How many documents are scored exactly, and how they are found."""

    most: int
    aligned: int
    query_terms: int
    narrow: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """From which strength on a statement answers a requirement, and how much of it the vectors decide.

    `tag`: what a bare skill counts beside a sentence; `telling`: idf that both have to name unless their cosine is `close`;
    `figure`: what is added where the statement's figures meet the requirement's, `silent`: what a statement counts that says
    nothing of a figure asked for.
    """

    least: float
    meaning: float
    tag: float
    telling: float
    close: float
    figure: float
    silent: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve over what a pair has in common, and the scores that part the verdicts.

    `floor` and `strong` are scores; `shared` is how many words or concepts a match has to show for itself.
    """

    intercept: float
    concepts: float
    alignment: float
    cosine: float
    refusal: float
    foreign: float
    crowd: float
    floor: float
    strong: float
    shared: int


@dataclass(frozen=True, slots=True)
class Specialists:
    """`near`: the score from which what somebody knows counts as near to a need, though it sells nothing of it."""

    near: float


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them."""

    bm25: Bm25
    weights: Weights
    meaning: Meaning
    frames: Frames
    candidates: Candidates
    coverage: Coverage
    calibration: Calibration
    specialists: Specialists

    @property
    def digest(self) -> str:
        """SHA-256 of every number: two that differ anywhere may score a pair differently."""
        return sha256(repr(self).encode()).hexdigest()


@cache
def load(path: Path = FILE) -> Settings:
    """Read the settings file; a missing or unknown number is an error."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return Settings(
        bm25=Bm25(**tables["bm25"]),
        weights=Weights(**tables["weights"]),
        meaning=Meaning(**tables["meaning"]),
        frames=Frames(**tables["frames"]),
        candidates=Candidates(**tables["candidates"]),
        coverage=Coverage(**tables["coverage"]),
        calibration=Calibration(**tables["calibration"]),
        specialists=Specialists(**tables["specialists"]),
    )
