"""The words of the lists: states, outcomes of a re-issue, sources of a version."""

from enum import StrEnum


class ItemState(StrEnum):
    """Whether an item still stands on its list."""

    OPEN = "open"
    CLOSED = "closed"


class IntakeState(StrEnum):
    """Where a file on its way in stands."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class Outcome(StrEnum):
    """What a re-issue did to an item."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    GONE = "gone"


class SourceKind(StrEnum):
    """Where an item version came from."""

    FILE = "file"
    FORM = "form"
    API = "api"
