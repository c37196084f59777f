"""When two spellings mean one: units, people, phones, bank accounts, mail domains."""

import re
from functools import cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.rules.names import name_key
from marketplace.kernel.text import folded

_BRANCHES: Final = "分公司|分院|分所|分校|分局|分中心|分部|分行|分社|分会|支行|办事处|营业部|代表处"
BRANCH: Final = re.compile(rf"\(?[^()公]{{0,14}}(?:{_BRANCHES})\)?")
"""What follows the name of a unit in that of its branch, which is the same legal person; 子公司 is another one."""
_OF_COMPANY: Final = re.compile(rf"(.+?公司)\(?[^()公]{{0,14}}(?:{_BRANCHES})\)?")
_FEWEST_SIGNS: Final = 6
"""Fewer signs are no number: 无, -, 0."""
PUBLIC_MAIL: Final = frozenset(
    [
        "qq.com",
        "vip.qq.com",
        "foxmail.com",
        "163.com",
        "vip.163.com",
        "126.com",
        "yeah.net",
        "188.com",
        "sina.com",
        "sina.cn",
        "vip.sina.com",
        "sohu.com",
        "139.com",
        "189.cn",
        "wo.cn",
        "aliyun.com",
        "21cn.com",
        "tom.com",
        "263.net",
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "live.cn",
        "msn.com",
        "icloud.com",
        "me.com",
        "yahoo.com",
        "yahoo.com.cn",
        "yahoo.cn",
        "proton.me",
        "protonmail.com",
    ]
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
_PLACE: Final = re.compile(
    rf"^(?:({'|'.join(_PROVINCES)})(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区)?)?(\w{{2,4}}?)(?:市|县|区)"
)
_SEPARATORS: Final = re.compile(r"[\s\-—–()（）·.]")
_CHINA: Final = re.compile(r"^(?:\+|00)?86(?=\d{10,})")


def unit_key(name: str) -> str:
    """The key of a unit's name: `name_key`, and how its place is written (福建省临川市… or 临川…) does not count."""
    key = name_key(name)
    place = _PLACE.match(key)
    if place is None:
        province = next((one for one in _PROVINCES if key.startswith(f"{one}省")), "")
        return key.replace("省", "", 1) if province else key
    rest = key[place.end() :]
    # What is left must still be a name: 上海市公司 is no variant of 公司.
    return place[2] + rest if len(rest) >= _SHORTEST else key


_SHORTEST: Final = 3


def same_name(one: str, other: str, *, exactly: bool = False) -> bool:
    """Whether two names are one unit's: alike but for spelling, or branches of one.

    `exactly`: how a place is written counts, for units whose codes differ.
    """
    key = name_key if exactly else unit_key
    a, b = _head(key(one)), _head(key(other))
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
    """A person's name as it is compared: blanks and the point within names of minorities do not count."""
    return folded(name).replace("·", "").replace("•", "")


def phone_key(phone: str) -> str:
    """A phone number as it is compared: digits, without the country's code; "" where none is written."""
    return _number(_CHINA.sub("", _SEPARATORS.sub("", folded(phone))))


def account_key(account: str) -> str:
    """A bank account as it is compared; "" where none is written."""
    return _number(_SEPARATORS.sub("", folded(account)))


def _number(written: str) -> str:
    return written if len(written) >= _FEWEST_SIGNS and any(sign.isdigit() for sign in written) else ""


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
