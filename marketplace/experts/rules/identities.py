"""When two spellings mean one: units, people, phones, bank accounts, mail domains."""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from publicsuffixlist import PublicSuffixList

from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.rules.names import name_key
from marketplace.kernel.text import folded

_BRANCHES: Final = "分公司|分院|分所|分校|分局|分中心|分部|分行|分社|分会|支行|办事处|营业部|代表处"
BRANCH: Final = re.compile(rf"\(?[^()公]{{0,14}}(?:{_BRANCHES})\)?")
"""What follows the name of a unit in that of its branch, which is the same legal person; 子公司 is another one."""
_OF_COMPANY: Final = re.compile(rf"(.+?公司)\(?[^()公]{{0,14}}(?:{_BRANCHES})\)?")
PUBLIC_MAIL: Final = frozenset(
    tomllib.loads((files("marketplace.experts") / "public_mail.toml").read_text("utf-8"))["hosts"]
)
"""Providers whose addresses say nothing about where somebody works."""
_PROVINCES: Final = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
]
_TWICE: Final = frozenset({"吉林"})
"""The name of a province and of a city in it: there 省 and 市 tell them apart."""
_PLACE: Final = re.compile(
    rf"^(?:({'|'.join(_PROVINCES)})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)?)?(\w{{2,4}}?)(?:市|县|区)"
)
_SEPARATORS: Final = re.compile(r"[\s\-—–().]")
_NOTE: Final = re.compile(r"(?<=.)\(.*\)$")
_POINTS: Final = re.compile(r"[·•・‧∙･․.。]")
_MOBILE_SIGNS: Final = 11
_TAIL, _SAME_AT_MOST = 8, 6
"""Of the last eight digits so many are alike at most; 13800000000 stands for no number."""
_STEPS: Final = ("01234567890123456789", "98765432109876543210")
_MOBILE: Final = re.compile(r"(?<!\d)(?:(?:\+|00)?86[\s\-]*)?1(?:[\s\-—–]*\d){10}(?!\d)")
_COUNTRY: Final = re.compile(r"^(?:\+|00)86[\s\-]*")
_LANDLINE: Final = re.compile(
    r"(?<!\d)(?:(?:(?:\+|00)86[\s\-]*)\(?0?\d{2,3}\)?[\s\-—–]*|\(?0\d{2,3}\)?[\s\-—–]*)?(?:\d[\s\-—–]*){6,7}\d(?!\d)"
)
_ACCOUNT: Final = re.compile(r"(?<![\d*x])\d(?:[\s\-]*\d){7,}(?![\d*x])")
_FORMER: Final = "原"


def unit_key(name: str) -> str:
    """The key of a unit's name: `name_key`, and how its place is written (福建省临川市… or 临川…) does not count."""
    key = name_key(name)
    place = _PLACE.match(key)
    if place is None:
        province = next((one for one in _PROVINCES if one not in _TWICE and key.startswith(f"{one}省")), "")
        return key.replace("省", "", 1) if province else key
    if place[2] in _TWICE:
        return key
    rest = key[place.end() :]
    # What is left must still be a name: 上海市公司 is no variant of 公司.
    return place[2] + rest if len(rest) >= _SHORTEST else key


_SHORTEST: Final = 3


def same_name(one: str, other: str, *, exactly: bool = False) -> bool:
    """Whether two names are one unit's: alike but for spelling, or branches of one.

    `exactly`: how a place is written counts, for units whose codes differ. What was called 原… is that unit too.
    """
    key = name_key if exactly else unit_key
    return any(
        _is_one(_head(key(a)), _head(key(b)))
        for a in _with_and_without_former(one)
        for b in _with_and_without_former(other)
    )


def is_branch(one: str, other: str) -> bool:
    """Whether one of two names is a branch's of the other, or both are of branches of one company."""
    a, b = name_key(one), name_key(other)
    return a != b and _is_one(_head(a), _head(b))


def _with_and_without_former(name: str) -> tuple[str, ...]:
    plain = name.strip()
    return (plain, plain.removeprefix(_FORMER)) if plain.startswith(_FORMER) else (plain,)


def _is_one(a: str, b: str) -> bool:
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    return a == b or (long.startswith(short) and BRANCH.fullmatch(long[len(short) :]) is not None)


def _head(key: str) -> str:
    """The company of a branch; other names stay, since nothing in them says where the unit ends and the branch begins."""
    branch = _OF_COMPANY.fullmatch(key)
    return branch[1] if branch else key


def code_key(code: str) -> str:
    """A 统一社会信用代码 as it is compared; "" for none."""
    return folded(code).upper()


def person_key(name: str) -> str:
    """A person's name as it is compared: blanks, the point within names of minorities and a note behind do not count."""
    return _POINTS.sub("", _NOTE.sub("", folded(name)))


def phones(written: str) -> frozenset[str]:
    """The phone numbers in what somebody wrote, whoever's name stands before and however many there are."""
    text = folded_apart(written)
    found = {re.sub(r"\D", "", one)[-_MOBILE_SIGNS:] for one in _MOBILE.findall(text)}
    found |= {_landline(one) for one in _LANDLINE.findall(_MOBILE.sub("/", text))}
    return frozenset(one for one in found if _is_meant(one))


def _landline(written: str) -> str:
    inside = _COUNTRY.sub("", written)
    digits = re.sub(r"\D", "", inside)
    return digits if inside == written or digits.startswith("0") else f"0{digits}"


def accounts(written: str) -> frozenset[str]:
    """The bank accounts in what somebody wrote, a bank's name before them or not; a masked one is none."""
    found = {_SEPARATORS.sub("", one) for one in _ACCOUNT.findall(folded_apart(written))}
    return frozenset(one for one in found if len(set(one)) > 1)


def _is_meant(number: str) -> bool:
    """Whether a phone number is one, and none that stands in a field which had to be filled."""
    tail = number[-_TAIL:]
    return max(map(tail.count, tail)) <= _SAME_AT_MOST and not any(tail in steps for steps in _STEPS)


def folded_apart(text: str) -> str:
    """A text in half width and small letters, its blanks kept: they may stand between two numbers."""
    return unicodedata.normalize("NFKC", text).casefold()


def mail_domain(email: str) -> str:
    """The registered domain of an address, by the list of public suffixes; "" for public providers and what is none."""
    _, at, host = clean_email(email).rpartition("@")
    if not at or host in PUBLIC_MAIL:
        return ""
    registered = _suffixes().privatesuffix(host) or ""
    return "" if registered in PUBLIC_MAIL else registered


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)
