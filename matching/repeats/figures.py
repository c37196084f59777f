"""The figures of a text with their units, as people write them: 6.8万座, 近七万个, 二十几口, 半个月, 一成多.

A figure is a range, since people round: "二十几" is 20 to 30. What a figure tells depends on how many people would have
written it by chance: 412 tells, 1, 2 and 100 % do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from ingest.values.numerals import chinese

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_HAN = "零〇一二两三四五六七八九十百千万亿"
_NUMBER = re.compile(
    rf"(?P<before>不到|将近|接近|近|大约|约|逾|(?<![不未])超过|(?<![不未])超)?"
    rf"(?:(?P<half>大半|半)|(?P<number>(?:{_DIGITS}[百千万亿]*)(?:{_DIGITS}[百千万])?|[{_HAN}]+))"
    r"(?P<more>几|多|余|来)?(?P<scale>万|亿)?(?P<over>多|余)?"
    r"(?P<unit>个百分点|个点|个多?(?:小时|月)|成多|平方公里|平方米|标箱|立方米|公里|毫米|厘米|微米|公斤|兆瓦|周岁|小时|分钟|[a-z]+|[\u4e00-\u9fff%‰℃]?)"
)
_PART = re.compile(rf"({_DIGITS})([百千万亿]*)")
_FACTORS: dict[str, str] = {
    "%": "% 1 成 10 个百分点 1 个点 1 ‰ 0.1",
    "time": "秒 1 s 1 分 60 分钟 60 时 3600 小时 3600 个小时 3600 h 3600 天 86400 日 86400 周 604800 个月 2592000 年 31536000",
    "length": "米 1 m 1 公里 1000 km 1000 厘米 0.01 cm 0.01 毫米 0.001 mm 0.001 微米 0.000001",
    "area": "平方米 1 平方公里 1000000 亩 666.67",
    # A cubic metre of water is a ton, and water works write either.
    "mass": "吨 1000 t 1000 公斤 1 kg 1 克 0.001 立方米 1000 升 1",
    "power": "瓦 0.001 kw 1 兆瓦 1000 mw 1000",
    "voltage": "伏 1 v 1 kv 1000",
    "degree": "度 1 ℃ 1",
    "money": "元 1",
}
_UNITS: dict[str, tuple[str, Decimal]] = {
    name: (kind, Decimal(factor))
    for kind, words in _FACTORS.items()
    for name, factor in zip(words.split()[::2], words.split()[1::2], strict=True)
}
_COUNTS = {
    word: words.split()[0]
    for words in (
        *(
            "个 只",
            "台 辆 列 艘 架 套 部 组",
            "座 栋 幢 处 站 所",
            "人 名 位 头",
            "户 家",
            "次 起 遍",
            "件 项 宗 笔 单 例",
            "款 种",
            "份",
            "条 根 路",
            "间 口 房",
        ),
        *("页 张", "卷 册", "块 片", "粒 盏", "箱 标箱", "村", "层", "周岁", "盒", "杯", "班"),
    )
    for word in words.split()
}
"""Words that count things, with the one that stands for others of their sort; 个 goes with any."""
_ANY = "个"
_NO_FIGURES = frozenset("期号线级类等第是月")
"""A month said by its number is a date: how many there are is said with 个."""
_WITHIN = frozenset("abcdefghijklmnopqrstuvwxyz.-/:")
"""What stands before a number that is part of a name, a date or a standard: h.264, gb/t28181, 2026-03-01."""
_MULTIPLES = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000), "亿": Decimal(100000000)}
_YEAR = (1900, 2100)
_COUNTED, _OTHER = "count of ", "of "
_EMPTY = frozenset(
    (Decimal(value), unit)
    for value, units in {"100": "%", "24": "时 小时", "7": "天", "12": "月 个月", "365": "天"}.items()
    for unit in units.split()
)
"""Figures that anybody writes: they tell nothing."""
_FEW = 2
_ROUGH, _NEARLY = Decimal("0.05"), Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its range in the kind's base unit, how many digits it names, its words, and the letters on both sides.

    `kind` is what is measured (time, length), or the sort of thing counted.
    """

    low: Decimal
    high: Decimal
    kind: str
    digits: int
    words: str
    around: str

    @property
    def exact(self) -> bool:
        """Whether one number is meant."""
        return self.low == self.high


@lru_cache(maxsize=1 << 15)
def read(text: str) -> tuple[Figure, ...]:
    """The figures of a text as `spelling.plain` gives it, in order; years, ordinals and clock times are left out."""
    return tuple(_found(text))


def _found(text: str) -> Iterator[Figure]:
    for found in _NUMBER.finditer(text):
        before = text[max(0, found.start() - 1) : found.start()]
        unit = _plain_unit(found)
        if before == "第" or unit in _NO_FIGURES or (before == "月" and unit == "日") or before in _WITHIN:
            continue
        value = Decimal("0.5") if found["half"] else _value(found["number"])
        kind, factor = _measured(unit)
        if value is None or _means_nothing(found, value, kind):
            continue
        value *= _MULTIPLES.get(found["scale"] or "", Decimal(1))
        low, high = _range(found, value)
        digits = len(value.normalize().as_tuple().digits)
        around = text[max(0, found.start() - 3) : found.start()] + "|" + text[found.end() : found.end() + 3]
        yield Figure(low * factor, high * factor, kind, 0 if (value, unit) in _EMPTY else digits, found[0], around)


def _plain_unit(found: re.Match[str]) -> str:
    """The unit without the 多 that some are said with: 三个多月, 一成多."""
    return found["unit"].replace("多", "")


def _measured(unit: str) -> tuple[str, Decimal]:
    """The kind of a unit and its factor; a word that is no unit is a kind of its own."""
    if unit in _UNITS:
        return _UNITS[unit]
    return (f"{_COUNTED}{_COUNTS[unit]}" if unit in _COUNTS else f"{_OTHER}{unit}"), Decimal(1)


def _means_nothing(found: re.Match[str], value: Decimal, kind: str) -> bool:
    """Whether it is a year, or a numeral within a Chinese word (一体, 千方百计, 半成品) and no count."""
    unit = _plain_unit(found)
    if (unit == "年" or kind.startswith(_OTHER)) and _YEAR[0] <= value <= _YEAR[1]:
        return True
    spelt = found["half"] or not found["number"][0].isdigit()
    return bool(spelt) and kind.startswith(_OTHER)


@lru_cache(maxsize=1 << 12)
def _value(words: str) -> Decimal | None:
    """A number with its multiples: 1.15万, 8万7千, 四百."""
    if not words[0].isdigit():
        return chinese(words)
    total = Decimal(0)
    for digits, multiples in _PART.findall(words):
        part = Decimal(digits.replace(",", ""))
        for multiple in multiples:
            part *= _MULTIPLES[multiple]
        total += part
    return total


def _range(found: re.Match[str], value: Decimal) -> tuple[Decimal, Decimal]:
    """What a rounded figure may mean: 二十几 20 to 30, 近七万 60,000 to 70,000, 约 5 % to both sides."""
    step = _step(value)
    before = found["before"]
    if found["half"] == "大半":
        return value, value * 2
    if found["more"] or found["over"] or "多" in found["unit"] or before in {"逾", "超", "超过"}:
        return value, value + step
    if before in {"近", "将近", "接近", "不到"}:
        return (value - step if value > step else value * _NEARLY), value
    if before in {"约", "大约"}:
        return value * (1 - _ROUGH), value * (1 + _ROUGH)
    return value, value


def _step(value: Decimal) -> Decimal:
    """The last place that a number names: 100 of 1,200, 1 of 17."""
    _, _, exponent = value.normalize().as_tuple()
    return Decimal(1).scaleb(int(exponent))


def telling(figure: Figure) -> float:
    """How much it tells that two texts hold a figure, 0 to 2: by its digits; less for shares, times and rounded ones.

    One, two, a whole and a day tell nothing.
    """
    if figure.digits == 0 or (figure.exact and figure.low <= _FEW and figure.kind.startswith(_COUNTED)):
        return 0.0
    weight = (0.0, 0.25, 1.0, 1.6, 2.0)[min(figure.digits, 4)]
    if figure.kind in {"%", "time"}:
        weight *= 0.5
    return weight if figure.exact else min(weight, 1.0) * 0.6 + 0.2


def is_measured(figure: Figure) -> bool:
    """Whether it counts or measures something, rather than stand before any word."""
    return not figure.kind.startswith(_OTHER) or figure.words[-1].isascii()


def family(figure: Figure) -> str:
    """What two figures that may be the same have in common: all things counted are of one family."""
    return _COUNTED if figure.kind.startswith(_COUNTED) else figure.kind


def agree(one: Figure, other: Figure) -> bool:
    """Whether two figures may be the same: kinds that go together, ranges that meet."""
    kinds = {one.kind, other.kind}
    alike = len(kinds) == 1 or (_COUNTED + _ANY in kinds and all(kind.startswith(_COUNTED) for kind in kinds))
    return alike and one.low <= other.high and other.low <= one.high
