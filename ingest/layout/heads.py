"""What stands above a table: its title, the unit of its sums, the office that filled it in."""

import re
from dataclasses import dataclass
from decimal import Decimal

from ingest.grid import Cell, Grid, text
from ingest.layout.bodies import Heading, below, heading, is_numbered_heading
from ingest.values import money
from ingest.values.words import is_nothing, line

_UNIT = re.compile(
    r"(?:金额|货币|计量|资金)?单\s*位\s*[:：]?\s*[(（]?\s*((?:人民币)?\s*(?:万亿|千万|百万|十万|亿|万|千)?元)|[(（](?:单位[:：])?\s*((?:万|亿|千)元)\s*[)）]"
    r"|(?:金额|资金|预算)[^:：]{0,8}(?:均?以|均?为|单位为)[“\"]?((?:万|亿|千)?元)"
)
_LIST = re.compile(r"清单|榜单|一览表|汇总表")
_TITLE_LINES = 3
_VALUE = (
    r"(?:名称)?(?:[(（][^)）]{0,8}[)）])?\s*[:：]\s*"
    r"(.+?)(?=\s*(?:[(（]?(?:盖章|公章|章)[)）]?|(?:填报|发布|报送|制表|金额|联系|填表|填写|上报)?(?:单\s*位|日\s*期|时\s*间|人|电话|方式|部门|负责人)\s*[:：])|\s{2,}|[;；,，。|]|$)"
)
_ISSUER = re.compile(
    r"(?:填报|发布|申报|报送|填写|上报|发榜|主办|编制|汇总|需求|业主|填表|制表|牵头)(?:单\s*位|部门|企业|机构)" + _VALUE
)
_PUBLISHER = re.compile(r"(?:填报|发布|印发|牵头|主办|编制|汇总|征集|报送|发榜)(?:单\s*位|机构|企业)" + _VALUE)
_DATED = re.compile(r"[\s(（]*(?:19|20)\d{2}\s*[年.\-/].*$")


@dataclass(frozen=True, slots=True)
class Head:
    """The lines above a table.

    `unit` is in yuan; `issuer_place` is the cell that `issuer` stands in; `publisher` is who fills in or publishes
    the whole list; `headings` are sub-headings that stand above the header already.
    """

    lines: tuple[str, ...] = ()
    unit: Decimal | None = None
    issuer: str | None = None
    issuer_place: str | None = None
    headings: tuple[Heading, ...] = ()
    publisher: str | None = None

    @property
    def titles(self) -> tuple[str, ...]:
        """The lines that can say what list this is: all but labels with their values."""
        return tuple(words for words in self.lines if _LIST.search(words) or not re.search(r"[:：]", words))[
            :_TITLE_LINES
        ]

    @property
    def title(self) -> str | None:
        """The line that names the list: the first that ends like a list's name, else the first that says anything."""
        named = [words for words in self.titles if _LIST.search(words)]
        return next(iter(named or self.titles), None)


def read(grid: Grid, first: int, last: int) -> Head:
    """Understand the rows above a header: from `first` to `last` (0-based, `last` excluded)."""
    lines: list[str] = []
    unit: Decimal | None = None
    issuer: str | None = None
    place: str | None = None
    publisher: str | None = None
    headings: list[Heading] = []
    for index in range(first, last):
        cells = _joined(grid.rows[index])
        if len(cells) == 1 and is_numbered_heading(cells[0][1]):
            found_heading = heading(cells[0][1], grid.cell(cells[0][0], index), spread=True)
            headings = below(headings, found_heading) if found_heading else headings
        for column, words in cells:
            lines.append(line(words))
            unit = _unit(words) or unit
            found = _ISSUER.search(words)
            if issuer is None and found and (name := line(found[1])) and not _is_unit(name) and not is_nothing(name):
                issuer, place = name, grid.cell(column, index)
            publisher = publisher or _publisher(words)
    return Head(tuple(lines), unit, issuer, place, tuple(headings), publisher)


def _publisher(words: str) -> str | None:
    found = _PUBLISHER.search(words)
    name = line(_DATED.sub("", found[1])) if found else ""
    return None if not name or _is_unit(name) or is_nothing(name) else name


def _joined(row: list[Cell]) -> list[tuple[int, str]]:
    """The cells of a row, a label ("填报单位：") joined with the value in the cell after it."""
    found: list[tuple[int, str]] = []
    for column, cell in enumerate(row):
        words = text(cell).strip()
        if not words or (found and found[-1][1] == words):
            continue
        if found and re.search(r"[:：]$", found[-1][1]):
            found[-1] = (column, found[-1][1] + words)
        else:
            found.append((column, words))
    return found


def _unit(words: str) -> Decimal | None:
    found = _UNIT.search(words)
    return money.header_unit(found[1] or found[2] or found[3]) if found else None


def _is_unit(words: str) -> bool:
    return re.fullmatch(r"(?:人民币)?(?:万|亿|千|百万)?元", words) is not None
