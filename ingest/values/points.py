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
_BREAKS = " \t\n。；;：:，,！!"
_END = " \t\n；;。，,、.！!"
_BULLET = re.compile(r"^[\s•·●○◆◇■□▪★☆※*\-—–>►▶]+(?!\d)")
_INTRODUCTION = re.compile(r"[:：]$")
_SENTENCE = re.compile(r"[；;。]|(?<=[\u4e00-\u9fff）)%])[!！]")


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
    best = max(_sequences(source).values(), key=len, default=[])
    if len(best) < 2:  # noqa: PLR2004 - one number is no numbering
        return None
    pieces = list(_introduction(source[: best[0][0]]))
    ends = [start for start, _ in best[1:]] + [len(source)]
    pieces.extend(source[begin:end] for (_, begin), end in zip(best, ends, strict=True))
    return pieces


def _sequences(source: str) -> dict[str, list[tuple[int, int]]]:
    """For each family of markers, where 1, 2, 3… begin and end."""
    found: dict[str, list[tuple[int, int]]] = {}
    for match in _MARKER.finditer(source):
        family = match.lastgroup or ""
        spans = found.setdefault(family, [])
        if _value(match[family]) == len(spans) + 1 and _may_mark(source, match, family):
            spans.append(match.span())
    return found


def _may_mark(source: str, match: re.Match[str], family: str) -> bool:
    """A number before another digit ("1.3D建模", "0.5、1.2") marks a point only after a break."""
    if family not in {"number", "half"}:
        return True
    start, end = match.span()
    if source[end : end + 1].isdigit():
        return start == 0 or source[start - 1] in _BREAKS
    return start == 0 or source[start - 1] not in "第≥≤<>约"


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
