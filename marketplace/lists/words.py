"""The words of the lists: states, outcomes of a re-issue, sources of a version."""

from enum import StrEnum


class ItemState(StrEnum):
    """Whether an item is offered; a paused one is neither listed nor matched until its owner resumes it."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class IntakeState(StrEnum):
    """Where a file on its way in stands: being read, not readable, open for review, published or set aside."""

    READING = "reading"
    FAILED = "failed"
    OPEN = "open"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"


class Outcome(StrEnum):
    """What a re-issue did to an item."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    ADDED = "added"
    RETURNED = "returned"
    GONE = "gone"


class SourceKind(StrEnum):
    """Where an item version came from."""

    FILE = "file"
    FORM = "form"
    API = "api"


class DraftState(StrEnum):
    """What became of a draft of a need."""

    OPEN = "open"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class DisputeState(StrEnum):
    """Whether the owner's words were kept, the list's taken, or a later re-issue made the question void."""

    OPEN = "open"
    KEPT = "kept"
    TAKEN = "taken"
    VOID = "void"


class Deal(StrEnum):
    """With whom a need ended: a profile of the platform, another supplier, or nobody."""

    PROFILE = "profile"
    OTHER = "other"
    NONE = "none"


class Relation(StrEnum):
    """What a person decided about two items: one is shown through the other, both state one need, or they do not."""

    MERGED = "merged"
    SAME = "same"
    DISTINCT = "distinct"
