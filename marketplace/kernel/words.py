"""The words of the kernel."""

from enum import StrEnum


class SubjectKind(StrEnum):
    """What of the market people look at and keep."""

    ITEM = "item"
    PROFILE = "profile"


class ChangedKind(StrEnum):
    """What a change record speaks of: what is in the index, or the lexicon that the index is made with."""

    ITEM = "item"
    PROFILE = "profile"
    LEXICON = "lexicon"


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
