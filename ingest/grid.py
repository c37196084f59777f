"""Rows of cells, as every reader hands them over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from ingest.fields import Problem

Cell = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A merged block of cells, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet or table: rectangular rows from its very first cell on, an empty cell being "".

    `spans` are merged cells (only the first cell of each holds the value); `lengths` says for text formats how many
    cells each line really had; `problems` is what the reader itself noticed.
    """

    name: str | None
    rows: Sequence[list[Cell]]
    spans: tuple[Span, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    lengths: tuple[int, ...] | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0


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
