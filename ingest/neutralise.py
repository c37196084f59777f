"""Cells that a spreadsheet program would take for formulas are made harmless before a table leaves the product."""

import re

_UNSEEN = re.compile("[\\s\\x00-\\x1f\u200b-\u200f\u2060\ufeff]+")
"""What may stand unseen before a formula."""
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutralise(cell: str) -> str:
    """The cell with a ' before it where a spreadsheet program would evaluate it; plain numbers stay as they are.

    Source of the triggers: OWASP, CSV Injection; the full-width ones are evaluated by Chinese editions.
    """
    said = cell[len(found[0]) :] if (found := _UNSEEN.match(cell)) else cell
    if not (cell.startswith(_TRIGGERS) or said.startswith(_TRIGGERS)) or _is_number(cell):
        return cell
    return "'" + cell


def _is_number(cell: str) -> bool:
    if not cell.isascii() or "_" in cell:
        return False
    try:
        float(cell)
    except ValueError:
        return False
    return cell[-1:].isdigit()
