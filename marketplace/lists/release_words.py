"""The words of joint releases."""

from enum import StrEnum


class ReleaseState(StrEnum):
    """Where a joint release stands; while it waits its publishers confirm what it holds."""

    WAITING = "waiting"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class PublisherRole(StrEnum):
    """What a publisher is to a release: 主办, or 联合发布."""

    LEAD = "lead"
    JOINT = "joint"
