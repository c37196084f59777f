"""Figures as files that leave the product: what was achieved with its target and source, and every row behind it."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from ingest.neutralise import neutralise
from marketplace.figures.views import Figure
from marketplace.figures.words import Measure
from marketplace.kernel import money
from web.pages import wording
from web.pages.exports import Cell, Table
from web.pages.figures import charts

COLUMNS: Final[tuple[str, ...]] = (
    "指标", "地区", "起", "止", "完成", "目标", "单位", "完成比例", "时间过去", "目标来源", "条款", "原文", "状态",
    "统计方法", "其中（由谁登记、由谁确认）",
)  # fmt: skip
ROWS: Final[tuple[str, ...]] = ("指标", "日期", "名称", "说明", "计入", "单位", "由谁登记、由谁确认", "页面")


def summary(figures: Sequence[Figure], now: datetime, *, title: str = "完成情况") -> Table:
    """One row for each figure and target."""
    return _table(title, COLUMNS, [_summary(figure, now) for figure in figures])


def behind(figures: Sequence[Figure]) -> Table:
    """Every row that was counted, so that each figure can be checked."""
    seen = {figure.measure: figure for figure in reversed(figures)}
    rows = [
        (
            charts.NAMES[figure.measure],
            row.on,
            row.title,
            row.about,
            _value(figure.measure, row.adds),
            _unit(figure.measure),
            row.origin or None,
            row.link,
        )
        for figure in reversed(seen.values())
        for row in figure.rows
    ]
    return _table("计入明细", ROWS, rows)


def _summary(figure: Figure, now: datetime) -> Sequence[Cell]:
    form = figure.target.form if figure.target else None
    share = f"{round(100 * figure.value / form.value)}%" if form else None
    return (
        charts.NAMES[figure.measure],
        wording.region(figure.region),
        figure.period.start,
        figure.period.last_day,
        _value(figure.measure, figure.value),
        _value(figure.measure, form.value) if form else None,
        _unit(figure.measure),
        share,
        wording.percent(figure.period.gone(now)),
        form.source if form else None,
        form.clause if form else None,
        form.quote if form else None,
        form.status.value if form else None,
        charts.COUNTING[figure.measure],
        charts.shares(figure) or None,
    )


def _value(measure: Measure, value: int) -> Decimal | int:
    return (money.yuan(value) or Decimal(0)) if measure is Measure.ORDERED else value


def _unit(measure: Measure) -> str:
    return "元" if measure is Measure.ORDERED else charts.UNITS[measure]


def _table(title: str, columns: tuple[str, ...], rows: Sequence[Sequence[Cell]]) -> Table:
    safe = tuple(tuple(neutralise(value) if isinstance(value, str) else value for value in row) for row in rows)
    return Table(title, columns, safe)
