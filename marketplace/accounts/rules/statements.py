"""What people write in their own words: reasons, statements."""

import unicodedata

from marketplace.kernel.errors import Invalid

MAX_STATEMENT = 2000


def require_statement(text: str) -> str:
    """A statement without control signs, which may be empty; or Invalid where it is too long."""
    return _tidy(text, "statement", "说明")


def require_reason(text: str, *, field: str = "reason", least: int = 4) -> str:
    """A reason that others will read, or Invalid where it is missing or too long."""
    tidy = _tidy(text, field, "理由")
    if len(tidy) < least:
        message = "请写明理由，让对方知道为什么、怎么办。"
        raise Invalid(message, code="no_reason", fields={field: message})
    return tidy


def _tidy(text: str, field: str, what: str) -> str:
    plain = "".join(sign for sign in text.replace("\r\n", "\n") if sign == "\n" or unicodedata.category(sign) != "Cc")
    tidy = plain.strip()
    if len(tidy) > MAX_STATEMENT:
        message = f"{what}最多 {MAX_STATEMENT} 个字，现在是 {len(tidy)} 个字，请精简。"
        raise Invalid(message, code="too_long", fields={field: message})
    return tidy
