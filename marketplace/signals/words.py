"""The words of signals: what can come of a shown match, and the steps of the way there."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Signal(StrEnum):
    """What is known of a pair that was shown.

    shown       on a page, as a match
    seen        on a page that one of the two sides opened
    looked      one side opened the other's page, on the day of a showing or later
    contact     one side asked for the other's contact
    introduced  contacts were given, or an organiser brought both together
    intent      both mean to work together
    bid         the supplier handed in a bid in a round of the need, and the bids were opened
    signed      a contract that the other side or an organiser has confirmed, or that the owner told on closing the need
    award       the supplier's bid has won, and that is public
    """

    SHOWN = "shown"
    SEEN = "seen"
    LOOKED = "looked"
    CONTACT = "contact"
    INTRODUCED = "introduced"
    INTENT = "intent"
    BID = "bid"
    SIGNED = "signed"
    AWARD = "award"


class Step(StrEnum):
    """A step on the way of a pair; who reached a later one has passed those before."""

    SHOWN = "shown"
    SEEN = "seen"
    LOOKED = "looked"
    CONTACT = "contact"
    INTRODUCED = "introduced"
    MEANT = "meant"
    WON = "won"


STEPS: Final = tuple(Step)
STEP_OF: Final[Mapping[Signal, Step]] = MappingProxyType(
    {
        Signal.SHOWN: Step.SHOWN,
        Signal.SEEN: Step.SEEN,
        Signal.LOOKED: Step.LOOKED,
        Signal.CONTACT: Step.CONTACT,
        Signal.INTRODUCED: Step.INTRODUCED,
        Signal.INTENT: Step.MEANT,
        Signal.BID: Step.MEANT,
        Signal.SIGNED: Step.WON,
        Signal.AWARD: Step.WON,
    }
)
ORDER: Final[Mapping[Signal, int]] = MappingProxyType({signal: place for place, signal in enumerate(Signal)})
"""How far a signal is on the way; the order of the enumeration."""
WON: Final = frozenset({Signal.SIGNED, Signal.AWARD})


class Dimension(StrEnum):
    """By what pairs are told apart."""

    VERDICT = "verdict"
    BAND = "band"
    RANK = "rank"
    SECTOR = "sector"
    PAGE = "page"
    MATCHER = "matcher"
