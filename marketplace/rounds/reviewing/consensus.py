"""The panel together: every sheet is open to its members, what they differ about is said, the chair confirms.

No mark changes silently: its own expert corrects it, with a reason, on record. Nobody sees what is closed to it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import facts, held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panels import offices, rows, voiding
from marketplace.rounds.reviewing import progress, sheets, sights, stages, together
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.scores import Method
from marketplace.rounds.sheet_tables import Confirmation, PanelRemark, ReviewedBid, Sheet, SheetCorrection
from marketplace.rounds.words import Part, RoundEvent, RoundState

MAX_TEXT: Final = 2_000


def remark(
    session: Session, actor: Actor, round_id: str, bid_id: str, *, text: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Say something of a bid about which the panel differs."""
    row = held.share(session, round_id)
    member = _member_for(session, actor, row, bid_id)
    _require_consensus(row)
    if not text.strip() or len(text) > MAX_TEXT:
        told = f"请写明意见，不超过 {MAX_TEXT} 个字。"
        raise Invalid(told, code="no_text", fields={"text": told})
    session.add(
        PanelRemark(id=new_id(), member_id=member.id, bid_id=bid_id, stage=row.stage, text=text.strip(), written_at=now)
    )
    session.flush()
    held.log(session, row, "panel_remarked", actor=actor, now=now, member=member.id, bid=bid_id)


def correct(
    session: Session,
    actor: Actor,
    round_id: str,
    sheet_id: str,
    criterion: str,
    *,
    points: str,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Correct one mark of one's own closed sheet, with a reason; what it was stays on record, confirmations fall."""
    row = held.hold(session, round_id)
    sheet = session.get(Sheet, sheet_id)
    member = together.judging(session, actor, row)
    if sheet is None or sheet.member_id != member.id or sheet.stage != row.stage:
        raise NotFound(sheets.UNKNOWN, code="sheet_missing")
    _member_for(session, actor, row, sheet.bid_id)
    if not reason.strip() or len(reason) > MAX_TEXT:
        told = f"请写明为什么更正，不超过 {MAX_TEXT} 个字；原来的分数和理由都会留痕。"
        raise Invalid(told, code="no_reason", fields={"reason": told})
    before = sheets.correct(session, sheet, row, member, criterion, points=points, now=now)
    session.add(
        SheetCorrection(
            id=new_id(),
            sheet_id=sheet.id,
            criterion=criterion,
            before=before,
            after=sheet.marks[criterion],
            reason=reason.strip(),
            corrected_by=actor.account_id,
            corrected_at=now,
        )
    )
    session.flush()
    if facts.procedure_of(row).judging.method is Method.ADJUSTED:
        # One mark moves the mean of its expert, and with it what every bid of the track is given.
        voiding.unconfirm(session, row, member.track, now=now)
    else:
        voiding.unconfirm(session, row, member.track, bid_id=sheet.bid_id, now=now)
    held.log(
        session,
        row,
        "mark_corrected",
        actor=actor,
        now=now,
        sheet=sheet.id,
        criterion=criterion,
        before=before,
        after=sheet.marks[criterion],
        reason=reason.strip(),
    )


def add_expert(session: Session, actor: Actor, round_id: str, bid_id: str, *, reason: str, now: datetime) -> None:
    """Have one more expert judge a bid about which the panel differs: the chair, or the office; back to the review."""
    row = held.hold(session, round_id)
    part = offices.part(session, actor, row)
    if part is None:
        leader = _member_for(session, actor, row, bid_id)
        part = Part.CHAIR if leader.is_chair or leader.is_deputy else Part.EXPERT
    offices.require_reason(reason)
    if bid_id not in {one.id for one in rows.in_stage(session, row)}:
        raise NotFound("没有这份申报。", code="bid_missing")
    known = replace(progress.of(session, row), has_reason=True)
    held.move(session, row, RoundEvent.ADD_EXPERT, part=part, facts=known, now=now)
    reviewed = session.get_one(ReviewedBid, bid_id)
    reviewed.extra += 1
    session.add(reviewed)
    voiding.unconfirm(session, row, session.get_one(Bid, bid_id).track, now=now)
    session.flush()
    held.log(session, row, "expert_added", actor=actor, now=now, bid=bid_id, reason=reason.strip())


def confirm(session: Session, actor: Actor, round_id: str, *, now: datetime, new_id: Callable[[], str]) -> RoundState:
    """Confirm what came of every bid of the track that one leads and may judge; with the last one the scores freeze.

    Gives the round's state after it. Conflict where the panel still differs, or the method does not work.
    """
    row = held.hold(session, round_id)
    member = together.judging(session, actor, row)
    _require_consensus(row)
    mine = progress.led_by(session, row, member)
    if not mine:
        raise NotAllowed("只有评审组长（组长回避的由代组长）可以确认。", code="not_the_chair")
    known = progress.of(session, row)
    if row.suspended_at is not None:
        raise Conflict("活动已中止，恢复之前不能进行这一步。", code="suspended")
    waiting = set(progress.uncommented(session, row)) & mine
    if waiting:
        message = f"有 {len(waiting)} 份申报分歧较大，请先由评审专家写明意见，或增加一名专家。"
        raise Conflict(message, code="divergence_uncommented")
    if known.unscorable:
        raise Conflict(known.unscorable, code="unscorable")
    done = progress.confirmed(session, sorted(mine), row.stage)
    for bid_id in sorted(mine - done):
        session.add(Confirmation(id=new_id(), bid_id=bid_id, stage=row.stage, member_id=member.id, given_at=now))
    session.flush()
    held.log(session, row, "scores_confirmed", actor=actor, now=now, member=member.id, bids=len(mine - done))
    if not progress.of(session, row).unconfirmed:
        stages.go_on(session, row, part=Part.CHAIR, now=now, new_id=new_id)
    return row.state


def _member_for(session: Session, actor: Actor, row: Round, bid_id: str) -> PanelMember:
    member = together.judging(session, actor, row)
    if bid_id in sights.closed_to(session, actor.account_id, row.id) or bid_id not in {
        one.id for one in rows.in_stage(session, row, track=member.track)
    }:
        raise NotFound("没有这份申报。", code="bid_missing")
    return member


def _require_consensus(row: Round) -> None:
    if row.state is not RoundState.CONSENSUS:
        raise Conflict("现在不是合议阶段，不能进行这一步。", code="not_in_consensus")
