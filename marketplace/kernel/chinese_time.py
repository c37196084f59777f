"""Moments as people in China read them."""

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")


def spoken(moment: datetime) -> str:
    """A moment in Beijing time: 2026年11月27日 17:30."""
    there = moment.astimezone(BEIJING)
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"


def ending(moment: datetime) -> str:
    """The end of a period in Beijing time; midnight is told as 24:00 of the day before: 2026年11月27日 24:00."""
    there = moment.astimezone(BEIJING)
    if (there.hour, there.minute, there.second, there.microsecond) != (0, 0, 0, 0):
        return spoken(moment)
    last = there - timedelta(days=1)
    return f"{last.year}年{last.month}月{last.day}日 24:00"
