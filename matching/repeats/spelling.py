"""Spelling that does not tell needs apart: width, case, white space, traditional characters, and letters that were meant as digits."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from matching.text import normalise

if TYPE_CHECKING:
    from opencc import OpenCC

_LETTER_FOR_ZERO = re.compile(r"(?<=\d)o(?![a-z])")
_MARKS = re.compile(r"[^\w%.≤≥<>~/+-]+")


@lru_cache(maxsize=1 << 12)
def plain(text: str) -> str:
    """A text in simplified characters without white space, a letter O after a digit read as zero: punctuation stays."""
    return _LETTER_FOR_ZERO.sub("0", _simplifier().convert(normalise(text).replace(" ", "")))


def bare(text: str) -> str:
    """A text as `plain` gives it, without punctuation."""
    return _MARKS.sub("", plain(text))


@cache
def _simplifier() -> "OpenCC":
    from opencc import OpenCC

    return OpenCC("t2s")
