"""The rounds made of a need in which suppliers may bid together (联合申报), as a supplier sees them."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.rounds import facts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import BidState, RoundState


@dataclass(frozen=True, slots=True)
class JointRound:
    """A round that takes joint bids now; `draft_id` is the bid that the unit is writing there, where it is."""

    id: str
    title: str
    deadline: datetime
    most_partners: int
    draft_id: str | None


def of_item(session: Session, item_id: str, organisation_id: str, *, now: datetime) -> list[JointRound]:
    """The rounds of a need in which a unit may ask partners into a bid now, the one that closes first in front.

    A round of the unit's own is none of them.
    """
    query = (
        select(Round)
        .where(Round.item_id == item_id, Round.state == RoundState.OPEN, Round.organisation_id != organisation_id)
        .where(col(Round.published_at).is_not(None), col(Round.suspended_at).is_(None), col(Round.deadline) > now)
        .order_by(col(Round.deadline), col(Round.id))
    )
    found = []
    for row in session.exec(query):
        most = facts.procedure_of(row).limits["most_partners"].value
        if most and row.deadline is not None:
            draft = _draft(session, row.id, organisation_id)
            found.append(JointRound(row.id, row.title, row.deadline, most, draft))
    return found


def _draft(session: Session, round_id: str, organisation_id: str) -> str | None:
    own = (Bid.round_id == round_id, Bid.organisation_id == organisation_id, Bid.state == BidState.DRAFT)
    return session.exec(select(Bid.id).where(*own).order_by(col(Bid.opened_at), col(Bid.id))).first()
