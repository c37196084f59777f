"""How pages of rounds say states, and how a state looks."""

from collections.abc import Mapping
from typing import Final

from marketplace.rounds.rounds import PUBLIC_NAMES
from marketplace.rounds.words import RoundState

STATES: Final[Mapping[RoundState, str]] = {
    RoundState.DRAFT: "起草中",
    RoundState.INTERNAL_REVIEW: "审批中",
    **PUBLIC_NAMES,
}
"""Every state by name; the first two are read by those alone who make the round."""
LOOKS: Final[Mapping[RoundState, str]] = {
    RoundState.DRAFT: "draft",
    RoundState.INTERNAL_REVIEW: "waiting",
    RoundState.SCHEDULED: "waiting",
    RoundState.OPEN: "open",
    RoundState.SEALED: "closed",
    RoundState.ELIGIBILITY: "waiting",
    RoundState.REVIEW: "waiting",
    RoundState.CONSENSUS: "waiting",
    RoundState.DECISION: "waiting",
    RoundState.PUBLICITY: "open",
    RoundState.AWARDED: "done",
    RoundState.FAILED: "refused",
    RoundState.CANCELLED: "closed",
}
"""As which of the kit's states each is marked."""
