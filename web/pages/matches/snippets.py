"""The passage of a text that answers what somebody searched for, with the words of the search that stand in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from web.pages import wording

LENGTH: Final = 90
"""How many characters of a passage are shown."""
BEFORE: Final = 20
"""How many of them may stand before the first word found."""
SHORTEST: Final = 2
"""Shorter pieces of a search are found everywhere and tell nothing."""
_PIECES: Final = re.compile(r"[A-Za-z0-9.%+#-]+|[^\W_A-Za-z0-9]+")
_SENTENCES: Final = re.compile(r"[^。！？；\n]+[。！？；]?")


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of a search: its card, its name with what was searched for marked, and the passage that answers best.

    The passage is None where no text of the hit names anything of the search.
    """

    card: object
    name: Markup
    passage: Markup | None


def found(card: object, name: str, asked: str, texts: Iterable[str]) -> Found:
    """Tell a hit by the words that it shares with the search."""
    return Found(card, wording.highlight(name, _words(asked, name)), passage(asked, texts))


def passage(asked: str, texts: Iterable[str]) -> Markup | None:
    """Give the sentence of `texts` that says most of what was asked, its words marked; None where none says any."""
    best, most = "", 0
    for text in texts:
        for sentence in _SENTENCES.findall(text):
            said = sum(len(word) for word in _words(asked, sentence))
            if said > most:
                best, most = sentence.strip(), said
    if not most:
        return None
    words = _words(asked, best)
    return wording.highlight(_cut(best, words), words)


def _words(asked: str, text: str) -> list[str]:
    """List the longest pieces of what was asked that stand in a text, each once."""
    within, found = text.casefold(), []
    for piece in _PIECES.findall(asked.casefold()):
        if piece.isascii():
            found += [piece] if piece in within else []
            continue
        start = 0
        while start < len(piece):
            end = start + 1
            while end <= len(piece) and piece[start:end] in within:
                end += 1
            length = end - 1 - start
            if length >= SHORTEST:
                found.append(piece[start : start + length])
            start += max(1, length)
    return [word for word in dict.fromkeys(found) if len(word) >= SHORTEST]


def _cut(sentence: str, words: list[str]) -> str:
    if len(sentence) <= LENGTH:
        return sentence
    first = min(sentence.casefold().find(word) for word in words)
    start = min(max(0, first - BEFORE), len(sentence) - LENGTH)
    cut = sentence[start : start + LENGTH]
    return ("…" if start else "") + cut + ("…" if start + LENGTH < len(sentence) else "")
