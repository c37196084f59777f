"""A month of rounds as a calendar: which are published and which close on which day, and which days are worked."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from marketplace.kernel import workdays
from marketplace.kernel.calendar import Calendar, is_workday
from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds import rounds
from marketplace.rounds.rounds import RoundCard

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 9998
_MONTH: Final = re.compile(r"(\d{4})-(\d\d)")
_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_DECEMBER: Final = 12
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happens to a round on a day."""

    at: datetime
    closes: bool
    card: RoundCard


@dataclass(frozen=True, slots=True)
class Day:
    """A day; `is_worked` is None where the year's table is not confirmed."""

    on: date
    is_inside: bool
    is_today: bool
    is_worked: bool | None
    is_exception: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday on, with its neighbours' spellings ("2026-11"); "" beyond what can be asked for."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]
    before: str
    after: str
    is_confirmed: bool

    @property
    def days(self) -> tuple[Day, ...]:
        """The days of the month itself."""
        return tuple(day for week in self.weeks for day in week if day.is_inside)


def first_of(text: str, now: datetime) -> date:
    """The first day of a month that an address spells, or of this month in Beijing."""
    found = _MONTH.fullmatch(text) if text.isascii() else None
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR and 1 <= int(found[2]) <= _DECEMBER:
        return date(int(found[1]), int(found[2]), 1)
    return now.astimezone(BEIJING).date().replace(day=1)


def gather(session: Session, first: date, *, now: datetime) -> Month:
    """What happens in a month."""
    start = first - first.weekday() * _DAY
    after = _next(first)
    end = after + (-after.weekday() % _WEEK) * _DAY
    cards = rounds.between(session, _midnight(start), _midnight(end) - timedelta(microseconds=1))
    entries, calendar = _entries(cards), workdays.calendar(session)
    today = now.astimezone(BEIJING).date()
    days = [_day(start + n * _DAY, first, today, calendar, entries) for n in range((end - start).days)]
    return Month(
        first=first,
        weeks=tuple(tuple(days[at : at + _WEEK]) for at in range(0, len(days), _WEEK)),
        before=_spelled(first - _DAY),
        after=_spelled(after),
        is_confirmed=first.year in calendar.years,
    )


def _day(on: date, first: date, today: date, calendar: Calendar, entries: dict[date, list[Entry]]) -> Day:
    is_worked = is_workday(on, calendar) if on.year in calendar.years else None
    return Day(
        on=on,
        is_inside=(on.year, on.month) == (first.year, first.month),
        is_today=on == today,
        is_worked=is_worked,
        is_exception=is_worked is not None and is_worked != (on.weekday() < _SATURDAY),
        entries=tuple(sorted(entries[on], key=lambda one: (one.at, one.card.id))),
    )


def _entries(cards: Sequence[RoundCard]) -> dict[date, list[Entry]]:
    found: defaultdict[date, list[Entry]] = defaultdict(list)
    for card in cards:
        for at, closes in ((card.publish_at, False), (card.deadline, True)):
            if at is not None:
                found[at.astimezone(BEIJING).date()].append(Entry(at, closes, card))
    return found


def _next(first: date) -> date:
    return date(first.year + first.month // _DECEMBER, first.month % _DECEMBER + 1, 1)


def _spelled(day: date) -> str:
    return f"{day:%Y-%m}" if FIRST_YEAR <= day.year <= LAST_YEAR else ""


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)
