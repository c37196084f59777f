"""E-mail addresses as keys."""

import re
import unicodedata

from marketplace.kernel.errors import Invalid

_SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
MAX_LENGTH = 254


def clean_email(email: str) -> str:
    """An address in lower case and half width, without outer white space."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def require_email(email: str) -> str:
    """A cleaned address, or Invalid where it does not look like one."""
    cleaned = clean_email(email)
    if len(cleaned) > MAX_LENGTH or not _SHAPE.fullmatch(cleaned):
        message = "邮箱格式不对，应类似 name@example.com。"
        raise Invalid(message, code="bad_email", fields={"email": message})
    return cleaned
