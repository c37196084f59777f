"""Periods that the quality of matches is asked for: whole years and quarters, as far back as showings are held."""

import re
from datetime import date, datetime
from typing import Final

from marketplace.dealings import shown
from marketplace.figures.rules.periods import Period, years

MONTHS_IN_QUARTER: Final = 3
QUARTERS: Final = 4
_KEY: Final = re.compile(r"(20[0-9]{2})(?:-([1-4]))?")


def chosen(key: str, now: datetime) -> tuple[str, Period]:
    """The period of a key ("2026", "2026-4") and its key; what is no key asks for the year it is."""
    found = _KEY.fullmatch(key)
    if found is None:
        this = str(shown.day_of(now).year)
        return this, years(int(this), int(this))
    year, number = int(found[1]), found[2]
    return key, years(year, year) if number is None else quarter(year, int(number))


def quarter(year: int, number: int) -> Period:
    """A quarter of a year, from 1 to 4."""
    first = MONTHS_IN_QUARTER * (number - 1) + 1
    following = date(year + 1, 1, 1) if number == QUARTERS else date(year, first + MONTHS_IN_QUARTER, 1)
    return Period(date(year, first, 1), following)


def said(key: str) -> str:
    """Say a period: 2026 年, 2026 年第 4 季度."""
    year, _, number = key.partition("-")
    return f"{year} 年第 {number} 季度" if number else f"{year} 年"


def offered(now: datetime) -> list[tuple[str, str]]:
    """The periods of which showings can be held, newest first: the years, then their quarters."""
    today = shown.day_of(now)
    oldest = shown.oldest_kept(today)
    span = range(today.year, oldest.year - 1, -1)
    quarters = [
        f"{year}-{number}"
        for year in span
        for number in range(QUARTERS, 0, -1)
        if quarter(year, number).start <= today and quarter(year, number).end > oldest
    ]
    return [(key, said(key)) for key in (*(str(year) for year in span), *quarters)]
