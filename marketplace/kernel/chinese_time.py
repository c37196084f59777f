"""Moments as people in China read them."""

from datetime import datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "北京时间")


def spoken(moment: datetime) -> str:
    """A moment in Beijing time: 2026年11月27日 17:30."""
    there = moment.astimezone(BEIJING)
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"
