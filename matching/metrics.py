"""The usual figures of a ranking, from the judged grades in the order of the ranking."""

import math
from collections.abc import Sequence

FITS = 2
"""From this grade on a supplier can do what is asked."""


def ndcg(grades: Sequence[int], ideal: Sequence[int], *, depth: int = 10) -> float:
    """Return nDCG with gain 2^g - 1 and discount log2(rank + 1) (Järvelin and Kekäläinen); `ideal` holds all grades of the query."""
    best = _gain(sorted(ideal, reverse=True)[:depth])
    return _gain(grades[:depth]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def recall(grades: Sequence[int], ideal: Sequence[int], *, depth: int = 10) -> float:
    """Return the share of fitting suppliers among the first `depth`; 0 where none fits."""
    fitting = sum(grade >= FITS for grade in ideal)
    return sum(grade >= FITS for grade in grades[:depth]) / fitting if fitting else 0.0


def reciprocal_rank(grades: Sequence[int]) -> float:
    """Return 1 / the rank of the first fitting supplier; 0 where none is ranked."""
    return next((1.0 / rank for rank, grade in enumerate(grades, start=1) if grade >= FITS), 0.0)


def first_fits(grades: Sequence[int]) -> float:
    """Return 1 where the first hit fits."""
    return float(bool(grades) and grades[0] >= FITS)
