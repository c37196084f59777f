"""What is typed into a short field is no essay: what is far too long is said at its field, and stays there."""

from typing import Final

from marketplace.accounts.rules.emails import MAX_LENGTH
from marketplace.kernel.errors import Invalid

LONGEST_EMAIL: Final = MAX_LENGTH
LONG_EMAIL: Final = f"邮箱最多 {LONGEST_EMAIL} 个字符，请核对后重填。"
LONGEST_CODE: Final = 40
"""Codes, halves of codes and recovery codes, with the dashes and spaces that people put between."""


def require_short(*, email: str = "", **codes: str) -> None:
    """Raise Invalid, by field, for an address or a code that is longer than any can be."""
    wrong: dict[str, str] = {}
    if len(email) > LONGEST_EMAIL:
        wrong["email"] = LONG_EMAIL
    for name, code in codes.items():
        if len(code) > LONGEST_CODE:
            wrong[name] = f"这里最多 {LONGEST_CODE} 个字符，请只填代码本身。"
    if wrong:
        raise Invalid("填写的内容太长，请按提示修改。", code="too_long", fields=wrong)
