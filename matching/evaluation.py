"""How good the rankings are on a judged folder: four ways of ranking side by side, and how well the matcher refuses.

Blockers are off. The whole is shown three times: with the calibration in use; fitted anew by folds, each need scored by numbers
that never saw it; and the other way round, the profiles asking for needs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from matching import fitting, judged, metrics, settings
from matching.calibrate import FEATURES
from matching.encoder import Encoder
from matching.fusion import Floats
from matching.judged import Judged, Mask
from matching.settings import Calibration

MADE_HARD = frozenset(f"C{number}" for number in range(137, 181))
"""Capabilities of the development set that were written to mislead; every figure is also given without them."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How often the matcher says none: rightly with the fitting profiles taken away, wrongly with them, for the hopeless."""

    refused: float
    missed: float
    hopeless: int
    hopeless_refused: int


@dataclass(frozen=True, slots=True)
class Row:
    """One way of ranking one wording."""

    wording: str
    way: str
    ndcg: float
    recall: float
    mrr: float
    first: float
    refusal: Refusal | None = None


def evaluate(folder: Path, judgements: Path | None = None, *, encoder: Encoder | None = None) -> list[Row]:
    """Judge every wording of a folder. Raises UnreadableJudgementsError, UnreadableLineError."""
    return ways(judged.read(folder, judgements, encoder=encoder))


def ways(wordings: Sequence[Judged]) -> list[Row]:
    """Judge the wordings of a folder that was read before."""
    refitted = _by_folds(wordings)
    rows = [row for each in wordings for row in _rows(each, refitted)]
    if not all(set(each.profiles) >= MADE_HARD for each in wordings):
        return rows
    fewer = [each.without(MADE_HARD) for each in wordings]
    return rows + [row for each in fewer for row in _rows(each, refitted, "，不含 C137–C180")]


def _by_folds(wordings: Sequence[Judged]) -> list[Calibration]:
    """Return the calibration for each fold, fitted on the other folds."""
    fold = fitting.folds(len(wordings[0].grades))
    start = settings.load().calibration
    return [fitting.fit([(each, fold != number) for each in wordings], start) for number in range(fitting.FOLDS)]


def _rows(each: Judged, refitted: Sequence[Calibration], note: str = "") -> Iterator[Row]:
    name = each.wording + note
    in_use = settings.load().calibration
    yield _row(name, "字面", each, each.words)
    yield _row(name, "语义", each, each.features[:, :, FEATURES.index("cosine")])
    yield _row(name, "概念", each, each.concepts)
    yield _row(name, "全部", each, fitting.scores(each, in_use), [in_use])
    yield _row(name, "全部（五折）", each, _by_fold(each, refitted), refitted)
    turned = each.turned()
    yield _row(name, "全部（OPC 找需求）", turned, fitting.scores(turned, in_use), [in_use])


def held_out(folders: Sequence[Sequence[Judged]]) -> Iterator[Row]:
    """Fit all wordings of several folders together by folds and judge each with numbers that never saw the need."""
    wordings = [each for folder in folders for each in folder]
    start = settings.load().calibration
    fitted = [
        fitting.fit([(each, fitting.folds(len(each.grades)) != number) for each in wordings], start)
        for number in range(fitting.FOLDS)
    ]
    for each in wordings:
        yield _row(each.wording, "全部（五折）", each, _by_fold(each, fitted), fitted)


def _by_fold(each: Judged, fitted: Sequence[Calibration]) -> Floats:
    values, fold = np.zeros(each.grades.shape), fitting.folds(len(each.grades))
    for number, calibration in enumerate(fitted):
        values[fold == number] = fitting.scores(each, calibration)[fold == number]
    return values


def _row(name: str, way: str, each: Judged, values: Floats, calibrations: Sequence[Calibration] = ()) -> Row:
    figures: list[tuple[float, ...]] = []
    for at in np.flatnonzero(each.main & each.fitting):
        order = np.argsort(-values[at], kind="stable")
        ranked, ideal = each.grades[at][order].tolist(), each.grades[at].tolist()
        figures.append(
            (
                metrics.ndcg(ranked, ideal),
                metrics.recall(ranked, ideal),
                metrics.reciprocal_rank(ranked),
                metrics.first_fits(ranked),
            )
        )
    ndcg, recall, mrr, first = [fmean(column) for column in zip(*figures, strict=True)] or [0.0] * 4
    return Row(name, way, ndcg, recall, mrr, first, _refusal(each, values, calibrations) if calibrations else None)


def _refusal(each: Judged, values: Floats, calibrations: Sequence[Calibration]) -> Refusal:
    floors = np.array([calibration.floor for calibration in calibrations])
    floor = floors[fitting.folds(len(values)) % len(floors)][:, None]
    matched = (values >= floor) & (each.shared >= calibrations[0].shared)
    taken_away = matched & (each.grades < metrics.FITS)
    answered, wrongly = np.asarray(matched.any(axis=1)), np.asarray(taken_away.any(axis=1))
    return Refusal(
        refused=_share(~wrongly, each.fitting),
        missed=_share(~answered, each.fitting),
        hopeless=int(each.hopeless.sum()),
        hopeless_refused=int((each.hopeless & ~answered).sum()),
    )


def _share(which: Mask, among: Mask) -> float:
    return float(np.mean(which[among])) if among.any() else 0.0


def report(folder: Path, judgements: Path | None = None, *, encoder: Encoder | None = None) -> str:
    """Judge a folder and return the table as text."""
    lines = ["能力写法\t方式\tnDCG@10\trecall@10\tMRR\ttop-1\t应拒能拒\t误拒\t无供给名单"]
    for row in evaluate(folder, judgements, encoder=encoder):
        figures = [f"{value:.3f}" for value in (row.ndcg, row.recall, row.mrr, row.first)]
        lines.append("\t".join([row.wording, row.way, *figures, *_refusal_cells(row.refusal)]))
    lines.append("应拒能拒：把判为合适的全部拿走后回答“暂无”的比例；误拒：有合适的却回答“暂无”的比例。")
    return "\n".join(lines)


def _refusal_cells(refusal: Refusal | None) -> list[str]:
    if refusal is None:
        return ["—", "—", "—"]
    listed = f"{refusal.hopeless_refused}/{refusal.hopeless}" if refusal.hopeless else "—"
    return [f"{refusal.refused:.3f}", f"{refusal.missed:.3f}", listed]
