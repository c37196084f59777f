"""Which new passwords are too easy to guess, without asking for any kind of sign: what counts is what is left.

From a password everything is taken away that a guesser tries first: the common words and numbers of
`rules.common_words`, walks over the keyboard, repeats, dates, telephone numbers, and what is known of its owner. What
is left must be worth at least `LEAST` signs; a Chinese character is worth two, and so is each common word after the
second, so that a phrase of four words is a sound password.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache
from typing import Final

from marketplace.accounts.rules.common_words import CONTEXT, NUMBERS, ROWS, WORDS

LEAST: Final = 4
LEAST_DIFFERENT: Final = 5
SHORTEST_WALK: Final = 3
SHORTEST_OWN: Final = 2
COMMON: Final = (
    "这个密码太容易被猜中：它由常见的词、数字或键盘顺序组成。请换一句只有您自己知道的话，例如四个不相干的词。"
)
OWN: Final = "密码里主要是您的邮箱、姓名或单位，容易被猜中。请换一句与这些无关的话。"
_DISGUISES: Final[tuple[dict[int, int], ...]] = (
    {},
    str.maketrans("@4301!5$7+", "aaeoiisstt"),
    str.maketrans("@4301!5$7+", "aaeollsstt"),
)
_HABITS: Final = re.compile(
    r"1[3-9]\d{9}"  # a mobile number
    r"|[1-9]\d{5}(?:19|20)\d{9}[\dx]"  # an identity number
    r"|(?:19|20)\d{2}年?(?:[-./]?(?:0?[1-9]|1[0-2])月?(?:[-./]?(?:0?[1-9]|[12]\d|3[01])日?)?)?"  # a day, month or year
    r"|(.)\1{2,}"
)
_REPEAT: Final = re.compile(r"(.{2,}?)\1+", re.DOTALL)


def fault_in(password: str, *, about: Collection[str] = ()) -> str | None:
    """What is wrong with a new password of somebody with these names and addresses, or None."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(set(plain)) < LEAST_DIFFERENT or _worth(plain, frozenset()) < LEAST:
        return COMMON
    return OWN if _worth(plain, _own_words(about)) < LEAST else None


def _worth(plain: str, own: frozenset[str]) -> int:
    return min(_left(plain, plain.translate(disguise), own) for disguise in _DISGUISES)


def _left(plain: str, undisguised: str, own: frozenset[str]) -> int:
    words = _pattern(WORDS | CONTEXT | own)
    phrase = {word for word in words.findall(undisguised) if word not in own and _is_long(word)}
    rest = plain
    for found in words.finditer(undisguised):
        rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    for habit in (_HABITS, _pattern(NUMBERS), _pattern(_walks())):
        rest = habit.sub(" ", rest)
    rest = _REPEAT.sub(r"\1", "".join(rest.split()))
    return sum(1 if sign.isascii() else 2 for sign in rest) + 2 * max(0, len(phrase) - 2)


def _is_long(word: str) -> bool:
    return len(word) >= LEAST or not word.isascii()


def _own_words(about: Collection[str]) -> frozenset[str]:
    said = [unicodedata.normalize("NFKC", each).casefold() for each in about]
    parts = {part for each in said for part in [each, *re.split(r"[\W_]+", each)]}
    return frozenset(part for part in parts if len(part) > SHORTEST_OWN or (len(part) > 1 and not part.isascii()))


@lru_cache(maxsize=64)
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))))


@cache
def _walks() -> frozenset[str]:
    both = [row for line in ROWS for row in (line, line[::-1])]
    return frozenset(
        row[start:end]
        for row in both
        for start in range(len(row) - SHORTEST_WALK + 1)
        for end in range(start + SHORTEST_WALK, len(row) + 1)
    )
