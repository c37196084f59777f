"""Text as the tokenizer sees it: folded, and cut into runs of Han characters and of Latin letters and digits."""

import re
import unicodedata

RUN = r"[\p{Han}]+|[a-z0-9]+"
"""In the regular expressions of `tokenizers`: what is kept. Everything else separates and is dropped."""

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{HAN}]+|[a-z0-9]+")
_SENTENCE = re.compile(r"(?<=[。！？；!?;\n])")


def fold(text: str) -> str:
    """Make full-width and half-width, upper and lower case the same (NFKC, then lower case)."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(folded: str) -> list[str]:
    """Cut folded text into runs of one script, without what stands between them."""
    return _RUNS.findall(folded)


def is_han(run: str) -> bool:
    """Whether a run is Chinese; runs are of one script."""
    return not run.isascii()


def sentences(text: str) -> list[str]:
    """Cut a text after its full stops, keeping everything."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def shingles(text: str, *, length: int, step: int) -> set[str]:
    """Give the stretches of so many letters or characters that start at every `step`-th one."""
    letters = "".join(runs(fold(text)))
    return {letters[start : start + length] for start in range(0, len(letters) - length + 1, step)}
