"""How high a heading a paragraph of a Word document is: by its style, by itself, or because all of it is bold."""

import re
from typing import TYPE_CHECKING

from ingest.documents.elements import tag_of, value_of, whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_NAMED = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE = re.compile(r"title|标题", re.IGNORECASE)
_DEEPEST = 9
BOLD = _DEEPEST
"""The level of a short paragraph that is bold from end to end: below every heading that has a style."""
_LONGEST_BOLD = 30
_MOST_ANCESTORS = 20


def of_styles(root: "Element | None") -> dict[str, int]:
    """Style → the level of its paragraphs; what a style does not say it takes from the one that it is based on."""
    styles = {value_of(style, "styleId"): style for style in root or () if tag_of(style) == "style"}
    found = {}
    for name in styles:
        level = next((each for style in _lineage(styles, name) if (each := _level(style)) is not None), None)
        if level is not None:
            found[name] = level
    return found


def of_paragraph(element: "Element", styles: dict[str, int]) -> int | None:
    """The level of a paragraph, or None for running text."""
    properties = next((child for child in element if tag_of(child) == "pPr"), None)
    outline = _outline(properties)
    if outline is not None:
        return outline
    style = next((value_of(child, "val") for child in properties or () if tag_of(child) == "pStyle"), "")
    return styles.get(style, BOLD if _is_bold(element) else None)


def _lineage(styles: "dict[str, Element]", name: str) -> "Iterator[Element]":
    """A style and those that it is based on; a circle is gone through once."""
    seen: set[str] = set()
    while name in styles and name not in seen and len(seen) < _MOST_ANCESTORS:
        seen.add(name)
        yield styles[name]
        name = next((value_of(child, "val") for child in styles[name] if tag_of(child) == "basedOn"), "")


def _level(style: "Element") -> int | None:
    outline = _outline(next((child for child in style if tag_of(child) == "pPr"), None))
    if outline is not None:
        return outline
    name = next((value_of(child, "val") for child in style if tag_of(child) == "name"), "")
    named = _NAMED.fullmatch(name)
    return int(named[1]) if named else (1 if _TITLE.fullmatch(name) else None)


def _outline(properties: "Element | None") -> int | None:
    said = next((value_of(child, "val") for child in properties or () if tag_of(child) == "outlineLvl"), None)
    level = whole(said, _DEEPEST) + 1
    return level if level <= _DEEPEST else None


def _is_bold(paragraph: "Element") -> bool:
    said, bold = "", ""
    for run in paragraph.iter():
        if tag_of(run) != "r":
            continue
        words = "".join(each.text or "" for each in run.iter() if tag_of(each) == "t")
        said += words
        if any(_is_on(child) for child in run if tag_of(child) == "rPr"):
            bold += words
    return 0 < len(said.strip()) <= _LONGEST_BOLD and said.strip() == bold.strip()


def _is_on(properties: "Element") -> bool:
    return any(tag_of(child) == "b" and value_of(child, "val") not in {"0", "false"} for child in properties)
