"""The words of the kernel."""

from enum import StrEnum


class SubjectKind(StrEnum):
    """What a change record speaks of."""

    ITEM = "item"
    PROFILE = "profile"


class Operation(StrEnum):
    """Whether the subject is to be read again, or is gone."""

    PUT = "put"
    GONE = "gone"


class JobState(StrEnum):
    """Where a job stands; `failed` has used up its attempts."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
