"""Taking back what a result rested on: decisions are void, what was published is withdrawn, everybody told is told."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.rounds import held, telling
from marketplace.rounds.outcome_tables import RoundDecision, RoundPublicity
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import BidState

TOLD = (BidState.IN_REVIEW, BidState.SCORED, BidState.PROPOSED, BidState.RESERVE, BidState.NOT_SELECTED)


def void_decisions(session: Session, row: Round, *, reason: str, now: datetime) -> None:
    """Void the decisions that stand: what they were made on is no more."""
    query = select(RoundDecision).where(RoundDecision.round_id == row.id, col(RoundDecision.void_at).is_(None))
    for one in session.exec(query).all():
        one.void_at, one.void_reason = now, reason.strip()
        session.add(one)
    session.flush()


def withdraw(session: Session, row: Round, *, reason: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Withdraw what stands published, with the reason; everybody who was told is told."""
    query = select(RoundPublicity).where(RoundPublicity.round_id == row.id, col(RoundPublicity.withdrawn_at).is_(None))
    for one in session.exec(query).all():
        one.withdrawn_at, one.withdraw_reason = now, reason.strip()
        session.add(one)
        held.log(session, row, "publicity_withdrawn", actor=None, now=now, number=one.number, reason=reason.strip())
        telling.tell(
            session,
            row,
            occasion=f"publicity-{one.number}-withdrawn",
            account_ids=telling.followers(session, row) | telling.bidders(session, row.id, states=TOLD),
            subject=f"“{row.title}”的结果公示已撤回",
            text=f"活动“{row.title}”的结果公示已撤回，将重新公示。理由：{reason.strip()}",
            now=now,
            new_id=new_id,
        )
    session.flush()
