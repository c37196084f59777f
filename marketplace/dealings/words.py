"""The words of dealings: who takes part, how far a dealing has come, and what can happen to it."""

from enum import StrEnum


class Party(StrEnum):
    """Who moves a dealing: the need's side, the supplier's side, or an organiser that brokers."""

    NEED = "need"
    OPC = "opc"
    ORGANISER = "organiser"

    @property
    def other(self) -> "Party":
        """The side across the table; an organiser has none and is its own."""
        return {Party.NEED: Party.OPC, Party.OPC: Party.NEED}.get(self, self)


SIDES = (Party.NEED, Party.OPC)


class Stage(StrEnum):
    """How far a dealing has come; `claimed` is a signing that one side states and nobody else has confirmed."""

    INTEREST = "interest"
    INTRODUCED = "introduced"
    CONTACT = "contact"
    MET = "met"
    INTENT = "intent"
    CLAIMED = "claimed"
    SIGNED = "signed"
    ENDED = "ended"


class Event(StrEnum):
    """What can happen to a dealing."""

    EXPRESS = "express"
    INTRODUCE = "introduce"
    ASK = "ask"
    GRANT = "grant"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    MEET = "meet"
    INTEND = "intend"
    SIGN = "sign"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    RETRACT = "retract"
    END = "end"
    REOPEN = "reopen"
    NOTE = "note"


class Ground(StrEnum):
    """On what an organiser's introduction rests: a match, or its own judgement of a firm that it knows."""

    MATCH = "match"
    JUDGEMENT = "judgement"


class RequestState(StrEnum):
    """Where a contact request stands; `closed` was granted and ended with its dealing."""

    OPEN = "open"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Refusal(StrEnum):
    """Why a contact request was declined."""

    FILLED = "filled"
    NOT_FITTING = "not_fitting"
    NOT_NOW = "not_now"
    UNCLEAR = "unclear"
    OTHER = "other"


class Ending(StrEnum):
    """Why a dealing ended without a signing."""

    NOT_FITTING = "not_fitting"
    PRICE = "price"
    TIME = "time"
    OTHER_CHOSEN = "other_chosen"
    NEED_GONE = "need_gone"
    NO_ANSWER = "no_answer"
    OTHER = "other"


class Place(StrEnum):
    """Where a profile stands in a team."""

    LEAD = "lead"
    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    LEFT = "left"
    REMOVED = "removed"


SEATED = frozenset({Place.LEAD, Place.INVITED, Place.JOINED})
"""Places that count against a team's size."""


class ShownOn(StrEnum):
    """The kind of page on which a need and a supplier were shown as a match.

    item           a need's page, with the suppliers that answer it
    profile        a supplier's page, with the needs that it answers
    opportunities  a supplier's own list of the needs that it can win
    desk           a unit's own needs, with the best supplier of each
    """

    ITEM = "item"
    PROFILE = "profile"
    OPPORTUNITIES = "opportunities"
    DESK = "desk"


class ShownVerdict(StrEnum):
    """How a match was called where it was shown; what falls below the floor is never shown."""

    STRONG = "strong"
    POSSIBLE = "possible"
    BLOCKED = "blocked"
