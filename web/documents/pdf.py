"""A document as PDF, set by typst after GB/T 9704-2012.

The layout is a fixed file; what the document says reaches it as data (JSON in an input), never as mark-up, so that
no sign of a title can become code. Nothing is fetched: the layout imports no package. The same document gives the
same bytes: the day in its metadata is the document's own.
"""

import json
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from web.documents import fonts, measures
from web.documents.model import Block, Document, Facts, Grid, Heading, Labelled, Listing, Note, Paragraph, Signature

MEDIA_TYPE: Final = "application/pdf"
UNDATED: Final = date(2000, 1, 1)
LONGEST_KEPT_TOGETHER: Final = 400
"""Up to how many signs a row of a table is not torn apart between two pages."""


def as_pdf(document: Document, *, find: fonts.Finder = fonts.found) -> bytes:
    """Write a document as PDF; raises Conflict "no_font" where the system has no Chinese font."""
    import typst

    font = fonts.require(find())
    day = document.dated or UNDATED
    return typst.compile(
        layout(),
        format="pdf",
        font_paths=fonts.installed(),
        sys_inputs={"document": json.dumps(_data(document, font))},
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )


@cache
def layout() -> bytes:
    """Read the layout that every document shares."""
    return (files("web") / "documents" / "layout.typ").read_bytes()


def _data(document: Document, font: fonts.Font) -> dict[str, Any]:
    day = document.dated or UNDATED
    return {
        "kind": document.kind,
        "title": document.title,
        "subtitle": document.subtitle,
        "issuer": document.issuer,
        "head_line": document.head_line,
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "body": [_block(one) for one in document.body],
        "annexes": [
            {"mark": mark, "title": annex.title, "body": [_block(one) for one in annex.body]}
            for mark, annex in document.annexed
        ],
        "font": {
            name: [{"name": font.latin, "covers": "latin-in-cjk"}, family] if font.latin else [family]
            for name, family in (
                ("body", font.body),
                ("title", font.title),
                ("heading", font.heading),
                ("subheading", font.subheading),
            )
        },
    }


def _block(one: Labelled) -> dict[str, Any]:
    return {"shape": one.block.shape, **_values(one.block, one.label)}


def _values(block: Block, label: str) -> dict[str, Any]:
    match block:
        case Heading():
            return {"text": label + block.text, "level": block.level}
        case Paragraph() | Note():
            return {"lines": block.lines}
        case Listing():
            return {"items": block.said, "numbered": block.numbered}
        case Signature():
            return {"lines": [line for line in block.lines if line], "blanks": block.blanks}
        case Facts():
            return {**_measured(measures.facts(block)), "rows": [_row(row) for row in block.rows]}
        case Grid():
            return {
                **_measured(measures.grid(block)),
                "headers": block.headers,
                "alignments": block.alignments,
                "caption": block.caption,
                "rows": [_row(row) for row in block.shown],
            }


def _row(cells: tuple[str, ...]) -> dict[str, Any]:
    return {"cells": cells, "together": sum(map(len, cells)) <= LONGEST_KEPT_TOGETHER}


def _measured(of: measures.Measured) -> dict[str, Any]:
    return {"shares": of.shares, "size": of.size_pt}
