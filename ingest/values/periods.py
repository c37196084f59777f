"""Periods: two days, one end, or a number of months (lists.md, section 3)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ingest.values import numerals
from ingest.values.words import compact, is_nothing

_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_SERIAL_EPOCH = date(1899, 12, 30)
_SERIALS = range(32874, 73051)


@dataclass(frozen=True, slots=True)
class Period:
    """What a cell says about time; `warning` is a code of WARNINGS, or None."""

    start: date | None = None
    end: date | None = None
    months: int | None = None
    warning: str | None = None


WARNINGS = {
    "period_unread": "时间看不懂，未采用。请写成“2026年6月底前”“2026.6-2027.12”或“合同签订后8个月内”的样子。",
    "period_digits": "时间是一串没有分隔的数字，不作猜测，未采用。请写成“2026-06-30”的样子。",
    "period_swapped": "结束时间早于开始时间，已对调。请核对。",
    "period_impossible": "日期不存在，未采用。请核对年月日。",
    "period_no_year": "日期没有写年份，未采用。请写成“2026年6月30日”的样子。",
}

_YEAR = r"(?P<y>(?:19|20)\d{2})"
_ABBREVIATED = re.compile(r"(?<![\d.])(2\d)年")
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_POINT = re.compile(
    rf"{_YEAR}(?:年度?(?:(?P<m>1[0-2]|0?[1-9])(?:月份?|(?!\d))(?:(?P<d>{_DAY})[日号]?(?!\d|个?月))?"
    r"|第?(?P<q>[一二三四1-4])季度|(?P<h>[上下])半年|(?P<part>底|末|内|初))?"
    rf"|(?P<s>[-./])(?P<m2>1[0-2]|0?[1-9])(?!\d)月?(?:(?P=s)(?P<d2>{_DAY})(?!\d)日?)?)?"
    r"(?P<tail>[上中下]旬|月?底|月?末|月?初)?"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH_ONLY = re.compile(
    rf"(?:(?P<m>1[0-2]|0?[1-9])月份?(?:(?P<d>{_DAY})[日号])?|第?(?P<q>[一二三四1-4])季度|(?P<h>[上下])半年|(?P<part>年底|年末))"
    r"(?P<tail>月?底|月?末|[上中下]旬)?"
)
_BEFORE = re.compile(r"^(?:\)|）)?(?:之?前|以前|内?完成|止|截止|截至|之内|内(?!容))")
_UNTIL = re.compile(r"(?:截至|截止到?|不晚于|不迟于|最晚|最迟|至|到)[：:]?$")
_FROM_AFTER = re.compile(r"^(?:起|开始|启动|开工)")
_FROM_BEFORE = re.compile(r"(?:自|从|开始于|启动于)$")
_BETWEEN = re.compile(r"^[日号]?起?[,，、]?(?:-|~|—|–|～|至|到|―|−)+")
_CLOCK = re.compile(r"(?<=\d)[T\s]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?")
_DURATION = re.compile(
    r"(?<!第)(?P<n>\d+(?:\.\d+)?)(?P<half1>个?半)?(?:[-~—至到](?P<n2>\d+(?:\.\d+)?))?(?:个)?(?P<u>半年|自然月|日历月|月|年|周|星期|(?:日历|自然)?[天日])(?P<half2>半)?"
)
_NOTHING = re.compile(
    r"长期|常年|永久|无固定|不限|随时|滚动|(?:申报|报名|征集|揭榜|投标|发布|申请|填报)(?:时间|截止|日期|期)|另行约定|协商|面议|尽快|(?:按|以)合同(?!签)"
)
_SEASON = re.compile(
    r"学期|学年|开学|[寒暑]假|春节|国庆|汛[期前后]|农闲|[春夏秋冬][耕收种]|(?:采暖|供暖|榨|用水|旅游)[季旺]"
)
"""Times that a trade knows and no calendar does."""
_MONTH = re.compile(r"\d月|\d[-./]\d|季度|半年|个月")
_AFTERCARE = re.compile(r"(?:质保|保修|维保|维护|运维|售后)[^,，;；。]*")
_DIGITS = re.compile(r"\d{5,}[日号]?|\d{6,}年?[月日]?")
_OFF_CALENDAR = re.compile(r"^(?:[-./]\d{1,2}(?!\d|个|天|日历)|\d{1,2}月|\d{1,2}[日号](?!历))")
"""What is left of a date whose month or day the calendar does not have ("2027-13-45", "2026年6月45日")."""
_MANY_DAYS = 30


def month_span(year: int, month: int) -> tuple[date, date]:
    """The first and the last day of a month."""
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def from_serial(number: float) -> date | None:
    """The day of a spreadsheet's serial number, or None outside 1990 to 2100."""
    return _SERIAL_EPOCH + timedelta(days=int(number)) if int(number) in _SERIALS else None


@lru_cache(maxsize=16384)
def read(words: str, *, single_is: str = "end", unit: str | None = None) -> Period:
    """What a cell says about time.

    `single_is` tells what a lone day without a word is: "start" or "end"; `unit` is what the header counts in
    ("月", "年"), for cells that hold a bare number.
    """
    plain = compact(_CLOCK.sub("", words))
    if unit and re.fullmatch(r"\d{1,3}(?:\.\d+)?", plain):
        return _months(float(plain), unit) or Period(warning="period_unread")
    if is_nothing(plain) or _NOTHING.search(plain):
        return Period()
    if plain.isdigit() and len(plain) == 5:  # noqa: PLR2004 - a serial number kept as text
        day = from_serial(int(plain))
        return _alone((day, day), "", "", single_is) if day else Period(warning="period_digits")
    plain = _spelled(plain)
    if _SEASON.search(plain) and not _MONTH.search(plain):
        return Period(warning="period_unread")
    try:
        return _dated(plain, single_is) or _only_digits(plain) or _lasting(plain) or _unread(plain)
    except ValueError:
        return Period(warning="period_impossible")


def _spelled(plain: str) -> str:
    """Chinese numerals of dates and durations in digits, two-digit years in full."""
    plain = re.sub(r"二[〇零○oO0][一二三][〇零○一二三四五六七八九]年?", lambda found: _year(found[0]), plain)
    plain = re.sub(r"年?[Qq]([1-4])(?!\d)", r"年第\1季度", plain)
    plain = _ABBREVIATED.sub(r"20\1年", plain)
    return re.sub(
        r"(?<![上下第])([一二两三四五六七八九十]{1,3})(?=个?半?(?:月|年|周|天|日|工作日|个))",
        lambda found: str(numerals.chinese(found[1]) or found[0]),
        plain,
    )


def _year(words: str) -> str:
    digits = str.maketrans("二〇零○oO一三四五六七八九", "20000013456789")
    return words.replace("年", "").translate(digits) + "年"


def _dated(plain: str, single_is: str) -> Period | None:
    plain = _COMPACT.sub(r"\1-\2-\3", plain)
    first = _POINT.search(plain)
    if first is None or _runs_on(plain, first):
        return None
    left = _span(first, None)
    rest = plain[first.end() :]
    between = _BETWEEN.match(rest)
    second = _second(rest[between.end() :], first) if between else None
    if second is not None:
        return _ordered(left, second)
    if _OFF_CALENDAR.match(rest):
        raise ValueError("no such day")
    return _alone(left, plain[: first.start()], rest, single_is, exact=_month_and_day(first)[1] > 0, tail=_tail(first))


def _runs_on(plain: str, found: re.Match[str]) -> bool:
    """A year that is part of a longer run of digits is no year (2023117日)."""
    return bool(plain[: found.start()][-1:].isdigit() or plain[found.end() :][:1].isdigit())


def _second(rest: str, first: re.Match[str]) -> tuple[date, date] | None:
    full = _POINT.match(rest)
    if full is not None and not _runs_on(rest, full):
        if _OFF_CALENDAR.match(rest[full.end() :]):
            raise ValueError("no such day")
        return _span(full, None)
    short = re.match(r"(?:当年|同年)?" + _MONTH_ONLY.pattern, rest)
    year = int(first["y"])
    if short is not None:
        return _span(short, year)
    bare = re.match(r"(1[0-2]|0?[1-9])(?:[-./]([12]\d|3[01]|0?[1-9]))?(?:月|$)", rest)
    if bare is None or not _month_and_day(first)[0]:
        return None
    if bare[2]:
        day = date(year, int(bare[1]), int(bare[2]))
        return day, day
    return month_span(year, int(bare[1]))


def _span(found: re.Match[str], year: int | None) -> tuple[date, date]:
    year = year if year is not None else int(found["y"])
    month, day = _month_and_day(found)
    if month:
        return (date(year, month, day), date(year, month, day)) if day else month_span(year, month)
    if found["q"]:
        quarter = "一二三四".find(found["q"]) + 1 or int(found["q"])
        return date(year, quarter * 3 - 2, 1), month_span(year, quarter * 3)[1]
    if found["h"]:
        return (date(year, 1, 1), date(year, 6, 30)) if found["h"] == "上" else (date(year, 7, 1), date(year, 12, 31))
    return date(year, 1, 1), date(year, 12, 31)


def _month_and_day(found: re.Match[str]) -> tuple[int, int]:
    groups = found.groupdict()
    month, day = groups.get("m") or groups.get("m2"), groups.get("d") or groups.get("d2")
    return int(month or 0), int(day or 0)


def _tail(found: re.Match[str]) -> str:
    return (found["part"] or "") + (found["tail"] or "")


def _alone(
    span: tuple[date, date], before: str, after: str, single_is: str, *, exact: bool = True, tail: str = ""
) -> Period:
    if _FROM_BEFORE.search(before) or _FROM_AFTER.match(after):
        return Period(start=span[0], months=_beside(after) or _beside(before))
    if _BEFORE.match(after) or _UNTIL.search(before) or "底" in tail or "末" in tail or tail.endswith("内"):
        return Period(end=span[1])
    if exact:
        return Period(start=span[0]) if single_is == "start" else Period(end=span[1])
    return Period(start=span[0], end=span[1])


def _beside(words: str) -> int | None:
    """The months that stand beside a lone start ("自2026年7月起18个月"); how long goods are looked after is another matter."""
    lasting = _lasting(_AFTERCARE.sub("", words))
    return lasting.months if lasting else None


def _ordered(first: tuple[date, date], second: tuple[date, date]) -> Period:
    if first[0] > second[1]:
        return Period(start=second[0], end=first[1], warning="period_swapped")
    return Period(start=first[0], end=second[1])


def _lasting(plain: str) -> Period | None:
    if re.search(r"(?<![\d个上下])半年", plain) and not re.search(r"\d年半", plain):
        return Period(months=6)
    found = _DURATION.search(plain)
    if found is None or plain[: found.start()][-1:].isdigit():
        return None
    number = float(found["n2"] or found["n"])
    unit, half = found["u"], bool(found["half1"] or found["half2"])
    if unit == "月" and not re.search(
        r"\d(?:\.\d+)?个|月(?:内|以内|之内|左右)|(?:周期|工期|期限|为|约)[：:]?\d", plain
    ):
        return None
    return _months(number + (0.5 if half else 0), unit)


def _months(number: float, unit: str) -> Period | None:
    if "年" in unit:
        months = number * 12
    elif "月" in unit:
        months = number
    else:
        days = number * 7 if unit in {"周", "星期"} else number
        if days % _MANY_DAYS:
            return Period(warning="period_unread")
        months = days / _MANY_DAYS
    return Period(months=round(months)) if 0 < months < 1200 and months == round(months) else None  # noqa: PLR2004 - a century


def header_unit(words: str) -> str | None:
    """What a header says that its numbers count ("建设周期（月）" → "月")."""
    found = re.search(r"[(（:：/]单?位?[:：]?个?(月|年|周|天|日)[)）]?$", compact(words))
    return found[1] if found else None


def _only_digits(plain: str) -> Period | None:
    return Period(warning="period_digits") if _DIGITS.search(plain) else None


def _unread(plain: str) -> Period:
    if re.search(rf"{_YEAR}年\d{{1,2}}月", plain):
        return Period(warning="period_impossible")
    if _MONTH_ONLY.search(plain):
        return Period(warning="period_no_year")
    return Period(warning="period_unread")
