"""Tables with ruled lines: the lines make cells, cells without a line between them are one, characters fall into cells."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.documents import lines
from ingest.documents.geometry import Glyph, Page, Rule, clustered, em, merged
from ingest.grid import Cell, Grid, Place, Span

_TOLERANCE = 0.25
_LEAST_SHARE = 0.6
_SHORTEST = 0.8


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table on a page: where it lies, where its columns are parted, and what stands in it."""

    x0: float
    y0: float
    x1: float
    y1: float
    columns: tuple[float, ...]
    grid: Grid

    def holds(self, glyph: Glyph) -> bool:
        """Whether a character lies inside."""
        x, y = glyph.middle
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


def tables(page: Page) -> list[Ruled]:
    """The ruled tables of a page from top to bottom; boxes of a single cell are none."""
    size = em(page.glyphs)
    tolerance = max(_TOLERANCE * size, 1.5)
    across = [rule for rule in merged(page.across, tolerance) if rule.end - rule.start > _SHORTEST * size]
    down = [rule for rule in merged(page.down, tolerance) if rule.end - rule.start > _SHORTEST * size]
    found = []
    for horizontal, vertical in _connected(across, down, tolerance):
        made = _table(page, horizontal, vertical, tolerance)
        if made is not None:
            found.append(made)
    inner = [one for one in found if not any(_lies_in(one, other) for other in found)]
    return sorted(inner, key=lambda table: (table.y0, table.x0))


def _lies_in(one: Ruled, other: Ruled) -> bool:
    return one is not other and other.x0 <= one.x0 and one.x1 <= other.x1 and other.y0 <= one.y0 and one.y1 <= other.y1


def _connected(across: Sequence[Rule], down: Sequence[Rule], tolerance: float) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that cross or touch, set by set."""
    parents = list(range(len(across) + len(down)))

    def root(one: int) -> int:
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    for i, horizontal in enumerate(across):
        for j, vertical in enumerate(down):
            crosses = (
                horizontal.start - tolerance <= vertical.at <= horizontal.end + tolerance
                and vertical.start - tolerance <= horizontal.at <= vertical.end + tolerance
            )
            if crosses:
                parents[root(i)] = root(len(across) + j)
    sets: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(across):
        sets.setdefault(root(i), ([], []))[0].append(rule)
    for j, rule in enumerate(down):
        sets.setdefault(root(len(across) + j), ([], []))[1].append(rule)
    return [(horizontal, vertical) for horizontal, vertical in sets.values() if len(horizontal) > 1 and vertical]


def _table(page: Page, across: Sequence[Rule], down: Sequence[Rule], tolerance: float) -> Ruled | None:
    ends = (min(rule.start for rule in across), max(rule.end for rule in across))
    tops = (min(rule.start for rule in down), max(rule.end for rule in down))
    xs = _with_ends(clustered((rule.at for rule in down), tolerance), ends, 3 * tolerance)
    ys = _with_ends(clustered((rule.at for rule in across), tolerance), tops, 3 * tolerance)
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 1 or rows < 1 or columns * rows < 2:  # noqa: PLR2004 - a frame around something is no table
        return None
    regions = _Regions(rows, columns)
    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and not _parted(down, xs[column + 1], ys[row], ys[row + 1], tolerance):
                regions.join((row, column), (row, column + 1))
            if row + 1 < rows and not _parted(across, ys[row + 1], xs[column], xs[column + 1], tolerance):
                regions.join((row, column), (row + 1, column))
    inside: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in page.glyphs:
        x, y = glyph.middle
        if xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]:
            row = min(bisect_right(ys, y), rows) - 1
            column = min(bisect_right(xs, x), columns) - 1
            inside.setdefault(regions.first(row, column), []).append(glyph)
    spans = regions.spans()
    cells: list[list[Cell]] = [[""] * columns for _ in range(rows)]
    for (row, column), glyphs in inside.items():
        span = spans.get((row, column), Span(row, column, row, column))
        cells[row][column] = lines.flowed(lines.lines(glyphs), left=xs[column], right=xs[span.right + 1])
    kept = [row for row in range(rows) if not regions.is_covered(row)]
    grid = _without_covered(cells, list(spans.values()), kept, page.number)
    return Ruled(xs[0], ys[0], xs[-1], ys[-1], tuple(xs), grid)


def _without_covered(cells: list[list[Cell]], spans: list[Span], kept: list[int], page: int) -> Grid:
    """The grid without rows in which no cell begins: lines drawn twice, or a little askew."""
    number = {row: position for position, row in enumerate(kept)}
    moved = []
    for span in spans:
        inside = [number[row] for row in range(span.top, span.bottom + 1) if row in number]
        if inside and (len(inside) > 1 or span.right > span.left):
            moved.append(Span(inside[0], span.left, inside[-1], span.right))
    places = tuple(Place(position + 1, page) for position in range(len(kept)))
    return Grid(name=None, rows=[cells[row] for row in kept], spans=tuple(moved), places=places)


def _with_ends(found: list[float], ends: tuple[float, float], tolerance: float) -> list[float]:
    """Parting lines with the outer edges, which open tables do not draw."""
    low, high = ends
    before = [low] if not found or low < found[0] - tolerance else []
    after = [high] if not found or high > found[-1] + tolerance else []
    return [*before, *found, *after]


def _parted(rules: Sequence[Rule], at: float, start: float, end: float, tolerance: float) -> bool:
    """Whether a line is drawn over most of a stretch."""
    covered = sum(
        max(0.0, min(end, rule.end) - max(start, rule.start)) for rule in rules if abs(rule.at - at) <= tolerance
    )
    return covered >= _LEAST_SHARE * (end - start)


class _Regions:
    """Cells that are one because no line parts them."""

    def __init__(self, rows: int, columns: int) -> None:
        self._rows, self._columns = rows, columns
        self._parents = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def join(self, one: tuple[int, int], other: tuple[int, int]) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        self._parents[second] = first

    def first(self, row: int, column: int) -> tuple[int, int]:
        """The cell of its region that stands for all: the first one."""
        return self._root((row, column))

    def spans(self) -> dict[tuple[int, int], Span]:
        """First cell → the box around its region, for regions of several cells."""
        found: dict[tuple[int, int], Span] = {}
        for row, column in self._parents:
            first = self._root((row, column))
            known = found.get(first, Span(*first, *first))
            found[first] = Span(
                min(known.top, row), min(known.left, column), max(known.bottom, row), max(known.right, column)
            )
        return {first: span for first, span in found.items() if span.bottom > span.top or span.right > span.left}

    def is_covered(self, row: int) -> bool:
        """Whether no cell begins in a row."""
        return all(self._root((row, column))[0] < row for column in range(self._columns))

    def _root(self, one: tuple[int, int]) -> tuple[int, int]:
        while self._parents[one] != one:
            self._parents[one] = self._parents[self._parents[one]]
            one = self._parents[one]
        return one
