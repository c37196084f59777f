"""Who to ask: name, phones and mail, also where all of them stand in one cell."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.values.words import half_width, is_nothing

SEPARATOR = "、"

_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]*\s?@\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,}")
_PHONE = re.compile(
    r"(?<![\d*])(?:\(?\+?86\)?[-\s]?)?(?:"
    r"1[3-9]\d[-\s]?[\d*xX]{4}[-\s]?\d{4}"
    r"|\(?0\d{2,3}\)?\s?[-—–]?\s?\d{3,4}[-\s]?\d{4}(?:\s?(?:-|—|转|分机|ext\.?)\s?\d{1,6})?"
    r"|[48]00[-\s]?\d{3,4}[-\s]?\d{3,4}"
    r"|[2-9]\d{2,3}[-\s]?\d{4}(?:\s?(?:-|转)\s?\d{1,5})?"
    r")(?![\d*@])"
)
_LABEL = re.compile(
    r"(?:项目|单位|企业|需求)?(?:联系人员?|联络人|负责人|对接人|姓名|联系方式|联系电话|办公电话|移动电话|电话号码|电话|手机号码?|手机|座机|固话|电子邮箱|"
    r"邮箱|电子邮件|邮件|e-?mail|tel|mobile|phone|微信同号|微信|同微信)\s*[:：]?",
    re.IGNORECASE,
)
_EDGES = " \t\n,，;；、/\\|()（）[]【】:：-—.。·"
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d{1,2}$")
_EMPTY_BRACKETS = re.compile(r"[（(【\[]\s*[)）】\]]")
_BRACKETS = str.maketrans("（）", "()")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Contact:
    """What one cell says about whom to ask; several phones are joined by "、"."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    warning: str | None = None


WARNINGS = {
    "phone_unread": "电话看不懂，未采用。请填写手机号或带区号的座机号。",
    "phone_rounded": "电话被表格软件存成了科学计数法，末尾数字已丢失，未采用。请把该列设为文本格式后重新填写。",
    "email_unread": "邮箱格式不正确，未采用。请写成 name@example.com 的样子。",
}


@lru_cache(maxsize=16384)
def read(words: str) -> Contact:
    """Name, phones and mail of one cell, whatever its header promises."""
    plain = half_width(words).translate(_BRACKETS).strip()
    if is_nothing(plain):
        return Contact()
    if len(plain) == 11 and plain[0] == "1" and plain.isascii() and plain.isdigit():  # noqa: PLR2004 - a mobile number and nothing else
        return Contact(phone=plain)
    if _SCIENTIFIC.match(plain):
        whole = _restored(plain)
        if whole is None:
            return Contact(warning=None if float(plain) < 1 else "phone_rounded")
        plain = whole
    plain = re.sub(r"(?<=\d)\.0+$", "", plain)
    emails = _EMAIL.findall(plain)
    rest = _EMAIL.sub(" ", plain)
    phones = list(dict.fromkeys(_tidy(found[0]) for found in _PHONE.finditer(rest)))
    name = _name(_PHONE.sub(" ", rest))
    warning = _warning(plain, name, phones, emails)
    if name is not None and re.search(r"[\d@]", name):
        name = None
    mail = SEPARATOR.join(dict.fromkeys(re.sub(r"\s", "", email) for email in emails))
    return Contact(name, SEPARATOR.join(phones) or None, mail or None, warning)


def _restored(scientific: str) -> str | None:
    """A number as typed, where all of its digits stand before the E ("1.3800001234E+10"); None where some are lost."""
    number = Decimal(scientific)
    exponent = number.as_tuple().exponent
    is_whole = isinstance(exponent, int) and exponent <= 0 and number == number.to_integral_value()
    return str(int(number)) if is_whole and number else None


def _tidy(phone: str) -> str:
    """One phone without country code, brackets and spaces; an area code is set off by a hyphen."""
    plain = re.sub(r"[—–]", "-", re.sub(r"\s", "", phone))
    plain = re.sub(r"^\(?\+?86\)?-?(?=1\d{10}|0\d|1\d{2}-)", "", plain)
    plain = re.sub(r"^\((0\d{2,3})\)-?", r"\1-", plain).lstrip("(")
    if re.match(r"1[3-9]\d-?[\d*xX]{4}-?\d{4}$", plain):
        return plain.replace("-", "")
    return re.sub(r"^(0\d{2,3}-\d{3,4})-(\d{4})$", r"\1\2", re.sub(r"(?:分机|ext\.?)", "转", plain))


def _name(rest: str) -> str | None:
    rest = _EMPTY_BRACKETS.sub(" ", _LABEL.sub(" ", rest))
    parts = [part.strip(_EDGES) for part in re.split(r"[\s,，;；、/\\|:：]+", rest)]
    parts = [part for part in parts if part and not is_nothing(part)]
    if len(parts) > 1 and all(re.fullmatch(r"[\u4e00-\u9fff]", part) for part in parts):
        parts = ["".join(parts)]
    if len(parts) > 1 and all(re.fullmatch(r"[A-Za-z.'-]+", part) for part in parts):
        parts = [" ".join(parts)]
    name = SEPARATOR.join(dict.fromkeys(parts))
    return name if 0 < len(name) <= _LONGEST_NAME else None


def _warning(plain: str, name: str | None, phones: list[str], emails: list[str]) -> str | None:
    if "@" in plain and not emails:
        return "email_unread"
    digits = re.sub(r"\D", "", name or "")
    # A phone has at least seven digits: a lone "139" is the beginning of one.
    is_short = bool(name) and len(digits) == len(name or "")
    return "phone_unread" if (len(digits) >= 5 or is_short) and not phones else None  # noqa: PLR2004 - see above
