"""What is asked for, one point at a time, without numbering and end marks."""

import re
from collections.abc import Iterator

from ingest.values.words import is_nothing, line, paragraphs

_HAN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_MARKER = re.compile(
    rf"(?P<circled>[{_CIRCLED}])[.、]?|[（(](?P<bracket>\d{{1,2}}|[{_HAN}]{{1,2}})[)）][.、]?|(?<![\d.A-Za-z])(?P<half>\d{{1,2}})[)）]"
    rf"|(?<![\d.A-Za-z])(?P<number>\d{{1,2}})[.、．]|(?P<so>[{_HAN}]{{1,2}})是(?![一二三四五六七八九十否])[:：,，]?"
    rf"|(?:(?<=^)|(?<=[\s。；;：:，,]))(?P<han>[{_HAN}]{{1,2}})[、.]|第(?P<nth>[{_HAN}]{{1,2}})[,，、：:]"
)
_BEFORE_WEAK = re.compile(r"(?:^|[\s。；;：:，,！!])$")
_END = " \t\n；;。，,、.！!"
_BULLET = re.compile(r"^[\s•·●○◆◇■□▪★☆※*\-—–>►▶]+(?!\d)")
_INTRODUCTION = re.compile(r"[:：]$")
_SENTENCE = re.compile(r"[；;。]|(?<=[\u4e00-\u9fff）)%])[!！]")
_FAMILIES = ("circled", "bracket", "half", "number", "so", "han", "nth")


def split(words: str) -> tuple[str, ...]:
    """The points of a cell: by numbering where there is some, else by lines, semicolons and full stops."""
    source = paragraphs(words).strip()
    if is_nothing(source):
        return ()
    pieces = _by_numbering(source)
    if pieces is None:
        pieces = [piece for row in source.split("\n") for piece in _SENTENCE.split(_strip_single(row))]
    points = (_tidy(piece) for piece in pieces)
    return tuple(dict.fromkeys(point for point in points if point and not is_nothing(point)))


def _by_numbering(source: str) -> list[str] | None:
    """The text between the markers of the numbering that counts farthest from one, or None."""
    best = max((_sequence(source, family) for family in _FAMILIES), key=len)
    if len(best) < 2:  # noqa: PLR2004 - one number is no numbering
        return None
    pieces = list(_introduction(source[: best[0][0]]))
    ends = [start for start, _ in best[1:]] + [len(source)]
    for (_, begin), end in zip(best, ends, strict=True):
        pieces.append(source[begin:end])
    return pieces


def _sequence(source: str, family: str) -> list[tuple[int, int]]:
    """Where the markers 1, 2, 3… of one family begin and end."""
    found: list[tuple[int, int]] = []
    for match in _MARKER.finditer(source):
        if match[family] and _value(match[family]) == len(found) + 1 and _may_mark(source, match, family):
            found.append(match.span())
    return found


def _may_mark(source: str, match: re.Match[str], family: str) -> bool:
    """A number before another digit ("1.3D建模", "0.5、1.2") marks a point only after a break."""
    followed = source[match.end() : match.end() + 1].isdigit()
    if family in {"number", "half"} and followed:
        return _BEFORE_WEAK.search(source[: match.start()]) is not None
    if family in {"number", "half"}:
        return re.search(r"[第≥≤<>约]$", source[: match.start()]) is None
    return True


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
    found = _MARKER.match(row)
    if found and not (found["number"] and row[found.end() : found.end() + 1].isdigit()):
        return row[found.end() :]
    return row


def _tidy(piece: str) -> str:
    return line(_BULLET.sub("", piece.strip())).strip(_END)
