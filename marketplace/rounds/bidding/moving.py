"""A bid's row, held for a move, and the move itself: asked of the machine, written to the log."""

from datetime import datetime

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.kernel import audit
from marketplace.kernel.audit import Link
from marketplace.kernel.errors import NotFound
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.rules.bid_moves import MACHINE, BidFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.words import BidEvent, BidState, Part

UNKNOWN = "没有这份申报，或它不是您单位的。"


def hold(session: Session, bid_id: str) -> Bid:
    """A bid's row, held until the transaction ends."""
    wanted = select(Bid).where(Bid.id == bid_id).with_for_update()
    row = session.exec(wanted.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(UNKNOWN, code="bid_missing")
    return row


def own(session: Session, actor: Actor, bid_id: str) -> Bid:
    """A bid of the unit for which somebody acts now; NotFound for everybody else, whoever they are."""
    row = session.get(Bid, bid_id)
    if row is None or not belongs_to(actor, row.organisation_id):
        raise NotFound(UNKNOWN, code="bid_missing")
    return row


def hold_own(session: Session, actor: Actor, bid_id: str) -> Bid:
    """The same, held until the transaction ends."""
    own(session, actor, bid_id)
    return hold(session, bid_id)


def part_of(actor: Actor, row: Bid) -> Part:
    """As whom somebody of the bid's unit acts: readers act as nobody who may move it."""
    return Part.BIDDER if acts_for(actor, row.organisation_id) else Part.ISSUER


def target(row: Bid, event: BidEvent, *, part: Part, facts: BidFacts, now: datetime) -> BidState:
    """Where a move of a bid would lead, or raise the reason against it."""
    answer = MACHINE.allowed(row.state, event, part, now, facts)
    held.require(answer)
    assert not isinstance(answer, Reason)
    return answer.target


def move(session: Session, row: Bid, event: BidEvent, *, part: Part, facts: BidFacts, now: datetime) -> None:
    """Move a bid that the caller holds, or raise the reason against it."""
    row.state = target(row, event, part=part, facts=facts, now=now)
    session.add(row)
    session.flush()


def log(session: Session, row: Bid, action: str, *, actor: Actor | None, now: datetime, **payload: object) -> Link:
    """Write what happened to the bid's own chain; gives where it stands."""
    return audit.write(
        session,
        aggregate="bid",
        aggregate_id=row.id,
        action=f"bid.{action}",
        actor_id=None if actor is None else actor.account_id,
        payload=payload,
        now=now,
    )
