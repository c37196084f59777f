"""Working days: counted from confirmed tables, never guessed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel import audit, calendar, workdays
from marketplace.kernel.calendar import Calendar, DayKind
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.workdays import ExceptionalDay
from tests.marketplace.market import NOW

KNOWN = Calendar({year: {one.day: one.kind for one in workdays.proposed(year)} for year in range(2010, 2027)})
ACTOR = "aaaaaaaaaaaaaaaa"
SOURCE = "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"
DAYS = st.dates(date(2010, 1, 1), date(2026, 8, 1))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 1, 4), True),  # Sunday, worked for New Year
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # Saturday, worked for Spring Festival
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),  # the last of nine days
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # Saturday, worked
        (date(2026, 3, 1), False),
        (date(2026, 5, 9), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 21), False),  # an ordinary Saturday
    ],
)
def test_is_workday_follows_the_notice_of_2026(day: date, worked: bool) -> None:
    assert calendar.is_workday(day, KNOWN) is worked


def test_add_workdays_counts_from_the_day_after_and_over_spring_festival() -> None:
    ends = [calendar.add_workdays(date(2026, 2, 12), count, KNOWN) for count in (1, 2, 3, 5, 8)]

    assert ends == [date(2026, 2, 13), date(2026, 2, 14), date(2026, 2, 24), date(2026, 2, 26), date(2026, 3, 2)]


def test_deadline_is_the_end_of_the_last_day_in_beijing() -> None:
    # 17:00 UTC on the 12th is the 13th in Beijing already, so the period begins on the 14th.
    ends = calendar.deadline(datetime(2026, 2, 12, 17, 0, tzinfo=UTC), 2, KNOWN)

    assert ends.astimezone(UTC) == datetime(2026, 2, 24, 16, 0, tzinfo=UTC)


def test_workdays_between_leaves_the_first_day_out_and_takes_the_last() -> None:
    assert [
        calendar.workdays_between(date(2026, 2, 13), date(2026, 2, 24), KNOWN),
        calendar.workdays_between(date(2026, 2, 13), date(2026, 2, 13), KNOWN),
        calendar.workdays_between(date(2026, 2, 24), date(2026, 2, 13), KNOWN),
    ] == [2, 0, 0]


def test_a_year_without_a_table_is_refused_and_named() -> None:
    with pytest.raises(Conflict, match="2027 年的工作日表还没有确认") as refusal:
        calendar.add_workdays(date(2026, 12, 30), 5, KNOWN)

    assert refusal.value.code == "workdays_missing"


def test_a_period_has_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="at least one"):
        calendar.add_workdays(date(2026, 3, 2), 0, KNOWN)


@given(start=DAYS, count=st.integers(1, 60))
def test_add_and_between_undo_each_other(start: date, count: int) -> None:
    end = calendar.add_workdays(start, count, KNOWN)

    assert calendar.is_workday(end, KNOWN)
    assert calendar.workdays_between(start, end, KNOWN) == count


@given(start=DAYS, first=st.integers(1, 25), second=st.integers(1, 25))
def test_periods_add_up(start: date, first: int, second: int) -> None:
    at_once = calendar.add_workdays(start, first + second, KNOWN)

    assert calendar.add_workdays(calendar.add_workdays(start, first, KNOWN), second, KNOWN) == at_once


@given(one=DAYS, other=DAYS)
def test_workdays_between_never_counts_more_than_days(one: date, other: date) -> None:
    counted = calendar.workdays_between(one, other, KNOWN)

    assert 0 <= counted <= max(0, (other - one) // timedelta(days=1))


def test_proposed_agrees_with_the_notice_of_2026() -> None:
    found = workdays.proposed(2026)

    assert [one.day.isoformat() for one in found if one.kind is DayKind.WORK] == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ]  # fmt: skip
    assert [one.day.day for one in found if one.name == "春节" and one.kind is DayKind.OFF] == list(range(15, 24))
    assert workdays.proposed(2300) == ()


def confirm(store: Store, *, version: int = 0, reason: str = "", year: int = 2026, **other: object) -> int:
    """Confirm a year's table as proposed."""
    stated: dict[str, object] = {"days": workdays.proposed(2026), "source": SOURCE, "issued_on": date(2025, 11, 4)}
    with store.writing() as session:
        return workdays.confirm(
            session, year=year, version=version, reason=reason, actor_id=ACTOR, now=NOW, **{**stated, **other}  # type: ignore[arg-type]
        )  # fmt: skip


def test_confirm_keeps_the_table_its_source_and_the_chain(store: Store) -> None:
    version = confirm(store)

    with store.reading() as session:
        found = workdays.get(session, 2026)
        counted = calendar.is_workday(date(2026, 2, 14), workdays.calendar(session))
        (entry,) = audit.history(session, "workdays", "2026")
    assert (version, found.days, found.source, found.issued_on) == (
        1, workdays.proposed(2026), SOURCE, date(2025, 11, 4),
    )  # fmt: skip
    assert (counted, entry.action, len(entry.payload["changes"])) == (True, "workdays.confirmed", 39)  # type: ignore[arg-type, index]


def test_change_needs_a_reason_and_says_what_differs(store: Store) -> None:
    confirm(store)
    fewer = tuple(one for one in workdays.proposed(2026) if one.day != date(2026, 10, 10))

    with pytest.raises(Invalid) as refusal:
        confirm(store, version=1, days=fewer)
    confirm(store, version=1, days=fewer, reason="通知另有更正")

    with store.reading() as session:
        entries = audit.history(session, "workdays", "2026")
    assert list(refusal.value.fields) == ["reason"]
    assert entries[1].payload == {
        "version": 2,
        "source": SOURCE,
        "reason": "通知另有更正",
        "changes": [{"day": "2026-10-10", "old": "work 国庆节", "new": None}],
    }


def test_two_who_change_one_year_get_a_conflict(store: Store) -> None:
    confirm(store)
    confirm(store, version=1, reason="第一个人修改")

    with pytest.raises(Conflict, match="第 2 版"):
        confirm(store, version=1, reason="第二个人修改")


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"source": "  "}, "source"),
        ({"days": ()}, "days"),
        ({"days": (ExceptionalDay(date(2025, 1, 1), DayKind.OFF, "元旦"),)}, "days"),
        ({"days": (ExceptionalDay(date(2026, 1, 1), DayKind.OFF, "元旦"),) * 2}, "days"),
        ({"days": (ExceptionalDay(date(2026, 1, 1), DayKind.OFF, ""),)}, "days"),
        ({"year": 1900}, "year"),
    ],
)
def test_confirm_refuses_what_is_not_a_table(store: Store, other: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        confirm(store, **other)  # type: ignore[arg-type]

    assert field in refusal.value.fields


def test_missing_asks_for_the_next_year_from_december_on(store: Store) -> None:
    with store.reading() as session:
        nothing = workdays.missing(session, today=date(2026, 11, 30))
    confirm(store)
    with store.reading() as session:
        november = workdays.missing(session, today=date(2026, 11, 30))
        december = workdays.missing(session, today=date(2026, 12, 1))

    assert (nothing, november, december) == ((2026,), (), (2027,))
