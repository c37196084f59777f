"""What the public sees of phone numbers and e-mail addresses, however wide their signs are."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_EMAIL = re.compile(r"([A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]*@([A-Za-z0-9.\-]+)")
_GAP = r"[\s\-()\u200b-\u200d\ufeff]{0,2}"
_MOBILE = rf"(?:\+?86{_GAP})?1[3-9]\d(?:{_GAP}\d{{4}}){{2}}"
_FIXED = rf"\(?0(?:10|2\d|[3-9]\d\d){_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}"
_PHONE_IN_TEXT = re.compile(rf"(?<!\d)(?:{_MOBILE}|{_FIXED})(?!\d)")
_PHONE_IN_CONTACT = re.compile(
    rf"(?<!\d)(?:{_MOBILE}|{_FIXED}|[2-9]\d{{6,7}})(?!\d)|\+?\d(?:[\s\-()转\u200b-\u200d]{{0,2}}\d)*"
)
_ACCOUNT = re.compile(
    r"((?:微信|weixin|wechat|vx|qq|扣扣)(?:号码?|群)?[\s:：为是]{0,3})([a-z0-9][\w\-]{4,19})", re.IGNORECASE | re.ASCII
)
"""An account of a messenger; its first sign stays."""
_IDENTITY = re.compile(
    r"(?<![0-9a-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dx](?![0-9a-z])", re.IGNORECASE
)
"""A number of an identity card (GB 11643): place, day of birth, order, check digit."""
_CONTACT_HEADER = re.compile(r"电话|手机|联系|邮箱|邮件|微信|传真|e-?mail|phone|tel", re.IGNORECASE)
_TELLING = re.compile(r"[\d@＠]|微信|weixin|wechat|vx|qq|扣扣", re.IGNORECASE)
_DASHES = dict.fromkeys("‐‑‒–—―−", "-")

LONG, SHORT = 11, 7
COUNTRY = "86"
WITH_COUNTRY = 13

Edit = tuple[int, int, str]
"""Where a stretch of a text begins and ends, and what stands there instead."""


def mask_phone(text: str) -> str:
    """Hide the middle of every number: 139****1234; of 7 to 10 digits the first three and the last two stay.

    Of a fixed line the area code and the last two digits stay (0599-*****04); a country code is no part of the number.
    """
    return _applied(text, _phones(text, _narrow(text), _PHONE_IN_CONTACT))


def mask_email(text: str) -> str:
    """Keep the first letter and the domain of every address: z***@example.com."""
    return _applied(text, _emails(_narrow(text)))


def mask_contact(text: str | None) -> str | None:
    """Hide addresses and numbers alike, wherever in a contact they stand."""
    return None if text is None else _masked(text, _PHONE_IN_CONTACT)


def mask_name(text: str | None) -> str | None:
    """Keep the first sign of a person's name: 周**."""
    return f"{text[0]}**" if text else text


def is_contact_header(header: str) -> bool:
    """Whether a column says by its header that it tells whom to ask."""
    return _CONTACT_HEADER.search(header) is not None


def mask_text(text: str) -> str:
    """Hide what looks like a phone number or an address in running text; amounts and dates stay."""
    return _masked(text, _PHONE_IN_TEXT)


def mask_cell(header: str, text: str) -> str:
    """Hide contacts in a cell: everything number-like under a contact header, phones and addresses elsewhere."""
    return _masked(text, _PHONE_IN_CONTACT if is_contact_header(header) else _PHONE_IN_TEXT)


def _masked(text: str, numbers: re.Pattern[str]) -> str:
    if not _TELLING.search(text):
        return text
    plain = _narrow(text)
    edits: list[Edit] = []
    for finder in (_emails, _accounts, _identities):
        found = list(finder(plain))
        # A number inside an address goes with the address; what is left of it is one letter and the domain.
        for start, end, _kept in found:
            plain = plain[:start] + "\0" * (end - start) + plain[end:]
        edits += found
    return _applied(text, [*edits, *_phones(text, plain, numbers)])


def _emails(plain: str) -> Iterator[Edit]:
    for found in _EMAIL.finditer(plain):
        yield found.start(), found.end(), f"{found[1]}***@{found[2]}"


def _accounts(plain: str) -> Iterator[Edit]:
    for found in _ACCOUNT.finditer(plain):
        yield found.start(2), found.end(2), f"{found[2][0]}***"


def _identities(plain: str) -> Iterator[Edit]:
    for found in _IDENTITY.finditer(plain):
        yield found.start(), found.end(), f"{found[0][:6]}********{found[0][-4:]}"


def _phones(text: str, plain: str, numbers: re.Pattern[str]) -> Iterator[Edit]:
    for found in numbers.finditer(plain):
        start, end = found.span()
        yield start, end, _hidden(text[start:end], plain[start:end])


def _hidden(text: str, plain: str) -> str:
    digits = "".join(sign for sign in plain if sign.isdecimal())
    first, last = _shown(digits)
    shown, seen = [], 0
    for sign, narrow in zip(text, plain, strict=True):
        seen += narrow.isdecimal()
        is_hidden = narrow.isdecimal() and first < seen <= len(digits) - last
        shown.append("*" if is_hidden else sign)
    return "".join(shown)


def _shown(digits: str) -> tuple[int, int]:
    """How many digits stay at the beginning and at the end of a number."""
    if len(digits) < SHORT:
        return 0, 0
    if digits.startswith("0"):
        return (3 if digits.startswith(("010", "02")) else 4), 2
    if len(digits) == WITH_COUNTRY and digits.startswith(COUNTRY):
        return len(COUNTRY) + 3, 4
    return (3, 4) if len(digits) >= LONG else (3, 2)


def _applied(text: str, edits: Iterator[Edit] | list[Edit]) -> str:
    parts, end = [], 0
    for start, stop, words in sorted(edits):
        parts += [text[end:start], words]
        end = stop
    return "".join([*parts, text[end:]])


def _narrow(text: str) -> str:
    """A text by NFKC sign by sign, so that every sign keeps its place."""
    return text if text.isascii() else "".join(map(_narrow_sign, text))


@lru_cache(maxsize=4096)
def _narrow_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    return _DASHES.get(plain, plain) if len(plain) == 1 else sign
