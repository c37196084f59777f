"""Rows of cells, as every reader hands them over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from ingest.fields import RUNNING_TEXT, Problem

Cell = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A merged block of cells, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in a document: the 1-based row of its table, or the number of its paragraph.

    `table` numbers the tables of a document from 1, and is 0 for its running text and None in a sheet; `page` is 1-based,
    None where a format has no pages.
    """

    row: int
    page: int | None = None
    table: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table: rectangular rows from its very first cell on, an empty cell being "".

    `spans` are merged cells (only the first cell of each holds the value); `lengths` says for text formats how many
    cells each line really had; `problems` is what the reader itself noticed. `places` is where each row stands in a
    document, None in a sheet, whose rows count from its first; `loose` are 0-based rows that are paragraphs above,
    between and below tables; `is_prose` where there are only paragraphs, one in each row.
    `otherwise` is the same text as lines, for where it turns out to be no table.
    """

    name: str | None
    rows: Sequence[list[Cell]]
    spans: tuple[Span, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    lengths: tuple[int, ...] | None = None
    problems: tuple[Problem, ...] = ()
    places: tuple[Place, ...] | None = None
    loose: frozenset[int] = frozenset()
    is_prose: bool = False
    otherwise: "tuple[Paragraph, ...]" = ()

    def place(self, index: int) -> Place:
        """Where the row at a 0-based index stands."""
        return Place(index + 1) if self.places is None else self.places[index]

    def cell(self, column: int, index: int) -> str:
        """What a cell is called: "C5" in a sheet, "表2 C5" in a document of several tables, "第5段" or "第2页第5段" in running text."""
        place = self.place(index)
        if place.table == RUNNING_TEXT:
            return f"{f'第{place.page}页' if place.page else ''}第{place.row}段"
        return f"{f'表{place.table} ' if place.table else ''}{letters(column)}{place.row}"

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document, or a line of a text: `number` counts them from 1, on each page where there are pages.

    `level` says how high a heading it is, 1 being the highest, where its format tells (by a style, a tag or the size of its
    letters); None for what is no heading, or not told.
    """

    text: str
    number: int
    page: int | None = None
    level: int | None = None


Block = Grid | Paragraph
"""What readers hand over: the sheets of a workbook, or the tables and paragraphs of a document in their order."""


@lru_cache(maxsize=2048)
def letters(column: int) -> str:
    """The letters of a 0-based column: 0 is "A", 26 is "AA"."""
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def text(cell: Cell) -> str:
    """A cell as text: whole floats without their point, dates as ISO, everything else as it stands."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def number_text(number: float) -> str:
    """A float as a person would type it: 13800001234.0 is "13800001234", 0.1 + 0.2 is "0.3"."""
    if number == number and abs(number) < 1e15 and number == int(number):  # noqa: PLR0124, PLR2004 - NaN is unequal to itself; whole below 1e15
        return str(int(number))
    return format(number, ".15g")
