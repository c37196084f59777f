"""Paragraphs fall into points and sentences, and lists into their items; every piece is one of the text itself."""

import re
from collections.abc import Iterator
from typing import Final

from ingest.brochures.private import is_private

_SENTENCE: Final = re.compile(r"[^。！!？?；;]+[。！!？?；;]?")
_CLAUSE: Final = re.compile(r"[^，,。；;！!？?]+[，,。；;！!？?]?")
_INLINE: Final = (
    re.compile(r"[①-⑳]\s*"),
    re.compile(r"(?:(?<=^)|(?<=[\s：:；;。，,]))[(（]\d{1,2}[)）]\s*"),
    re.compile(r"(?:(?<=^)|(?<=[\s：:；;。，,]))\d{1,2}(?:[、．)）]|\.(?!\d))\s*"),
    re.compile(r"(?:(?<=^)|(?<=[\s：:；;。，,]))[一二三四五六七八九十]是"),
)
_EDGES: Final = " \t\n；;。，,、：:"
_SEPARATORS: Final = re.compile(r"\s*[、，,；;|｜]\s*|\s+[/／·]\s+|\s*(?:以及)\s*")
_SLASHES: Final = re.compile(r"\s*[/／·]\s*")
_BETWEEN_LATIN: Final = re.compile(r"(?<=[A-Za-z0-9+#])\s*(?:和|与|及)\s*(?=[A-Za-z])")
_AND: Final = re.compile(r"\s*(?:和|与|及)\s*")
_AND_SO_ON: Final = re.compile(
    r"\s*等+(?:多种|各类|主流|相关|常用|常见)*(?:技术|工具|框架|语言|软件|平台|技能|行业|领域|模型|库|系统|数据库|场景|方向)*$"
)
_OPENS, _CLOSES = "（([【《", "）)]】》"
_FEWEST: Final = 2
_LONGEST_SLASHED: Final = 20
_SPREAD: Final = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?=\s*[:：])")
_SHORTEST: Final = 4
_NOTHING: Final = re.compile(r"[\s\-—–/／*＊]*|无|暂无|略")


def points(words: str) -> list[str]:
    """The points of a paragraph by their numbers, else its sentences; what tells of contacts or only announces is left out."""
    pieces = numbered(words) or [found[0] for found in _SENTENCE.finditer(words)]
    return [said for piece in pieces if (said := _sound(piece))]


def sentences(words: str) -> list[str]:
    """The sentences of a paragraph with their marks, those that tell of contacts left out."""
    return [found[0].strip() for found in _SENTENCE.finditer(words) if found[0].strip() and not is_private(found[0])]


def clauses(words: str) -> list[str]:
    """The clauses of a text, each with the mark that ends it."""
    return [found[0] for found in _CLAUSE.finditer(words)]


def _sound(piece: str) -> str:
    announces = piece.rstrip().endswith(("：", ":"))
    said = piece.strip(_EDGES)
    is_asked = piece.rstrip().endswith(("？", "?"))
    return "" if announces or is_asked or len(said) < _SHORTEST or is_private(said) else said


def says(cell: str) -> bool:
    """Whether a cell says anything: a dash or "无" says that there is nothing."""
    return _NOTHING.fullmatch(cell) is None


def numbered(words: str) -> list[str]:
    """The pieces of a paragraph that counts them; none where it does not."""
    for pattern in _INLINE:
        marks = list(pattern.finditer(words))
        if len(marks) >= _FEWEST:
            ends = [*(mark.start() for mark in marks[1:]), len(words)]
            return [words[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    return []


def items(words: str) -> list[str]:
    """The items of an enumeration, without the words that end it ("等技术"); brackets hold together what they hold."""
    words = words.strip(_EDGES)
    pieces = _split(words, _SEPARATORS)
    if len(pieces) == 1:
        pieces = _slashed(words)
    last = _split(pieces[-1], _AND)
    if len(last) == _FEWEST and all(len(one) >= _FEWEST for one in last) and (len(pieces) > 1 or _is_latin(last)):
        pieces = [*pieces[:-1], *last]
    pieces = [one for piece in pieces for one in _split(piece, _BETWEEN_LATIN)]
    found = (_AND_SO_ON.sub("", piece).strip(_EDGES) for piece in pieces)
    return [item for item in dict.fromkeys(found) if item and not is_private(item)]


def _slashed(words: str) -> list[str]:
    pieces = _split(words, _SLASHES)
    if any(len(piece) > _LONGEST_SLASHED for piece in pieces):
        pieces = [words]
    if len(pieces) > _FEWEST or (len(pieces) == _FEWEST and not any(piece.isascii() for piece in pieces)):
        return pieces
    spaced = words.split(" ")
    return spaced if len(spaced) > _FEWEST and all(0 < len(one) <= 15 for one in spaced) else [words]  # noqa: PLR2004 - longer is no name of a tool


def _is_latin(pieces: list[str]) -> bool:
    return any(piece[:1].isascii() for piece in pieces)


def _split(words: str, separator: re.Pattern[str]) -> list[str]:
    """The text between separators that stand outside of brackets."""
    pieces, begin = [], 0
    for found in separator.finditer(words):
        if _depth(words[: found.start()]) == 0:
            pieces.append(words[begin : found.start()])
            begin = found.end()
    pieces.append(words[begin:])
    kept = [piece for piece in pieces if piece.strip()]
    return kept or [words]


def _depth(words: str) -> int:
    return max(0, sum(words.count(sign) for sign in _OPENS) - sum(words.count(sign) for sign in _CLOSES))


def labelled(words: str) -> tuple[str, str] | None:
    """A label and its value, parted by a colon: "团队规模：3 人"."""
    label, colon, value = words.partition("：")
    ascii_label, ascii_colon, ascii_value = words.partition(":")
    if ascii_colon and (not colon or len(ascii_label) < len(label)):
        label, colon, value = ascii_label, ascii_colon, ascii_value
    label = label.strip(" 【】[]*·•")
    return (label, value.strip()) if colon and 0 < len(label) <= 16 and "，" not in label else None  # noqa: PLR2004 - a longer one is a sentence


def pairs(words: str) -> Iterator[tuple[str, str]]:
    """Labels and values that share a line, parted by white space, bars or semicolons; a lone pair where there is one."""
    words = _SPREAD.sub(r"\1\2", words)
    pieces = re.split(r"[；;|｜]\s*|\s+(?=[\u4e00-\u9fff]{2,8}\s*[:：])", words)
    found = [labelled(piece) for piece in pieces if piece.strip()]
    known = [pair for pair in found if pair is not None]
    if len(known) > 1 and len(known) == len(found):
        yield from known
        return
    pair = labelled(words)
    if pair is not None:
        yield pair
