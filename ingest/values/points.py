"""What is asked for, one point at a time, without numbering and end marks."""

import re
from collections.abc import Iterator

from ingest.values.words import is_nothing, line, paragraphs

_SHORT = 10
_HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_FIRSTS = (
    ("①", "circled"), ("（1", "bracket"), ("(1", "bracket"), ("（一", "han_bracket"), ("(一", "han_bracket"),
    ("1.", "number"), ("1、", "number"), ("1．", "number"), ("1)", "half"), ("1）", "half"), ("一是", "so"),
    ("一、", "han"), ("一.", "han"), ("第一", "nth"),
)  # fmt: skip
_FAMILIES: dict[str, re.Pattern[str]] = {
    "circled": re.compile(rf"([{_CIRCLED}])[.、]?"),
    "bracket": re.compile(r"[（(](\d\d?)[)）][.、]?"),
    "han_bracket": re.compile(rf"[（(]([{_HAN}][{_HAN}]?)[)）][.、]?"),
    "number": re.compile(r"(\d\d?)[.、．]"),
    "half": re.compile(r"(\d\d?)[)）]"),
    "so": re.compile(rf"([{_HAN}][{_HAN}]?)是(?![{_HAN}][，,、。；是]|[{_HAN}]$|否)[:：,，]?"),
    "han": re.compile(rf"([{_HAN}][{_HAN}]?)[、.]"),
    "nth": re.compile(rf"第([{_HAN}][{_HAN}]?)[,，、：:]"),
}
"""Families of numbering, each tried only where its first marker occurs."""
_OPENING = f"（({_CIRCLED}"
_BREAKS = " \t\n。；;：:，,！!"
_END = " \t\n；;。，,、.！!"
_BULLET = re.compile(r"^[\s•·●○◆◇■□▪★☆※*\-—–>►▶]+(?!\d)")
_LEADING = re.compile(
    rf"[{_CIRCLED}][.、]?|[（(](?:\d\d?|[{_HAN}]{{1,2}})[)）][.、]?|\d\d?[)）]|\d\d?[.、．](?!\d)|[{_HAN}]{{1,2}}[、.]"
)
_INTRODUCTION = re.compile(r"[:：]$")
_SENTENCE = re.compile(r"[；;。]|(?<=[\u4e00-\u9fff）)%])[!！]")


def split(words: str) -> tuple[str, ...]:
    """The points of a cell: by numbering where there is some, else by lines, semicolons and full stops."""
    source = paragraphs(words).strip()
    if len(source) < _SHORT and is_nothing(source):
        return ()
    pieces = _by_numbering(source)
    if pieces is None:
        pieces = [piece for row in source.split("\n") for piece in _SENTENCE.split(_strip_single(row))]
    plain = source.isprintable() and " " not in source
    points = [_tidy(piece, plain=plain) for piece in pieces]
    return tuple(
        dict.fromkeys([point for point in points if point and not (len(point) < _SHORT and is_nothing(point))])
    )


def _by_numbering(source: str) -> list[str] | None:
    """The text between the markers of the numbering that counts farthest from one, or None."""
    best: list[tuple[int, int]] = []
    for family in dict.fromkeys([family for first, family in _FIRSTS if first in source]):
        best = max(best, _sequence(source, _FAMILIES[family]), key=len)
    if len(best) < 2:  # noqa: PLR2004 - one number is no numbering
        return None
    pieces = list(_introduction(source[: best[0][0]]))
    ends = [start for start, _ in best[1:]] + [len(source)]
    pieces.extend(source[begin:end] for (_, begin), end in zip(best, ends, strict=True))
    return pieces


def _sequence(source: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where the markers 1, 2, 3… of one family begin and end."""
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(source):
        if _value(match[1]) == len(found) + 1 and _may_mark(source, match):
            found.append(match.span())
    return found


def _may_mark(source: str, match: re.Match[str]) -> bool:
    """Whether a marker stands free: a number before another digit ("1.3D建模") marks a point only after a break."""
    start, end = match.span()
    if not start or source[start] in _OPENING:
        return True
    before = source[start - 1]
    if source[start].isdigit():
        if source[end : end + 1].isdigit():
            return before in _BREAKS
        return not (before.isascii() and before.isalnum()) and before not in ".第≥≤<>约(（-"
    return source[end - 1] not in "、." or before in _BREAKS


def _value(marker: str) -> int:
    if marker in _CIRCLED:
        return _CIRCLED.index(marker) + 1
    if marker.isdigit():
        return int(marker)
    ten, has_ten, unit = marker.rpartition("十")
    if not has_ten:
        return _HAN.find(marker) + 1 if len(marker) == 1 else 0
    return (_HAN.find(ten) + 1 if ten else 1) * 10 + (_HAN.find(unit) + 1 if unit else 0)


def _introduction(words: str) -> Iterator[str]:
    words = words.strip()
    if words and not _INTRODUCTION.search(words):
        yield words


def _strip_single(row: str) -> str:
    """A line without its one leading number."""
    row = row.strip()
    found = _LEADING.match(row)
    return row[found.end() :] if found else row


def _tidy(piece: str, *, plain: bool) -> str:
    """A point without bullet and end marks; `plain` says that there is no white space to collapse."""
    piece = piece.strip(_END)
    if piece and not piece[0].isalnum():
        piece = _BULLET.sub("", piece)
    return piece if plain else line(piece)
