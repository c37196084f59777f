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


class MailState(StrEnum):
    """Where a mail of the outbox stands.

    `kept` and `withheld` met no mail server: the first can be read by the administrator, the second (a secret) by
    nobody. `passed_on` was told to its recipient by other means.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"
    WITHHELD = "withheld"
    PASSED_ON = "passed_on"
