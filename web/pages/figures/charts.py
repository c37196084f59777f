"""Figures as charts: SVG by numbers, the finding as its title, every value as text and in the table beside it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from marketplace.figures.views import Figure
from marketplace.figures.words import Measure, Span
from marketplace.kernel import money
from marketplace.kernel.chinese_time import BEIJING
from web.pages import wording

NAMES: Final = {
    Measure.SCENARIOS: "已公开的场景项目",
    Measure.LANDED: "落地的需求",
    Measure.ORDERED: "签约金额",
    Measure.EVENTS: "举办的活动",
    Measure.COMMUNITIES: "OPC 社区",
    Measure.OPCS: "有公开画像的 OPC",
}
UNITS: Final = {
    Measure.SCENARIOS: "个",
    Measure.LANDED: "个",
    Measure.ORDERED: "",
    Measure.EVENTS: "场",
    Measure.COMMUNITIES: "个",
    Measure.OPCS: "户",
}
COUNTING: Final = {
    Measure.SCENARIOS: "当年首次公开的场景项目条目，每条只计一次；地点在下级地区的，计入下级地区。",
    Measure.LANDED: "签约经确认的需求，和需求方办结时登记成交的需求；每条需求只计一次，按第一份合同的签约日；由谁登记、由谁确认，分别列出。",
    Measure.ORDERED: "签约金额，按每份合同的签约日；以对接中经确认的为准，没有的按需求方办结时登记的，不重复计；由谁登记、由谁确认，分别列出。",
    Measure.EVENTS: "登记且没有撤销的活动，按举办日。",
    Measure.COMMUNITIES: "主办方确认并公开、没有关闭的 OPC 社区，按确认日累计；不含 SICN 机构。",
    Measure.OPCS: "有公开能力画像的单位和个人，按进入本平台的日期累计。",
}
CUMULATIVE: Final = frozenset({Measure.COMMUNITIES, Measure.OPCS})
"""Measures that tell how many there are, and not what a year brought."""

WIDTH: Final = 360
HEIGHT: Final = 190
LEFT: Final = 8
BASE: Final = 150
TOP: Final = 34
MONTHS: Final = 12
SLOT: Final = (WIDTH - 2 * LEFT) / MONTHS
BAR: Final = 18
FEN_IN_WAN: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Column:
    """One month: its column (heights in the picture's units), what is written above it, and what it adds."""

    month: int
    x: float
    y: float
    height: float
    middle: float
    label: str
    added: str
    total: str
    is_ahead: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure as a picture and as a table; `target_y` is where the target's line runs."""

    key: str
    title: str
    short: str
    counting: str
    columns: tuple[Column, ...]
    target_y: float | None
    target_label: str
    share: int | None
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE


def of_figure(figure: Figure, now: datetime) -> Chart:
    """Draw a figure: the columns grow from month to month, the line is the target."""
    goal = figure.target.form.value if figure.target else None
    year = figure.period.last_day.year
    here = now.astimezone(BEIJING)
    year_shown = min(year, here.year) if figure.period.start.year <= here.year else year
    totals = _totals(figure, year_shown)
    most = max([*totals, goal or 0, 1])
    months_gone = MONTHS if year_shown < here.year else here.month if year_shown == here.year else 0
    columns = tuple(
        _column(figure.measure, month, totals, most=most, is_ahead=month > months_gone)
        for month in range(1, MONTHS + 1)
    )
    return Chart(
        key=f"{figure.measure.value}-{figure.target.form.span.value if figure.target else 'none'}",
        title=finding(figure, now),
        short=NAMES[figure.measure],
        counting=COUNTING[figure.measure],
        columns=columns,
        target_y=None if goal is None else _y(goal, most),
        target_label="" if goal is None else f"目标 {said(figure.measure, goal)}",
        share=None if goal is None else min(999, round(100 * figure.value / goal)),
    )


def finding(figure: Figure, now: datetime) -> str:
    """Say what a figure found: 已公开的场景项目 23 个，年目标 30 个，时间过去 89%."""
    told = f"{NAMES[figure.measure]} {said(figure.measure, figure.value)}"
    if figure.target is None:
        return f"{told}，没有设目标"
    form = figure.target.form
    name = "年目标" if form.span is Span.YEARLY else f"到 {form.last_year} 年目标"
    gone = wording.percent(figure.period.gone(now))
    return f"{told}，{name} {said(figure.measure, form.value)}，时间过去 {gone}"


def said(measure: Measure, value: int) -> str:
    """Say a value with its unit: 23 个, 1,200 万元."""
    if measure is Measure.ORDERED:
        return wording.amount(money.yuan(value) or Decimal(0))
    return f"{value} {UNITS[measure]}"


def shares(figure: Figure) -> str:
    """Say how what was counted was confirmed: 双方确认 3 条，120 万元；主办方登记、OPC 确认 1 条，5 万元. "" for nothing."""
    is_money = figure.measure is Measure.ORDERED
    return "；".join(
        f"{one.origin} {one.rows} 条" + (f"，{said(figure.measure, one.adds)}" if is_money else "")
        for one in figure.by_origin
    )


def _totals(figure: Figure, year: int) -> list[int]:
    return [
        sum(row.adds for row in figure.rows if (row.on.year, row.on.month) <= (year, month))
        for month in range(1, MONTHS + 1)
    ]


def _column(measure: Measure, month: int, totals: list[int], *, most: int, is_ahead: bool) -> Column:
    total = totals[month - 1]
    before = totals[month - 2] if month > 1 else 0
    middle = LEFT + SLOT * (month - 0.5)
    y = _y(total, most)
    return Column(
        month=month,
        x=round(middle - BAR / 2, 1),
        y=y,
        height=round(BASE - y, 1),
        middle=round(middle, 1),
        label=_short(measure, total),
        added=said(measure, total - before) if month > 1 else said(measure, total),
        total=said(measure, total),
        is_ahead=is_ahead,
    )


def _y(value: int, most: int) -> float:
    return round(BASE - (BASE - TOP) * value / most, 1)


def _short(measure: Measure, value: int) -> str:
    return f"{value / FEN_IN_WAN:.0f}" if measure is Measure.ORDERED else str(value)
