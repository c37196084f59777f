"""The words that lexicon entries are made of."""

from enum import StrEnum


class Act(StrEnum):
    """What an entry does: it brings a concept of its own, or it changes one that is there."""

    NEW = "new"
    CHANGE = "change"


class ConceptKind(StrEnum):
    """What part a concept plays in a sentence about work."""

    OBJECT = "object"
    TASK = "task"
    METHOD = "method"
    DELIVERABLE = "deliverable"
    SETTING = "setting"
    SECTOR = "sector"


class EntryState(StrEnum):
    """Where a version of an entry stands; `replaced` was approved and gave way to a later version."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
