"""The row that is being read: its cells, and what has been gathered from them so far."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ingest.fields import Problem, Severity
from ingest.grid import Cell, letters, text

Step = Callable[["Row"], None]
"""Reads one field, or a few that hang together, from a row."""


class Row:
    """A row on its way to a draft; `fields` are arguments for Draft, `places` the cells they were read from."""

    __slots__ = ("_moved", "_problems", "cells", "fields", "file", "index", "number", "places", "sheet")

    def __init__(
        self,
        cells: Sequence[Cell],
        index: int,
        *,
        file: str,
        sheet: str | None,
        moved: Mapping[int, str],
        problems: list[Problem],
    ) -> None:
        self.cells, self.index, self.file, self.sheet = cells, index, file, sheet
        self.number = str(index + 1)
        self.fields: dict[str, Any] = {}
        self.places: dict[str, str] = {}
        self._moved, self._problems = moved, problems

    def words(self, column: int) -> str:
        """A cell as text; "" for an empty one."""
        cell = self.cells[column]
        return cell if type(cell) is str else text(cell)

    def put(self, name: str, value: object, column: int) -> None:
        """Set a field that was read from a column."""
        self.fields[name] = value
        self.places[name] = self.place(column)

    def add(self, name: str, value: object, column: int) -> None:
        """Set a field that now rests on one column more."""
        before = self.places.get(name)
        self.put(name, value, column)
        if before is not None:
            self.places[name] = f"{before},{self.places[name]}"

    def place(self, column: int) -> str:
        """The cell that a column's value stands in: the row's own, or another that it was carried from."""
        return self._moved.get(column) or letters(column) + self.number

    def note(self, severity: Severity, code: str, message: str, column: int | None = None) -> None:
        """Report a problem of the row, or of one cell."""
        self._problems.append(
            Problem(
                file=self.file,
                severity=severity,
                code=code,
                message=message,
                sheet=self.sheet,
                row=self.index + 1,
                column=None if column is None else letters(column),
            )
        )
