"""How wide the columns of a document's tables are, alike in the Word file and the PDF."""

import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from web.documents.model import Facts, Grid
from web.documents.plain import lines

TEXT_MM: Final = 156
"""The width of the text on a page after GB/T 9704-2012."""
_POINTS_PER_MM: Final = 72 / 25.4
_SIZES_PT: Final = (12.0, 10.5)
_WIDEST: Final = 40
_WIDEST_NAME: Final = 20
_PADDING: Final = 2.5
"""Of one column, both sides, in half a Chinese character."""


class Measured(NamedTuple):
    """The share of the text's width that each column takes (together one), and the size of the letters in points."""

    shares: tuple[float, ...]
    size_pt: float

    @property
    def is_small(self) -> bool:
        """Tell whether the letters are smaller than those of a table that has room."""
        return self.size_pt < _SIZES_PT[0]


def grid(of: Grid) -> Measured:
    """Measure a grid: columns as wide as what they hold where there is room, smaller letters where there is little."""
    natural = [_natural(column) for column in zip(of.headers, *of.shown, strict=True)]
    size = next((size for size in _SIZES_PT if sum(natural) <= _units(size)), _SIZES_PT[-1])
    taken = _filled(natural, _units(size))
    return Measured(tuple(width / sum(taken) for width in taken), size)


def facts(of: Facts) -> Measured:
    """Measure a table of facts: the names as wide as the longest, up to a limit, the rest for what they are."""
    size = _SIZES_PT[0]
    names = min(_WIDEST_NAME, max(_width(name) for name, _ in of.rows)) + _PADDING
    share = max(names, _WIDEST_NAME / 2) / _units(size)
    return Measured((share, 1 - share), size)


def _units(size_pt: float) -> float:
    """How many half Chinese characters stand in one line."""
    return TEXT_MM * _POINTS_PER_MM / (size_pt / 2)


def _natural(column: Sequence[str]) -> float:
    return min(_WIDEST, max(_width(text) for text in column)) + _PADDING


def _width(text: str) -> int:
    # Letters that are narrow or wide by their neighbours (“ ” — 、) are wide among Chinese.
    return max(
        (sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in line) for line in lines(text)), default=0
    )


def _filled(natural: Sequence[float], room: float) -> list[float]:
    """Give each column what it asks for where that is no more than its part of what is left; the others share."""
    if sum(natural) <= room:
        return list(natural)
    part, asked, left = room / len(natural), sorted(natural), room
    for at, width in enumerate(asked):
        part = left / (len(asked) - at)
        if width > part:
            break
        left -= width
    return [min(width, part) for width in natural]
