"""Tables and bar charts for the notebooks: text in HTML and SVG, nothing to install."""

from collections.abc import Iterable, Sequence
from html import escape

from IPython.display import HTML, SVG

_ROW = 22
_LABEL = 300
_BAR = 320
_WIDTH = 1000
_INK = "#1f4e79"
_PALE = "#c9d6e2"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> HTML:
    """Return a table; figures between 0 and 1 stand with three places, other floats with one."""
    titles = "".join(f"<th style='text-align:left'>{escape(title)}</th>" for title in head)
    lines = "".join(
        "<tr>"
        + "".join(f"<td style='text-align:left;vertical-align:top'>{escape(_said(cell))}</td>" for cell in row)
        + "</tr>"
        for row in rows
    )
    return HTML(f"<table><thead><tr>{titles}</tr></thead><tbody>{lines}</tbody></table>")


def _said(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.3f}" if 0 <= cell <= 1 else f"{cell:.1f}"
    return str(cell)


def bars(finding: str, rows: Sequence[tuple[str, float, str]], *, whole: float | None = None) -> SVG:
    """Return a chart of bars, one (label, value, words beside it) a row; its title says what they show.

    `whole` is the value of a full bar, drawn pale behind each; without it the longest bar fills the width.
    """
    most = whole or max((value for _, value, _ in rows), default=0) or 1
    height = _ROW * (len(rows) + 2)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" role="img" font-family="sans-serif" font-size="13">',
        f"<title>{escape(finding)}</title>",
        f'<text x="0" y="16" font-weight="bold">{escape(finding)}</text>',
    ]
    for at, (label, value, words) in enumerate(rows, start=1):
        top = _ROW * at + 8
        long = _BAR * max(0.0, value) / most
        back = f'<rect x="{_LABEL}" y="{top}" width="{_BAR}" height="14" fill="{_PALE}"/>' if whole else ""
        parts.append(
            f'<text x="{_LABEL - 8}" y="{top + 12}" text-anchor="end">{escape(label)}</text>{back}'
            f'<rect x="{_LABEL}" y="{top}" width="{long:.1f}" height="14" fill="{_INK}"/>'
            f'<text x="{_LABEL + (_BAR if whole else long) + 8:.1f}" y="{top + 12}">{escape(words)}</text>'
        )
    return SVG("\n".join([*parts, "</svg>"]))
