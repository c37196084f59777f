"""The row that is being read: its cells, and what has been gathered from them so far."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ingest.fields import Problem, Severity
from ingest.grid import Cell, Place

Step = Callable[["Row"], None]
"""Reads one field, or a few that hang together, from a row."""


class Row:
    """A row on its way to a draft.

    `cells` are its values, `words` the same as text, whole where garbled; `fields` are arguments for Draft and
    `places` the cells that they were read from; `moved` names the cells of values that stand in another row.
    """

    __slots__ = (
        "_letters",
        "_moved",
        "_number",
        "_prefix",
        "_problems",
        "cells",
        "fields",
        "file",
        "place",
        "places",
        "sheet",
        "words",
    )

    def __init__(
        self,
        cells: Sequence[Cell],
        words: Sequence[str],
        place: Place,
        *,
        file: str,
        sheet: str | None,
        letters: Sequence[str],
        moved: Mapping[int, str],
        problems: list[Problem],
    ) -> None:
        self.cells, self.words, self.place, self.file, self.sheet = cells, words, place, file, sheet
        self.fields: dict[str, Any] = {}
        self.places: dict[str, str] = {}
        self._number = str(place.row)
        self._prefix = f"表{place.table} " if place.table else ""
        self._letters, self._moved, self._problems = letters, moved, problems

    def put(self, name: str, value: object, column: int) -> None:
        """Set a field that was read from a column."""
        self.fields[name] = value
        self.places[name] = self._moved.get(column) or self._prefix + self._letters[column] + self._number

    def add(self, name: str, value: object, column: int) -> None:
        """Set a field that now rests on one column more."""
        before = self.places.get(name)
        self.put(name, value, column)
        if before is not None:
            self.places[name] = f"{before},{self.places[name]}"

    def note(self, severity: Severity, code: str, message: str, column: int | None = None) -> None:
        """Report a problem of the row, or of one cell."""
        self._problems.append(
            Problem(
                file=self.file,
                severity=severity,
                code=code,
                message=message,
                sheet=self.sheet,
                page=self.place.page,
                row=self.place.row,
                column=None if column is None else self._letters[column],
                table=self.place.table,
            )
        )
