"""What waits in a round, for whom, since when and until when: for those who run it, and for one reminder a day.

Whom something waits for is told to those who look after the round; of bids nothing is told before the opening, and of
experts no more than that they have not answered or handed in yet.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.kernel import calendar, workdays
from marketplace.kernel.errors import Conflict
from marketplace.rounds import facts, telling
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.check_tables import BidCorrection, BidObjection, BidVerdict
from marketplace.rounds.making import appointments
from marketplace.rounds.outcome_tables import Award, Objection, RoundDecision
from marketplace.rounds.outcome_words import ObjectionState
from marketplace.rounds.panel_tables import PanelConflict, PanelDraw, PanelMember, RecusalRequest
from marketplace.rounds.panel_words import MemberState, SheetState
from marketplace.rounds.panels import inviting, offices, rows
from marketplace.rounds.reviewing import progress, sights
from marketplace.rounds.round_tables import Round, RoundConsent, RoundNotice
from marketplace.rounds.rules.objection_moves import UNFULFILLED
from marketplace.rounds.seal_tables import RoundTurn
from marketplace.rounds.sheet_tables import ScoreTable
from marketplace.rounds.words import BidState, Consent, Post, RoundState


class Task(StrEnum):
    """What somebody has to do."""

    APPROVE = "approve"
    TURN_KEY = "turn_key"
    CHECK = "check"
    CORRECT = "correct"
    ANSWER_CHECK = "answer_check"
    DRAW = "draw"
    SPEAK = "speak"
    CALL = "call"
    DECIDE_CONFLICT = "decide_conflict"
    ANSWER_RECUSAL = "answer_recusal"
    NAME_CHAIR = "name_chair"
    DECLARE = "declare"
    JUDGE = "judge"
    CONFIRM_SCORES = "confirm_scores"
    DECIDE = "decide"
    TAKE_OBJECTION = "take_objection"
    DECIDE_OBJECTION = "decide_objection"
    BRING_ABOUT = "bring_about"
    DECIDE_APPEAL = "decide_appeal"
    CONFIRM_AWARD = "confirm_award"


NAMES: Final = {
    Task.APPROVE: "审批公告",
    Task.TURN_KEY: "输入口令开启申报",
    Task.CHECK: "资格审查",
    Task.CORRECT: "补正",
    Task.ANSWER_CHECK: "答复对资格审查的异议",
    Task.DRAW: "固定抽取名单",
    Task.SPEAK: "到场抽取专家",
    Task.CALL: "递补专家",
    Task.DECIDE_CONFLICT: "认定可能的利害关系",
    Task.ANSWER_RECUSAL: "答复回避申请",
    Task.NAME_CHAIR: "指定评审组长",
    Task.DECLARE: "答复评审邀请",
    Task.JUDGE: "提交评分表",
    Task.CONFIRM_SCORES: "确认评审结果",
    Task.DECIDE: "集体研究决定",
    Task.TAKE_OBJECTION: "决定是否受理异议",
    Task.DECIDE_OBJECTION: "办结异议",
    Task.BRING_ABOUT: "落实成立的异议",
    Task.DECIDE_APPEAL: "决定申诉",
    Task.CONFIRM_AWARD: "确认中选",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits: for whom (accounts), since when, until when; `until` None: no day is set. `number` of them."""

    task: Task
    account_ids: tuple[str, ...]
    since: datetime | None
    until: datetime | None = None
    number: int = 1

    def is_late(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.until is not None and now >= self.until


def get(session: Session, actor: Actor, round_id: str) -> list[Waiting]:
    """What waits in a round, for those who look after it, without what is closed to them; NotFound for others."""
    row = offices.looked_after(session, actor, round_id)
    return of(session, row, closed=sights.closed_to(session, actor.account_id, round_id))


def of(session: Session, row: Round, *, closed: frozenset[str] = frozenset()) -> list[Waiting]:
    """What waits in a round now, `closed` bids left out of the experts' work; nothing while it is suspended."""
    if row.suspended_at is not None:
        return []
    every: Mapping[RoundState, Callable[[Session, Round], Iterator[Waiting]]] = {
        RoundState.INTERNAL_REVIEW: _approvals,
        RoundState.SEALED: _keys,
        RoundState.ELIGIBILITY: _checks,
        RoundState.REVIEW: partial(_review, closed=closed),
        RoundState.CONSENSUS: partial(_consensus, closed=closed),
        RoundState.DECISION: _decision,
        RoundState.PUBLICITY: partial(_publicity, closed=closed),
        RoundState.AWARDED: _awards,
    }
    gathered = every.get(row.state)
    return [] if gathered is None else list(gathered(session, row))


def _holding(session: Session, row: Round, *posts: Post) -> set[str]:
    return {one.account_id for one in appointments.of(session, row.id) if one.post in posts}


def _after(session: Session, row: Round, stage: str, since: datetime | None) -> datetime | None:
    """When a stage of the procedure that began at a moment ends at the latest; None where it cannot be counted."""
    found = next((one for one in facts.procedure_of(row).stages if one.key == stage), None)
    if found is None or since is None:
        return None
    try:
        return calendar.deadline(since, found.length, workdays.calendar(session))
    except Conflict:
        return None


def _approvals(session: Session, row: Round) -> Iterator[Waiting]:
    given = select(RoundConsent.account_id).where(
        RoundConsent.round_id == row.id,
        RoundConsent.act == Consent.PUBLISH,
        RoundConsent.notice_number == row.notice_number,
    )
    consented: set[str] = set(session.exec(given))
    left = _holding(session, row, Post.APPROVER) - consented
    notice = session.get(RoundNotice, (row.id, row.notice_number))
    if left:
        yield Waiting(Task.APPROVE, tuple(sorted(left)), None if notice is None else notice.written_at)


def _keys(session: Session, row: Round) -> Iterator[Waiting]:
    turned = set(session.exec(select(RoundTurn.turned_by).where(RoundTurn.round_id == row.id)))
    left = _holding(session, row, Post.OPENER_A, Post.OPENER_B) - turned
    if left:
        until = _after(session, row, "opening", row.sealed_at)
        yield Waiting(Task.TURN_KEY, tuple(sorted(left)), row.sealed_at, until)


def _checks(session: Session, row: Round) -> Iterator[Waiting]:
    opened = select(Bid).where(Bid.round_id == row.id, Bid.state == BidState.OPENED)
    bids = {one.id for one in session.exec(opened)}
    until = _after(session, row, "eligibility", row.opened_at)
    for checker in sorted(_holding(session, row, Post.CHECKER)):
        live = select(BidVerdict.bid_id).where(BidVerdict.checker_id == checker, col(BidVerdict.void_at).is_(None))
        judged: set[str] = set(session.exec(live))
        left = len(bids - judged)
        if left:
            yield Waiting(Task.CHECK, (checker,), row.opened_at, until, left)
    corrections = select(BidCorrection, Bid).join(Bid, col(Bid.id) == col(BidCorrection.bid_id))
    for one, bid in session.exec(corrections.where(Bid.round_id == row.id, col(BidCorrection.closed_at).is_(None))):
        people = telling.people_of(session, [bid.organisation_id])
        yield Waiting(Task.CORRECT, tuple(sorted(people)), one.asked_at, one.window_ends)
    objected = select(BidObjection).join(Bid, col(Bid.id) == col(BidObjection.bid_id))
    for filed in session.exec(objected.where(Bid.round_id == row.id, col(BidObjection.decided_at).is_(None))):
        yield Waiting(Task.ANSWER_CHECK, tuple(sorted(_holding(session, row, Post.OBJECTIONS))), filed.filed_at)


def _review(session: Session, row: Round, *, closed: frozenset[str]) -> Iterator[Waiting]:
    office = tuple(sorted(telling.people_of(session, [row.organisation_id])))
    live = rows.members(session, row.id)
    open_draws = (col(PanelDraw.drawn_at).is_(None), col(PanelDraw.dropped_at).is_(None))
    draws = session.exec(select(PanelDraw).where(PanelDraw.round_id == row.id, *open_draws)).all()
    for draw in draws:
        others = _holding(session, row, Post.APPROVER, Post.KEEPER) - {draw.fixed_by}
        yield Waiting(Task.SPEAK, tuple(sorted(others)), draw.fixed_at)
    for track in {one.track for one in rows.in_stage(session, row)} - {one.track for one in draws}:
        if inviting.lacking(session, row, track):
            begun = any(one.track == track for one in live)
            yield Waiting(Task.CALL if begun else Task.DRAW, office, None)
    if progress.chairless(session, row) and any(one.state in rows.JUDGING for one in live):
        yield Waiting(Task.NAME_CHAIR, office, None)
    yield from _of_panel(session, row, live, office, closed)
    until = _after(session, row, row.stage, max((one.added_at for one in live), default=None))
    accounts = _accounts(session, live)
    for member in live:
        if member.state is MemberState.INVITED:
            yield Waiting(Task.DECLARE, (accounts[member.expert_id],), member.invited_at, until)
        elif member.state in rows.JUDGING:
            own = rows.sheets(session, member_ids=[member.id], stage=row.stage, counting=True)
            waits = {SheetState.ASSIGNED, SheetState.DRAFT}
            left = sum(one.state in waits and one.bid_id not in closed for one in own)
            if left:
                yield Waiting(Task.JUDGE, (accounts[member.expert_id],), member.declared_at, until, left)


def _of_panel(
    session: Session, row: Round, live: list[PanelMember], office: tuple[str, ...], closed: frozenset[str]
) -> Iterator[Waiting]:
    """Conflicts that wait to be decided, and requests of bidders that wait for an answer."""
    ids = [one.id for one in live]
    open_ones = select(PanelConflict.found_at).where(
        col(PanelConflict.member_id).in_(ids),
        col(PanelConflict.excludes).is_(None),
        col(PanelConflict.bid_id).not_in(closed),
    )
    found = sorted(session.exec(open_ones))
    if found:
        yield Waiting(Task.DECIDE_CONFLICT, office, found[0], None, len(found))
    asked = select(RecusalRequest.filed_at).join(Bid, col(Bid.id) == col(RecusalRequest.bid_id))
    waits = (col(RecusalRequest.decided_at).is_(None), col(RecusalRequest.bid_id).not_in(closed))
    filed = sorted(session.exec(asked.where(Bid.round_id == row.id, *waits)))
    if filed:
        yield Waiting(Task.ANSWER_RECUSAL, office, filed[0], None, len(filed))


def _consensus(session: Session, row: Round, *, closed: frozenset[str]) -> Iterator[Waiting]:
    live = rows.members(session, row.id)
    office = tuple(sorted(telling.people_of(session, [row.organisation_id])))
    yield from _of_panel(session, row, live, office, closed)
    accounts = _accounts(session, live)
    for leader in (one for one in live if one.is_chair or one.is_deputy):
        mine = progress.led_by(session, row, leader) - closed
        left = mine - progress.confirmed(session, sorted(mine), row.stage)
        if left:
            yield Waiting(Task.CONFIRM_SCORES, (accounts[leader.expert_id],), None, None, len(left))


def _decision(session: Session, row: Round) -> Iterator[Waiting]:
    made = select(RoundDecision.account_id).where(
        RoundDecision.round_id == row.id, col(RoundDecision.void_at).is_(None)
    )
    decided: set[str] = set(session.exec(made))
    left = _holding(session, row, Post.DECIDER) - decided
    frozen = select(ScoreTable.frozen_at).where(ScoreTable.round_id == row.id, col(ScoreTable.void_at).is_(None))
    since = max(session.exec(frozen), default=None)
    yield Waiting(Task.DECIDE, tuple(sorted(left)), since, _after(session, row, "decision", since))


def _publicity(session: Session, row: Round, *, closed: frozenset[str]) -> Iterator[Waiting]:
    takers = tuple(sorted(_holding(session, row, Post.OBJECTIONS)))
    supervisors = tuple(sorted(_holding(session, row, Post.KEEPER)))
    for one in session.exec(select(Objection).where(Objection.round_id == row.id).order_by(col(Objection.number))):
        if one.state is ObjectionState.SUBMITTED:
            yield Waiting(Task.TAKE_OBJECTION, takers, one.filed_at, one.accept_due)
        elif one.state in {ObjectionState.ACCEPTED, ObjectionState.INVESTIGATING}:
            yield Waiting(Task.DECIDE_OBJECTION, takers, one.taken_at, one.decide_due)
        elif one.state in UNFULFILLED:
            yield Waiting(Task.BRING_ABOUT, supervisors, one.decided_at)
        elif one.state is ObjectionState.ESCALATED:
            yield Waiting(Task.DECIDE_APPEAL, supervisors, one.appealed_at)
    office = tuple(sorted(telling.people_of(session, [row.organisation_id])))
    yield from _of_panel(session, row, rows.members(session, row.id), office, closed)


def _awards(session: Session, row: Round) -> Iterator[Waiting]:
    open_ones = (col(Award.confirmed_at).is_(None), col(Award.ended_at).is_(None))
    for award in session.exec(select(Award).where(Award.round_id == row.id, *open_ones).order_by(col(Award.bid_id))):
        people = telling.people_of(session, [award.organisation_id])
        yield Waiting(Task.CONFIRM_AWARD, tuple(sorted(people)), award.awarded_at, award.confirm_due)


def _accounts(session: Session, live: list[PanelMember]) -> dict[str, str]:
    known = pool.many(session, {one.expert_id for one in live})
    return {expert_id: one.account_id for expert_id, one in known.items()}
