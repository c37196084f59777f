"""One number that puts items in order: the newest edition first, its lines as they stand."""

from datetime import datetime

LINES = 1 << 20
"""More lines than an edition has."""


def order_key(published_at: datetime, entry: int) -> int:
    """The key of a line (counted from 1) published at a moment; greater comes first."""
    return int(published_at.timestamp()) * LINES + (LINES - 1 - min(entry, LINES - 1))
