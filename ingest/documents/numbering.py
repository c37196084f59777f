"""The numbers that a Word document counts by itself: they stand in no text, and a reader sees them all the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.documents.elements import tag_of, value_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_HAN = "零一二三四五六七八九"
_RING = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PLACE = re.compile(r"%(\d)")
_HAN_FORMATS = frozenset(
    {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting", "taiwaneseCounting"}
)
_TEN, _HUNDRED = 10, 100


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """Counts the paragraphs of each list of a document, level by level."""

    levels: Mapping[str, Mapping[int, _Level]]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, number_id: str, level: int) -> str:
        """What stands before the next paragraph of a list: "（一）", "3."; "" for bullets and unknown lists."""
        known = self.levels.get(number_id, {})
        if level not in known:
            return ""
        counts = self._counts.setdefault(number_id, {})
        counts[level] = counts.get(level, known[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        own = known[level]
        if own.format in {"bullet", "none"}:
            return ""

        def shown(found: re.Match[str]) -> str:
            each = int(found[1]) - 1
            if each not in known:
                return ""
            return _written(counts.get(each, known[each].start), known[each].format)

        return _PLACE.sub(shown, own.text)


def read(root: "Element | None") -> Numbering:
    """The lists that numbering.xml defines."""
    if root is None:
        return Numbering({})
    abstract: dict[str, dict[int, _Level]] = {}
    numbers: dict[str, dict[int, _Level]] = {}
    for element in root:
        if tag_of(element) == "abstractNum":
            abstract[value_of(element, "abstractNumId")] = {
                int(value_of(level, "ilvl") or 0): _level(level) for level in element if tag_of(level) == "lvl"
            }
    for element in root:
        if tag_of(element) == "num":
            of = next((value_of(child, "val") for child in element if tag_of(child) == "abstractNumId"), "")
            numbers[value_of(element, "numId")] = abstract.get(of, {})
    return Numbering(numbers)


def _level(element: "Element") -> _Level:
    said = {tag_of(child): value_of(child, "val") for child in element}
    start = said.get("start", "1")
    return _Level(said.get("numFmt", "decimal"), said.get("lvlText", ""), int(start) if start.isdigit() else 1)


def _written(number: int, form: str) -> str:
    if form in _HAN_FORMATS and 0 < number < _HUNDRED:
        return _han(number)
    if form == "decimalEnclosedCircle" and 0 < number <= len(_RING):
        return _RING[number - 1]
    if form in {"lowerLetter", "upperLetter"} and 0 < number <= 26:  # noqa: PLR2004 - letters of the alphabet
        letter = chr(96 + number)
        return letter.upper() if form == "upperLetter" else letter
    return str(number)


def _han(number: int) -> str:
    tens, unit = divmod(number, _TEN)
    ten = "" if not tens else ("十" if tens == 1 else f"{_HAN[tens]}十")
    return f"{ten}{_HAN[unit] if unit else ''}"
