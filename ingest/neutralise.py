"""Cells that a spreadsheet program would take for formulas are made harmless before a table leaves the product."""

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutralise(cell: str) -> str:
    """The cell with a ' before it where a spreadsheet program would evaluate it; plain numbers stay as they are.

    Source of the triggers: OWASP, CSV Injection; the full-width ones are evaluated by Chinese editions.
    """
    if not cell.lstrip(" \u3000\ufeff").startswith(_TRIGGERS) or _is_number(cell):
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
