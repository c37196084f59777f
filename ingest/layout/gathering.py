"""The tables and paragraphs of a document become grids: parts of one table joined, lines above a table put over it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.columns import headers as words
from ingest.columns.roles import Role
from ingest.fields import RUNNING_TEXT, Problem
from ingest.grid import Block, Cell, Grid, Paragraph, Place, Span, text
from ingest.layout import bodies, headers, tables
from ingest.layout.headers import Header

_CARD_LABELS = 3
_LONGEST_LABEL = 24
_MOST_LEAD = 12
_MOST_BETWEEN = 3
_HEADER_ROWS = 12
_NUMBER = re.compile(r"\s*[（(]?\d{1,4}[)）]?[.、]?\s*")


@dataclass(slots=True)
class _Part:
    """A table of the document with what was found in it."""

    grid: Grid
    header: Header | None
    labels: frozenset[str]

    @property
    def is_card(self) -> bool:
        return self.header is None and len(self.labels) >= _CARD_LABELS

    @property
    def is_titled(self) -> bool:
        return any((match := words.label(label)) is not None and match.role is Role.TITLE for label in self.labels)


@dataclass(slots=True)
class _Group:
    """Tables that are read as one, growing: rows, where they stand, merged cells, lines beside the tables."""

    first: _Part
    rows: list[list[Cell]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    loose: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    table_rows: int = 0
    last_number: int = 0


def gather(blocks: Sequence[Block]) -> list[Grid]:
    """Grids of a document in their order; of text without any table the one grid of its paragraphs.

    Sheets, which have names, are left as they are.
    """
    if not any(isinstance(block, Paragraph) for block in blocks) and len(blocks) == 1:
        return [block for block in blocks if isinstance(block, Grid)]
    return _Gatherer(blocks).grids()


def prose(blocks: Sequence[Block]) -> Grid | None:
    """The paragraphs of a document, those of its tables left out; None where it has none."""
    lines = [block for block in blocks if isinstance(block, Paragraph)]
    return as_prose(lines, ()) if lines else None


def as_prose(lines: Sequence[Paragraph], problems: Sequence[Problem]) -> Grid:
    """Paragraphs as a grid of one column."""
    rows: list[list[Cell]] = [[line.text] for line in lines]
    places = tuple(Place(line.number, line.page, RUNNING_TEXT) for line in lines)
    return Grid(name=None, rows=rows, places=places, is_prose=True, problems=tuple(problems))


class _Gatherer:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        self._several = sum(isinstance(block, Grid) and block.name is None for block in blocks) > 1
        self._tables = 0
        self._group: _Group | None = None
        self._lead: list[Paragraph] = []
        self._done: list[Grid] = []

    def grids(self) -> list[Grid]:
        for block in self._blocks:
            if isinstance(block, Paragraph):
                self._lead.append(block)
            elif block.name is not None or block.is_prose:
                self._close()
                self._done.append(block)
            elif any(any(text(cell).strip() for cell in row) for row in block.rows):
                self._take(_part(block))
        if self._group is not None:
            # What stands below the last table: notes and signatures, or nothing of it.
            self._beside(self._group, self._lead[:_MOST_LEAD])
        self._close()
        return self._done

    def _take(self, part: _Part) -> None:
        if self._group is None or not _goes_on(self._group, part, self._lead):
            self._close()
            self._group = _Group(part)
        self._beside(self._group, self._lead[-_MOST_LEAD:])
        self._lead = []
        self._add(self._group, part)

    def _beside(self, group: _Group, lines: Sequence[Paragraph]) -> None:
        for line in lines:
            group.loose.add(len(group.rows))
            group.places.append(Place(line.number, line.page, RUNNING_TEXT))
            group.rows.append([line.text])

    def _add(self, group: _Group, part: _Part) -> None:
        grid = part.grid
        if group.table_rows and not part.is_card and grid.places is not None:
            number, offset = group.last_number, group.table_rows
        else:
            self._tables += 1
            number, offset = self._tables, 0
        group.last_number = number
        start = len(group.rows)
        # The header typed again on top of a page is not said twice.
        skipped = part.header.bottom + 1 if offset and part.header is not None else 0
        if offset and skipped < len(grid.rows) and _is_torn(group, grid, skipped):
            _join(group.rows[-1], grid.rows[skipped])
            skipped += 1
        labels = group.first.grid if part.is_card else None
        for index in range(skipped, len(grid.rows)):
            place = grid.place(index)
            row = offset + index + 1 if grid.places is not None else index + 1
            group.places.append(Place(row, place.page, number if self._several else None))
            group.rows.append(_labelled(grid, index, labels))
        spans = [
            Span(max(span.top + start - skipped, start), span.left, span.bottom + start - skipped, span.right)
            for span in grid.spans
            if span.bottom >= skipped
        ]
        group.spans = _over_the_break(group, start, spans) if offset else [*group.spans, *spans]
        group.hidden.update(start - skipped + index for index in grid.hidden_rows)
        group.problems.extend(grid.problems)
        group.table_rows = offset + len(grid.rows)

    def _close(self) -> None:
        group, self._group = self._group, None
        if group is None:
            return
        width = max(map(len, group.rows))
        self._done.append(
            Grid(
                name=None,
                rows=[[*row, *[""] * (width - len(row))] for row in group.rows],
                spans=tuple(group.spans),
                hidden_rows=frozenset(group.hidden),
                problems=tuple(group.problems),
                places=tuple(group.places),
                loose=frozenset(group.loose),
            )
        )


def _part(grid: Grid) -> _Part:
    header = headers.find(grid.rows, grid.spans, start=0, stop=_HEADER_ROWS)
    return _Part(grid, header, frozenset() if header else _labels(grid))


def _labels(grid: Grid) -> frozenset[str]:
    """The words of a table that are surely labels."""
    found = set()
    for row in grid.rows:
        for cell in row:
            word = text(cell).strip()
            if _is_label(word):
                found.add(words.normalise(word))
    return frozenset(found)


def _goes_on(group: _Group, part: _Part, lead: Sequence[Paragraph]) -> bool:
    """Whether a table continues those before it: another card like them, or the rest of a table that was broken off."""
    first = group.first
    if first.is_card and part.labels and part.header is None:
        shared = len(first.labels & part.labels)
        is_like = part.is_card and shared * 2 >= max(len(first.labels), _CARD_LABELS)
        # A card that a page break cut in two has the labels of half a card on either side of it.
        is_half = part.is_titled or part.grid.place(0).page != group.places[-1].page
        return is_like or (is_half and shared * 2 > len(part.labels))
    if first.header is None or len(lead) > _MOST_BETWEEN or first.grid.width != part.grid.width:
        return False
    if not all(bodies.is_page_top(line.text) or bodies.is_numbered_heading(line.text) for line in lead):
        return False
    return part.header is None or tables.is_repeat(part.grid.rows[part.header.bottom], first.header.words)


def _is_torn(group: _Group, grid: Grid, top: int) -> bool:
    """Whether the first row on a page only goes on with the last one of the page before.

    Where rows are numbered it has no number; else it has no first cell, which all others have.
    """
    last, first = group.rows[-1], grid.rows[top]
    if len(group.rows) - 1 in group.loose or len(last) != len(first) or grid.places is None:
        return False
    filled = [column for column, cell in enumerate(first) if text(cell).strip()]
    if not filled or any(span.top == top and span.right - span.left + 1 >= grid.width - 1 for span in grid.spans):
        return False
    body = [row for index, row in enumerate(group.rows) if index not in group.loose and len(row) == len(first)]
    key = _number_column(body)
    if key is not None:
        return key not in filled and bool(text(last[key]).strip())
    return 0 not in filled and all(text(row[0]).strip() for row in body)


def _labelled(grid: Grid, index: int, like: Grid | None) -> list[Cell]:
    """A row of a card whose label could not be read: it is that of the same row of a card of the same shape."""
    row = list(grid.rows[index])
    if like is None or like is grid or (len(like.rows), like.width) != (len(grid.rows), grid.width):
        return row
    for column in range(len(row) - 1):
        label = text(like.rows[index][column]).strip()
        if not text(row[column]).strip() and text(row[column + 1]).strip() and _is_label(label):
            row[column] = label
    return row


def _is_label(word: str) -> bool:
    return 0 < len(word) <= _LONGEST_LABEL and words.label(word) is not None


def _over_the_break(group: _Group, start: int, spans: Sequence[Span]) -> list[Span]:
    """The merged cells of a table with those that a page break cut in two as one.

    Such a cell is blank on the new page and is merged downwards on either side of the break.
    """
    kept, added = list(group.spans), list(spans)
    if start >= len(group.rows):
        return [*kept, *added]
    for column, cell in enumerate(group.rows[start]):
        if text(cell).strip():
            continue
        above = next(
            (one for one in kept if one.left == column and one.bottom == start - 1 and one.bottom > one.top), None
        )
        below = next((one for one in added if one.left == column and one.top == start and one.bottom > one.top), None)
        if above is None and below is None:
            continue
        top = above.top if above is not None else start - 1
        bottom = below.bottom if below is not None else start
        kept = [one for one in kept if one is not above]
        added = [one for one in added if one is not below]
        added.append(Span(top, column, bottom, column))
    return [*kept, *added]


def _number_column(body: Sequence[list[Cell]]) -> int | None:
    """The column that numbers the rows, or None."""
    for column in range(min(3, len(body[0]))):
        cells = [word for row in body if (word := text(row[column]).strip())]
        numbers = [word for word in cells if _NUMBER.fullmatch(word)]
        if len(numbers) > 1 and len(numbers) * 2 > len(cells):
            return column
    return None


def _join(row: list[Cell], rest: Sequence[Cell]) -> None:
    """Put the rest of a torn row to its cells."""
    for column, cell in enumerate(rest):
        if said := text(cell).strip():
            row[column] = f"{text(row[column])}{said}" if text(row[column]) else said
