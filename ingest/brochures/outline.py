"""A document falls into sections: each begins with a heading that announces it, by its level, its number or its words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ingest.brochures import vocabulary
from ingest.brochures.vocabulary import Section
from ingest.fields import RUNNING_TEXT
from ingest.grid import Block, Grid, Paragraph, Place
from ingest.grid import text as cell_text

_HAN: Final = "[一二三四五六七八九十]{1,3}"
_UNCOUNTED: Final = r"[\u4e00-\u9fff](?<![人名年月日天个家项万千百台套次元位亩株条类种分])"
"""A character behind a number that is no measure of it."""
_NUMBERED_HEAD: Final = re.compile(rf"\d{{1,2}}\s*(?={_UNCOUNTED})")
_MARKERS: Final = (
    (400, re.compile(r"(?:part|chapter)\s*\d{1,2}[.:：、\s]*", re.IGNORECASE)),
    (400, re.compile(rf"第(?:{_HAN}|\d{{1,2}})(?:部分|章|节|篇)[、:：\s]*")),
    (600, re.compile(rf"{_HAN}\s*[、.．]\s*")),
    (600, re.compile(r"0\d\s*(?:[/|｜、.．\-—]\s*|\s)(?=[^\d\s])")),
    (700, re.compile(rf"[(（]\s*{_HAN}\s*[)）]\s*[、.．]?\s*")),
    (
        800,
        re.compile(
            r"\d{1,2}\.(?=(?:19|20)\d\d\s*年)|\d{1,2}(?:\.\d{1,2}){1,2}[.、．]?\s+(?=\D)|(?:0?\d{1,2})\s*(?:[、．]|\.(?!\d))\s*"
        ),
    ),
    (
        850,
        re.compile(rf"\d{{1,2}}\s+(?={_UNCOUNTED}[^，。；;：:]{{2,24}}$)"),
    ),
    (900, re.compile(r"[(（]\s*\d{1,2}\s*[)）]\s*[、.．]?\s*|\d{1,2}\s*[)）]\s*")),
    (950, re.compile(r"[①-⑳❶-❿]\s*")),
)
"""How high a heading is that begins with a number of some family; levels that a format tells are higher."""
_PLAIN: Final = 500
_BY_WORDS: Final = 600
"""Headings down to this rank may announce a section in any words; lower ones must say nothing else."""
_PER_LEVEL: Final = 10
_EMPHASISED: Final = re.compile(r"\*\*[^*]{1,30}\*\*[:：]?|【[^】]{1,20}】")
"""A line that a text sets off, as Markdown does or in brackets; its stars are no words."""
_SLANTED: Final = re.compile(r"(?P<mark>[*_])(?P<said>[^*_]+)(?P=mark)")
_PICTURE: Final = re.compile(
    "^(?:(?:\\d\ufe0f?\u20e3|[\U0001f000-\U0001faff\u2600-\u26ff\u2700-\u2775\u2794-\u27bf\u2b00-\u2bff\ufe0f\u200d])+\\s*)+(?=\\S)"
)
"""A picture before a line: on a heading an ornament, on others a bullet."""
_LETTER: Final = re.compile(r"[^\W\d_]{2}")
_LOWEST_LEVEL: Final = 9
_CASE: Final = re.compile(r"(?:案例|项目)\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[:：.、|｜\-—\s]\s*\S")
"""A heading that names one case: "案例 1：某厂下线检测"; it announces cases and is one."""
_BULLET: Final = re.compile(r"^[\s●•◆■▪○◇□★☆※➢►▶▷◦·✓✔√*\-–—]+(?=\S)")
_LONGEST: Final = 30
_ENDS: Final = re.compile(r"[。；;，,！!？?]$")
_WHOLE: Final = re.compile(r"[。！!？?；;：:]$")
_SPACE: Final = re.compile(r"\s+")
_TITLED: Final = re.compile(
    r"(?:简介|介绍|手册|简历|画像|说明书?|宣传册|名片|资料|登记表|档案|白皮书|profile)$", re.IGNORECASE
)
_WRAPPED_FROM, _WRAPPED_TO = 20, 60
_NEARLY: Final = 0.8


def collapsed(words: str) -> str:
    """A text on one line, runs of white space as one space."""
    return _SPACE.sub(" ", words).strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph: `said` is its text without the number or bullet before it, `rank` how high a heading it may be."""

    text: str
    said: str
    place: Place
    rank: int | None = None
    is_point: bool = False

    @property
    def is_head(self) -> bool:
        """Whether it may stand over what follows it: numbered, or set off by its format, and no whole sentence."""
        return self.rank is not None and len(self.said) <= 2 * _LONGEST and _ENDS.search(self.said) is None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its rows of texts, and where each stands."""

    rows: tuple[tuple[str, ...], ...]
    places: tuple[Place, ...]


@dataclass(slots=True)
class Chapter:
    """A heading with what stands below it up to the next one."""

    kind: Section
    heading: Line | None = None
    rank: int = 0
    items: list[Line | Table] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """The paragraphs."""
        return [item for item in self.items if isinstance(item, Line)]

    @property
    def tables(self) -> list[Table]:
        """The tables."""
        return [item for item in self.items if isinstance(item, Table)]


def chapters(blocks: Sequence[Block]) -> list[Chapter]:
    """The sections of a document in their order; the first is its cover, whatever stands before the first heading."""
    found = [Chapter(Section.COVER)]
    for item in _items(blocks):
        kind = _announced(item, found) if isinstance(item, Line) else None
        if kind is not None and isinstance(item, Line):
            found.append(Chapter(kind, item, item.rank if item.rank is not None else _PLAIN))
            if _CASE.match(item.said):
                found[-1].items.append(item)
        else:
            found[-1].items.append(item)
    return found


def _announced(line: Line, found: Sequence[Chapter]) -> Section | None:
    """The section that a line begins, or None where it only belongs to the one before."""
    words = vocabulary.bare(line.said)
    if _LETTER.search(words) is None or line.is_point or len(words) > _LONGEST or _ENDS.search(line.said):
        return None
    current, kind, is_composed = found[-1], vocabulary.kind(words), vocabulary.is_composed(words)
    if current.kind is Section.CASES and _CASE.match(line.said):
        return None
    if line.rank is None:
        # Plain words between plain words: a heading only where they say nothing but what comes, and something new.
        return kind if is_composed and kind is not current.kind and not _is_part(words, current) else None
    if current.kind is Section.COVER:
        return _after_cover(line, words, kind, current, is_composed=is_composed)
    if line.rank <= current.rank:
        by_words = line.rank <= _BY_WORDS
        return (kind or Section.UNKNOWN) if by_words or (is_composed and kind) else None
    return kind if is_composed and kind is not current.kind and current.kind is not Section.CASES else None


def _after_cover(line: Line, words: str, kind: Section | None, cover: Chapter, *, is_composed: bool) -> Section | None:
    assert line.rank is not None
    if is_composed:
        return kind
    if cover.items and vocabulary.is_about_one(words):
        return kind or Section.ABOUT
    title = next((each.rank for each in cover.lines if each.rank is not None), None)
    if title is None and line.rank <= _PER_LEVEL and line.said == line.text and len(cover.items) <= 1:
        return None  # The first heading of all names the document.
    is_below = bool(cover.items) and (title is None or line.rank > title)
    return kind if is_below and line.rank <= _BY_WORDS and not _TITLED.search(words) else None


def _is_part(words: str, current: Chapter) -> bool:
    return current.kind is Section.CASES and vocabulary.part(words) is not None


def _items(blocks: Sequence[Block]) -> Iterator[Line | Table]:
    number = 0
    for block in _unwrapped(list(_flat(blocks))):
        if isinstance(block, Paragraph):
            line = _line(block)
            if line.said:
                yield line
        elif any(any(cell_text(cell).strip() for cell in row) for row in block.rows):
            number += 1
            yield _table(block, number)


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks with the text of what only looked like a table of separated values as its lines."""
    for block in blocks:
        if isinstance(block, Grid) and block.otherwise:
            yield from block.otherwise
        elif isinstance(block, Grid) and block.lengths is not None:
            for number, row in enumerate(block.rows, 1):
                words = " ".join(cell_text(cell) for cell in row).strip()
                if words:
                    yield Paragraph(words, number)
        else:
            yield block


def _unwrapped(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with lines joined that were only broken because their text was set to a width."""
    lines = [block for block in blocks if isinstance(block, Paragraph) and block.page is None]
    width = max((len(line.text) for line in lines), default=0)
    is_set = _WRAPPED_FROM <= width <= _WRAPPED_TO and _is_numbered_by_lines(lines)
    held: Paragraph | None = None
    for block in blocks:
        if is_set and held is not None and isinstance(block, Paragraph) and _goes_on(held, block, width):
            held = Paragraph(f"{held.text}\n{block.text}", held.number, held.page, held.level)
            continue
        if held is not None:
            yield held
        held = block if isinstance(block, Paragraph) else None
        if held is None:
            yield block
    if held is not None:
        yield held


def _is_numbered_by_lines(lines: Sequence[Paragraph]) -> bool:
    """Whether blank lines part paragraphs, so that a number of a line is missing here and there."""
    return bool(lines) and all(line.level is None for line in lines) and lines[-1].number > len(lines)


def _goes_on(above: Paragraph, below: Paragraph, width: int) -> bool:
    last = above.text.rpartition("\n")[2]
    reached = above.number + above.text.count("\n") + 1
    is_full = len(last) >= _NEARLY * width and _WHOLE.search(last) is None
    return is_full and below.number == reached and _line(below).rank is None and not _BULLET.match(below.text)


def _line(paragraph: Paragraph) -> Line:
    words = collapsed(paragraph.text)
    emphasised = _EMPHASISED.fullmatch(words)
    words = words.replace("**", "")
    slanted = _SLANTED.fullmatch(words)
    words = slanted["said"] if slanted else words
    place = Place(paragraph.number, paragraph.page, RUNNING_TEXT)
    picture = _PICTURE.match(words)
    if picture:
        said = words[picture.end() :]
        is_head = bool(paragraph.level or emphasised) or vocabulary.is_composed(vocabulary.bare(said))
        rank = (paragraph.level or _LOWEST_LEVEL) * _PER_LEVEL if is_head else None
        return Line(words, said, place, rank, is_point=not is_head)
    bullet = _BULLET.match(words)
    if bullet:
        return Line(words, words[bullet.end() :], place, None, is_point=True)
    rank, said = None, words
    for family, pattern in _MARKERS:
        found = pattern.match(words)
        if found and found.end() < len(words):
            rank, said = family, words[found.end() :]
            break
    level = paragraph.level or (_LOWEST_LEVEL if emphasised else None)
    if level is not None:
        if rank is None and (number := _NUMBERED_HEAD.match(words)):
            said = words[number.end() :]
        rank = level * _PER_LEVEL
    return Line(words, said, place, rank)


def _table(grid: Grid, number: int) -> Table:
    """A table without hidden and blank rows; cells that are merged downwards say the same in each of their rows."""
    rows = [[collapsed(cell_text(cell)) for cell in row] for row in grid.rows]
    for span in grid.spans:
        for row in rows[span.top + 1 : span.bottom + 1]:
            row[span.left] = row[span.left] or rows[span.top][span.left]
    kept = [index for index, row in enumerate(rows) if any(row) and index not in grid.hidden_rows]
    places = tuple(Place(grid.place(index).row, grid.place(index).page, number) for index in kept)
    return Table(tuple(tuple(rows[index]) for index in kept), places)
