"""The words of the expert pool: how somebody stands in it, and what an expert is asked for."""

from enum import StrEnum


class ExpertState(StrEnum):
    """How somebody stands in the pool of experts.

    invited    the office has asked; the person has not agreed yet
    applied    the person has asked; the office has not decided yet
    listed     may be drawn, within its term
    paused     is not drawn for now: asked for by itself or by the office
    refused    the office did not take the application
    left       is no expert of this pool any more; what it judged stands
    """

    INVITED = "invited"
    APPLIED = "applied"
    LISTED = "listed"
    PAUSED = "paused"
    REFUSED = "refused"
    LEFT = "left"


class ExpertField(StrEnum):
    """What an expert is asked for; panels are drawn field by field."""

    TECHNOLOGY = "technology"
    INDUSTRY = "industry"
    FINANCE = "finance"
    LAW = "law"
    MANAGEMENT = "management"


class ExpertEvent(StrEnum):
    """What can happen to somebody in the pool."""

    ACCEPT = "accept"
    LIST = "list"
    REFUSE = "refuse"
    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"
    APPLY_AGAIN = "apply_again"
