"""How the product says things: names of the user's nouns, dates, money, masks, all in plain official Chinese.

Every function here is pure; those that give mark-up escape what they are given.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from ingest.corrections import CORRECTED
from ingest.corrections import FIELDS as FIELDS_OF_PARTS
from ingest.fields import RUNNING_TEXT, Where
from matching.text import simplified

BEIJING: Final = ZoneInfo("Asia/Shanghai")
SOON_DAYS: Final = 90
PAST: Final = "完成期限已过"
WEEKDAYS: Final = "一二三四五六日"

KINDS: Final[Mapping[str, str]] = {"scenario": "场景项目", "demand": "需求", "capability": "能力"}
KIND_LISTS: Final[Mapping[str, str]] = {"scenario": "场景项目清单", "demand": "需求清单", "capability": "能力清单"}
ISSUER_TYPES: Final[Mapping[str, str]] = {
    "government": "政府部门",
    "soe": "国有企业",
    "private": "民营企业",
    "institution": "事业单位",
    "other": "其他单位",
}
VERDICTS: Final[Mapping[str, str]] = {
    "strong": "正合适",
    "possible": "可承接",
    "none": "不相合",
    "blocked": "不符合硬性条件",
}
SEVERITIES: Final[Mapping[str, str]] = {"reject": "不能发布", "todo": "需要核对", "note": "提示"}
ROLES: Final[Mapping[str, str]] = {
    "enterprise": "发榜单位",
    "opc": "OPC",
    "organiser": "主办方",
    "expert": "专家",
    "supervisor": "监督",
    "administrator": "管理员",
}
YES_OR_NO: Final[Mapping[str, str]] = {"true": "是", "false": "否", "True": "是", "False": "否"}
FIELDS: Final[Mapping[str, str]] = {
    "list_kind": "清单类别",
    "need_type": "需求类型",
    "title": "名称",
    "description": "说明",
    "issuer": "单位",
    "issuer_type": "单位性质",
    "sector": "行业领域",
    "region": "地区",
    "budget": "预算",
    "budget_min": "预算下限",
    "budget_max": "预算上限",
    "budget_negotiable": "预算面议",
    "period": "完成期限",
    "period_start": "开始时间",
    "period_end": "完成时间",
    "duration_months": "工期（月）",
    "requirements": "要点",
    "contact": "联系方式",
    "contact_name": "联系人",
    "contact_phone": "联系电话",
    "contact_email": "电子邮箱",
    "uscc": "统一社会信用代码",
    "team_size": "从业人数",
    "cases": "案例",
    "cooperation": "合作方式",
    "support": "支撑条件",
    "remarks": "备注",
    "qualifications": "资质",
    "skills": "专长",
    "sectors": "服务行业",
    "headline": "一句话介绍",
    "number": "序号",
    "sequence": "序号",
    "group": "集团名称",
    "unused": "不采用",
    "price_text": "参考报价",
    "not_offered": "不承接",
    "filings": "备案与资质",
    "offers": "服务",
    "evidence": "案例证明文件",
    "founded_year": "成立年份",
    "visibility": "可见范围",
    "budget_source": "预算来源",
    "acceptance": "验收方式",
    "conditions": "提供条件",
    "decider": "由谁拍板",
}
SOURCES: Final[Mapping[str, str]] = {
    "headline": "一句话介绍",
    "description": "能力说明",
    "skills": "专长",
    "sectors": "服务行业",
    "cases": "案例",
    "notes": "清单所载能力",
    "offers": "服务",
    "price_text": "参考报价",
    "filings": "备案与资质",
}
_WAN: Final = Decimal(10_000)
_YI: Final = Decimal(100_000_000)
_CENT: Final = Decimal("0.01")


def day(value: date) -> str:
    """Say a calendar day: 2026年11月27日."""
    return f"{value.year}年{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """Say a calendar day with its weekday: 2026年11月27日（周五）."""
    return f"{day(value)}（周{WEEKDAYS[value.weekday()]}）"


def local_day(value: datetime) -> str:
    """Say the day on which a moment falls in Beijing."""
    return day(value.astimezone(BEIJING))


def clock(value: datetime, now: datetime) -> str:
    """Say a moment of today by its clock alone (20:52), of another day with the day (11月27日 20:52)."""
    local = value.astimezone(BEIJING)
    days = "" if local.date() == now.astimezone(BEIJING).date() else f"{local.month}月{local.day}日 "
    return f"{days}{local:%H:%M}"


def moment(value: datetime) -> str:
    """Say a moment on Beijing's clock: 2026年11月27日（周五）17:30."""
    local = value.astimezone(BEIJING)
    return f"{weekday(local)}{local:%H:%M}"


def ending(value: datetime) -> str:
    """Say when a period ends: midnight is 24:00 of its last day, 2026年12月17日（周四）24:00."""
    local = value.astimezone(BEIJING)
    return moment(value) if local.time() != time() else f"{weekday(local - timedelta(days=1))}24:00"


def amount(yuan: Decimal) -> str:
    """Say a sum of money in the unit a reader thinks in, at most two places: 120 万元."""
    for unit, name in ((_YI, "亿元"), (_WAN, "万元")):
        if abs(yuan) >= unit:
            return f"{_plain(yuan / unit)} {name}"
    return f"{_plain(yuan)} 元"


def exactly(yuan: Decimal) -> str:
    """Say a sum of money to the cent: 1,200,000.00 元."""
    return f"{yuan.quantize(_CENT):,} 元"


def money(yuan: Decimal) -> Markup:
    """Mark up a sum of money with the exact figure in its title."""
    return Markup('<span class="money" title="{}">{}</span>').format(exactly(yuan), amount(yuan))


def fen(amount_fen: int) -> Markup:
    """Say an amount in fen as `money` does."""
    return money(Decimal(amount_fen) / 100)


def budget(low: Decimal | None, high: Decimal | None, negotiable: bool = False) -> Markup | None:
    """Say what a list says of money: a range, a limit or 面议; None where it says nothing."""
    said = _range_of_money(low, high)
    if negotiable:
        return Markup("面议") if said is None else said + "，可面议"
    return said


def _range_of_money(low: Decimal | None, high: Decimal | None) -> Markup | None:
    if low is not None and high is not None:
        return money(high) if low == high else money(low) + "至 " + money(high)
    if high is not None:
        return Markup("不超过 ") + money(high)
    return None if low is None else Markup("不低于 ") + money(low)


def period(start: date | None, end: date | None, months: int | None = None) -> str | None:
    """Say what a list says of time: two days, a limit or a number of months; None where it says nothing."""
    said = _range_of_days(start, end)
    lasting = None if months is None else f"工期 {months} 个月"
    return "，".join(part for part in (said, lasting) if part) or None


def _range_of_days(start: date | None, end: date | None) -> str | None:
    if start and end:
        return f"{day(start)}至 {day(end)}"
    if end:
        return f"{day(end)}前"
    return f"{day(start)}起" if start else None


def days_left(end: date, now: datetime) -> str:
    """Say how far the end of a period of completion is on Beijing's calendar: 还有 12 天到期."""
    days = (end - now.astimezone(BEIJING).date()).days
    if days < 0:
        return PAST
    return "今天到期" if days == 0 else f"还有 {days} 天到期"


def is_past(end: date | None, now: datetime) -> bool:
    """Tell whether a day is over on Beijing's calendar; a day that nobody states never is."""
    return end is not None and end < now.astimezone(BEIJING).date()


def is_soon(end: date, now: datetime) -> bool:
    """Tell whether a day is so near, or just gone, that a list should say how far it is."""
    return (end - now.astimezone(BEIJING).date()).days <= SOON_DAYS


def size(count_bytes: int) -> str:
    """Say a file's size: 18 KB, 2.4 MB."""
    kilobytes = Decimal(count_bytes) / 1024
    return f"{max(1, round(kilobytes))} KB" if kilobytes < 1024 else f"{_plain(kilobytes / 1024)} MB"  # noqa: PLR2004 - a KB in a MB


def percent(share: float) -> str:
    """Say a share of one as a whole percentage: 92%."""
    return f"{round(share * 100)}%"


def region(path: str) -> str:
    """Say a region's path in one line: 福建省临川市澄江区; the empty path is 全国."""
    return path.replace("/", "") or "全国"


def where(place: Where) -> str:
    """Give the place of a row in its file: "需求清单 第 5 行", "第 2 页表 3 第 1 行", "第 7 段"; "" for the whole file."""
    sheet, table, page, row = place
    said = [
        sheet or "",
        f"第 {page} 页" if page else "",
        f"表 {table}" if table else "",
        f"第 {row} {'段' if table == RUNNING_TEXT else '行'}" if row else "",
    ]
    return " ".join(part for part in said if part)


def cells(places: str) -> str:
    """Give where a value was read from: "单元格 C5、D5" of a table, "第5段" of running text."""
    said = places.replace(",", "、")
    if said.startswith("（"):
        return said.strip("（）")
    return said if said.startswith("第") else f"单元格 {said}"


def put_right(places: Mapping[str, str]) -> str:
    """Name what of an item a person put right before it was published: 名称、预算; "" where nothing."""
    whole = {name: part.value for part, names in FIELDS_OF_PARTS.items() for name in names}
    names = [whole.get(name, name) for name, place in places.items() if place.endswith(CORRECTED)]
    return "、".join(dict.fromkeys(field(name) for name in names))


def source(field: str) -> str:
    """Say where a statement stands in a profile: "skills[2]" is 专长第 3 条."""
    found = re.fullmatch(r"(\w+)\[(\d+)\]", field)
    if found is None:
        return SOURCES.get(field, field)
    return f"{SOURCES.get(found[1], found[1])}第 {int(found[2]) + 1} 条"


def name_of(names: Mapping[str, str], key: str | None, otherwise: str = "未写明") -> str:
    """Give the Chinese name of a coded value."""
    return otherwise if key is None else names.get(key, key)


def field(name: str) -> str:
    """Give the Chinese name of a field of a list, also of one that has no column of its own ("extras.cases")."""
    return FIELDS.get(name.removeprefix("extras."), name)


def said(name: str, text: str | None) -> str | None:
    """Say a field's value that is kept as plain text (yuan, ISO dates, codes) as a page says it."""
    if text is None:
        return None
    if name in {"budget_min", "budget_max"}:
        return amount(Decimal(text))
    if name in {"period_start", "period_end"}:
        return day(date.fromisoformat(text))
    return {"issuer_type": ISSUER_TYPES, "list_kind": KINDS, "budget_negotiable": YES_OR_NO}.get(name, {}).get(
        text, text
    )


def acting_as(grants: Iterable[tuple[str, str]]) -> str:
    """Say what a person is here, from its (role, region) pairs: 主办方（福建省临川市）."""
    return "、".join(f"{ROLES[role]}（{region(where)}）" for role, where in grants) or "没有权限"


def whole(score: float) -> int:
    """A score as people read it: an estimate is never certain, so that what rounds to 100 is shown as 99."""
    return min(round(score), 99)


def highlight(text: str, words: Iterable[str]) -> Markup:
    """Escape `text` and put every occurrence of `words` in <mark>; longer words win over those inside them."""
    sought = {word.lower() for word in words if len(word.strip()) > 1}
    # The matcher names what it found in simplified characters, also where the text is written in traditional ones.
    lowered = simplified(text.lower())
    if not sought or len(lowered) != len(text):
        return escape(text)
    marked, done = Markup(), 0
    for start, end in _found(lowered, sought):
        marked += escape(text[done:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        done = end
    return marked + escape(text[done:])


def _found(text: str, words: Collection[str]) -> Iterator[tuple[int, int]]:
    """Give where words stand, from the left and longest first; words that touch are told as one."""
    start = end = 0
    while places := [(at, -len(word)) for word in words if (at := text.find(word, end)) >= 0]:
        at, length = min(places)
        if at > end:
            if end > start:
                yield start, end
            start = at
        end = at - length
    if end > start:
        yield start, end


def _plain(value: Decimal) -> str:
    rounded = f"{value.quantize(_CENT):,f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
