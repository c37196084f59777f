"""What the XML of a workbook says beyond values: formulas, hidden rows, number formats, how far a sheet reaches.

The parts were checked to be within limits and free of entities; sheets are scanned with expressions, because a full
parse of a large one takes several times as long as reading its values.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ingest.archives import Package
from ingest.grid import Cell, letters, number_text
from ingest.limits import Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d+)[\"']")
_PLAIN_ROW = re.compile(rb'<row r="(\d+)"')
_FAR_COLUMN = re.compile(rb'r="([A-Z]{2,3})\d')
_FAR_COLUMN_QUOTED = re.compile(rb"r='([A-Z]{2,3})\d")
_VALUED = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})(\d+)[\"'][^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b[^>]*(?<!/)>"
)
_BARE_CELL = re.compile(rb"<(?:\w+:)?c(?=[ >/])(?![^>]*\br=)")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])[^>]*?\br=[\"'](\d+)[\"']")
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{1,3})(\d+)[\"'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>([^<]*)<)"
)
_STYLED = rb"<(?:\w+:)?c\b(?=[^>]*\bs=[\"'](?:%s)[\"'])[^>]*?\br=[\"']([A-Z]{1,3})(\d+)[\"']"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MONTH_FORMATS = {17, 27, 36, 50, 52, 55, 57}
_QUOTED = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]')
_MONEY_UNIT = re.compile(r"^(百万元?|千万元?|万元?|亿元?|元)")
_MOST_FORMULAS = 20_000
_MOST_STRAYS = 20


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and its 0-based place; `text` is empty where it is shared with another cell."""

    row: int
    column: int
    text: str

    @property
    def letters(self) -> str:
        """The column as a spreadsheet shows it."""
        return letters(self.column)


@dataclass(frozen=True, slots=True)
class DisplayFormats:
    """Style numbers whose display changes the meaning: dates shown as a month, numbers shown with a unit."""

    months: frozenset[int] = frozenset()
    units: dict[int, str] = field(default_factory=dict)


def sheet_parts(package: Package) -> dict[str, str]:
    """Sheet name → name of its part."""
    relations = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _elements(package, "xl/_rels/workbook.xml.rels")
    }
    found = {}
    for element in _elements(package, "xl/workbook.xml"):
        if element.tag.endswith("}sheet"):
            target = relations.get(element.get(_RELATION, ""), "")
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def display_formats(package: Package) -> DisplayFormats:
    """The styles whose number format shows a date without its day, or a number with a unit of money."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    inside = False
    for element in _elements(package, "xl/styles.xml"):
        tag = element.tag.rpartition("}")[2]
        if tag == "numFmt":
            codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        inside = tag == "cellXfs" or (inside and tag not in {"cellStyles", "dxfs", "cellStyleXfs"})
        if inside and tag == "xf":
            styles.append(int(element.get("numFmtId", "0")))
    months = frozenset(style for style, number in enumerate(styles) if _shows_month(number, codes.get(number)))
    units = {style: unit for style, number in enumerate(styles) if (unit := _shown_unit(codes.get(number, "")))}
    return DisplayFormats(months, units)


def has_bare_cells(xml: bytes) -> bool:
    """Whether some cell does not say its place, as a few programs write them."""
    usual = b"<worksheet" in xml[:4096] and b"<c>" not in xml and xml.count(b"<c ") == xml.count(b'<c r="')
    return not usual and _BARE_CELL.search(xml) is not None


def farthest(xml: bytes) -> tuple[int, int]:
    """At most how many rows and columns a sheet reaches, styled empty cells included; at least 26 columns."""
    plain = _PLAIN_ROW.findall(xml)
    count = xml.count(b"<row")
    rows = max(map(int, plain if len(plain) == count else _ROW.findall(xml)), default=0) or count
    far = {*_FAR_COLUMN.findall(xml), *(_FAR_COLUMN_QUOTED.findall(xml) if b"r='" in xml else ())}
    columns = max(map(_number, far), default=26)
    if has_bare_cells(xml):
        columns = max(columns, *(len(_BARE_CELL.findall(row)) for row in xml.split(b"<row")))
    return rows, columns


def farthest_valued(xml: bytes) -> tuple[int, int]:
    """How many rows and columns the cells with a value reach; slower, and exact only where cells say their place."""
    cells = _VALUED.findall(xml)
    rows = max((int(row) for _, row in cells), default=0)
    return rows, max(map(_number, {column for column, _ in cells}), default=0)


def stray_cells(xml: bytes, limits: Limits) -> list[str]:
    """The few cells ("XFD1048576") that lie beyond any row or column that is read, far from all others; else none."""
    rows, columns = farthest(xml)
    if (rows <= limits.rows and columns <= limits.columns) or has_bare_cells(xml):
        return []
    found = [
        f"{column.decode()}{int(row)}"
        for column, row in _VALUED.findall(xml)
        if int(row) > limits.rows or _number(column) > limits.columns
    ]
    return found if len(found) <= _MOST_STRAYS else []


def without(xml: bytes, cells: Iterable[str]) -> bytes:
    """A sheet without some of its cells."""
    for cell in cells:
        place = re.escape(cell.encode())
        xml = re.sub(
            rb"<(?:\w+:)?c\b[^>]*?\br=[\"']" + place + rb"[\"'][^>]*(?<!/)>.*?</(?:\w+:)?c>", b"", xml, flags=re.DOTALL
        )
    return xml


def hidden_rows(xml: bytes) -> frozenset[int]:
    """The 0-based rows that a filter or a person has hidden."""
    return frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(xml)) if b"hidden=" in xml else frozenset()


def formulas(xml: bytes) -> Iterator[Formula]:
    """Every formula of a sheet, up to a bound that only generated files exceed."""
    # Every formula with a text ends in "</f>", with or without a prefix.
    if b"f>" not in xml:
        return
    for count, found in enumerate(_FORMULA.finditer(xml)):
        if count >= _MOST_FORMULAS:
            return
        yield Formula(int(found[2]) - 1, _number(found[1]) - 1, _unescaped(found[3] or b""))


def apply_formats(rows: list[list[Cell]], xml: bytes, formats: DisplayFormats) -> None:
    """Turn cells into what their format shows: 2026-06-01 as "2026年6月", 50 as "50万元"."""
    for row, column, _ in _styled(xml, dict.fromkeys(formats.months, "")):
        cell = rows[row][column] if row < len(rows) and column < len(rows[0]) else None
        if isinstance(cell, date):
            rows[row][column] = f"{cell.year}年{cell.month}月"
    for row, column, unit in _styled(xml, formats.units):
        cell = rows[row][column] if row < len(rows) and column < len(rows[0]) else None
        if isinstance(cell, float):
            rows[row][column] = number_text(cell) + unit


def _styled(xml: bytes, styles: dict[int, str]) -> Iterator[tuple[int, int, str]]:
    for style, unit in styles.items():
        if b's="%d"' % style in xml or b"s='%d'" % style in xml:
            for column, row in re.findall(_STYLED % (b"%d" % style), xml):
                yield int(row) - 1, _number(column) - 1, unit


def _shows_month(number: int, code: str | None) -> bool:
    if code is None:
        return number in _MONTH_FORMATS
    bare = _QUOTED.sub("", code).lower().partition(";")[0]
    return "y" in bare and "m" in bare and "d" not in bare and "h" not in bare


def _shown_unit(code: str) -> str:
    """The unit that a format adds behind the number, where the format does not scale the number as well."""
    code = code.partition(";")[0]
    bare = _QUOTED.sub("", code)
    literal = "".join(quoted or single for quoted, single in _QUOTED.findall(code))
    unit = _MONEY_UNIT.match(literal.strip())
    scaled = re.search(r",(?![0#?])", bare) or "%" in bare or "!" in bare
    return unit[1] if unit and "0" in bare and not scaled else ""


def _elements(package: Package, part: str) -> "list[Element]":
    from xml.etree.ElementTree import ParseError

    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # it ships no stubs

    try:
        return list(fromstring(package.take(part)).iter())
    except (ParseError, ValueError):
        return []


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _unescaped(formula: bytes) -> str:
    from html import unescape

    return unescape(formula.decode("utf-8", "replace"))
