"""A table whose cells reach over columns and rows becomes a grid."""

from ingest import refusals
from ingest.grid import Cell, Grid, Place, Span
from ingest.limits import Limits

_ABSURD = 500
"""A cell over more columns or rows than this is a mistake, or meant to do harm."""


class Spread:
    """Takes the cells of a table row by row, as web pages and documents write them, and lays them out.

    A cell that reaches over others stands in its first place alone, and is noted as a span; what reaches beyond the last
    row, or beyond every column that begins a cell, is cut.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._cells: list[dict[int, str]] = []
        self._spans: list[Span] = []
        self._below: dict[int, int] = {}
        self._taken: set[int] = set()
        self._column = 0
        self._starts = 0

    def begin_row(self, *, skipped: int = 0) -> None:
        """Begin the next row; `skipped` columns are left out before its first cell."""
        if len(self._cells) >= self._limits.rows:
            raise refusals.too_large(self._name, f"表格超过 {self._limits.rows} 行")
        self._taken = {column for column, rows in self._below.items() if rows > 0}
        self._below = {column: rows - 1 for column, rows in self._below.items() if rows > 1}
        self._cells.append({})
        self._column = skipped

    def put(self, words: str, *, across: int = 1, down: int = 1, grows: bool = False) -> None:
        """Put a cell into the next free place; `down` 0 reaches to the end of the table, `grows` may be extended later."""
        while self._column in self._taken:
            self._column += 1
        top, left = len(self._cells) - 1, self._column
        if across > _ABSURD:
            across = max(1, self._starts - left)
        if down > _ABSURD:
            down = 1
        if left >= self._limits.columns:
            raise refusals.too_large(self._name, f"表格超过 {self._limits.columns} 列")
        self._cells[top][left] = words
        self._starts = max(self._starts, left + 1)
        if down != 1:
            rows = down - 1 if down else self._limits.rows
            self._below.update((column, rows) for column in range(left, left + across))
        if across > 1 or down != 1 or grows:
            self._spans.append(Span(top, left, top + (down or self._limits.rows) - 1, left + across - 1))
        self._column = left + across

    def extend_above(self) -> bool:
        """Let the cell above the next place reach over this row too; False where none stands there."""
        while self._column in self._taken:
            self._column += 1
        row, column = len(self._cells) - 1, self._column
        for number in range(len(self._spans) - 1, -1, -1):
            span = self._spans[number]
            if span.left == column and span.bottom == row - 1:
                self._spans[number] = Span(span.top, span.left, row, span.right)
                self._column = span.right + 1
                return True
        return False

    def grid(self) -> Grid:
        """The table as it was laid out."""
        if self._starts * len(self._cells) > self._limits.cells:
            raise refusals.too_large(self._name, f"表格超过 {self._limits.cells} 个单元格")
        rows: list[list[Cell]] = [[cells.get(column, "") for column in range(self._starts)] for cells in self._cells]
        last, far = len(rows) - 1, self._starts - 1
        spans = (Span(span.top, span.left, min(span.bottom, last), min(span.right, far)) for span in self._spans)
        real = tuple(span for span in spans if span.bottom > span.top or span.right > span.left)
        return Grid(name=None, rows=rows, spans=real, places=tuple(Place(row + 1) for row in range(len(rows))))
