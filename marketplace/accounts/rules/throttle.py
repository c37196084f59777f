"""How often somebody may try to sign in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

LIMITS = ((5, timedelta(minutes=15)), (10, timedelta(days=1)))
"""How many failures within how long lock what was tried."""
WINDOW = max(window for _, window in LIMITS)
"""How long a failure counts at all."""


def locked_until(failures: Sequence[datetime], *, now: datetime) -> datetime | None:
    """Until when sign-in is locked after these failures (in any order), or None.

    Five failures within a quarter of an hour lock until the oldest of the newest five leaves that quarter; ten
    within a day lock until the oldest of the newest ten leaves that day.
    """
    until: list[datetime] = []
    for most, window in LIMITS:
        recent = sorted((at for at in failures if at > now - window), reverse=True)
        if len(recent) >= most:
            until.append(recent[most - 1] + window)
    return max(until, default=None)
