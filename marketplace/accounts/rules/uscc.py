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


def fault_in(code: str) -> str | None:
    """What is wrong with a cleaned code, as a sentence: its length, the first sign that is none, the check digit."""
    if len(code) != LENGTH:
        return f"统一社会信用代码应为 {LENGTH} 位，您填写了 {len(code)} 位。请对照营业执照核对。"
    for place, sign in enumerate(code, start=1):
        if sign not in ALPHABET:
            return f"第 {place} 位的“{sign}”不会出现在统一社会信用代码里：只用数字和大写字母，不用 I、O、S、V、Z。"
    if check_digit(code[:-1]) != code[-1]:
        return f"末位校验位“{code[-1]}”与前 17 位对不上，其中有一位填错了。请对照营业执照逐位核对。"
    return None


def is_valid(code: str) -> bool:
    """Whether a cleaned code has 18 known signs and the right check digit."""
    return fault_in(code) is None
