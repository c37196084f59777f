"""What somebody must not learn of a review: the bids of its own units, and those from which it was excused.

Every page, count, average, search, reminder, export and answer of the review asks here, whoever reads it: to that person
it is as if these bids had no reviews.
"""

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Membership
from marketplace.experts import pool
from marketplace.rounds.bid_tables import Bid, BidMember
from marketplace.rounds.panel_tables import PanelConflict, PanelMember


def closed_to(session: Session, account_id: str, round_id: str) -> frozenset[str]:
    """The ids of the bids whose reviews are closed to somebody."""
    return of_own_units(session, account_id, round_id) | _excluded(session, account_id, round_id)


def bids_there(session: Session, account_id: str, round_id: str) -> bool:
    """Whether a unit to which somebody belongs bids in a round, by itself or with others."""
    return bool(of_own_units(session, account_id, round_id))


def of_own_units(session: Session, account_id: str, round_id: str) -> frozenset[str]:
    """The bids of a round that units of somebody's hand in, as leads or as partners that confirmed."""
    units = select(Membership.organisation_id).where(
        Membership.account_id == account_id, col(Membership.left_at).is_(None)
    )
    partners = select(BidMember.bid_id).where(
        col(BidMember.organisation_id).in_(units), col(BidMember.confirmed_at).is_not(None)
    )
    own = col(Bid.organisation_id).in_(units) | col(Bid.id).in_(partners)
    return frozenset(session.exec(select(Bid.id).where(Bid.round_id == round_id, own)))


def _excluded(session: Session, account_id: str, round_id: str) -> frozenset[str]:
    entries = [one.id for one in pool.of_account(session, account_id)]
    if not entries:
        return frozenset()
    mine = select(PanelMember.id).where(PanelMember.round_id == round_id, col(PanelMember.expert_id).in_(entries))
    # What waits for a decision is closed as well: nobody reads first and is found in conflict afterwards.
    against = col(PanelConflict.excludes).is_(None) | col(PanelConflict.excludes)
    query = select(PanelConflict.bid_id).where(col(PanelConflict.member_id).in_(mine), against)
    return frozenset(session.exec(query))
