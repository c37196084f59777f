"""One spelling for a JSON value, so that the same value always has the same digest."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def text(value: object) -> str:
    """Write a JSON value with sorted keys, no spaces and no escapes of letters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Mapping[str, object], *, salt: bytes = b"") -> str:
    """SHA-256 of an optional salt and a value's one spelling, in hexadecimal."""
    return hashlib.sha256(salt + text(value).encode()).hexdigest()


def moment(at: datetime) -> str:
    """A moment as text in UTC with microseconds, the same on both databases."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
