"""Pages become tables and paragraphs in reading order; what stands at the top or foot of every page is left out."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from ingest.documents import cards, gutters, halves, lattice
from ingest.documents.geometry import Page
from ingest.documents.lines import Line, lines
from ingest.grid import Block, Paragraph

_EDGE_LINES = 3
_FEW_PAGES = 2
_PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?\d{1,4}\s*(?:页|/\s*\d{1,4})?[-—–·\s]*|第?\s*\d{1,4}\s*页?\s*[/,，]?\s*共\s*\d{1,4}\s*页|第\s*\d{1,4}\s*页.{0,12}"
)
_STARTS = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}[、.．部]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}\s*(?:[、．)]|\.(?!\d+\s*(?:%|[万亿元小天年月个倍人公米吨亩度分成])))|[①-⑳●•◆■▪○◇□★※➢►【]|[\u4e00-\u9fff（）()/]{2,12}[:：])"
)
_INDENT = 1.2
_NO_ROOM = 1.6
_ENDED = re.compile(r"[。！？；：:;!?]\s*$")
_BULLET = re.compile(r"[●•◆■▪○◇□★※➢►·]\s*\S")
_HANGING = 0.5
_LARGER_BELOW = 0.15
"""What is set larger than the line above it begins something; smaller words may stand in a line beside others."""
_FAR, _SEVERAL = 0.6, 3
_SIMILAR = 3.0
_LARGER = (1.5, 1.25, 1.1)
"""How much larger than the running text the letters of headings are, the highest first."""
_LONGEST_HEADING = 40


def blocks(pages: Iterable[Page]) -> list[Block]:
    """Everything on the pages: ruled tables, tables in white space, and paragraphs between them."""
    held = [(page, lattice.tables(page)) for page in pages]
    free = [_free_lines(page, tables) for page, tables in held]
    repeated = _repeated(free)
    usual = _usual(free)
    found: list[Block] = []
    known: tuple[float, ...] = ()
    for (page, ruled), rows in zip(held, free, strict=True):
        kept = [row for position, row in enumerate(rows) if not _is_edge(row, position, len(rows), repeated)]
        spaced = gutters.tables(kept, page.number, known=known if not ruled else ())
        known = spaced[-1].edges if spaced and spaced[-1].last == len(kept) else ()
        bands = [] if ruled or spaced else halves.split(kept) or cards.split(page, kept)
        found.extend(_flowing(page, bands, usual) if bands else _ordered(page, ruled, spaced, kept, usual))
    return found


def _usual(pages: Sequence[Sequence[Line]]) -> float:
    """The height of the letters of running text: that of the middle character of the document."""
    heights = [row.em for rows in pages for row in rows for _ in row.glyphs]
    return median(heights) if heights else 0.0


def _flowing(page: Page, bands: Sequence[Sequence[Line]], usual: float) -> Iterator[Block]:
    """The paragraphs of a page whose text runs in columns or cards, band by band, numbered through the page."""
    count = 0
    for band in bands:
        is_column = any(_is_beside(band, other) for other in bands if other is not band)
        for block in _ordered(page, (), (), band, usual, count=count, is_column=is_column):
            count += 1
            yield block


def _is_beside(band: Sequence[Line], other: Sequence[Line]) -> bool:
    return other[0].y0 < band[-1].y1 and band[0].y0 < other[-1].y1


def _free_lines(page: Page, tables: Sequence[lattice.Ruled]) -> list[Line]:
    return lines(glyph for glyph in page.glyphs if not any(table.holds(glyph) for table in tables))


def _shape(line: Line) -> str:
    """A line with its digits made alike, so that page numbers do not tell lines apart."""
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", line.text))


def _repeated(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """The lines near the edges that stand on most of the pages."""
    counts = Counter(
        shape for rows in pages for shape in {_shape(row) for row in (*rows[:_EDGE_LINES], *rows[-_EDGE_LINES:])}
    )
    enough = max(_FEW_PAGES, len(pages) * 0.5)
    return frozenset(shape for shape, count in counts.items() if count >= enough and len(pages) > 1)


def _is_edge(row: Line, position: int, count: int, repeated: frozenset[str]) -> bool:
    near = position < _EDGE_LINES or position >= count - _EDGE_LINES
    # The header of a table that runs over pages stands on top of each of them as well, and parts its columns.
    if gutters.is_header_line(row):
        return False
    return near and (_shape(row) in repeated or _PAGE_NUMBER.fullmatch(row.text.strip()) is not None)


def _ordered(
    page: Page,
    ruled: Sequence[lattice.Ruled],
    spaced: Sequence[gutters.Spaced],
    rows: Sequence[Line],
    usual: float,
    *,
    count: int = 0,
    is_column: bool = False,
) -> Iterator[Block]:
    taken = {index for table in spaced for index in range(table.first, table.last)}
    loose = [row for index, row in enumerate(rows) if index not in taken]
    placed: list[tuple[float, Block | Line]] = [(table.y0, table.grid) for table in ruled]
    placed.extend((rows[table.first].y0, table.grid) for table in spaced)
    placed.extend((row.y0, row) for row in loose)
    left = min((row.x0 for row in loose), default=0.0)
    right = max((row.x1 for row in rows), default=page.width) if is_column else _right(rows, page, left)
    held: list[Line] = []
    for _, each in sorted(placed, key=lambda one: one[0]):
        if isinstance(each, Line) and (not held or _goes_on(held, each, left, right)):
            held.append(each)
            continue
        if held:
            count += 1
            yield _paragraph(held, count, page.number, usual)
        held = [each] if isinstance(each, Line) else []
        if not isinstance(each, Line):
            yield each
    if held:
        yield _paragraph(held, count + 1, page.number, usual)


def _right(rows: Sequence[Line], page: Page, left: float) -> float:
    """How far lines run before they go on in the next: as far as the longest ones, where these break off within sentences.

    Several of them must, or one that reaches far over the page. Where all of them end with their sentence, lines may run as far as they stand away from the left edge of the page.
    """
    right = max((row.x1 for row in rows), default=page.width)
    broken = [row for row in rows if right - row.x1 < _NO_ROOM * row.em and _ENDED.search(row.text) is None]
    is_proved = len(broken) >= _SEVERAL or any(row.x1 > _FAR * page.width for row in broken)
    return right if is_proved else max(right, page.width - left)


def _goes_on(held: Sequence[Line], below: Line, left: float, right: float) -> bool:
    """Whether a line goes on with the ones above: the last was full, and this one begins nothing."""
    above = held[-1]
    is_larger = below.em - above.em > _LARGER_BELOW * above.em
    if is_larger or below.y0 - above.y1 > _SIMILAR * above.em or above.em - below.em > 0.25 * above.em:
        return False
    is_full = right - above.x1 < _NO_ROOM * above.em
    is_indented = below.x0 - left > _INDENT * below.em and below.x0 - above.x0 > -0.5 * below.em
    is_indented = is_indented and not _hangs(held[0], below)
    return is_full and not is_indented and _STARTS.match(below.text) is None


def _hangs(first: Line, below: Line) -> bool:
    """Whether a line stands below the words of a point, behind its bullet."""
    words = first.glyphs[1].x0 if len(first.glyphs) > 1 and _BULLET.match(first.text) else None
    return words is not None and abs(below.x0 - words) < _HANGING * below.em


def _paragraph(held: Sequence[Line], number: int, page: int, usual: float) -> Paragraph:
    words = "".join(line.text for line in held)
    size = median(line.em for line in held)
    level = next((level for level, times in enumerate(_LARGER, 1) if size > times * usual), None)
    return Paragraph(words, number, page, level=level if len(words) <= _LONGEST_HEADING else None)
