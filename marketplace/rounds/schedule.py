"""When the clock has to look at a round next."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, select

from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.check_tables import BidCorrection
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import RoundState

REMINDERS: Final = (("3d", timedelta(days=3)), ("1d", timedelta(days=1)), ("2h", timedelta(hours=2)))
"""How long before the deadline those are told whose bid is a draft or waits to be confirmed again."""
RETRY: Final = timedelta(seconds=1)
LOOK_AGAIN: Final = timedelta(minutes=10)
"""So often the rules are asked again whether an expert must not judge a bid: profiles and teams change meanwhile."""
WATCHED: Final = (RoundState.REVIEW, RoundState.CONSENSUS, RoundState.DECISION, RoundState.PUBLICITY)


def due(session: Session, *, now: datetime, limit: int = 50) -> list[str]:
    """The rounds that the clock has to look at, those that wait longest first."""
    waiting = (col(Round.next_check).is_not(None), col(Round.next_check) <= now)
    longest_first = (col(Round.next_check), col(Round.id))
    return list(session.exec(select(Round.id).where(*waiting).order_by(*longest_first).limit(limit)))


def next_check(session: Session, row: Round, *, now: datetime) -> datetime | None:
    """When the clock has to look at a round next, or None where only people move it."""
    if row.suspended_at is not None:
        return None
    if row.state is RoundState.SCHEDULED:
        return row.publish_at if row.publish_at is None or row.publish_at > now else now + RETRY
    if row.state is RoundState.OPEN and row.deadline is not None:
        if now >= row.deadline:
            return now + RETRY  # submissions are still being written down
        moments = [row.deadline - before for _, before in REMINDERS]
        return min((one for one in moments if one > now), default=row.deadline)
    if row.state in {RoundState.ELIGIBILITY, RoundState.AWARDED}:
        first = _window_ends if row.state is RoundState.ELIGIBILITY else _confirm_due
        return _soon(first(session, row), now)
    ends = row.publicity_ends if row.state is RoundState.PUBLICITY else None
    again = now + LOOK_AGAIN if row.state in WATCHED else None
    return again if again is None or ends is None or ends <= now else min(ends, again)


def _window_ends(session: Session, row: Round) -> datetime | None:
    ends = select(func.min(BidCorrection.window_ends)).join(Bid, col(Bid.id) == col(BidCorrection.bid_id))
    return session.exec(ends.where(Bid.round_id == row.id, col(BidCorrection.closed_at).is_(None))).one()


def _confirm_due(session: Session, row: Round) -> datetime | None:
    open_ones = (col(Award.confirmed_at).is_(None), col(Award.ended_at).is_(None))
    return session.exec(select(func.min(Award.confirm_due)).where(Award.round_id == row.id, *open_ones)).one()


def _soon(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is None or moment > now else now + RETRY
