"""Every rule that lists.md states for periods, typed by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.values import periods
from ingest.values.periods import Period


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("2026年6月底前", date(2026, 6, 30)),
        ("2026年6月前", date(2026, 6, 30)),
        ("2026年2月底前完成", date(2026, 2, 28)),
        ("2026年12月31日前", date(2026, 12, 31)),
        ("2026年12月31日之前", date(2026, 12, 31)),
        ("2026-06-30", date(2026, 6, 30)),
        ("2026/6/30", date(2026, 6, 30)),
        ("2026.6.30", date(2026, 6, 30)),
        ("2026年6月30日", date(2026, 6, 30)),
        ("２０２６年６月３０日", date(2026, 6, 30)),
        ("2026年底前", date(2026, 12, 31)),
        ("2026年底", date(2026, 12, 31)),
        ("截至2026年9月", date(2026, 9, 30)),
        ("即日起至2026年12月31日", date(2026, 12, 31)),
        ("二〇二六年六月底前", date(2026, 6, 30)),
        ("2026-06-30 00:00:00", date(2026, 6, 30)),
        ("46203", date(2026, 6, 30)),
    ],
)
def test_read_gives_only_the_end(words: str, end: date) -> None:
    assert periods.read(words) == Period(end=end)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2026年6月", date(2026, 6, 1), date(2026, 6, 30)),
        ("2026.06", date(2026, 6, 1), date(2026, 6, 30)),
        ("2028年2月", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026年三季度", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026年第1季度", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026年Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026年上半年", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026年下半年", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026年", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026年度", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_read_gives_the_first_and_the_last_day_of_a_span(words: str, start: date, end: date) -> None:
    assert periods.read(words) == Period(start, end)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("2026.6-2027.12", date(2026, 6, 1), date(2027, 12, 31)),
        ("2026年6月-2027年12月", date(2026, 6, 1), date(2027, 12, 31)),
        ("2026年6月至12月", date(2026, 6, 1), date(2026, 12, 31)),
        ("2026.6-12", date(2026, 6, 1), date(2026, 12, 31)),
        ("2026年6-8月", date(2026, 6, 1), date(2026, 8, 31)),
        ("2026年6月15日-7月20日", date(2026, 6, 15), date(2026, 7, 20)),
        ("2026-01-01至2026-12-31", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026年—2028年", date(2026, 1, 1), date(2028, 12, 31)),
        ("2026-2028年", date(2026, 1, 1), date(2028, 12, 31)),
        ("2026年6月～2027年5月（12个月）", date(2026, 6, 1), date(2027, 5, 31)),
        ("2026年二季度至四季度", date(2026, 4, 1), date(2026, 12, 31)),
        ("2026/3/1-2026/9/30", date(2026, 3, 1), date(2026, 9, 30)),
    ],
)
def test_read_gives_both_days_of_a_range(words: str, start: date, end: date) -> None:
    assert periods.read(words) == Period(start, end)


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("合同签订后8个月内", 8),
        ("自合同签订之日起12个月", 12),
        ("一年半", 18),
        ("1年半", 18),
        ("两年半", 30),
        ("半年", 6),
        ("半年内", 6),
        ("6个月", 6),
        ("十二个月", 12),
        ("1年", 12),
        ("三年", 36),
        ("1.5年", 18),
        ("签约后3个月", 3),
        ("约18个月", 18),
    ],
)
def test_read_gives_only_months(words: str, months: int) -> None:
    assert periods.read(words) == Period(months=months)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "/",
        "待定",
        "长期",
        "长期有效",
        "常年",
        "申报截止2026年5月1日",
        "报名截止时间：2026年5月1日",
        "发布日期2026年1月1日",
        "面议",
    ],
)
def test_read_finds_nothing(words: str) -> None:
    assert periods.read(words) == Period()


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        ("2023117日", "period_digits"),
        ("202611", "period_digits"),
        ("2026年2月30日", "period_impossible"),
        ("6月底前", "period_no_year"),
        ("下半年", "period_no_year"),
        ("视情况而定", "period_unread"),
    ],
)
def test_read_warns_and_does_not_guess(words: str, warning: str) -> None:
    assert periods.read(words) == Period(warning=warning)


def test_read_swaps_a_range_the_wrong_way_round() -> None:
    expected = Period(date(2026, 3, 1), date(2027, 1, 31), warning="period_swapped")
    assert periods.read("2027年1月-2026年3月") == expected


def test_read_takes_a_lone_day_of_a_start_column_for_the_start() -> None:
    assert periods.read("2026年3月1日", single_is="start") == Period(start=date(2026, 3, 1))


@pytest.mark.parametrize(
    ("words", "start"), [("2026年3月起", date(2026, 3, 1)), ("自2026年3月15日起", date(2026, 3, 15))]
)
def test_read_gives_only_the_start(words: str, start: date) -> None:
    assert periods.read(words) == Period(start=start)


@pytest.mark.parametrize(
    ("words", "start", "months"),
    [
        ("2027年3月起10个月", date(2027, 3, 1), 10),
        ("2027年3月15日开工，工期两年", date(2027, 3, 15), 24),
        ("自2027年二季度起，为期一年半", date(2027, 4, 1), 18),
        ("2028年起3年内完成", date(2028, 1, 1), 36),
        ("建设周期半年，自2027年3月1日起", date(2027, 3, 1), 6),
        ("2027年3月起，质保2年", date(2027, 3, 1), None),
        ("2027年3月起，下半年见效", date(2027, 3, 1), None),
        ("2027年3月起（第1年试点）", date(2027, 3, 1), None),
    ],
)
def test_read_gives_a_start_and_the_months_beside_it(words: str, start: date, months: int | None) -> None:
    assert periods.read(words) == Period(start=start, months=months)


@pytest.mark.parametrize(
    ("header", "unit"), [("建设周期（月）", "月"), ("工期（个月）", "月"), ("服务期限(年)", "年"), ("完成时限", None)]
)
def test_header_unit_reads_what_numbers_count(header: str, unit: str | None) -> None:
    assert periods.header_unit(header) == unit


def test_read_counts_bare_numbers_in_the_unit_of_the_header() -> None:
    assert (periods.read("8", unit="月"), periods.read("2", unit="年")) == (Period(months=8), Period(months=24))


days = st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31))


@given(day=days)
def test_read_gives_back_any_day_however_written(day: date) -> None:
    written = (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month:02}.{day.day:02}",
        f"{day.year}年{day.month}月{day.day}日前",
        f"{day:%Y%m%d}",
    )
    assert [periods.read(words) for words in written] == [Period(end=day)] * len(written)


@given(first=days, length=st.integers(min_value=0, max_value=2000))
def test_read_gives_back_any_range(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2099, 12, 31))
    assert periods.read(f"{first.isoformat()}至{last.isoformat()}") == Period(first, last)


@given(day=st.dates(min_value=date(1990, 1, 1), max_value=date(2099, 12, 31)))
def test_from_serial_counts_as_spreadsheets_do(day: date) -> None:
    assert periods.from_serial((day - date(1899, 12, 30)).days) == day


@given(words=st.text())
def test_read_never_fails(words: str) -> None:
    stated = periods.read(words)
    assert stated.start is None or stated.end is None or stated.start <= stated.end


@pytest.mark.parametrize(
    "words", ["2027-13-45", "2026-02-30", "2026年13月5日", "2026年6月45日", "2026-06-01至2027-13-45", "2026/2/32"]
)
def test_read_takes_no_day_that_the_calendar_lacks(words: str) -> None:
    assert periods.read(words) == Period(warning="period_impossible")
