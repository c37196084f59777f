"""The stages of a review: bids go to the experts, sheets are closed, the scores are frozen, the next stage begins."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import moving
from marketplace.rounds.panel_words import MemberEvent, MemberState, SheetState
from marketplace.rounds.panels import members, offices, recusals, rows
from marketplace.rounds.reviewing import progress, sheets, sights, tables
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.bid_moves import BidFacts
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.round_moves import MACHINE
from marketplace.rounds.seal_tables import RoundManifest
from marketplace.rounds.sheet_tables import ReviewedBid, Sheet
from marketplace.rounds.words import BidEvent, Part, RoundEvent, RoundState


def first(row: Round) -> str:
    """The first stage of a round in which experts judge."""
    return facts.procedure_of(row).judged[0].key


def begin(session: Session, row: Round, bids: Sequence[Bid], *, now: datetime) -> None:
    """Put the eligible bids of a round before the experts: each with a code, in an order that tells nothing of it."""
    known = BidFacts(round_state=row.state, suspended=row.suspended_at is not None)
    digest = session.get_one(RoundManifest, row.id).digest
    ordered = sorted(bids, key=lambda one: hashlib.sha256(f"{digest}\n{one.id}".encode()).digest())
    for number, bid in enumerate(ordered, start=1):
        session.add(ReviewedBid(bid_id=bid.id, round_id=row.id, code=f"{number:02d}", entered_at=now))
        moving.move(session, bid, BidEvent.BEGIN_REVIEW, part=Part.ROUND, facts=known, now=now)
    session.flush()


def close_when_done(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Close the review of a round that the caller holds once everything is in; the rules are asked again before it."""
    recusals.look_again(session, row, now=now, new_id=new_id)
    for member in rows.members(session, row.id):
        members.settle(session, row, member, now=now, new_id=new_id, tells=False)
    _finish(session, row, now=now)
    known = progress.of(session, row)
    if isinstance(MACHINE.allowed(row.state, RoundEvent.CLOSE_REVIEW, Part.CLOCK, now, known), Reason):
        return
    held.move(session, row, RoundEvent.CLOSE_REVIEW, part=Part.CLOCK, facts=known, now=now)
    _lock(session, row, now=now)
    held.log(session, row, "review_closed", actor=None, now=now, stage=row.stage, reason="")


def close(
    session: Session, actor: Actor, round_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Close the review although the panel is not complete: the office, with a reason; each bid has enough sheets."""
    row = offices.hold(session, actor, round_id)
    if (apart := _apart(session, actor, row)) is not None:
        raise Conflict(apart.message, code=apart.code)
    offices.require_reason(reason)
    recusals.look_again(session, row, now=now, new_id=new_id)
    _finish(session, row, now=now)
    part = offices.part(session, actor, row) or Part.BIDDER
    known = replace(progress.of(session, row), has_reason=True)
    held.move(session, row, RoundEvent.CLOSE_REVIEW, part=part, facts=known, now=now)
    _lock(session, row, now=now)
    held.log(session, row, "review_closed", actor=actor, now=now, stage=row.stage, reason=reason.strip())


def against_closing(session: Session, actor: Actor, row: Round, *, now: datetime) -> Reason | None:
    """What stands against the office closing the review with a reason; None where nothing does."""
    if (apart := _apart(session, actor, row)) is not None:
        return apart
    part = offices.part(session, actor, row) or Part.BIDDER
    known = replace(progress.of(session, row), has_reason=True)
    answer = MACHINE.allowed(row.state, RoundEvent.CLOSE_REVIEW, part, now, known)
    return answer if isinstance(answer, Reason) else None


def _apart(session: Session, actor: Actor, row: Round) -> Reason | None:
    """Whether the review is complete depends on every bid: whoever must not know of one neither learns nor decides it."""
    if not sights.closed_to(session, actor.account_id, row.id):
        return None
    return Reason("bid_closed", "有申报对您关闭，请由其他办理人员结束评审。")


def go_on(session: Session, row: Round, *, part: Part, now: datetime, new_id: Callable[[], str]) -> None:
    """Freeze the scores of a stage that everything is confirmed of; the next stage begins, or the decision."""
    recusals.look_again(session, row, now=now, new_id=new_id)
    if row.state is not RoundState.CONSENSUS:
        return
    known = progress.of(session, row)
    following = tables.next_stage(row)
    if following is not None and not any(one.advances for one in tables.ranked(tables.inputs(session, row))):
        # Nobody comes through: what is left is the decision, which will be that nobody wins.
        known, following = replace(known, is_last_stage=True), None
    event = RoundEvent.FREEZE if following is None else RoundEvent.ADVANCE
    held.move(session, row, event, part=part, facts=known, now=now)
    table = tables.freeze(session, row, now=now)
    held.log(
        session, row, "scores_frozen", actor=None, now=now, stage=row.stage, number=table.number, digest=table.digest
    )
    if following is None:
        _score(session, row, now=now)
        row.next_check = None
    else:
        before, row.stage = row.stage, following
        _assign_again(session, row, before, now=now, new_id=new_id)
        row.next_check = now
    session.add(row)
    session.flush()


def _finish(session: Session, row: Round, *, now: datetime) -> None:
    """Note who has nothing left to hand in: who had begun a later stage, from which the round came back, among them."""
    for member in rows.members(session, row.id):
        sheets.finish(session, row, member, now=now)


def _lock(session: Session, row: Round, *, now: datetime) -> None:
    for member in rows.members(session, row.id):
        if member.state is MemberState.SUBMITTED:
            rows.move(session, member, MemberEvent.LOCK, part=Part.ROUND, facts=rows.facts(row), now=now)
    ids = [one.id for one in rows.in_stage(session, row)]
    for sheet in rows.sheets(session, bid_ids=ids, stage=row.stage, counting=True):
        if sheet.state is SheetState.SUBMITTED:
            sheets.lock(session, sheet, row, now=now)
    session.flush()


def _score(session: Session, row: Round, *, now: datetime) -> None:
    known = BidFacts(round_state=row.state, suspended=row.suspended_at is not None)
    for bid in rows.bids(session, row.id):
        moving.move(session, bid, BidEvent.SCORE, part=Part.ROUND, facts=known, now=now)


def _assign_again(session: Session, row: Round, before: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Give members a new sheet for every bid that came through and that they judged in the stage before.

    Who was excused there stays so; who judged a bid that was taken from it, or never had it, does not get it now.
    """
    through = {one.id for one in rows.in_stage(session, row)}
    for member in rows.members(session, row.id):
        if member.state is not MemberState.LOCKED:
            continue
        own = rows.sheets(session, member_ids=[member.id])
        there = {one.bid_id for one in own if one.stage == row.stage and one.state is not SheetState.VOID}
        for sheet in own:
            if sheet.stage == before and sheet.state is not SheetState.VOID and sheet.bid_id in through - there:
                is_excused = sheet.state is SheetState.EXCUSED
                session.add(
                    Sheet(
                        id=new_id(),
                        member_id=member.id,
                        bid_id=sheet.bid_id,
                        stage=row.stage,
                        state=SheetState.EXCUSED if is_excused else SheetState.ASSIGNED,
                        marks={},
                        comments={},
                        assigned_at=now,
                        ended_at=now if is_excused else None,
                        end_reason=sheet.end_reason if is_excused else "",
                    )
                )
        session.flush()
        open_ones = rows.sheets(session, member_ids=[member.id], stage=row.stage, counting=True)
        if any(one.state in {SheetState.ASSIGNED, SheetState.DRAFT} for one in open_ones):
            rows.move(session, member, MemberEvent.GO_ON, part=Part.ROUND, facts=rows.facts(row), now=now)
    session.flush()
