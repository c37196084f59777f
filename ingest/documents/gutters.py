"""Tables whose columns are parted by white space alone: a header line tells how many there are, the gaps tell where."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.columns import headers as words
from ingest.columns.roles import Role
from ingest.documents.geometry import Glyph, em
from ingest.documents.lines import Line, flowed
from ingest.grid import Cell, Grid, Place, Span
from ingest.layout.headers import is_header

_SEGMENT_GAP = 0.9
_STEPS = 4
_WIDER = 1.35
_TIGHT = 0.55
_LONGEST_PART = 10
_NUMBER = re.compile(r"[（(]?\d{1,4}[)）]?[.、]?|[A-Z]{1,3}-?\d{1,4}")
_ENDS = re.compile(r"^(?:注|备注|说明|附注|填表人|填报人|制表|审核|联系人|联系电话|咨询|单位负责人|以上)\S{0,6}[:：]")


@dataclass(frozen=True, slots=True)
class Spaced:
    """A table of lines `first` to `last` (0-based, `last` excluded) of a page; `edges` part its columns."""

    first: int
    last: int
    edges: tuple[float, ...]
    grid: Grid


def tables(rows: Sequence[Line], page: int, *, known: tuple[float, ...] = ()) -> list[Spaced]:
    """The tables among the lines of a page.

    `known` are the edges of a table on the page before, which may go on from the first line of this one without a header.
    """
    found: list[Spaced] = []
    start = 0
    while start < len(rows):
        band = _band(rows, start)
        if band is None:
            break
        first, below = band
        last = _last(rows, below)
        columns = _columns(rows[first:below])
        edges = _edges(rows[first:last], columns)
        body = _read(rows[below:last], edges, page, key=_key(columns))
        found.append(Spaced(first, last, edges, _with_header([column.text for column in columns], body, page)))
        start = last
    if known and (not found or found[0].first > 1):
        last = found[0].first if found else _last(rows, 0)
        goes_on = [line for line in rows[:last] if len(line.segments(_SEGMENT_GAP * line.em)) > 1]
        if last and len(goes_on) * 2 > last:
            found.insert(0, Spaced(0, last, known, _read(rows[:last], known, page, key=0)))
    return found


@dataclass(frozen=True, slots=True)
class _Column:
    """A word of the header, of one line or several, and how far it reaches."""

    x0: float
    x1: float
    text: str


def is_header_line(line: Line) -> bool:
    """Whether a line reads like the header of a table whose columns are parted by white space."""
    cells: list[Cell] = [segment.text for segment in line.segments(_SEGMENT_GAP * line.em)]
    return len(cells) > 2 and is_header(cells)  # noqa: PLR2004 - two words are a label and its value


def _band(rows: Sequence[Line], start: int) -> tuple[int, int] | None:
    """The lines of the next header, from the first to behind the last: those right above and below hold parts of its words."""
    for index in range(start, len(rows)):
        if is_header_line(rows[index]):
            first, below = index, index + 1
            while first > start and _is_part(rows[first - 1], rows[first]):
                first -= 1
            while below < len(rows) and _is_part(rows[below], rows[below - 1]):
                below += 1
            return first, below
    return None


def _is_part(line: Line, beside: Line) -> bool:
    """Whether a line so close to a header that no row fits between holds parts of its words."""
    gap = max(line.y0, beside.y0) - min(line.y1, beside.y1)
    segments = line.segments(_SEGMENT_GAP * line.em)
    short = all(len(segment.text) <= _LONGEST_PART and not re.search(r"[:：]", segment.text) for segment in segments)
    return gap < _TIGHT * line.em and short and not any(_NUMBER.fullmatch(segment.text) for segment in segments)


def _columns(band: Sequence[Line]) -> list[_Column]:
    """The words of a header from left to right, parts above one another joined."""
    found: list[_Column] = []
    for segment in (segment for line in band for segment in line.segments(_SEGMENT_GAP * line.em)):
        over = [one for one in found if min(one.x1, segment.x1) > max(one.x0, segment.x0)]
        found = [one for one in found if one not in over]
        x0, x1 = min([segment.x0, *(one.x0 for one in over)]), max([segment.x1, *(one.x1 for one in over)])
        found.append(_Column(x0, x1, "".join([*(one.text for one in over), segment.text])))
    return sorted(found, key=lambda column: column.x0)


def _with_header(header: Sequence[str], body: Grid, page: int) -> Grid:
    rows: list[list[Cell]] = [list(header), *body.rows]
    spans = tuple(Span(span.top + 1, span.left, span.bottom + 1, span.right) for span in body.spans)
    return Grid(name=None, rows=rows, spans=spans, places=tuple(Place(number + 1, page) for number in range(len(rows))))


def _key(segments: Sequence[_Column]) -> int | None:
    """The column that numbers the rows, by its header."""
    for column, segment in enumerate(segments):
        match = words.match(segment.text)
        if match is not None and match.role is Role.SEQUENCE:
            return column
    return None


def _last(rows: Sequence[Line], first: int) -> int:
    """Where a table whose body begins with line `first` ends: at a note or a signature, or before a gap of several lines."""
    pitch = median([below.y0 - above.y0 for above, below in pairwise(rows[first:])] or [0])
    for index in range(first, len(rows)):
        if _ENDS.match(rows[index].text):
            return index
        if index > first and pitch and rows[index].y0 - rows[index - 1].y0 > 4 * pitch:
            return index
    return len(rows)


def _edges(rows: Sequence[Line], segments: Sequence[_Column]) -> tuple[float, ...]:
    """Where columns are parted: between two words of the header at the place that the fewest lines cover."""
    size = em(glyph for line in rows for glyph in line.glyphs)
    left = min(line.x0 for line in rows) - size
    right = max(line.x1 for line in rows) + size
    edges = [left]
    for one, other in pairwise(segments):
        low, high = (one.x0 + one.x1) / 2, (other.x0 + other.x1) / 2
        edges.append(_emptiest(rows, low, high, size / _STEPS))
    return (*edges, right)


def _emptiest(rows: Sequence[Line], low: float, high: float, step: float) -> float:
    """The middle of the widest stretch between two places that the fewest lines cover."""
    count = max(2, int((high - low) / step))
    places = [low + (high - low) * number / count for number in range(count + 1)]
    covered = [sum(any(glyph.x0 < place < glyph.x1 for glyph in line.glyphs) for line in rows) for place in places]
    least = min(covered)
    best, begin = (0, 0), None
    for number, value in enumerate([*covered, least + 1]):
        if value == least and begin is None:
            begin = number
        elif value != least and begin is not None:
            best, begin = max(best, (number - begin, begin)), None
    length, begin = best
    return places[begin + (length - 1) // 2] if length else (low + high) / 2


def _read(rows: Sequence[Line], edges: tuple[float, ...], page: int, *, key: int | None) -> Grid:
    """The body of a table: lines that belong together are one row."""
    columns = len(edges) - 1
    cells: list[list[Cell]] = []
    spans: list[Span] = []
    for group in _groups(rows, edges, key):
        if len(group) == 1 and _is_heading(group[0], edges):
            spans.append(Span(len(cells), 0, len(cells), columns - 1))
            cells.append([group[0].text, *[""] * (columns - 1)])
            continue
        cells.append([_cell(group, edges, column) for column in range(columns)])
    places = tuple(Place(number + 1, page) for number in range(len(cells)))
    return Grid(name=None, rows=cells, spans=tuple(spans), places=places)


def _cell(group: Sequence[Line], edges: tuple[float, ...], column: int) -> str:
    parts = [
        Line(glyphs)
        for line in group
        if (glyphs := tuple(glyph for glyph in line.glyphs if _column(edges, glyph) == column))
    ]
    right = max((part.x1 for part in parts), default=0.0)
    return flowed(parts, left=edges[column], right=right)


def _column(edges: tuple[float, ...], glyph: Glyph) -> int:
    return min(max(bisect_right(edges, glyph.middle[0]) - 1, 0), len(edges) - 2)


def _is_heading(line: Line, edges: tuple[float, ...]) -> bool:
    """A line that runs over a gap between columns without one of its own."""
    if len(line.segments(_SEGMENT_GAP * line.em)) > 1:
        return False
    return bisect_right(edges, line.x0) != bisect_right(edges, line.x1) or len(line.text) > 6  # noqa: PLR2004 - longer than a number


def _groups(body: Sequence[Line], edges: tuple[float, ...], key: int | None) -> list[list[Line]]:
    """Lines that make one row of the table: parted by wider gaps, else by the numbers of the rows."""
    if not body:
        return []
    by_gap = _by_gaps(body)
    numbered = [sum(_is_numbered(line, edges, key or 0) for line in group) for group in by_gap]
    fits = max(numbered) <= 1 and len(by_gap) > 1
    return by_gap if fits and (key is None or sum(numbered) * 3 >= len(numbered) * 2) else _by_numbers(body, edges, key)


def _by_gaps(body: Sequence[Line]) -> list[list[Line]]:
    """Rows parted by more space than lines within a row."""
    pitches = [below.y0 - above.y0 for above, below in pairwise(body)]
    least = min(pitches, default=0.0)
    groups = [[body[0]]]
    for pitch, line in zip(pitches, body[1:], strict=True):
        if pitch > _WIDER * least or max(pitches) <= _WIDER * least:
            groups.append([])
        groups[-1].append(line)
    return groups


def _by_numbers(body: Sequence[Line], edges: tuple[float, ...], key: int | None) -> list[list[Line]]:
    """A row begins with each line that has a number, or a heading; without a column of numbers, with a first cell."""
    groups: list[list[Line]] = []
    for line in body:
        begins = _is_numbered(line, edges, key) if key is not None else _column(edges, line.glyphs[0]) == 0
        if begins or not groups or _is_heading(line, edges):
            groups.append([])
        groups[-1].append(line)
    return groups


def _is_numbered(line: Line, edges: tuple[float, ...], key: int) -> bool:
    said = "".join(glyph.text for glyph in line.glyphs if _column(edges, glyph) == key)
    return _NUMBER.fullmatch(said.strip()) is not None
