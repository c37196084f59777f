"""Who reads what of an opening: its minutes whole, with prices but without names, or with neither.

Revealed by field and time: the count at the close, the price at the opening, the names at the publicity. Read strictly,
a price is revealed to those who took part in the opening, as it is read out to those present: the units whose bids were
opened see every price and whose is their own, but no other name. Who neither makes nor oversees the round nor takes
part in it sees how many were opened, when each came in and what did not open; a price would be a signal to whoever
competes with these units elsewhere, and the result's publicity, which comes later, says what the public needs.

The digest of the minutes is for those alone who read them whole: names and prices can be tried out one after the other
until a digest fits.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, or_, select

from marketplace.accounts.actors import Actor, belongs_to
from marketplace.rounds import held, opening, parts, rounds
from marketplace.rounds.bid_tables import Bid, BidMember, BidOpening
from marketplace.rounds.words import Post


class Sight(StrEnum):
    """How much somebody sees of an opening.

    whole    names and prices: who makes or oversees the round
    prices   prices without names: the units whose bids were opened
    bare     neither: everybody else
    """

    WHOLE = "whole"
    PRICES = "prices"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class OpenedBid:
    """A bid in the minutes; what the reader may not see is "" or None. `is_own`: the reader's unit takes part in it."""

    bid_id: str
    track: str
    organisation: str
    partners: tuple[str, ...]
    version: int
    sha256: str
    received_at: datetime
    amount_fen: int | None
    failure: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Opener:
    """Who turned a key, by post; `name` is "" where the reader may not see it."""

    post: Post
    name: str
    turned_at: datetime


@dataclass(frozen=True, slots=True)
class OpeningView:
    """The minutes of an opening as somebody may read them."""

    sight: Sight
    round_id: str
    round_title: str
    opened_at: datetime
    manifest_digest: str
    digest: str
    openers: tuple[Opener, ...]
    bids: tuple[OpenedBid, ...]


def get(session: Session, actor: Actor | None, round_id: str, *, now: datetime) -> OpeningView:
    """The minutes of a round that was opened, as somebody may read them; NotFound before the opening."""
    rounds.get(session, actor, round_id, now=now)
    content, digest = opening.minutes(session, round_id)
    own = _own(session, actor, round_id)
    sight = _sight(session, actor, round_id, own)
    is_whole = sight is Sight.WHOLE
    return OpeningView(
        sight=sight,
        round_id=round_id,
        round_title=content["round_title"],
        opened_at=_moment(content["opened_at"]),
        manifest_digest=content["manifest_digest"],
        digest=digest if is_whole else "",
        openers=tuple(
            Opener(Post(one["post"]), one["name"] if is_whole else "", _moment(one["turned_at"]))
            for one in content["openers"]
        ),
        bids=tuple(_bid(one, sight, own) for one in content["bids"]),
    )


def _sight(session: Session, actor: Actor | None, round_id: str, own: frozenset[str]) -> Sight:
    if parts.of(session, actor, held.get(session, round_id)):
        return Sight.WHOLE
    return Sight.PRICES if own else Sight.BARE


def _own(session: Session, actor: Actor | None, round_id: str) -> frozenset[str]:
    """The opened bids in which the unit takes part for which somebody acts now."""
    unit_id = None if actor is None else actor.organisation_id
    if actor is None or unit_id is None or not belongs_to(actor, unit_id):
        return frozenset()
    joined = select(BidMember.bid_id).where(
        BidMember.organisation_id == unit_id, col(BidMember.confirmed_at).is_not(None)
    )
    of_unit = or_(col(Bid.organisation_id) == unit_id, col(Bid.id).in_(joined))
    query = select(Bid.id).join(BidOpening, col(BidOpening.bid_id) == col(Bid.id))
    return frozenset(session.exec(query.where(Bid.round_id == round_id, of_unit)))


def _bid(one: dict[str, Any], sight: Sight, own: frozenset[str]) -> OpenedBid:
    is_own = one["bid_id"] in own
    names = sight is Sight.WHOLE or is_own
    return OpenedBid(
        bid_id=one["bid_id"],
        track=one["track"],
        organisation=one["organisation"] if names else "",
        partners=tuple(one["partners"]) if names else (),
        version=one["version"],
        sha256=one["sha256"],
        received_at=_moment(one["received_at"]),
        amount_fen=None if sight is Sight.BARE else one["amount_fen"],
        failure=one["failure"],
        is_own=is_own,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
