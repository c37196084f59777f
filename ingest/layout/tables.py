"""A sheet cut into its tables: each a header, what stands above it, and the rows below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.columns import headers as words
from ingest.grid import Cell, Grid
from ingest.layout import headers, heads
from ingest.layout.headers import Header

_HEADER_ROWS = 200


@dataclass(frozen=True, slots=True)
class Table:
    """Rows `first` to `last` (0-based, `last` excluded) under a header, and the head above it."""

    header: Header
    head: heads.Head
    first: int
    last: int


def tables(grid: Grid) -> list[Table]:
    """All tables of a sheet from top to bottom; a header typed again belongs to the table it repeats."""
    rows, spans = grid.rows, grid.spans
    header = headers.find(rows, spans, start=0, stop=_HEADER_ROWS)
    found: list[Table] = []
    above = 0
    while header is not None:
        again = next(_other_headers(grid, header), None)
        head = heads.read(grid, above, header.top)
        last = len(rows) if again is None else _end_above(rows, again.top, header.bottom + 1)
        found.append(Table(header, head, header.bottom + 1, last))
        above, header = last, again
    return found


def _end_above(rows: Sequence[Sequence[Cell]], top: int, first: int) -> int:
    """Where a table ends above the header of the next one: its title, unit and sub-heading belong to the next."""
    while top > first and sum(cell != "" for cell in rows[top - 1]) <= 1:
        top -= 1
    return top


def _other_headers(grid: Grid, header: Header) -> Iterator[Header]:
    """Headers further down that differ from this one."""
    known = header.words
    starts = frozenset(level for levels in header.levels for level in levels)
    for index in range(header.bottom + 1, len(grid.rows)):
        row = grid.rows[index]
        if not _could_be_header(row, starts) or not headers.is_header(row):
            continue
        if not is_repeat(row, known):
            yield from _found(headers.find(grid.rows, grid.spans, start=index, stop=index + 1))


def _found(header: Header | None) -> Iterator[Header]:
    if header is not None:
        yield header


def _could_be_header(row: Sequence[Cell], starts: frozenset[str]) -> bool:
    """Cheap, for every row: at least two cells are header words, by memory."""
    known = 0
    for cell in row:
        if type(cell) is str and 0 < len(cell) < 24 and (cell in starts or cell.strip() in words.EXACT):  # noqa: PLR2004 - longer is prose
            known += 1
            if known == 2:  # noqa: PLR2004 - two names make a header
                return True
    return False


def is_repeat(row: Sequence[Cell], known: frozenset[str]) -> bool:
    """Whether the words of a row are those of the header above it."""
    typed = [words.normalise(cell) for cell in row if isinstance(cell, str) and cell.strip()]
    return len(typed) > 1 and sum(word in known for word in typed) * 10 >= len(typed) * 8
