"""Text in Markdown: its tables, and its headings, paragraphs and list items as lines."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest import refusals
from ingest.grid import Block, Cell, Grid, Paragraph, Place
from ingest.limits import Limits

if TYPE_CHECKING:
    from markdown_it.token import Token

_RULE = re.compile(r"^\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)+\|?\s*$", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+\S", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def is_markdown(source: str) -> bool:
    """Whether a text has tables or headings as Markdown writes them."""
    return _RULE.search(source) is not None or len(_HEADING.findall(source)) > 1


def blocks(source: str, *, name: str, limits: Limits) -> list[Block]:
    """Tables and lines in their order; a line's number is that of the text's own line."""
    from markdown_it import MarkdownIt

    found = list(_Walk(MarkdownIt("commonmark").enable("table").parse(source)).blocks())
    if len(found) > limits.paragraphs:
        raise refusals.too_large(name, f"超过 {limits.paragraphs} 段")
    return found


class _Walk:
    def __init__(self, tokens: "list[Token]") -> None:
        self._tokens = tokens
        self._numbers: list[int | None] = []
        self._marker = ""
        self._level: int | None = None

    def blocks(self) -> Iterator[Block]:
        position = 0
        while position < len(self._tokens):
            token = self._tokens[position]
            if token.type == "table_open":
                position = self._end(position)
                yield _table(self._tokens[self._tokens.index(token) : position])
            elif token.type in {"ordered_list_open", "bullet_list_open"}:
                self._numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
            elif token.type in {"ordered_list_close", "bullet_list_close"}:
                self._numbers.pop()
            elif token.type == "list_item_open":
                self._begin_item()
            elif token.type == "heading_open":
                self._level = int(token.tag[1])
            elif token.type == "heading_close":
                self._level = None
            elif token.type in {"inline", "fence", "code_block", "html_block"}:
                yield from self._lines(token)
            position += 1

    def _end(self, position: int) -> int:
        while self._tokens[position].type != "table_close":
            position += 1
        return position

    def _begin_item(self) -> None:
        number = self._numbers[-1]
        self._marker = "" if number is None else f"{number}. "
        if number is not None:
            self._numbers[-1] = number + 1

    def _lines(self, token: "Token") -> Iterator[Paragraph]:
        first = (token.map or [0])[0] + 1
        marker, self._marker = self._marker, ""
        said = _said(token) if token.type == "inline" else token.content
        for number, line in enumerate(said.split("\n")):
            if line.strip():
                yield Paragraph(f"{marker if number == 0 else ''}{line.strip()}", first + number, level=self._level)


def _said(token: "Token") -> str:
    """The words of a line without marks; links and emphasis leave their words."""
    parts = []
    for child in token.children or ():
        if child.type in {"softbreak", "hardbreak"} or (
            child.type == "html_inline" and _BREAK.fullmatch(child.content)
        ):
            parts.append("\n")
        elif child.type != "html_inline":
            parts.append(child.content)
    return "".join(parts)


def _table(tokens: "list[Token]") -> Grid:
    rows: list[list[Cell]] = []
    places: list[Place] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
            places.append(Place(len(places) + 1))
        elif token.type == "inline":
            rows[-1].append(_said(token).strip())
    width = max(map(len, rows), default=0)
    return Grid(name=None, rows=[[*row, *[""] * (width - len(row))] for row in rows], places=tuple(places))
