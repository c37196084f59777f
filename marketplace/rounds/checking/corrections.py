"""补正: something a bidder may put right within its own window, each condition once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel.chinese_time import spoken
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.check_tables import BidCorrection
from marketplace.rounds.checking import bids, verdicts
from marketplace.rounds.making import notices
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.schedule import next_check
from marketplace.rounds.words import BidEvent, Part

MOST_HOURS = 720
MOST_FILES = 5


def ask(
    session: Session,
    actor: Actor,
    bid_id: str,
    condition: str,
    *,
    reason: str,
    hours: int,
    now: datetime,
    new_id: Callable[[], str],
) -> datetime:
    """Ask the bidder to put something right within so many hours; gives when that window ends."""
    bid, row = bids.hold(session, actor, bid_id, moves_round=True)
    if condition not in {one.key for one in notices.current(session, row).conditions}:
        raise Invalid("请选择要补正的条件。", code="no_such_condition", fields={"condition": "请选择要补正的条件。"})
    if len(reason) > bids.MAX_TEXT or hours > MOST_HOURS:
        raise Invalid("补正事项太长或时间太长。", code="bad_correction", fields={"reason": "请精简。"})
    before = select(BidCorrection.id).where(BidCorrection.bid_id == bid_id, BidCorrection.condition == condition)
    known = BidFacts(
        round_state=row.state,
        suspended=row.suspended_at is not None,
        has_reason=bool(reason.strip()),
        has_evidence=True,
        window_hours=hours,
        least_hours=facts.procedure_of(row).limits["correction_hours"].value,
        asked_before=session.exec(before).first() is not None,
    )
    moving.move(session, bid, BidEvent.ASK_CORRECTION, part=Part.CHECKER, facts=known, now=now)
    ends = now + timedelta(hours=hours)
    correction = BidCorrection(
        id=new_id(),
        bid_id=bid_id,
        condition=condition,
        reason=reason.strip(),
        asked_by=actor.account_id,
        asked_at=now,
        window_ends=ends,
        files=[],
    )
    session.add(correction)
    session.flush()
    verdicts.void_all(session, bid_id, now=now)
    row.next_check = next_check(session, row, now=now)
    session.add(row)
    moving.log(session, bid, "correction_asked", actor=actor, now=now, condition=condition, until=ends.isoformat())
    messages.tell_organisation(
        session,
        bid.organisation_id,
        subject=f"请补正您单位对“{row.title}”的申报",
        text=f"资格审查要求补正：{reason.strip()}。请在 {spoken(ends)} 之前办理，每一事项只能补正一次。",
        link=f"/bids/{bid_id}",
        private=True,
        now=now,
        new_id=new_id,
    )
    return ends


def answer(
    session: Session,
    actor: Actor,
    bid_id: str,
    *,
    text: str,
    files: Sequence[Mapping[str, Any]] = (),
    arrived: datetime,
    now: datetime,
) -> None:
    """Put right what was asked for, before the window ends; `files` are in the store already."""
    bid = moving.hold_own(session, actor, bid_id)
    row = held.get(session, bid.round_id)
    open_one = _open_of(session, bid_id)
    if not text.strip() or len(text) > bids.MAX_TEXT * 4 or len(files) > MOST_FILES:
        told = f"请写明怎样补正，不超过 {bids.MAX_TEXT * 4} 个字；附件最多 {MOST_FILES} 份。"
        raise Invalid(told, code="no_answer", fields={"text": told})
    known = BidFacts(
        round_state=row.state,
        suspended=row.suspended_at is not None,
        arrived=arrived,
        window_ends=None if open_one is None else open_one.window_ends,
    )
    moving.move(session, bid, BidEvent.CORRECT, part=moving.part_of(actor, bid), facts=known, now=now)
    if open_one is None:
        raise Conflict("没有待补正的事项。", code="no_correction")
    open_one.answer, open_one.files = text.strip(), [dict(one) for one in files]
    open_one.answered_by, open_one.answered_at, open_one.closed_at = actor.account_id, arrived, now
    session.add(open_one)
    session.flush()
    moving.log(session, bid, "corrected", actor=actor, now=now, condition=open_one.condition, files=len(files))


def close_due(session: Session, row: Round, *, now: datetime, under_way: Callable[[datetime], int]) -> int:
    """Close the windows of a round that have ended; the bids go back to the check as they are. Gives how many.

    `under_way` says how many answers that began before a moment are not written down yet: such a window waits.
    """
    if row.suspended_at is not None:
        return 0
    due = _of_round(row).where(col(BidCorrection.window_ends) <= now)
    closed = 0
    for one in session.exec(due).all():
        if under_way(one.window_ends):
            continue
        bid = moving.hold(session, one.bid_id)
        known = BidFacts(round_state=row.state, window_ends=one.window_ends)
        moving.move(session, bid, BidEvent.CLOSE_CORRECTION, part=Part.CLOCK, facts=known, now=now)
        one.closed_at = now
        session.add(one)
        session.flush()
        moving.log(session, bid, "correction_closed", actor=None, now=now, condition=one.condition)
        closed += 1
    return closed


def put_off(session: Session, row: Round, *, by: timedelta) -> None:
    """Move the open windows of a round by as long as it stood still."""
    for one in session.exec(_of_round(row)).all():
        one.window_ends += by
        session.add(one)
    session.flush()


def _open_of(session: Session, bid_id: str) -> BidCorrection | None:
    wanted = select(BidCorrection).where(BidCorrection.bid_id == bid_id, col(BidCorrection.closed_at).is_(None))
    return session.exec(wanted).first()


def _of_round(row: Round) -> SelectOfScalar[BidCorrection]:
    return (
        select(BidCorrection)
        .join(Bid, col(Bid.id) == col(BidCorrection.bid_id))
        .where(Bid.round_id == row.id, col(BidCorrection.closed_at).is_(None))
        .order_by(col(BidCorrection.window_ends), col(BidCorrection.id))
    )
