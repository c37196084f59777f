"""What the public sees of phone numbers and e-mail addresses."""

import re

_EMAIL = re.compile(r"([A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]*@([A-Za-z0-9.\-]+)")
_NUMBER = re.compile(r"\+?\d(?:[\s\-—()（）转]{0,2}\d)*")
_PHONE_IN_TEXT = re.compile(
    r"(?<!\d)(?:(?:\+?86[\s\-]?)?1[3-9]\d(?:[\s\-]?\d{4}){2}|(?:\(0\d{2,3}\)|0\d{2,3}[\s\-—]?)\d{7,8})(?!\d)"
)
_CONTACT_HEADER = re.compile(r"电话|手机|联系|邮箱|邮件|微信|传真|e-?mail|phone|tel", re.IGNORECASE)

_AREA_CODE = re.compile(r"(0\d{2,3})[\s\-—)）]")

LONG, SHORT = 11, 7


def mask_phone(text: str) -> str:
    """Hide the middle of every number: 139****1234; of 7 to 10 digits the first three and the last two stay.

    Of a fixed line the area code and the last two digits stay (0599-*****04).
    """
    return _NUMBER.sub(lambda match: _hide_digits(match.group()), text)


def _hide_digits(number: str) -> str:
    digits = sum(sign.isdigit() for sign in number)
    area = _AREA_CODE.match(number)
    first, last = (3, 4) if digits >= LONG else (3, 2) if digits >= SHORT else (0, 0)
    if area and digits >= SHORT:
        first, last = len(area[1]), 2
    shown, seen = [], 0
    for sign in number:
        if sign.isdigit():
            seen += 1
            shown.append(sign if seen <= first or seen > digits - last else "*")
        else:
            shown.append(sign)
    return "".join(shown)


def mask_email(text: str) -> str:
    """Keep the first letter and the domain of every address: z***@example.com."""
    return _EMAIL.sub(r"\1***@\2", text)


def mask_contact(text: str | None) -> str | None:
    """Hide addresses and numbers alike, wherever in a contact they stand."""
    if text is None:
        return None
    # A number inside an address is hidden with the address; what is left of it is one letter and the domain.
    parts, end = [], 0
    for match in _EMAIL.finditer(text):
        parts += [mask_phone(text[end : match.start()]), mask_email(match.group())]
        end = match.end()
    return "".join([*parts, mask_phone(text[end:])])


def mask_text(text: str) -> str:
    """Hide what looks like a phone number or an address in running text; amounts and dates stay."""
    return _PHONE_IN_TEXT.sub(lambda match: _hide_digits(match.group()), mask_email(text))


def mask_cell(header: str, text: str) -> str:
    """Hide contacts in a cell: everything number-like under a contact header, phones and addresses elsewhere."""
    if _CONTACT_HEADER.search(header):
        return mask_contact(text) or ""
    return mask_text(text)
