"""What an upheld objection brings about: other experts judge the bids concerned, or the deciders decide anew.

The supervisor lets it happen; the publicity that stood is withdrawn with the reason, and a full new one follows.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict
from marketplace.rounds import held, parts
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.deciding import handling, objections, progress, publishing, results, withdrawals
from marketplace.rounds.outcome_tables import Objection
from marketplace.rounds.outcome_words import Remedy
from marketplace.rounds.panels import asking, offices, rows, voiding
from marketplace.rounds.reviewing import stages
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.rules.objection_moves import UNFULFILLED
from marketplace.rounds.words import BidEvent, BidState, Part, RoundEvent, RoundState

DECIDED = (BidState.PROPOSED, BidState.RESERVE, BidState.NOT_SELECTED)


def bring_about(
    session: Session, actor: Actor, round_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> RoundState:
    """Bring about what the upheld objections of a round ask for, all at once; gives the round's state after it.

    A review of some bids includes that the decision falls. What is only to be corrected is made public once more, as it
    stands and with the reason; the result stays.
    """
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    offices.require_reason(reason)
    part = parts.first(parts.of(session, actor, row), (Part.SUPERVISOR,)) or Part.ISSUER
    due = [one for one in objections.of_round(session, round_id) if one.state in UNFULFILLED]
    if not due:
        raise Conflict("没有待落实的成立异议。", code="nothing_upheld")
    offices.require_apart(session, actor, row)
    wanted = {one.remedy for one in due}
    event = RoundEvent.REVIEW_AGAIN if Remedy.REVIEW_AGAIN in wanted else RoundEvent.DECIDE_AGAIN
    if wanted == {Remedy.CORRECT}:
        _correct(session, row, due, reason=reason, now=now, new_id=new_id)
        _note(session, due, part=part, actor=actor, now=now)
        return row.state
    _require_first_result(session, row)
    known = replace(progress.of(session, row), has_reason=True)
    held.move(session, row, event, part=part, facts=known, now=now)
    withdrawals.withdraw(session, row, reason=reason, now=now, new_id=new_id)
    withdrawals.void_decisions(session, row, reason=reason, now=now)
    row.publicity_starts, row.publicity_ends, row.next_check = None, None, now
    session.add(row)
    if event is RoundEvent.REVIEW_AGAIN:
        _judge_again(session, row, due, reason=reason, now=now, new_id=new_id)
    else:
        about = BidFacts(round_state=row.state, suspended=row.suspended_at is not None)
        for bid in rows.bids(session, row.id):
            if bid.state in DECIDED:
                moving.move(session, bid, BidEvent.DECIDE_AGAIN, part=Part.ROUND, facts=about, now=now)
    _note(session, due, part=part, actor=actor, now=now)
    held.log(
        session,
        row,
        "review_again" if event is RoundEvent.REVIEW_AGAIN else "decide_again",
        actor=actor,
        now=now,
        objections=[one.number for one in due],
        reason=reason.strip(),
    )
    return row.state


def _correct(
    session: Session, row: Round, due: list[Objection], *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    public = publishing.standing(session, row.id)
    if row.state is not RoundState.PUBLICITY or public is None:
        return  # A publicity follows anyway.
    if row.suspended_at is not None:
        raise Conflict("活动已中止，恢复之前不能进行这一步。", code="suspended")
    row.publicity_starts, row.publicity_ends = now, publishing.end_for(session, row, now)
    row.next_check = row.publicity_ends
    session.add(row)
    entries = tuple(
        replace(one, names=results.names(session, session.get_one(Bid, one.bid)))
        for one in publishing.entries_of(public)
    )
    publishing.publish_again(session, row, entries, dropped=(), note=f"更正：{reason.strip()}", now=now, new_id=new_id)
    held.log(session, row, "result_corrected", actor=None, now=now, objections=[one.number for one in due])


def _judge_again(
    session: Session, row: Round, due: list[Objection], *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    concerned = sorted({bid for one in due for bid in one.bid_ids})
    voiding.void_bids(session, row, concerned, reason=reason, now=now)
    voiding.void_tables(session, row, reason=reason, now=now)
    row.stage = stages.first(row)
    session.add(row)
    tracks = {bid.track for bid in rows.bids(session, row.id) if bid.id in concerned}
    voiding.void_after(session, row, row.stage, tracks, reason=reason, now=now)
    voiding.judge_again(session, row, now=now)
    asking.tell_office(session, row, "异议成立，涉及的申报要另请专家评审", now=now, new_id=new_id)


def _note(session: Session, due: list[Objection], *, part: Part, actor: Actor, now: datetime) -> None:
    for one in due:
        handling.implement(session, one, part=part, actor=actor, now=now)


def _require_first_result(session: Session, row: Round) -> None:
    if rows.was_awarded(session, row.id):
        message = "已有申报定榜，递补的公示不能再重新评审；请由监督部门决定是否取消中选。"
        raise Conflict(message, code="already_awarded")
