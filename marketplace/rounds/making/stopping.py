"""Suspending and resuming a round, ending it before time, and failing it for want of bids."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Invalid
from marketplace.rounds import facts, held, parts, schedule, telling
from marketplace.rounds.bidding import endings
from marketplace.rounds.checking import corrections
from marketplace.rounds.deciding import deadlines
from marketplace.rounds.making import approval, notices, texts
from marketplace.rounds.round_tables import Round, RoundConsent
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.words import Consent, Part, RoundEvent, RoundState

MAX_REASON = 1_000
PUT_OFF = "活动中止后恢复，截止时间按中止的时长顺延。"
"""Why a notice changes by itself; bids stand, since nothing but the hour moved."""


def suspend(
    session: Session, actor: Actor, round_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Stop a round's clocks for a reason; what is left until its deadline is kept."""
    row, part = _stopper(session, actor, round_id)
    known = replace(facts.of(session, row), has_reason=_is_reason(reason))
    held.move(session, row, RoundEvent.SUSPEND, part=part, facts=known, now=now)
    row.suspended_at, row.suspend_reason, row.next_check = now, reason.strip(), None
    row.remaining_seconds = max(0, ceil((row.deadline - now).total_seconds())) if row.deadline is not None else 0
    session.add(row)
    held.log(session, row, "suspended", actor=actor, now=now, reason=reason.strip(), remaining=row.remaining_seconds)
    _tell(session, row, f"suspended-{row.version}", "已中止", reason, now=now, new_id=new_id)


def resume(
    session: Session, actor: Actor, round_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Let a round's clocks run again: its times are put off by as long as it stood still."""
    row, part = _stopper(session, actor, round_id)
    known = replace(facts.of(session, row), has_reason=_is_reason(reason))
    held.move(session, row, RoundEvent.RESUME, part=part, facts=known, now=now)
    assert row.suspended_at is not None
    stood_still = now - row.suspended_at
    fixed: dict[str, object] = {}
    if row.state is RoundState.OPEN and row.remaining_seconds:
        until = _whole_minute(now + timedelta(seconds=row.remaining_seconds))
        notice = replace(notices.current(session, row), deadline=until)
        why = PUT_OFF + reason.strip()
        number = approval.fix(session, row, notice, reason=why, actor=actor, now=now, is_author=False)
        fixed = {"number": number, "digest": notice.digest}
    if row.state is RoundState.ELIGIBILITY:
        corrections.put_off(session, row, by=stood_still)
    if row.state is RoundState.PUBLICITY and row.publicity_ends is not None:
        row.publicity_ends += stood_still
        deadlines.put_off(session, row, by=stood_still)
    row.suspended_at, row.suspend_reason, row.remaining_seconds = None, "", None
    row.next_check = schedule.next_check(session, row, now=now)
    session.add(row)
    told = None if row.deadline is None else row.deadline.isoformat()
    held.log(session, row, "resumed", actor=actor, now=now, reason=reason.strip(), deadline=told, **fixed)
    _tell(session, row, f"resumed-{row.version}", "已恢复", reason, now=now, new_id=new_id)


def cancel(
    session: Session, actor: Actor, round_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> RoundState:
    """Ask for the end of a round; the second approver who does ends it. Bids stay sealed. Gives the state after it."""
    row = _seen(session, actor, round_id)
    part = parts.first(parts.of(session, actor, row), (Part.APPROVER,)) or Part.BIDDER
    key = (row.id, Consent.CANCEL, row.notice_number, actor.account_id)
    is_new = session.get(RoundConsent, key) is None
    if is_new and part is Part.APPROVER and _is_reason(reason):
        consent = RoundConsent(
            round_id=row.id,
            act=Consent.CANCEL,
            notice_number=row.notice_number,
            account_id=actor.account_id,
            note=reason.strip(),
            given_at=now,
        )
        session.add(consent)
        session.flush()
    known = replace(facts.of(session, row), has_reason=_is_reason(reason))
    answer = MACHINE.allowed(row.state, RoundEvent.CANCEL, part, now, known)
    if isinstance(answer, Reason) and answer.code == "cancellers_missing":
        if is_new:
            held.log(session, row, "cancel_asked", actor=actor, now=now, reason=reason.strip())
        return row.state
    held.require(answer)
    held.move(session, row, RoundEvent.CANCEL, part=part, facts=known, now=now)
    _end(session, row, reason.strip(), now)
    held.log(session, row, "cancelled", actor=actor, now=now, reason=reason.strip())
    if row.published_at is not None:
        _tell(session, row, "cancelled", "已终止", reason, now=now, new_id=new_id)
    endings.return_all(session, row, now=now)
    return row.state


def fail(
    session: Session, row: Round, *, part: Part, actor: Actor | None, now: datetime, new_id: Callable[[], str]
) -> None:
    """End a round that the caller holds for want of bids (流榜); those handed in go back sealed."""
    known = facts.of(session, row)
    reason = f"有效申报 {known.valid_bids} 份，少于公告规定的 {known.least_bids} 份。"
    held.move(session, row, RoundEvent.FAIL, part=part, facts=known, now=now)
    _end(session, row, reason, now)
    held.log(session, row, "failed", actor=actor, now=now, reason=reason)
    _tell(session, row, "failed", "流榜", reason, now=now, new_id=new_id)
    endings.return_all(session, row, now=now)


def fail_by_hand(session: Session, actor: Actor, round_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """End a round for want of bids, by an organiser of its region."""
    row = _seen(session, actor, round_id)
    part = parts.first(parts.of(session, actor, row), (Part.ORGANISER,)) or Part.BIDDER
    fail(session, row, part=part, actor=actor, now=now, new_id=new_id)


def _end(session: Session, row: Round, reason: str, now: datetime) -> None:
    row.ended_at, row.end_reason, row.next_check = now, reason, None
    row.suspended_at, row.suspend_reason, row.remaining_seconds = None, "", None
    texts.outdate(session, row, part=Part.ROUND, now=now)
    session.add(row)
    session.flush()


def _tell(
    session: Session, row: Round, occasion: str, said: str, reason: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    if row.published_at is None:
        return
    telling.tell(
        session,
        row,
        occasion=occasion,
        account_ids=telling.followers(session, row) | telling.bidders(session, row.id),
        subject=f"活动“{row.title}”{said}",
        text=f"活动“{row.title}”{said}。理由：{reason.strip()}",
        now=now,
        new_id=new_id,
    )


def _stopper(session: Session, actor: Actor, round_id: str) -> tuple[Round, Part]:
    row = _seen(session, actor, round_id)
    return row, parts.first(parts.of(session, actor, row), (Part.APPROVER, Part.SUPERVISOR)) or Part.BIDDER


def _seen(session: Session, actor: Actor, round_id: str) -> Round:
    row = held.hold(session, round_id)
    parts.require_inside(session, actor, row)
    return row


def _whole_minute(moment: datetime) -> datetime:
    # Notices speak in minutes; nobody loses a second by it.
    begun = moment.replace(second=0, microsecond=0)
    return begun if begun == moment else begun + timedelta(minutes=1)


def _is_reason(reason: str) -> bool:
    if len(reason) > MAX_REASON:
        told = f"理由不超过 {MAX_REASON} 个字。"
        raise Invalid(told, code="reason_long", fields={"reason": told})
    return bool(reason.strip())
