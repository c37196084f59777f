"""`python -m matching.repeats.fitting FOLDER`: fit the slopes to judged pairs, say how well they do on unseen ones, write them.

A folder holds `items.jsonl` (drafts as `jiebang ingest` prints them, with an id), `repeats.jsonl` (true pairs with a level) and,
where there is one, `tempting.jsonl` (pairs that are none). Items that any of these pairs joins are one group and are left
out together: figures are of groups that the slopes never saw.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.fields import Draft
from ingest.records import draft_from_record
from matching import encoder as encoders
from matching.repeats import weighing
from matching.repeats.evidence import FOR, NAMES
from matching.repeats.shelf import Shelf

Floats = NDArray[np.float64]

FOLDS, ROUNDS, SEED = 8, 5, 20261201
LEAST_PRECISION = 0.8
"""What the threshold is chosen for on unseen groups: a wrongly told pair costs an official's time, a missed one little."""
LEAST_MEANING = 0.45
PENALTY = 1.0
_STEPS, _SETTLED = 4000, 1e-9
_NOT_LOOKED_AT = ("need_type", "issuer_type")
_FIELDS = tuple(field.name for field in fields(Draft))
_UNSTATED = {
    "row": 1,
    "budget_negotiable": False,
    "requirements": [],
    "inherited": [],
    "raw": {},
    "extras": {},
    "places": {},
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A folder: the drafts, the true pairs with their level, and the group of each item."""

    drafts: dict[str, Draft]
    levels: dict[tuple[str, str], str]
    groups: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs looked at, with their evidence (pairs, kinds) and whether each is true."""

    keys: list[tuple[str, str]]
    evidence: Floats
    true: NDArray[np.bool_]


def read(folder: Path) -> Judged:
    """Read a judged folder."""
    records = list(_lines(folder / "items.jsonl"))
    drafts = {record["id"]: _draft(record) for record in records}
    levels = {_pair(each): str(each.get("level", "any")) for each in _lines(folder / "repeats.jsonl")}
    tempting = folder / "tempting.jsonl"
    others = [_pair(each) for each in _lines(tempting)] if tempting.is_file() else []
    return Judged(drafts, levels, _groups(drafts, [*levels, *others]))


def _lines(path: Path) -> Iterator[dict[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def _draft(record: Mapping[str, object]) -> Draft:
    """A draft of a line; such lines do not say where in a file they stood, and may say types in words of their own."""
    stated = {name: value for name, value in record.items() if name in _FIELDS and name not in _NOT_LOOKED_AT}
    return draft_from_record({**dict.fromkeys(_FIELDS), **_UNSTATED, **stated})


def _pair(record: Mapping[str, str]) -> tuple[str, str]:
    return min(record["a"], record["b"]), max(record["a"], record["b"])


def _groups(keys: Sequence[str] | Mapping[str, Draft], pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Items that any chain of pairs joins have one group, named by the least of them."""
    group = {key: key for key in keys}
    for one, other in pairs:
        joined = {group[one], group[other]}
        group = {key: min(joined) if each in joined else each for key, each in group.items()}
    return group


def gather(judged: Judged) -> Pairs:
    """The evidence of all pairs near enough in meaning to be looked at."""
    shelf = Shelf(judged.drafts, encoders.load())
    keys = [pair for pair in shelf.near(shelf.keys, LEAST_MEANING) if not weighing.never(*map(shelf.marks, pair))]
    rows = [shelf.evidence(*pair).values() for pair in keys]
    return Pairs(keys, np.array(rows), np.array([pair in judged.levels for pair in keys]))


def fit(evidence: Floats, true: NDArray[np.bool_]) -> Floats:
    """Slopes and, last, the intercept, by penalised maximum likelihood under the signs, by accelerated projected gradients.

    The penalty is on slopes per standard deviation, so that it does not depend on units.
    """
    centre, spread = evidence.mean(0), evidence.std(0) + 1e-9
    scaled = np.column_stack([(evidence - centre) / spread, np.ones(len(evidence))])
    penalty = np.array([PENALTY] * len(NAMES) + [0.0])
    signs = np.array([1.0 if name in FOR else -1.0 for name in NAMES] + [0.0])
    step = 1 / (np.linalg.eigvalsh(scaled.T @ scaled).max() / 4 + PENALTY)
    slopes = ahead = np.zeros(len(NAMES) + 1)
    for count in range(_STEPS):
        gradient = scaled.T @ (1 / (1 + np.exp(-scaled @ ahead)) - true) + penalty * ahead
        moved = ahead - step * gradient
        moved = np.where(signs * moved < 0, 0.0, moved)
        if np.abs(moved - slopes).max() < _SETTLED:
            break
        ahead = moved + count / (count + 3) * (moved - slopes)
        slopes = moved
    plain = slopes[:-1] / spread
    return np.append(plain, slopes[-1] - plain @ centre)


def odds(evidence: Floats, slopes: Floats) -> Floats:
    """The log-odds of pairs."""
    found: Floats = evidence @ slopes[:-1] + slopes[-1]
    return found


def unseen(judged: Judged, pairs: Pairs) -> Floats:
    """The mean log-odds of each pair over rounds in which neither item's group was fitted to."""
    names = sorted(set(judged.groups.values()))
    ends = np.array([[names.index(judged.groups[key]) for key in pair] for pair in pairs.keys])
    chance = np.random.default_rng(SEED)
    total = np.zeros(len(pairs.keys))
    for _ in range(ROUNDS):
        fold = (chance.permutation(len(names)) % FOLDS)[ends]
        found = np.full((FOLDS, len(pairs.keys)), np.nan)
        for number in range(FOLDS):
            held = (fold == number).any(1)
            found[number, held] = odds(pairs.evidence[held], fit(pairs.evidence[~held], pairs.true[~held]))
        total += np.nanmean(found, axis=0)
    return total / ROUNDS


def threshold(found: Floats, true: NDArray[np.bool_]) -> float:
    """The least log-odds from which on precision is held on unseen pairs."""
    order = np.argsort(-found, kind="stable")
    precision = np.cumsum(true[order]) / np.arange(1, len(order) + 1)
    last = int(np.flatnonzero(precision >= LEAST_PRECISION).max())
    return float((found[order[last]] + found[order[last + 1]]) / 2)


def report(judged: Judged, told: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Precision, recall and F1 of told pairs, and the recall of each level."""
    hit = {pair for pair in told if pair in judged.levels}
    precision, recall = len(hit) / max(1, len(told)), len(hit) / len(judged.levels)
    yield f"{len(told)} told, {len(judged.levels)} true, {len(hit)} hit"
    yield f"precision {precision:.3f}  recall {recall:.3f}  F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}"
    for level in sorted(set(judged.levels.values())):
        wanted = {pair for pair, each in judged.levels.items() if each == level}
        yield f"{level:10} {len(hit & wanted)} of {len(wanted)}, recall {len(hit & wanted) / len(wanted):.3f}"


def calibration(found: Floats, true: NDArray[np.bool_]) -> Iterator[str]:
    """How many pairs of each span of scores are true."""
    chances = 1 / (1 + np.exp(-found))
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        inside = (chances >= low) & (chances < high)
        if inside.any():
            yield f"score {low:.1f} to {min(1.0, high):.1f}: {inside.sum():5} pairs, mean {chances[inside].mean():.2f}, true {true[inside].mean():.2f}"


def written(slopes: Floats, least_odds: float) -> str:
    """The text of `weights.toml`."""
    head = "# How sure two items state one need. Written by `python -m matching.repeats.fitting`; what each means stands in evidence.py.\n"
    lines = [f"{name} = {slope + 0.0:.4f}" for name, slope in zip(NAMES, slopes, strict=False)]
    return "\n".join(
        (
            head + f"threshold = {weighing.logistic(least_odds):.3f}",
            f"least_meaning = {LEAST_MEANING}",
            f"intercept = {slopes[-1]:.4f}",
            "\n[slopes]",
            *lines,
            "",
        )
    )


def main(folder: Path) -> None:
    """Fit, print what holds for unseen groups, and write the weights."""
    judged = read(folder)
    pairs = gather(judged)
    found = unseen(judged, pairs)
    least = threshold(found, pairs.true)
    told = [pair for pair, each in zip(pairs.keys, found, strict=True) if each >= least]
    sys.stdout.write(f"{len(pairs.keys)} pairs looked at, {pairs.true.sum()} true; cross-validated by groups:\n")
    sys.stdout.write("\n".join((*report(judged, told), *calibration(found, pairs.true))) + "\n")
    weighing.FILE.write_text(written(fit(pairs.evidence, pairs.true), least), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
