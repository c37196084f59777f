"""The words announcements are made of."""

from enum import StrEnum


class Level(StrEnum):
    """How loudly an announcement is shown."""

    INFO = "info"
    WARN = "warn"
    URGENT = "urgent"


class Audience(StrEnum):
    """Who sees an announcement; `everybody` includes visitors."""

    EVERYBODY = "everybody"
    ORGANISERS = "organisers"
    ENTERPRISES = "enterprises"
    OPCS = "opcs"
