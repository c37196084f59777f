"""The form of a year's working days: ranges of holidays, single make-up days, and what is wrong with either."""

from datetime import date

import pytest

from marketplace.kernel.calendar import DayKind
from marketplace.kernel.errors import Invalid
from marketplace.kernel.workdays import ExceptionalDay
from web.pages import workday_forms
from web.pages.workday_forms import Span

OFF, WORK = DayKind.OFF, DayKind.WORK
NATIONAL = Span("2026-10-01", "2026-10-03", "off", "国庆节")


def test_a_range_is_every_day_of_it_and_comes_back_as_a_range() -> None:
    rows = (NATIONAL, Span("2026-10-10", "", "work", "国庆节"), Span("2026-01-01", "", "off", "元旦"))

    found = workday_forms.days(rows)

    assert found == (
        ExceptionalDay(date(2026, 1, 1), OFF, "元旦"),
        *(ExceptionalDay(date(2026, 10, day), OFF, "国庆节") for day in (1, 2, 3)),
        ExceptionalDay(date(2026, 10, 10), WORK, "国庆节"),
    )
    assert workday_forms.spans(found) == (rows[2], rows[0], rows[1])


def test_make_up_days_and_other_holidays_are_rows_of_their_own() -> None:
    days = [
        ExceptionalDay(date(2026, 5, 9), WORK, "劳动节"),
        ExceptionalDay(date(2026, 5, 10), WORK, "劳动节"),
        ExceptionalDay(date(2026, 5, 11), OFF, "劳动节"),
        ExceptionalDay(date(2026, 5, 12), OFF, "校庆"),
    ]

    assert [(one.day, one.until) for one in workday_forms.spans(days)] == [
        (f"2026-05-{day:02}", "") for day in (9, 10, 11, 12)
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            (NATIONAL, Span("2026-10-03", "2026-10-05", "off", "中秋节")),
            "“2026-10-03 至 2026-10-05”与“2026-10-01 至 2026-10-03”重叠：2026-10-03 写了两次。请改其中一行。",
        ),
        (
            (NATIONAL, Span("2026-10-02", "", "work", "国庆节")),
            "“2026-10-02”与“2026-10-01 至 2026-10-03”重叠：2026-10-02 写了两次。请改其中一行。",
        ),
        ((Span("2026-10-07", "2026-10-01", "off", "国庆节"),), "结束日期早于开始日期"),
        ((Span("2026-10-10", "2026-10-11", "work", "国庆节"),), "上班日请逐日填写"),
        ((Span("2026-01-01", "2026-12-31", "off", "元旦"),), "超过 40 天"),
        ((Span("", "2026-10-07", "off", "国庆节"),), "“国庆节”没有开始日期"),
        ((Span("十月一日", "", "off", "国庆节"),), "不是日期"),
        ((Span("2026-10-01", "", "", "国庆节"),), "选择“休”或“班”"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(rows: tuple[Span, ...], told: str) -> None:
    with pytest.raises(Invalid) as refused:
        workday_forms.days(rows)

    assert told in refused.value.fields["days"]
