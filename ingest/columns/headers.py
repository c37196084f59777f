"""One header cell becomes the role its column plays, with a confidence and a reason in Chinese."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from ingest.columns.roles import LABELS, Role
from ingest.columns.vocabulary import FAMILIES, PATTERNS, SUBLABELS, SYNONYMS
from ingest.values.words import simplified

LONGEST_HEADER = 40
LIKENESS_FLOOR = 84.0

_BRACKETS = re.compile(r"[(\[【〔<《][^()\[\]【】〔〕<>《》]*[)\]】〕>》]")
_NOISE = re.compile(r"[\s*※★☆#:“”\"'_·•]+")
_NUMBERING = re.compile(r"^(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[.、．]")
_PATTERNS = tuple((re.compile(pattern), role) for pattern, role in PATTERNS)
_FAMILIES = tuple((re.compile(pattern), family) for pattern, family in FAMILIES)


@dataclass(frozen=True, slots=True)
class Match:
    """What a header was taken for; `rank` orders equally sure headers of one role, the smaller the better."""

    role: Role
    confidence: float
    reason: str
    rank: int = 0


def _plain(word: str) -> str:
    return simplified(_NOISE.sub("", unicodedata.normalize("NFKC", word)).lower())


_NOT_OF_ITEMS = "这类列不是条目的内容"


EXACT: dict[str, Match] = {
    _plain(word): Match(role, 1.0, _NOT_OF_ITEMS if role is Role.UNUSED else f"表头是“{LABELS[role]}”的常用写法", rank)
    for role, words in reversed(SYNONYMS.items())
    for rank, word in enumerate(words.split())
}
_LIKELY = tuple(word for word in EXACT if len(word) > 3)  # noqa: PLR2004 - shorter words are alike by accident


@lru_cache(maxsize=8192)
def normalise(header: str) -> str:
    """A header without line breaks, brackets, numbering, stars and colons, in half-width lower case."""
    plain = _plain(header)
    return _NUMBERING.sub("", _BRACKETS.sub("", plain) or plain)


@lru_cache(maxsize=8192)
def match(header: str) -> Match | None:
    """What one header cell means, or None where nothing known is alike."""
    found = label(header)
    if found is not None or not header or len(header) > 4 * LONGEST_HEADER or _has_value(header):
        return found
    word = normalise(header)
    return _by_likeness(word) if len(word) <= LONGEST_HEADER else None


@lru_cache(maxsize=8192)
def label(words: str) -> Match | None:
    """What a label means, where it is surely one: a known word, or of a known form; never one that is only like it."""
    if not words or len(words) > 4 * LONGEST_HEADER:
        return None
    whole = _plain(words)
    if whole in EXACT:
        return EXACT[whole]
    word = normalise(words)
    if not word or len(word) > LONGEST_HEADER or _has_value(words):
        return None
    return EXACT.get(word) or _by_pattern(word)


@lru_cache(maxsize=4096)
def match_levels(levels: tuple[str, ...]) -> Match | None:
    """What a column under a header of several levels means: the lower word in the light of the upper one."""
    if len(levels) == 1:
        return match(levels[0])
    lowest, upper = normalise(levels[-1]), normalise("".join(levels[:-1]))
    joined = EXACT.get(upper + lowest)
    candidates = (
        joined,
        _by_family(upper, lowest),
        match(levels[-1]),
        _by_pattern(lowest),
        _by_pattern(upper + lowest),
        match(levels[0]),
    )
    found = [candidate for candidate in candidates if candidate is not None]
    return next(iter(found), None)


def is_sublabel(upper: str, lower: str) -> bool:
    """Whether `lower` is a word that stands below the header `upper` in a two-level header."""
    return _by_family(normalise(upper), normalise(lower)) is not None


def _has_value(header: str) -> bool:
    """A colon with words on both sides is a label and its value ("填报单位：某某局"), not a header."""
    head, colon, tail = unicodedata.normalize("NFKC", header).partition(":")
    return bool(colon and head.strip() and tail.strip() and "(" not in head)


def _by_family(upper: str, lower: str) -> Match | None:
    for pattern, family in _FAMILIES:
        if pattern.search(upper):
            role = SUBLABELS[family].get(lower)
            return Match(role, 0.95, f"上级表头为“{upper}”") if role else None
    return None


def _by_pattern(word: str) -> Match | None:
    for rank, (pattern, role) in enumerate(_PATTERNS):
        if pattern.fullmatch(word):
            reason = _NOT_OF_ITEMS if role is Role.UNUSED else f"表头含“{LABELS[role]}”的字样"
            return Match(role, 0.9, reason, 100 + rank)
    return None


def _by_likeness(word: str) -> Match | None:
    if len(word) < 4:  # noqa: PLR2004 - one letter of three is a different word
        return None
    from rapidfuzz import fuzz, process

    best = process.extractOne(word, _LIKELY, scorer=fuzz.ratio, score_cutoff=LIKENESS_FLOOR)
    if best is None:
        return None
    known = EXACT[best[0]]
    return Match(known.role, round(best[1] / 100 * 0.9, 2), f"与“{best[0]}”相近", 200)
