"""Awards: the clock awards when the publicity is over, winners confirm by a day, a reserve takes the place of who does not.

Every other bid gets its final answer in the same transaction; reserves stay until all winners have confirmed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.kernel import calendar, workdays
from marketplace.kernel.chinese_time import ending
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.rounds import facts, held, parts, telling
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.deciding import progress, publishing, results
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.outcome_words import Outcome
from marketplace.rounds.panels import offices
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.publicities import Dropped, Entry
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.words import BidEvent, BidState, Part, RoundEvent, RoundState

LATE: Final = "逾期未确认，视为放弃。"
NOBODY: Final = "中选方均已放弃或被取消，且没有候补可以递补。"
_REST: Final = (BidState.NOT_SELECTED,)


@dataclass(frozen=True, slots=True)
class LiveAward:
    """An award as a supervisor finds it; `reserves` is how many could still take its place."""

    round_id: str
    round_title: str
    bid_id: str
    names: tuple[str, ...]
    award: Award
    reserves: int


def award_when_due(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Award a round that the caller holds, once its publicity is over and nothing is open."""
    known = progress.of(session, row)
    if isinstance(MACHINE.allowed(row.state, RoundEvent.AWARD, Part.CLOCK, now, known), Reason):
        return
    row.awarded_at = now
    held.move(session, row, RoundEvent.AWARD, part=Part.CLOCK, facts=known, now=now)
    due = calendar.deadline(now, facts.procedure_of(row).limits["confirm_workdays"].value, workdays.calendar(session))
    about = _about(row)
    winners = _bids(session, row, BidState.PROPOSED)
    for bid in winners:
        moving.move(session, bid, BidEvent.AWARD, part=Part.ROUND, facts=about, now=now)
        session.add(
            Award(
                bid_id=bid.id,
                round_id=row.id,
                organisation_id=bid.organisation_id,
                awarded_at=now,
                confirm_due=due,
            )
        )
        _tell(session, row, bid, "中选", f"请在 {ending(due)} 前确认，逾期视为放弃。", now=now, new_id=new_id)
    for bid in _bids(session, row, *_REST):
        moving.move(session, bid, BidEvent.DENY, part=Part.ROUND, facts=about, now=now)
        _tell(session, row, bid, "未中选", _why(session, bid), now=now, new_id=new_id)
    session.flush()
    held.log(session, row, "awarded", actor=None, now=now, bids=[one.id for one in winners])
    telling.tell(
        session,
        row,
        occasion=f"awarded-{row.version}",
        account_ids=telling.followers(session, row),
        subject=f"“{row.title}”已定榜",
        text=f"活动“{row.title}”公示期满，结果已经确定。",
        link=f"/rounds/{row.id}/result",
        now=now,
        new_id=new_id,
    )


def look_after(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    """What the clock does to an awarded round: who is silent has declined, a reserve is called, nobody is left."""
    for award in _awards(session, row.id):
        if award.confirmed_at is None and award.ended_at is None and now >= award.confirm_due:
            _out(session, row, award, BidEvent.DECLINE, part=Part.CLOCK, reason=LATE, now=now, new_id=new_id)
    _fill(session, row, now=now, new_id=new_id)
    _settle(session, row, now=now, new_id=new_id)


def confirm(session: Session, actor: Actor, bid_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Accept an award, by whoever decides or works for the unit; with the last one the reserves get their answer."""
    bid, row, award = _own(session, actor, bid_id)
    if bid.state is not BidState.AWARDED or award.confirmed_at is not None:
        raise Conflict("现在没有需要确认的中选结果。", code="nothing_to_confirm")
    if (row.suspended_at or now) >= award.confirm_due:
        raise Conflict("确认期限已过，已视为放弃。", code="confirm_late")
    award.confirmed_at, award.confirmed_by = now, actor.account_id
    session.add(award)
    session.flush()
    moving.log(session, bid, "award_confirmed", actor=actor, now=now)
    _settle(session, row, now=now, new_id=new_id)


def decline(
    session: Session, actor: Actor, bid_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Not take an award, with a reason; the first in reserve takes its place, with a full publicity."""
    _, row, award = _own(session, actor, bid_id)
    offices.require_reason(reason)
    if award.ended_at is not None:
        raise Conflict("这项中选已经结束。", code="award_ended")
    _out(session, row, award, BidEvent.DECLINE, part=Part.BIDDER, reason=reason, actor=actor, now=now, new_id=new_id)
    _fill(session, row, now=now, new_id=new_id)
    _settle(session, row, now=now, new_id=new_id)


def revoke(
    session: Session, actor: Actor, bid_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Take an award back, by a supervisor, with a reason that is told and public; the reserve takes its place."""
    bid = session.get(Bid, bid_id)
    award = session.get(Award, bid_id)
    if bid is None or award is None:
        raise NotFound("没有这项中选结果。", code="award_missing")
    row = held.hold(session, bid.round_id)
    parts.require_inside(session, actor, row)
    offices.require_apart(session, actor, row)
    offices.require_reason(reason)
    if award.ended_at is not None:
        raise Conflict("这项中选已经结束。", code="award_ended")
    part = parts.first(parts.of(session, actor, row), (Part.SUPERVISOR,)) or Part.ISSUER
    _out(session, row, award, BidEvent.REVOKE, part=part, reason=reason, actor=actor, now=now, new_id=new_id)
    _fill(session, row, now=now, new_id=new_id)
    _settle(session, row, now=now, new_id=new_id)


def live(session: Session, actor: Actor, round_id: str, bid_id: str) -> LiveAward:
    """An award that a supervisor could take back; NotAllowed for others, NotFound where there is none."""
    row = held.get(session, round_id)
    parts.require_inside(session, actor, row)
    if Part.SUPERVISOR not in parts.of(session, actor, row):
        raise NotAllowed("只有监督人员可以取消中选。", code="not_a_supervisor")
    offices.require_apart(session, actor, row)
    bid, award = session.get(Bid, bid_id), session.get(Award, bid_id)
    if bid is None or award is None or bid.round_id != round_id:
        raise NotFound("没有这项中选结果。", code="award_missing")
    reserves = len(_bids(session, row, BidState.RESERVE))
    return LiveAward(row.id, row.title, bid_id, results.names(session, bid), award, reserves)


def _out(
    session: Session,
    row: Round,
    award: Award,
    event: BidEvent,
    *,
    part: Part,
    reason: str,
    actor: Actor | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    bid = moving.hold(session, award.bid_id)
    known = replace(_about(row), has_reason=True)
    moving.move(session, bid, event, part=part, facts=known, now=now)
    award.ended_at, award.end_reason = now, reason.strip()
    session.add(award)
    session.flush()
    is_own = event is BidEvent.DECLINE
    moving.log(
        session, bid, "award_declined" if is_own else "award_revoked", actor=actor, now=now, reason=reason.strip()
    )
    said = "已放弃中选" if is_own else "中选被取消"
    _tell(session, row, bid, said, f"理由：{reason.strip()}", now=now, new_id=new_id)


def _fill(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Let reserves take the places of winners that dropped out: proposed, and public in full once more."""
    found = progress.promotable(session, row)
    if not found:
        return
    before = publishing.standing(session, row.id)
    assert before is not None
    known = progress.of(session, row)
    row.publicity_starts, row.publicity_ends = now, publishing.end_for(session, row, now)
    row.awarded_at = None
    held.move(session, row, RoundEvent.CALL_RESERVE, part=Part.CLOCK, facts=known, now=now)
    row.next_check = row.publicity_ends
    session.add(row)
    called = {one.id for one in found.values()}
    for bid in found.values():
        moving.move(session, bid, BidEvent.PROPOSE, part=Part.ROUND, facts=_about(row), now=now)
    entries = tuple(
        entry for one in publishing.entries_of(before) if (entry := _as_now(session, one, called)) is not None
    )
    dropped = tuple(
        Dropped(one.track, one.names, _why_out(session, one))
        for one in publishing.entries_of(before)
        if _is_out(session, one)
    )
    publishing.publish_again(
        session,
        row,
        entries,
        dropped=dropped,
        note="中选方放弃、逾期未确认或被取消，由候补按次序递补，重新公示。",
        now=now,
        new_id=new_id,
    )


def _is_out(session: Session, one: Entry) -> bool:
    return session.get_one(Bid, one.bid).state in {BidState.DECLINED, BidState.REVOKED}


def _why_out(session: Session, one: Entry) -> str:
    if session.get_one(Bid, one.bid).state is BidState.DECLINED:
        return "放弃中选"  # why is nobody else's business
    award = session.get(Award, one.bid)
    return "中选被取消" if award is None else f"中选被取消：{award.end_reason}"


def _as_now(session: Session, one: Entry, called: set[str]) -> Entry | None:
    """An entry of the publicity before as it reads now; who dropped out is no entry any more."""
    if _is_out(session, one):
        return None
    if one.bid in called:
        return replace(one, outcome=Outcome.PROPOSE, reason=f"{one.reason}由候补递补为拟中选。")
    return one


def _settle(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Give the reserves their final answer once every winner has confirmed; without any winner the round has failed."""
    if row.state is not RoundState.AWARDED:
        return
    known = progress.of(session, row)
    live = [one for one in _awards(session, row.id) if one.ended_at is None]
    if live and all(one.confirmed_at is not None for one in live) and not known.promotable:
        _deny_reserves(session, row, "中选方均已确认，候补不再递补。", now=now, new_id=new_id)
    elif known.winnerless and not known.promotable:
        _deny_reserves(session, row, NOBODY, now=now, new_id=new_id)
        held.move(session, row, RoundEvent.FAIL, part=Part.CLOCK, facts=known, now=now)
        row.ended_at, row.end_reason, row.next_check = now, NOBODY, None
        session.add(row)
        session.flush()
        held.log(session, row, "failed", actor=None, now=now, reason=NOBODY)
        publishing.tell_failed(session, row, NOBODY, now=now, new_id=new_id)


def _deny_reserves(session: Session, row: Round, reason: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    for bid in _bids(session, row, BidState.RESERVE):
        moving.move(session, bid, BidEvent.DENY, part=Part.ROUND, facts=_about(row), now=now)
        _tell(session, row, bid, "未中选", reason + _why(session, bid), now=now, new_id=new_id)


def _own(session: Session, actor: Actor, bid_id: str) -> tuple[Bid, Round, Award]:
    moving.own(session, actor, bid_id)
    award = session.get(Award, bid_id)
    if award is None:
        raise Conflict("这份申报没有中选，或还没有定榜。", code="no_award")
    row = held.hold(session, award.round_id)
    bid = moving.hold(session, bid_id)
    if moving.part_of(actor, bid) is not Part.BIDDER:
        raise NotAllowed("只有申报单位的负责人或经办人可以办理。", code="reader_only")
    session.refresh(award)
    return bid, row, award


def _awards(session: Session, round_id: str) -> list[Award]:
    return list(session.exec(select(Award).where(Award.round_id == round_id).order_by(col(Award.bid_id))))


def _bids(session: Session, row: Round, *states: BidState) -> list[Bid]:
    query = select(Bid).where(Bid.round_id == row.id, col(Bid.state).in_(states)).order_by(col(Bid.id))
    return list(session.exec(query))


def _about(row: Round) -> BidFacts:
    return BidFacts(round_state=row.state, suspended=row.suspended_at is not None)


def _why(session: Session, bid: Bid) -> str:
    result = results.result_of(session, bid.id)
    return "" if result is None else result.reason


def _tell(
    session: Session, row: Round, bid: Bid, said: str, text: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    messages.tell_organisation(
        session,
        bid.organisation_id,
        subject=f"您单位对“{row.title}”的申报：{said}",
        text=text,
        link=f"/bids/{bid.id}",
        private=True,
        now=now,
        new_id=new_id,
    )
