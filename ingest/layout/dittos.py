"""Cells that say "the same as above" (同上, 〃) instead of repeating what stands there."""

import re
from collections.abc import Sequence

from ingest.grid import Cell

_DITTO = re.compile(r"\s*[(（]?\s*(?:同\s*[上前]|〃)\s*[)）]?[.。]?\s*")
_LONGEST = 8


def is_ditto(cell: Cell) -> bool:
    """Whether a cell says nothing but that it repeats the one above."""
    return type(cell) is str and 0 < len(cell) <= _LONGEST and _DITTO.fullmatch(cell) is not None


def columns(cells: Sequence[Cell]) -> list[int]:
    """The columns in which a row repeats the row above; cheap, as every row is asked."""
    return [
        column
        for column, cell in enumerate(cells)
        if type(cell) is str and ("同" in cell or "〃" in cell) and is_ditto(cell)
    ]
