"""Documents in Office Open XML: their paragraphs and tables in order, as somebody sees them who opens the file.

The XML is walked here, and not by a library: what python-docx gives leaves out content controls and numbers that Word
counts by itself, keeps text that was moved away, and finds merged cells in a time that grows with their square.
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ingest import refusals
from ingest.archives import Package
from ingest.documents import headings, numbering
from ingest.documents.elements import tag_of, value_of, whole
from ingest.documents.numbering import Numbering
from ingest.documents.spanning import Spread
from ingest.formats import Probe, Reader
from ingest.grid import Block, Grid, Paragraph
from ingest.limits import Limits

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DOCUMENT = "word/document.xml"
_WRAPPERS = frozenset(
    {
        "sdt",
        "sdtContent",
        "smartTag",
        "customXml",
        "ins",
        "moveTo",
        "AlternateContent",
        "Choice",
        "hyperlink",
        "fldSimple",
    }
)
_GONE = frozenset(
    {"del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "tblPr", "trPr", "tcPr", "txbxContent"}
)
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_DEEPEST = 200
_SPACE = re.compile(r"[ \t\u00a0\u3000]+")


def recognises(probe: Probe) -> bool:
    """Whether the package holds a document, with or without macros."""
    return probe.is_zip and _DOCUMENT in probe.parts


def read(data: bytes, *, name: str, limits: Limits) -> list[Block]:
    """The paragraphs and tables of a document; macros, links and pictures are never looked at."""
    package = Package(data, name=name, limits=limits)
    package.check_counted()
    root = _parsed(package, _DOCUMENT, name)
    if root is None:
        raise refusals.damaged(name)
    counted = numbering.read(_parsed(package, "word/numbering.xml", name))
    body = next((child for child in root if tag_of(child) == "body"), root)
    styles = _parsed(package, "word/styles.xml", name)
    return list(_Document(name, limits, counted, styles).blocks(body))


def _parsed(package: Package, part: str, name: str) -> "Element | None":
    from xml.etree.ElementTree import ParseError

    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # it ships no stubs

    content = package.take(part)
    if not content:
        return None
    try:
        root: Element = fromstring(content)
    except ParseError as error:
        raise refusals.damaged(name) from error
    return root


def _counted_styles(root: "Element | None") -> dict[str, tuple[str, int]]:
    """Style → the list and level that its paragraphs are counted in."""
    found = {}
    for style in () if root is None else root:
        own = _numbered(next((child for child in style if tag_of(child) == "pPr"), None))
        if own is not None:
            found[value_of(style, "styleId")] = own
    return found


class _Document:
    def __init__(self, name: str, limits: Limits, counted: Numbering, styles: "Element | None") -> None:
        self._name, self._limits, self._numbering = name, limits, counted
        self._styles, self._levels = _counted_styles(styles), headings.of_styles(styles)
        self._count = 0

    def blocks(self, root: "Element", depth: int = 0) -> Iterator[Block]:
        """The paragraphs and tables below an element, in order."""
        if depth > _DEEPEST:
            raise refusals.too_large(self._name, f"文档的嵌套超过 {_DEEPEST} 层")
        for child in _unwrapped(root):
            if tag_of(child) == "p":
                yield from self._paragraph(child)
                for box in _boxes(child):
                    yield from self.blocks(box, depth + 1)
            elif tag_of(child) == "tbl":
                yield from self._table(child, depth)

    def _paragraph(self, element: "Element") -> Iterator[Paragraph]:
        words, level = self._words(element), headings.of_paragraph(element, self._levels)
        for number, line in enumerate(words.split("\n")):
            if line.strip():
                self._count += number == 0
                if self._count > self._limits.paragraphs:
                    raise refusals.too_large(self._name, f"超过 {self._limits.paragraphs} 段")
                yield Paragraph(_SPACE.sub(" ", line).strip(), self._count, level=level)

    def _words(self, element: "Element") -> str:
        """The words of a paragraph with the number that Word counts for it."""
        properties = next((child for child in element if tag_of(child) == "pPr"), None)
        own = _numbered(properties) or self._styles.get(_style(properties))
        said = "".join(_said(element))
        return f"{self._numbering.next(*own)}{said}" if own is not None and own[0] != "0" else said

    def _table(self, element: "Element", depth: int) -> Iterator[Block]:
        """A table as a grid; one of a single row or column that only frames others is taken apart into what it holds."""
        rows = [row for row in _unwrapped(element) if tag_of(row) == "tr" and not _is_deleted(row)]
        cells = [[cell for cell in _unwrapped(row) if tag_of(cell) == "tc"] for row in rows]
        is_frame = len(rows) == 1 or all(len(row) <= 1 for row in cells)
        if is_frame and any(tag_of(child) == "tbl" for row in cells for cell in row for child in _unwrapped(cell)):
            for cell in (cell for row in cells for cell in row):
                yield from self.blocks(cell, depth + 1)
            return
        yield self._grid(rows)

    def _grid(self, rows: "Iterable[Element]") -> Grid:
        spread = Spread(self._name, self._limits)
        for row in rows:
            properties = next((child for child in row if tag_of(child) == "trPr"), None)
            spread.begin_row(skipped=whole(_setting(properties, "gridBefore"), 0))
            for cell in _unwrapped(row):
                if tag_of(cell) == "tc":
                    self._cell(spread, cell)
        return spread.grid()

    def _cell(self, spread: Spread, cell: "Element") -> None:
        properties = next((child for child in cell if tag_of(child) == "tcPr"), None)
        across = whole(_setting(properties, "gridSpan"), 1)
        merged = next((child for child in properties or () if tag_of(child) == "vMerge"), None)
        goes_on = merged is not None and value_of(merged, "val") != "restart"
        if goes_on and spread.extend_above():
            return
        words = "\n".join(said for each in _paragraphs(cell) if (said := self._words(each)).strip())
        spread.put(_SPACE.sub(" ", words).strip(), across=across, grows=merged is not None)


def _unwrapped(root: "Element") -> "Iterator[Element]":
    """The children of an element, those inside content controls and insertions as if they stood outside."""
    stack = list(root)[::-1]
    while stack:
        child = stack.pop()
        tag = tag_of(child)
        if tag in _WRAPPERS:
            stack.extend(list(child)[::-1])
        elif tag not in _GONE:
            yield child


def _paragraphs(cell: "Element") -> "Iterator[Element]":
    """The paragraphs of a cell, those of a table inside it as well."""
    stack = list(_unwrapped(cell))[::-1]
    while stack:
        child = stack.pop()
        if tag_of(child) == "p":
            yield child
        else:
            stack.extend(list(_unwrapped(child))[::-1])


def _is_deleted(row: "Element") -> bool:
    """Whether a row was struck out while changes were tracked."""
    properties = next((child for child in row if tag_of(child) == "trPr"), None)
    return any(tag_of(child) == "del" for child in properties or ())


def _said(root: "Element") -> Iterator[str]:
    """The text of a paragraph; what was deleted, moved away or hidden is not said."""
    stack = list(root)[::-1]
    while stack:
        child = stack.pop()
        tag = tag_of(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif tag not in _GONE and not (tag == "r" and _is_hidden(child)):
            stack.extend(list(child)[::-1])


def _boxes(paragraph: "Element") -> "Iterator[Element]":
    """The text boxes that hang on a paragraph, each once."""
    stack = list(paragraph)[::-1]
    while stack:
        child = stack.pop()
        tag = tag_of(child)
        if tag == "txbxContent":
            yield child
        elif tag not in {"Fallback", "del", "moveFrom"}:
            stack.extend(list(child)[::-1])


def _is_hidden(run: "Element") -> bool:
    properties = next((child for child in run if tag_of(child) == "rPr"), None)
    return any(tag_of(child) == "vanish" and value_of(child, "val") not in {"0", "false"} for child in properties or ())


def _numbered(properties: "Element | None") -> tuple[str, int] | None:
    """The list and level that a paragraph, or a style, says it is counted in."""
    own = next((child for child in properties or () if tag_of(child) == "numPr"), None)
    if own is None:
        return None
    said = {tag_of(child): value_of(child, "val") for child in own}
    return (said["numId"], whole(said.get("ilvl"), 0)) if "numId" in said else None


def _style(properties: "Element | None") -> str:
    return next((value_of(child, "val") for child in properties or () if tag_of(child) == "pStyle"), "")


def _setting(properties: "Element | None", name: str) -> str | None:
    return next((value_of(child, "val") for child in properties or () if tag_of(child) == name), None)


READER = Reader(format="docx", suffixes=("docx",), recognises=recognises, read=read, is_guarded=True)
