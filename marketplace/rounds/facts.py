"""What the guards of a round ask, read from its rows."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from marketplace.kernel import workdays
from marketplace.kernel.calendar import workdays_between
from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.check_tables import BidObjection
from marketplace.rounds.parts import HOLDERS
from marketplace.rounds.round_tables import Round, RoundAppointment, RoundConsent, RoundNotice, RoundReview
from marketplace.rounds.rules.procedures import Procedure, of_record
from marketplace.rounds.rules.round_facts import RoundFacts
from marketplace.rounds.seal_tables import RoundHolder, RoundSeal, RoundTurn
from marketplace.rounds.words import PASSED, BidState, Consent, Post


def procedure_of(row: Round) -> Procedure:
    """The round's own copy of its procedure type; it has one from the moment it is handed in."""
    if row.procedure is None:
        raise LookupError(f"the round {row.id} has no procedure of its own yet")
    return of_record(row.procedure)


def of(session: Session, row: Round) -> RoundFacts:
    """The facts of a round as its rows say them; what only the asker knows is filled in with `dataclasses.replace`."""
    facts = RoundFacts(
        publish_at=row.publish_at,
        deadline=row.deadline,
        suspended=row.suspended_at is not None,
        key_ready=key_ready(session, row.id),
        approvals=consents(session, row, Consent.PUBLISH),
        cancellers=consents(session, row, Consent.CANCEL),
        fair_competition=fair(session, row, row.notice_number),
        keys=turned(session, row.id),
        valid_bids=valid_bids(session, row),
    )
    if row.procedure is None:
        return facts
    limits = procedure_of(row).limits
    return replace(
        facts,
        notice_workdays=limits["notice_workdays"].value,
        least_bids=limits["least_bids"].value,
        objection_contact=row.notice_number > 0,
        unjudged=_count(session, row, BidState.OPENED),
        open_corrections=_count(session, row, BidState.CORRECTION_REQUESTED),
        open_objections=_open_objections(session, row),
    )


def consents(session: Session, row: Round, act: Consent) -> int:
    """How many different live approvers, none of whom wrote the notice that stands, have consented to an act."""
    notice = session.get(RoundNotice, (row.id, row.notice_number))
    authors = set(notice.authors) if notice is not None else set()
    given = select(RoundConsent.account_id).where(
        RoundConsent.round_id == row.id, RoundConsent.act == act, RoundConsent.notice_number == row.notice_number
    )
    return len((set(session.exec(given)) & approvers(session, row.id)) - authors)


def approvers(session: Session, round_id: str) -> set[str]:
    """The accounts that are appointed to approve."""
    return set(session.exec(_live(round_id, Post.APPROVER)))


def key_ready(session: Session, round_id: str) -> bool:
    """Whether bids can be sealed: there is a key, and each holder of now has tested its passphrase."""
    if session.get(RoundSeal, round_id) is None:
        return False
    for post in HOLDERS:
        holder = session.get(RoundHolder, (round_id, post))
        appointed = session.exec(_live(round_id, post)).first()
        if holder is None or holder.tested_at is None or holder.account_id != appointed:
            return False
    return True


def fair(session: Session, row: Round, number: int) -> bool:
    """Whether 公平竞争审查 is passed, and of the words of a notice: sent back and changed, they are to be reviewed again."""
    review = session.get(RoundReview, row.id)
    if review is None or not review.is_passed:
        return False
    reviewed, standing = _words(session, row.id, review.notice_number), _words(session, row.id, number)
    return reviewed is None or standing is None or reviewed == standing


def _words(session: Session, round_id: str, number: int) -> dict[str, Any] | None:
    """What a notice says, its hours aside: a new date asks for no new review."""
    notice = session.get(RoundNotice, (round_id, number))
    return None if notice is None else {k: v for k, v in notice.content.items() if k not in {"publish_at", "deadline"}}


def turned(session: Session, round_id: str) -> int:
    """How many openers have turned their keys."""
    return len(set(session.exec(select(RoundTurn.post).where(RoundTurn.round_id == round_id))))


def valid_bids(session: Session, row: Round) -> int:
    """How many bids count: those handed in, after the opening those that were opened, after the check the eligible."""
    counted = (
        (BidState.SUBMITTED, BidState.NEEDS_RECONFIRM)
        if row.opened_at is None
        else (BidState.OPENED, BidState.CORRECTION_REQUESTED, *sorted(PASSED))
    )
    return _count(session, row, *counted)


def workdays_left(session: Session, row: Round, *, now: datetime) -> int:
    """How many working days follow today up to the deadline. Conflict where a year is not confirmed."""
    return 0 if row.deadline is None else workdays_until(session, row.deadline, now=now)


def workdays_until(session: Session, moment: datetime, *, now: datetime) -> int:
    """How many working days follow today up to the day of a moment. Conflict where a year is not confirmed."""
    today, last = now.astimezone(BEIJING).date(), moment.astimezone(BEIJING).date()
    return workdays_between(today, last, workdays.calendar(session))


def _count(session: Session, row: Round, *states: BidState) -> int:
    query = select(func.count()).select_from(Bid)
    return session.exec(query.where(Bid.round_id == row.id, col(Bid.state).in_(states))).one()


def _open_objections(session: Session, row: Round) -> int:
    waiting = select(func.count()).select_from(BidObjection).join(Bid, col(Bid.id) == col(BidObjection.bid_id))
    return session.exec(waiting.where(Bid.round_id == row.id, col(BidObjection.decided_at).is_(None))).one()


def _live(round_id: str, post: Post) -> SelectOfScalar[str]:
    return select(RoundAppointment.account_id).where(
        RoundAppointment.round_id == round_id, RoundAppointment.post == post, col(RoundAppointment.ended_at).is_(None)
    )
