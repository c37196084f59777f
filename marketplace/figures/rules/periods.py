"""Years as they run in Beijing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.kernel.chinese_time import BEIJING

FIRST_YEAR = 2020
"""No target and no figure is older."""
LAST_YEAR = 2100


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` on and before `end`, on Beijing's calendar."""

    start: date
    end: date

    @property
    def opens_at(self) -> datetime:
        """The first moment of it."""
        return datetime(self.start.year, self.start.month, self.start.day, tzinfo=BEIJING)

    @property
    def closes_at(self) -> datetime:
        """The first moment after it."""
        return datetime(self.end.year, self.end.month, self.end.day, tzinfo=BEIJING)

    @property
    def last_day(self) -> date:
        """The last day in it."""
        return self.end - timedelta(days=1)

    def gone(self, now: datetime) -> float:
        """How much of it is over at a moment, 0 to 1, by whole days, the present one included."""
        days = (now.astimezone(BEIJING).date() - self.start).days + 1
        return min(1.0, max(0.0, days / (self.end - self.start).days))


def years(first: int, last: int) -> Period:
    """The years from the first to the last, both whole."""
    return Period(date(first, 1, 1), date(last + 1, 1, 1))


def this_year(now: datetime) -> int:
    """The year it is in Beijing."""
    return now.astimezone(BEIJING).year
