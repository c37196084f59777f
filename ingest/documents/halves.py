"""Pages whose running text stands in two columns: what each column says is read through before the next one."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ingest.documents.lines import Line

_GAP: Final = 0.9
_FEWEST: Final = 5
_WRITTEN: Final = 12
"""Characters that half of a line of running text has at least; cells of a table are shorter."""
_MIDDLE: Final = (0.3, 0.7)
_STEPS: Final = 80
_INDENT: Final = 2.5


def split(rows: Sequence[Line]) -> list[list[Line]]:
    """The lines in reading order, in bands: what runs over the whole page, then a left column, then a right one.

    Empty where the page has no two columns of running text.
    """
    at = _gutter(rows)
    if at is None:
        return []
    bands: list[list[Line]] = []
    whole: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for row in rows:
        parts = _parts(row, at)
        if parts is None:
            bands.extend(band for band in (left, right) if band)
            left, right = [], []
            whole.append(row)
            continue
        if whole:
            bands.append(whole)
            whole = []
        for side, part in zip((left, right), parts, strict=True):
            if part is not None:
                side.append(part)
    return [band for band in (*bands, whole, left, right) if band]


def _gutter(rows: Sequence[Line]) -> float | None:
    """Where the columns are parted: in the middle of the page, at the place that the fewest lines cover."""
    if len(rows) < 2 * _FEWEST:
        return None
    low, high = min(row.x0 for row in rows), max(row.x1 for row in rows)
    places = [low + (high - low) * step / _STEPS for step in range(_STEPS + 1)]
    places = [at for at in places if _MIDDLE[0] <= (at - low) / (high - low or 1) <= _MIDDLE[1]]
    counts = [sum(_parts(row, at) is None for row in rows) for at in places]
    least = min(counts)
    stretch = _longest([at for at, count in zip(places, counts, strict=True) if count == least], places)
    at = stretch[len(stretch) // 2]
    return at if _is_running_text(rows, at) else None


def _longest(taken: Sequence[float], places: Sequence[float]) -> list[float]:
    """The longest run of neighbouring places."""
    step = places[1] - places[0] if len(places) > 1 else 0.0
    best, run = [taken[0]], [taken[0]]
    for one, other in pairwise(taken):
        run = [*run, other] if other - one <= 1.5 * step else [other]
        best = max(best, run, key=len)
    return best


def _is_running_text(rows: Sequence[Line], at: float) -> bool:
    """Whether what stands left and right of a place are two columns of lines, and not the cells of a table or a lone remark."""
    parts = [sides for row in rows if (sides := _parts(row, at)) is not None]
    if len(parts) * 3 < len(rows) * 2:
        return False
    left = [part for part, _ in parts if part is not None]
    right = [part for _, part in parts if part is not None]
    if min(len(left), len(right)) < _FEWEST or not (_is_written(left) and _is_written(right)):
        return False
    return _is_flush(left) and _is_flush(right) and _beside(left, right) >= _FEWEST


def _is_written(side: Sequence[Line]) -> bool:
    """Whether enough lines hold more than a cell of a table does."""
    long = sum(len(part.text) >= _WRITTEN for part in side)
    return long * 3 >= len(side)


def _is_flush(side: Sequence[Line]) -> bool:
    """Whether most lines begin at one edge."""
    edge = min(part.x0 for part in side)
    return sum(part.x0 - edge < _INDENT * part.em for part in side) * 5 >= len(side) * 3


def _beside(left: Sequence[Line], right: Sequence[Line]) -> int:
    """How many lines of either column stand beside the other one."""
    top, end = max(left[0].y0, right[0].y0), min(left[-1].y1, right[-1].y1)
    return min(sum(top - part.em <= part.y0 and part.y1 <= end + part.em for part in side) for side in (left, right))


def _parts(row: Line, at: float) -> tuple[Line | None, Line | None] | None:
    """What of a line stands left and right of a place; None where the line runs over it."""
    left = tuple(glyph for glyph in row.glyphs if glyph.x1 <= at)
    right = tuple(glyph for glyph in row.glyphs if glyph.x0 >= at)
    if len(left) + len(right) < len(row.glyphs):
        return None
    if left and right and right[0].x0 - max(glyph.x1 for glyph in left) < _GAP * row.em:
        return None
    return (Line(left) if left else None, Line(right) if right else None)
