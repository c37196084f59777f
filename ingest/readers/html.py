"""Web pages, and those that are saved under the name of a workbook: their tables and what stands between them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest import refusals
from ingest.documents.elements import whole
from ingest.documents.spanning import Spread
from ingest.encodings import decode
from ingest.formats import Probe, Reader
from ingest.grid import Block, Grid, Paragraph
from ingest.limits import Limits

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|div|script|h[1-6]|p|ul|ol|span|center|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_XHTML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>.{0,2000}?<html\b", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_CLOSES_ITSELF = frozenset({
    "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup", "rp",
    "rt", "body", "html", "head", "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
    "source", "track", "wbr",
})  # fmt: skip
_DEEPEST = 400
_CHARSET = re.compile(rb"<meta[^>]*?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SKIPPED = frozenset({
    "script", "style", "template", "noscript", "nav", "aside", "footer", "select", "button", "svg", "iframe",
    "object", "head", "textarea", "-comment",
})  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "blockquote", "center", "details", "div", "dl", "fieldset", "figure", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul", "dt", "dd", "caption", "body", "html",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[\s\u00a0]+")
_LONGEST_TERM = 20


def recognises(probe: Probe) -> bool:
    """Whether the text begins as markup does, whatever its file is called."""
    if probe.is_zip or probe.is_compound:
        return False
    head = probe.head
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    return _MARKUP.match(head) is not None or _XHTML.match(head) is not None


def read(data: bytes, *, name: str, limits: Limits) -> list[Block]:
    """The tables and paragraphs of a page as a browser would show them without running anything."""
    from selectolax.lexbor import LexborHTMLParser

    source = _decoded(data, name)
    if _depth(source) > _DEEPEST:
        raise refusals.too_large(name, f"网页的嵌套超过 {_DEEPEST} 层")
    parser = LexborHTMLParser(source)
    walk = _Walk(name, limits)
    title = parser.css_first("head title")
    if title is not None:
        walk.say(title.text())
        walk.end_line()
    if parser.body is not None:
        walk.through(parser.body)
    return walk.blocks


def _decoded(data: bytes, name: str) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and declared[1].lower() in {b"gb2312", b"gbk", b"gb18030"}:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return decode(data, name=name).text.replace("\x00", "")


def _depth(source: str) -> int:
    """How deep elements stand in one another at most, those that may be left open not counted."""
    depth = deepest = 0
    for closing, tag in _TAGS.findall(source):
        if tag.lower() not in _CLOSES_ITSELF:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


@dataclass(slots=True)
class _Walk:
    """Goes through a page and gathers lines and tables."""

    name: str
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _count: int = 0
    _marker: str = ""
    _numbers: list[int | None] = field(default_factory=list)
    _term: str = ""
    _level: int | None = None

    def through(self, root: "LexborNode") -> None:
        for node, enters in _steps(root, self._take):
            tag = node.tag or ""
            if tag == "-text":
                self.say(node.text_content or "")
            elif tag == "br":
                self.end_line()
            elif enters:
                self._enter(node, tag)
            else:
                self._leave(tag)
        self.end_line()

    def say(self, words: str) -> None:
        self._line.append(words)

    def end_line(self) -> None:
        words = _SPACE.sub(" ", "".join(self._line)).strip()
        self._line.clear()
        if words:
            self._add(self._marker + words)
            self._marker = ""

    def _add(self, words: str) -> None:
        self._count += 1
        if self._count > self.limits.paragraphs:
            raise refusals.too_large(self.name, f"超过 {self.limits.paragraphs} 段")
        self.blocks.append(Paragraph(words, self._count, level=self._level))

    def _take(self, node: "LexborNode") -> bool:
        """Whether to go into an element; a table that holds no other one is read as a whole."""
        tag = node.tag or ""
        if tag in _SKIPPED or _is_hidden(node):
            return False
        if tag == "table" and _is_innermost(node):
            self.end_line()
            grid = _grid(node, self.name, self.limits)
            if grid.rows:
                self.blocks.append(grid)
            return False
        return True

    def _enter(self, node: "LexborNode", tag: str) -> None:
        if tag in _BLOCKS:
            self.end_line()
        if tag in _HEADINGS:
            self._level = int(tag[1])
        if tag == "dd" and self._term:
            # A term and what it stands for are one line, as people say it: a label, a colon, a value.
            self._marker, self._term = f"{self._term}：", ""
        if tag in {"ol", "ul"}:
            self._numbers.append(whole(node.attributes.get("start"), 1) if tag == "ol" else None)
        elif tag == "li" and self._numbers and self._numbers[-1] is not None:
            self._marker += f"{self._numbers[-1]}. "
            self._numbers[-1] += 1

    def _leave(self, tag: str) -> None:
        if tag == "dt":
            term = _SPACE.sub(" ", "".join(self._line)).strip().rstrip(":：")
            if 0 < len(term) <= _LONGEST_TERM:
                self._term = term
                self._line.clear()
        if tag in {"ol", "ul"} and self._numbers:
            self._numbers.pop()
        if tag in _BLOCKS:
            self.end_line()
        if tag in _HEADINGS:
            self._level = None


def _steps(root: "LexborNode", take: Callable[["LexborNode"], bool]) -> Iterator[tuple["LexborNode", bool]]:
    """Every node below a root with True on the way in and, for elements, False on the way out; no recursion."""
    stack: list[tuple[LexborNode, bool]] = [(child, True) for child in _children(root)]
    while stack:
        node, enters = stack.pop()
        if not enters:
            yield node, False
            continue
        if node.tag == "-text":
            yield node, True
            continue
        if not take(node):
            continue
        yield node, True
        stack.append((node, False))
        stack.extend((child, True) for child in _children(node))


def _children(node: "LexborNode") -> "list[LexborNode]":
    return list(node.iter(include_text=True))[::-1]


def _is_hidden(node: "LexborNode") -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))


def _is_innermost(table: "LexborNode") -> bool:
    return all(found.mem_id == table.mem_id for found in table.css("table"))


def _grid(table: "LexborNode", name: str, limits: Limits) -> Grid:
    spread = Spread(name, limits)
    for row in table.css("tr"):
        if _is_hidden(row):
            continue
        spread.begin_row()
        for cell in row.iter():
            if cell.tag in {"td", "th"}:
                across = whole(cell.attributes.get("colspan"), 1)
                down = whole(cell.attributes.get("rowspan"), 1)
                spread.put("" if _is_hidden(cell) else _words(cell), across=max(across, 1), down=down)
    return spread.grid()


def _words(cell: "LexborNode") -> str:
    """What a cell says, its blocks and breaks as lines."""
    inside = _Walk("", Limits())
    inside.through(cell)
    return "\n".join(block.text for block in inside.blocks if isinstance(block, Paragraph))


READER = Reader(format="html", suffixes=("html", "htm"), recognises=recognises, read=read, rank=1, is_guarded=True)
