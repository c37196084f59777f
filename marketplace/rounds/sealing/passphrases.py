"""Passphrases of key holders: generated, never chosen; 80 bits as K7QM-3XTP-9HWD-2NRC."""

import unicodedata
from collections.abc import Callable
from typing import Final

from marketplace.kernel import ids
from marketplace.kernel.errors import Invalid

GROUP: Final = 4
_ALPHABET: Final = frozenset(ids.ALPHABET.upper())
_LOOK_ALIKES: Final = str.maketrans("abcdefghijklmnopqrstuvwxyzOILoilUu", "ABCDEFGHIJKLMNOPQRSTUVWXYZ011011VV")
_IGNORED: Final = ("Pd", "Pc", "Zs", "Zl", "Zp", "Cc", "Cf")
"""Dashes, spaces and invisible signs, by Unicode's general category: they group a passphrase and say nothing."""
_DASHES: Final = "\N{MINUS SIGN}\N{KATAKANA-HIRAGANA PROLONGED SOUND MARK}"
"""Dashes that Unicode does not count among them."""


def generate(random_bytes: Callable[[int], bytes]) -> str:
    """Make a passphrase out of 10 random bytes: 16 signs in four groups, without I, L, O and U."""
    return _grouped(ids.encode(random_bytes(ids.BYTES)).upper())


def clean(typed: str) -> str:
    """Return a passphrase in its one spelling, however it was typed: O is 0, I and L are 1, U is V.

    Raises Invalid (`bad_passphrase`), which says what is wrong and never repeats what was typed.
    """
    signs = ""
    for sign in filter(_counts, typed):
        # One by one, so that the place told is the place typed.
        plain = unicodedata.normalize("NFKC", sign).translate(_LOOK_ALIKES)
        if plain not in _ALPHABET:
            place = len(signs) + 1
            raise _bad(f"口令里只有英文字母和数字，您输入的第 {place} 个字符不是（空格和横线不计）。请核对后重新输入。")
        signs += plain
    if len(signs) != ids.LENGTH:
        raise _bad(f"口令有 {ids.LENGTH} 个字符，您输入了 {len(signs)} 个（空格和横线不计）。请核对后重新输入。")
    return _grouped(signs)


def _counts(sign: str) -> bool:
    return unicodedata.category(sign) not in _IGNORED and sign not in _DASHES


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def _bad(message: str) -> Invalid:
    return Invalid(message, code="bad_passphrase")
