"""People and organisations that leave: what rounds hold of a person, and what must be finished before a unit is closed."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from marketplace.kernel.errors import Conflict
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import drafts
from marketplace.rounds.making import appointments
from marketplace.rounds.outcome_tables import Objection
from marketplace.rounds.panels import leaving as panels
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.round_tables import Round, RoundAppointment, RoundFollower, RoundQuestion, RoundTelling
from marketplace.rounds.words import BidState, RoundState

LEFT: Final = "账号注销"
_UNFINISHED: Final = (
    RoundState.INTERNAL_REVIEW,
    RoundState.SCHEDULED,
    RoundState.OPEN,
    RoundState.SEALED,
    RoundState.ELIGIBILITY,
    RoundState.REVIEW,
    RoundState.CONSENSUS,
    RoundState.DECISION,
    RoundState.PUBLICITY,
)
_HANDED_IN: Final = (
    BidState.SUBMITTED,
    BidState.NEEDS_RECONFIRM,
    BidState.OPENED,
    BidState.CORRECTION_REQUESTED,
    BidState.ELIGIBLE,
    BidState.IN_REVIEW,
    BidState.SCORED,
    BidState.PROPOSED,
    BidState.RESERVE,
    BidState.NOT_SELECTED,
)


def own_data(session: Session, account_id: str) -> dict[str, object]:
    """What somebody asked, follows, is appointed to, judged and objected to, as plain values."""
    asked = select(RoundQuestion).where(RoundQuestion.account_id == account_id).order_by(col(RoundQuestion.asked_at))
    follows = select(RoundFollower).where(RoundFollower.account_id == account_id).order_by(col(RoundFollower.since))
    posts = select(RoundAppointment).where(RoundAppointment.account_id == account_id)
    objected = select(Objection).where(Objection.filed_by == account_id)
    return {
        "round_questions": [
            {"round": row.round_id, "question": row.question, "asked_at": row.asked_at.isoformat()}
            for row in session.exec(asked)
        ],
        "rounds_followed": [{"round": row.round_id, "since": row.since.isoformat()} for row in session.exec(follows)],
        "round_appointments": [
            {"round": row.round_id, "post": row.post.value, "appointed_at": row.appointed_at.isoformat()}
            for row in session.exec(posts.order_by(col(RoundAppointment.appointed_at)))
        ],
        "panels": panels.memberships(session, account_id),
        "round_objections": [
            {name: getattr(row, name) for name in ("name", "phone", "email", "what", "rule", "evidence", "wanted")}
            | {"round": row.round_id, "filed_at": row.filed_at.isoformat(), "answer": row.answer}
            | {"files": [one["name"] for one in row.files]}
            for row in session.exec(objected.order_by(col(Objection.filed_at)))
        ],
    }


def forget_person(session: Session, account_id: str, *, now: datetime) -> None:
    """End what somebody is appointed to or judges, and forget what it follows and was told of.

    Who filed an objection is no more named in it; what it says stays part of the round. Where a holder leaves before bids are sealed to the key, the key goes; afterwards the other two open.
    """
    live = (RoundAppointment.account_id == account_id, col(RoundAppointment.ended_at).is_(None))
    for row in session.exec(select(RoundAppointment).where(*live).order_by(col(RoundAppointment.id))).all():
        of_round = held.hold(session, row.round_id)
        row.ended_at, row.end_reason = now, LEFT
        session.add(row)
        if row.post in HOLDERS and of_round.state in {RoundState.DRAFT, RoundState.INTERNAL_REVIEW}:
            appointments.forget_key(session, row.round_id, row.post)
        session.flush()
        held.log(session, of_round, "dismissed", actor=None, now=now, post=row.post.value, reason=LEFT)
    panels.leave(session, account_id, reason=LEFT, now=now)
    gone = {"name": LEFT, "phone": LEFT, "email": ""}
    session.execute(update(Objection).where(col(Objection.filed_by) == account_id).values(**gone))
    session.execute(delete(RoundFollower).where(col(RoundFollower.account_id) == account_id))
    session.execute(delete(RoundTelling).where(col(RoundTelling.account_id) == account_id))
    session.expire_all()


def require_may_close(session: Session, organisation_id: str) -> None:
    """Raise Conflict where a unit still has a round under way or a bid handed in."""
    rounds = select(Round.title).where(Round.organisation_id == organisation_id, col(Round.state).in_(_UNFINISHED))
    title = session.exec(rounds.limit(1)).first()
    if title is not None:
        message = f"您的单位还有没办完的活动“{title}”。请先办完或终止，再注销单位。"
        raise Conflict(message, code="round_under_way")
    bids = select(Bid.id).where(Bid.organisation_id == organisation_id, col(Bid.state).in_(_HANDED_IN))
    if session.exec(bids.limit(1)).first() is not None:
        message = "您的单位还有已提交的申报。请先在“我的申报”撤回，或等评审结束，再注销单位。"
        raise Conflict(message, code="bid_under_way")


def close(session: Session, organisation_id: str) -> None:
    """Erase the drafts of bids of a unit that is closed."""
    written = select(Bid.id).where(Bid.organisation_id == organisation_id, Bid.state == BidState.DRAFT)
    for bid_id in session.exec(written).all():
        drafts.erase_all(session, bid_id)
