"""Slides on which cards stand side by side: each card is read to its end before the next one."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from ingest.documents.geometry import Page
from ingest.documents.lines import Line

_WIDE: Final = 1.5
"""A slide is wider than a sheet of paper on its side, where what stands side by side is a table."""
_GAP: Final = 1.2
_FEWEST: Final = 2
_NEAR: Final = 3.5
_ALIKE: Final = 1.1
_WORDS: Final = re.compile(r"[^\W\d_年月]")


def split(page: Page, rows: Sequence[Line]) -> list[list[Line]]:
    """The lines of a slide in reading order, card by card; empty where it has no cards."""
    if page.width < _WIDE * page.height:
        return []
    groups = list(_groups(rows))
    if not any(len(edges) > 1 for _, edges in groups):
        return []
    found: list[list[Line]] = []
    was_plain = False
    for group, edges in groups:
        is_plain = len(edges) == 1
        if is_plain and was_plain:
            found[-1].extend(group)
        else:
            found.extend(_bands(group, edges))
        was_plain = is_plain
    return found


def _groups(rows: Sequence[Line]) -> Iterator[tuple[list[Line], list[float]]]:
    """Neighbouring lines that leave the same gutters free, with the left edges of the cards; one edge for plain lines."""
    held: list[Line] = []
    gutters: list[tuple[float, float]] = []
    for row in rows:
        own = _gutters(row)
        common = _common(gutters, row) if held and gutters and _is_near(held[-1], row) else []
        if common and (own or _fits(held[-1], row, common)):
            held.append(row)
            gutters = common
            continue
        if held:
            yield held, _edges(held, gutters)
        held, gutters = [row], own
    if held:
        yield held, _edges(held, gutters)


def _gutters(row: Line) -> list[tuple[float, float]]:
    """The wide gaps of a line."""
    parts = row.segments(_GAP * row.em)
    return [(left.x1, right.x0) for left, right in pairwise(parts)]


def _common(gutters: Sequence[tuple[float, float]], row: Line) -> list[tuple[float, float]]:
    """What a line leaves of the gutters above it; none where it crosses one of them."""
    left = []
    for begin, end in gutters:
        low, high = begin, end
        for part in row.segments(_GAP * row.em):
            if part.x0 <= low and part.x1 >= high:
                return []
            if part.x0 <= low < part.x1:
                low = part.x1
            elif part.x0 < high <= part.x1:
                high = part.x0
            elif low < part.x0 and part.x1 < high:
                return []
        if high <= low:
            return []
        left.append((low, high))
    return left


def _fits(above: Line, row: Line, gutters: Sequence[tuple[float, float]]) -> bool:
    """Whether a line of one piece goes on in a card: it is no heading, and does not stand over all of them."""
    return row.em <= _ALIKE * above.em and (row.x1 <= gutters[-1][0] or row.x0 >= gutters[0][1])


def _is_near(above: Line, below: Line) -> bool:
    return below.y0 - above.y1 < _NEAR * above.em


def _edges(held: Sequence[Line], gutters: Sequence[tuple[float, float]]) -> list[float]:
    """Where the cards begin: one place where fewer than two lines share the gutters, or where a column only counts."""
    edges = [0.0, *((begin + end) / 2 for begin, end in gutters)]
    is_told = all(any(_WORDS.search(line.text) for line in band) for band in _bands(held, edges))
    return edges if is_told and sum(bool(_gutters(row)) for row in held) >= _FEWEST else [0.0]


def _bands(rows: Sequence[Line], edges: Sequence[float]) -> Iterator[list[Line]]:
    if len(edges) == 1:
        yield list(rows)
        return
    for begin, end in pairwise([*edges, float("inf")]):
        parts = [tuple(glyph for glyph in row.glyphs if begin <= glyph.x0 < end) for row in rows]
        if any(parts):
            yield [Line(glyphs) for glyphs in parts if glyphs]
