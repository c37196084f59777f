"""The timetable of a round: when each stage of its procedure begins and ends at the earliest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from marketplace.kernel.calendar import Calendar, add_workdays, end_of, is_workday
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict
from marketplace.rounds.rules.procedures import Stage, Unit

CLOSING: Final = time(17, 30)
"""When bids close on the last day: within office hours, while somebody can be asked."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One stage in time; it ends at `ends`, which is no longer part of it."""

    stage: Stage
    starts: datetime
    ends: datetime


def timetable(
    stages: Sequence[Stage], publish_at: datetime, calendar: Calendar, *, deadline: datetime | None = None
) -> tuple[Step, ...]:
    """Lay the stages one after the other from the publication on.

    The day of an event does not count, and a period ends at 24:00 of its last day. Bids close at 17:30 of the first
    working day after their period, or at the deadline that was set. Raises Conflict where a year's working days are
    not confirmed.
    """
    steps: list[Step] = []
    begins = publish_at
    for number, stage in enumerate(stages):
        # What begins at midnight goes on from a period that ended with the day before: that day is the event's.
        event = begins - timedelta(microseconds=1) if number else begins
        if number == 0 and deadline is not None:
            ends = deadline
        else:
            ends = _end(event.astimezone(BEIJING).date(), stage, calendar)
            ends = ends if number else _closing(ends, calendar)
        steps.append(Step(stage, begins, ends))
        begins = ends
    return tuple(steps)


def as_far_as_known(
    stages: Sequence[Stage], publish_at: datetime, calendar: Calendar, *, deadline: datetime | None = None
) -> tuple[tuple[Step, ...], str]:
    """Return the stages as far as they can be counted, and the sentence that says which year is missing; or ""."""
    lacking = ""
    for counted in range(len(stages), 0, -1):
        try:
            return timetable(stages[:counted], publish_at, calendar, deadline=deadline), lacking
        except Conflict as refusal:
            lacking = refusal.message
    return (), lacking


def earliest_deadline(publish_at: datetime, stage: Stage, calendar: Calendar) -> datetime:
    """Return the end of the period for bids: no deadline may lie before it."""
    return _end(publish_at.astimezone(BEIJING).date(), stage, calendar)


def _end(event: date, stage: Stage, calendar: Calendar) -> datetime:
    if stage.unit is Unit.WORKDAYS:
        return end_of(add_workdays(event, stage.length, calendar))
    return end_of(event + stage.length * _DAY)


def _closing(after: datetime, calendar: Calendar) -> datetime:
    day = after.astimezone(BEIJING).date()
    while not is_workday(day, calendar):
        day += _DAY
    return datetime.combine(day, CLOSING, tzinfo=BEIJING)
