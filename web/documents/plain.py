"""Texts that a page, a Word file and a PDF all show alike."""

import re
import unicodedata
from typing import Final

_BREAK: Final = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES: Final = re.compile(r"[ \t\u00a0]+")
_JOINERS: Final = frozenset("\u200c\u200d")
_NO_XML: Final = frozenset("\ufffe\uffff")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})


def made(text: str) -> str:
    """Make a text plain: one kind of line break, single spaces, nothing that cannot be seen.

    Control characters are forbidden in a Word file; those that turn the direction of writing make a line read as
    something else; soft hyphens and zero-width spaces would be in the text of one form and not in that of another.
    """
    kept = "".join(sign for sign in _BREAK.sub("\n", text) if sign in "\n\t" or _is_seen(sign))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in kept.split("\n")).strip()


def lines(text: str) -> tuple[str, ...]:
    """Give the lines of a plain text, none of them empty."""
    return tuple(line for line in text.split("\n") if line)


def _is_seen(sign: str) -> bool:
    return sign in _JOINERS or (sign not in _NO_XML and unicodedata.category(sign) not in _UNSEEN)
