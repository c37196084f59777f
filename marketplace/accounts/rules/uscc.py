"""统一社会信用代码: 18 signs, the last one a check digit (GB 32100-2015).

C18 = 31 − (Σ C_i × 3^(i−1) mod 31) mod 31 over the first 17 signs, signs valued by their place in the alphabet.
"""

from marketplace.kernel.text import folded

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def check_digit(first: str) -> str:
    """The 18th sign that belongs to the first 17. Raises ValueError for a sign outside the alphabet."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def clean(code: str) -> str:
    """A code without white space, in upper case and half width."""
    return folded(code).upper()


def is_valid(code: str) -> bool:
    """Whether a cleaned code has 18 known signs and the right check digit."""
    if len(code) != LENGTH or any(sign not in ALPHABET for sign in code):
        return False
    return check_digit(code[:-1]) == code[-1]
