"""Spelling that does not count: width, case, white space."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """A text by NFKC, in lower case, without any white space: for comparing, never for showing."""
    while True:
        # Taking a space away may join what composes, so a second look is needed before the spelling is settled.
        plain = _SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())
        if plain == text:
            return plain
        text = plain


def collapsed(text: str) -> str:
    """A text with every run of white space as one space, none at its ends."""
    return _SPACE.sub(" ", text).strip()
