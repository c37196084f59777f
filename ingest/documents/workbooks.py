"""What workbooks of either format have in common once calamine has them: opening, and which cells are merged."""

from io import BytesIO
from typing import TYPE_CHECKING

from ingest import refusals
from ingest.grid import Cell, Span

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook


def opened(data: bytes, name: str) -> "CalamineWorkbook":
    """A workbook; raises Refused where it is locked or broken."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError as error:
        raise refusals.encrypted(name) from error
    except (CalamineError, OSError, ValueError) as error:
        raise refusals.damaged(name) from error


def spans(sheet: "CalamineSheet", rows: list[list[Cell]]) -> tuple[Span, ...]:
    """Merged blocks, cut to the rows and columns that hold anything."""
    bottom, right = len(rows) - 1, len(rows[0]) - 1 if rows else -1
    return tuple(
        Span(top, left, low, min(far, right))
        for (top, left), (low, far) in sheet.merged_cell_ranges or ()
        if top <= bottom and left <= right
    )
