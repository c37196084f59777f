"""Verdicts of two checkers, alike: eligible or not, with the condition and the evidence; sending the round to review."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import facts, held, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.check_tables import BidVerdict
from marketplace.rounds.checking import bids
from marketplace.rounds.making import notices
from marketplace.rounds.reviewing import stages
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import MACHINE, BidFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.round_moves import MACHINE as ROUND
from marketplace.rounds.words import BidEvent, BidState, Part, RoundEvent

UNJUDGED = (BidState.OPENED, BidState.CORRECTION_REQUESTED)


def give(
    session: Session,
    actor: Actor,
    bid_id: str,
    *,
    is_eligible: bool,
    condition: str = "",
    reason: str = "",
    now: datetime,
    new_id: Callable[[], str],
) -> BidState:
    """Give one's verdict, in place of an earlier one; with the second alike it stands. Gives the bid's state after it.

    Raises Invalid where a rejection names no condition and reason, Conflict with the machine's reason.
    """
    bid, row = bids.hold(session, actor, bid_id)
    if not is_eligible:
        _require_ground(session, row, condition, reason)
    event = BidEvent.ACCEPT if is_eligible else BidEvent.REJECT
    _put(session, bid, actor, is_eligible=is_eligible, condition=condition, reason=reason, now=now, new_id=new_id)
    given = bids.live_verdicts(session, bid_id)
    alike = sum(one.is_eligible is is_eligible for one in given)
    known = BidFacts(
        round_state=row.state,
        suspended=row.suspended_at is not None,
        deadline=row.deadline,
        has_reason=True,
        has_evidence=True,
        agreeing=alike,
    )
    answer = MACHINE.allowed(bid.state, event, Part.CHECKER, now, known)
    moving.log(session, bid, "verdict_given", actor=actor, now=now, is_eligible=is_eligible, condition=condition)
    if isinstance(answer, Reason) and answer.code == "second_checker":
        return bid.state
    moving.move(session, bid, event, part=Part.CHECKER, facts=known, now=now)
    moving.log(session, bid, "eligible" if is_eligible else "ineligible", actor=None, now=now, condition=condition)
    _tell(session, row, bid, reason, now=now, new_id=new_id)
    return bid.state


def send_to_review(session: Session, actor: Actor, round_id: str, *, now: datetime) -> None:
    """Send the eligible bids to the experts' review, once every bid is judged."""
    bids.opened_round(session, actor, round_id)
    row = held.hold(session, round_id)
    part = parts.first(parts.of(session, actor, row), (Part.CHECKER,)) or Part.BIDDER
    known = facts.of(session, row)
    row.stage, row.next_check = stages.first(row), now
    held.move(session, row, RoundEvent.SEND_TO_REVIEW, part=part, facts=known, now=now)
    eligible = _eligible(session, row)
    held.log(session, row, "sent_to_review", actor=actor, now=now, bids=len(eligible))
    stages.begin(session, row, eligible, now=now)


def against_review(session: Session, actor: Actor, round_id: str, *, now: datetime) -> Reason | None:
    """What stands against sending a round to review now, or None."""
    row = held.get(session, round_id)
    part = parts.first(parts.of(session, actor, row), (Part.CHECKER,)) or Part.BIDDER
    answer = ROUND.allowed(row.state, RoundEvent.SEND_TO_REVIEW, part, now, facts.of(session, row))
    return answer if isinstance(answer, Reason) else None


def _put(
    session: Session,
    bid: Bid,
    actor: Actor,
    *,
    is_eligible: bool,
    condition: str,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    if bid.state is not BidState.OPENED:
        told = "补正期内不能下结论，请等申报人补正或期满。" if bid.state in UNJUDGED else "这份申报已有结论。"
        raise Conflict(told, code="not_in_check")
    for standing in bids.live_verdicts(session, bid.id):
        if standing.checker_id == actor.account_id:
            standing.void_at = now
            session.add(standing)
    session.flush()
    session.add(
        BidVerdict(
            id=new_id(),
            bid_id=bid.id,
            checker_id=actor.account_id,
            is_eligible=is_eligible,
            condition=condition,
            reason=reason.strip(),
            given_at=now,
        )
    )
    session.flush()


def void_all(session: Session, bid_id: str, *, now: datetime) -> None:
    """Void every verdict that stands on a bid: it was corrected, or opened again to the check."""
    for standing in bids.live_verdicts(session, bid_id):
        standing.void_at = now
        session.add(standing)
    session.flush()


def _require_ground(session: Session, row: Round, condition: str, reason: str) -> None:
    wrong: dict[str, str] = {}
    if condition not in {one.key for one in notices.current(session, row).conditions}:
        wrong["condition"] = "请选择不符合哪一项申报条件。"
    if not reason.strip() or len(reason) > bids.MAX_TEXT:
        wrong["reason"] = f"请写明理由，申报人会看到，不超过 {bids.MAX_TEXT} 个字。"
    if wrong:
        raise Invalid("结论没有保存，请改正标出的地方。", code="no_ground", fields=wrong)


def _eligible(session: Session, row: Round) -> list[Bid]:
    return list(
        session.exec(select(Bid).where(Bid.round_id == row.id, Bid.state == BidState.ELIGIBLE).order_by(col(Bid.id)))
    )


def _tell(session: Session, row: Round, bid: Bid, reason: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    passed = bid.state is BidState.ELIGIBLE
    said = "通过资格审查" if passed else "未通过资格审查"
    more = "" if passed else f"理由：{reason.strip()}。如有异议，可在申报页面提出。"
    messages.tell_organisation(
        session,
        bid.organisation_id,
        subject=f"您单位对“{row.title}”的申报{said}",
        text=f"您单位对“{row.title}”的申报{said}。{more}",
        link=f"/bids/{bid.id}",
        private=True,
        now=now,
        new_id=new_id,
    )
