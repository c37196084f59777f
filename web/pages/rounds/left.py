"""How long it is until a deadline, by the server's clock."""

from datetime import datetime
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3_600
DAY: Final = 86_400


def seconds(until: datetime, now: datetime) -> int:
    """Whole seconds left until a moment, never below 0; a script counts on from here by its own ticks."""
    return max(0, int((until - now).total_seconds()))


def said(left: int) -> str:
    """Say how much is left: 还有 9 天 3 小时; web/static/counting.js says the same."""
    days, hours, minutes = left // DAY, left % DAY // HOUR, left % HOUR // MINUTE
    if left <= 0:
        return "已到截止时间"
    if days:
        return f"还有 {days} 天 {hours} 小时"
    if hours:
        return f"还有 {hours} 小时 {minutes} 分"
    return f"还有 {minutes} 分 {left % MINUTE} 秒"


def time_left(until: datetime, now: datetime) -> str:
    """Say how much is left until a moment."""
    return said(seconds(until, now))
