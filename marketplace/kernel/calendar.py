"""Counting working days: pure functions over the confirmed tables of years.

The day of the event does not count; a period ends at 24:00 of its last day on Beijing's clock. A year without a
confirmed table is never guessed: asking about one of its days raises Conflict with the code "workdays_missing".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict

SATURDAY = 5
DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What an exception makes of a day: free (休) or worked (班)."""

    OFF = "off"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The confirmed years, each with its exceptions to Monday-to-Friday."""

    years: Mapping[int, Mapping[date, DayKind]] = field(default_factory=dict)


def is_workday(day: date, calendar: Calendar) -> bool:
    """Whether a day is worked: Monday to Friday, save what the year's table says otherwise."""
    if day.year not in calendar.years:
        raise _unknown(day.year)
    kind = calendar.years[day.year].get(day)
    return day.weekday() < SATURDAY if kind is None else kind is DayKind.WORK


def add_workdays(start: date, count: int, calendar: Calendar) -> date:
    """The last day of a period of `count` working days (one or more) that begins the day after `start`."""
    if count < 1:
        raise ValueError(f"a period has at least one working day, not {count}")
    day, left = start, count
    while left:
        day += DAY
        left -= is_workday(day, calendar)
    return day


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """How many working days follow `start` up to and including `end`; none where `end` is not later."""
    return sum(is_workday(day, calendar) for day in _days(start + DAY, end))


def end_of(day: date) -> datetime:
    """The moment at which a period ends whose last day is `day`: 24:00 on Beijing's clock."""
    return datetime.combine(day + DAY, time(), tzinfo=BEIJING)


def deadline(event: datetime, count: int, calendar: Calendar) -> datetime:
    """When a period of `count` working days after an event ends."""
    return end_of(add_workdays(event.astimezone(BEIJING).date(), count, calendar))


def _unknown(year: int) -> Conflict:
    message = f"{year} 年的工作日表还没有确认，不能推算工作日。请管理员在“工作日表”里确认 {year} 年的放假安排后重试。"
    return Conflict(message, code="workdays_missing")


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * DAY
