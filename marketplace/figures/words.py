"""The words of figures: what is measured, for what a target stands, kinds of events."""

from enum import StrEnum


class Measure(StrEnum):
    """What is counted; `ordered` is money (fen), the others are whole numbers."""

    SCENARIOS = "scenarios"
    LANDED = "landed"
    ORDERED = "ordered"
    EVENTS = "events"
    COMMUNITIES = "communities"
    OPCS = "opcs"


class Per(StrEnum):
    """For which kind of region a target stands: the region it names, or each county inside it."""

    CITY = "city"
    COUNTY = "county"


class Span(StrEnum):
    """Whether a target is reached anew every year, or once, counted from the beginning, by the end of its last year."""

    YEARLY = "yearly"
    TOTAL = "total"


class EventKind(StrEnum):
    """What kind of event was held; the value is how it is said."""

    ROADSHOW = "路演"
    SALON = "沙龙"
    MATCHING = "对接会"
    TRAINING = "培训"
    CONTEST = "大赛"
    OTHER = "其他"
