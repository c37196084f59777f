"""Spelling that does not count: width, case, white space."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """A text by NFKC, in lower case, without any white space: for comparing, never for showing."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def collapsed(text: str) -> str:
    """A text with every run of white space as one space, none at its ends."""
    return _SPACE.sub(" ", text).strip()
