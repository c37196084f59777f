"""Telling people of what happens in a round: each person once for each occasion, whoever asks and however often."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.tables import Membership
from marketplace.dealings import amendments
from marketplace.kernel import locks
from marketplace.kernel.batches import batches, insert_unless_there
from marketplace.rounds.bid_tables import Bid, BidMember
from marketplace.rounds.round_tables import Round, RoundFollower, RoundTelling
from marketplace.rounds.words import BidState

JOB = "tell_of_round"
_LIVE = (BidState.DRAFT, BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)


def tell(
    session: Session,
    row: Round,
    *,
    occasion: str,
    account_ids: Iterable[str],
    subject: str,
    text: str,
    link: str = "",
    private: bool = True,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Tell those of some people who were not told of this occasion yet; gives how many that were.

    Private unless the caller knows that none of them is told because its unit bids: whoever reads the outbox must
    not learn who bids, neither from whom a mail goes to nor from who is left out.
    """
    wanted = sorted(set(account_ids))
    locks.hold(session, f"telling:{row.id}")
    told = _told(session, row.id, occasion)
    fresh = [one for one in wanted if one not in told]
    rows = [{"round_id": row.id, "occasion": occasion, "account_id": one, "told_at": now} for one in fresh]
    insert_unless_there(session, RoundTelling, rows)
    messages.tell(
        session,
        account_ids=fresh,
        subject=subject,
        text=text,
        link=link or f"/rounds/{row.id}",
        private=private,
        now=now,
        new_id=new_id,
    )
    return len(fresh)


def followers(session: Session, row: Round) -> set[str]:
    """Who follows a round, or has saved or deals about the need it came from."""
    found = set(session.exec(select(RoundFollower.account_id).where(RoundFollower.round_id == row.id)))
    if row.item_id is not None:
        who = amendments.concerned(session, row.item_id)
        found |= {*who.account_ids, *people_of(session, who.organisation_ids)}
    return found


def bidders(session: Session, round_id: str, *, states: tuple[BidState, ...] = _LIVE) -> set[str]:
    """The people of every unit that takes part in a live bid of a round, partners included."""
    bids = select(Bid.id).where(Bid.round_id == round_id, col(Bid.state).in_(states))
    leads = set(session.exec(select(Bid.organisation_id).where(col(Bid.id).in_(bids))))
    asked = select(BidMember.organisation_id).where(
        col(BidMember.bid_id).in_(bids), col(BidMember.declined_at).is_(None)
    )
    return people_of(session, leads | set(session.exec(asked)))


def people_of(session: Session, organisation_ids: Iterable[str]) -> set[str]:
    """The live members of some organisations."""
    found: set[str] = set()
    for some in batches(sorted(set(organisation_ids))):
        live = (col(Membership.organisation_id).in_(some), col(Membership.left_at).is_(None))
        found |= set(session.exec(select(Membership.account_id).where(*live)))
    return found


def _told(session: Session, round_id: str, occasion: str) -> set[str]:
    query = select(RoundTelling.account_id)
    return set(session.exec(query.where(RoundTelling.round_id == round_id, RoundTelling.occasion == occasion)))
