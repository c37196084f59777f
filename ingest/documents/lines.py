"""Characters become lines, and lines running text: what was broken to fit a cell or a page is one again."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.documents.geometry import Glyph, em

_SPACE_WIDTH = 0.28
_NARROW_GAP, _WIDE_GAP = 0.4, 0.9
_LATIN = re.compile(r"[A-Za-z0-9.,;:()%@_/+\-]")
_FIRST_WORD = re.compile(r"(?:[A-Za-z0-9.,%@_/+\-℃°‰±≤≥<>~￥]+|.)[，。；：、！？）》”’】%]*")
_LAST_WORD = re.compile(r"[A-Za-z0-9.,%@_/+\-±≤≥<>~￥]+$")
_PHONE = re.compile(r"1\d{10}|0\d{2,3}-\d{7,8}")
_NO_ROOM = 1.35
_MOST_PADDING = 0.8


@dataclass(frozen=True, slots=True)
class Line:
    """Characters side by side, from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def x0(self) -> float:
        """The left edge."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """The right edge."""
        return max(glyph.x1 for glyph in self.glyphs)

    @property
    def y0(self) -> float:
        """The top edge."""
        return min(glyph.y0 for glyph in self.glyphs)

    @property
    def y1(self) -> float:
        """The bottom edge."""
        return max(glyph.y1 for glyph in self.glyphs)

    @property
    def em(self) -> float:
        """The usual height of its characters."""
        return em(self.glyphs)

    @property
    def text(self) -> str:
        """The words, with a space where a gap parts words and two where one parts columns."""
        parts = [self.glyphs[0].text]
        size = self.em
        for left, right in pairwise(self.glyphs):
            gap = right.x0 - left.x1
            both_latin = _LATIN.match(left.text[-1:]) and _LATIN.match(right.text[:1])
            if gap > _WIDE_GAP * size:
                parts.append("  ")
            elif gap > _NARROW_GAP * size or (gap > _SPACE_WIDTH * size and both_latin):
                parts.append(" ")
            parts.append(right.text)
        return "".join(parts).strip()

    def segments(self, gap: float) -> "list[Line]":
        """The parts of the line between gaps of at least `gap`."""
        groups: list[list[Glyph]] = [[self.glyphs[0]]]
        for left, right in pairwise(self.glyphs):
            if right.x0 - left.x1 >= gap:
                groups.append([])
            groups[-1].append(right)
        return [Line(tuple(group)) for group in groups]


def lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines of some characters from top to bottom."""
    groups: list[list[Glyph]] = []
    bands: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda each: (each.middle[1], each.x0)):
        if not glyph.text.strip():
            continue
        middle = glyph.middle[1]
        if groups and bands[-1][0] <= middle <= bands[-1][1]:
            groups[-1].append(glyph)
            low, high = bands[-1]
            bands[-1] = (min(low, glyph.y0 + 0.25 * glyph.height), max(high, glyph.y1 - 0.25 * glyph.height))
        else:
            groups.append([glyph])
            bands.append((glyph.y0 + 0.25 * glyph.height, glyph.y1 - 0.25 * glyph.height))
    return [Line(tuple(sorted(group, key=lambda each: each.x0))) for group in groups]


def flowed(rows: Sequence[Line], *, left: float, right: float) -> str:
    """Lines in a box from `left` to `right` as text: a line that was full goes on in the next, others end there."""
    if not rows:
        return ""
    size = em(glyph for row in rows for glyph in row.glyphs)
    padding = min([_MOST_PADDING * size, *(max(0.0, row.x0 - left) for row in rows)])
    said = rows[0].text
    for above, below in pairwise(rows):
        word = _FIRST_WORD.match(below.text)
        needs = _width(below, len(word[0]) if word else 1)
        is_full = right - padding - above.x1 < max(needs, size) * _NO_ROOM
        said += f"{_between(said, below.text) if is_full else chr(10)}{below.text}"
    return said


def _width(line: Line, characters: int) -> float:
    """How wide the first characters of a line are."""
    count = 0
    for glyph in line.glyphs:
        count += len(glyph.text)
        if count >= characters:
            return glyph.x1 - line.x0
    return line.x1 - line.x0


def _between(above: str, below: str) -> str:
    """What belongs where a full line goes on: between Latin words a space, unless one word fills the whole line."""
    last, first = _LAST_WORD.search(above), _FIRST_WORD.match(below)
    if last is None or first is None or not first[0][0].isascii():
        return ""
    if _PHONE.fullmatch(last[0]):
        return "\n"
    if "@" in last[0] or not last[0][-1].isalnum() or (last[0][-1].isdigit() and first[0][0].isdigit()):
        return ""
    return "" if last.start() == above.rfind("\n") + 1 else " "
