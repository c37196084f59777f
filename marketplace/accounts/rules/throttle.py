"""How often somebody may try to sign in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

MAX_FAILURES = 5
WINDOW = timedelta(minutes=15)


def locked_until(failures: Sequence[datetime], *, now: datetime) -> datetime | None:
    """Until when sign-in is locked after these failures (in any order), or None.

    Five failures within a quarter of an hour lock until the oldest of the newest five leaves that quarter.
    """
    recent = sorted((at for at in failures if at > now - WINDOW), reverse=True)
    if len(recent) < MAX_FAILURES:
        return None
    return recent[MAX_FAILURES - 1] + WINDOW
