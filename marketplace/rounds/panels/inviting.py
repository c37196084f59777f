"""Asking experts: who was drawn, who is called from the reserve, who is named by hand because no draw can."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import facts, held
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberEvent, MemberState
from marketplace.rounds.panels import candidates, offices, rows
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sheet_tables import ReviewedBid
from marketplace.rounds.words import Part

ASKED = (MemberState.INVITED, MemberState.DECLARED, *rows.JUDGING)


def lacking(session: Session, row: Round, track: str) -> int:
    """How many members a panel lacks, those counted in who are asked and have not answered; never below 0."""
    panel = facts.procedure_of(row).limits["panel"].value
    return max(0, panel - sum(one.state in ASKED for one in rows.members(session, row.id, track=track)))


def invite(
    session: Session,
    row: Round,
    member: PanelMember,
    *,
    part: Part = Part.ROUND,
    is_needed: bool = True,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Ask a member that was drawn, or stands by; it is told where to answer."""
    rows.move(session, member, MemberEvent.INVITE, part=part, facts=rows.facts(row, is_needed=is_needed), now=now)
    member.invited_at = now
    session.add(member)
    session.flush()
    messages.tell(
        session,
        account_ids=[pool.row(session, member.expert_id).account_id],
        subject=f"邀请您评审“{row.title}”",
        text=f"您被抽取为活动“{row.title}”的评审专家。请先看申报单位名单，说明有无利害关系，再决定是否参加。名单和邀请请勿外传。",
        link=f"/review/{row.id}",
        private=True,
        now=now,
        new_id=new_id,
    )


def call_reserve(
    session: Session, actor: Actor, round_id: str, member_id: str, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Ask the next who stands by, in the order of the draw; Conflict where it is not its turn or nobody is lacking."""
    row = offices.hold(session, actor, round_id)
    offices.require_in_review(row)
    member = rows.member(session, member_id, round_id=round_id)
    waiting = [one for one in rows.members(session, round_id, track=member.track) if one.state is MemberState.DRAWN]
    same = [one for one in waiting if one.draw_id == member.draw_id and one.field == member.field]
    if same and min(same, key=lambda one: one.place).id != member.id:
        raise Conflict("请按抽取的次序递补，先请排在前面的候补专家。", code="not_next")
    part = offices.part(session, actor, row) or Part.EXPERT
    lacks = lacking(session, row, member.track) > 0
    needed = lacks or needs_another(session, row, member.track)
    member.fills_gaps = not lacks
    invite(session, row, member, part=part, is_needed=needed, now=now, new_id=new_id)
    held.log(session, row, "reserve_called", actor=actor, now=now, member=member.id, track=member.track)


def name(
    session: Session,
    actor: Actor,
    round_id: str,
    track: str,
    expert_id: str,
    *,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Name an expert by hand, with a reason, where the draw and its reserves do not fill the panel; gives the member's id."""
    row = offices.hold(session, actor, round_id)
    offices.require_in_review(row)
    offices.require_track(session, row, track)
    offices.require_reason(reason)
    waiting = [one for one in rows.members(session, round_id, track=track) if one.state is MemberState.DRAWN]
    if waiting:
        raise Conflict("还有抽取的候补专家，应先按次序递补。", code="reserves_left")
    lacks = lacking(session, row, track) > 0
    if not (lacks or needs_another(session, row, track)):
        raise Conflict("评审组人数已满，有人退出或需要加评时才能再请。", code="panel_full")
    found = {one.expert.id: one for one in candidates.of(session, row, track, now=now)}
    if expert_id not in found:
        raise Invalid("请从专家库里选择。", code="expert_missing", fields={"expert": "请从专家库里选择。"})
    if found[expert_id].against:
        raise Conflict(f"不能指定这位专家：{found[expert_id].against}", code="not_eligible")
    member = PanelMember(
        id=new_id(),
        round_id=row.id,
        track=track,
        expert_id=expert_id,
        named_because=reason.strip(),
        fills_gaps=not lacks,
        state=MemberState.DRAWN,
        added_by=actor.account_id,
        added_at=now,
    )
    session.add(member)
    session.flush()
    held.log(session, row, "expert_named", actor=actor, now=now, member=member.id, track=track, reason=reason.strip())
    invite(session, row, member, now=now, new_id=new_id)
    return member.id


def needs_another(session: Session, row: Round, track: str, *, without: Collection[str] = ()) -> bool:
    """Whether a bid of the track lacks a sheet that nobody who is asked will fill in, so that one more may be asked.

    `without`: bids that are closed to who asks.
    """
    found = rows.members(session, row.id, track=track)
    asked = sum(one.state in {MemberState.INVITED, MemberState.DECLARED} for one in found)
    begun = any(one.state in rows.JUDGING for one in found)
    lacking_sheets = gaps(session, row, track).items()
    return begun and any(left > asked for bid_id, left in lacking_sheets if bid_id not in without)


def gaps(session: Session, row: Round, track: str) -> dict[str, int]:
    """How many sheets each bid of a track lacks in the stage of now: the panel's number, and what was added to it."""
    panel = facts.procedure_of(row).limits["panel"].value
    bids = [one.id for one in rows.in_stage(session, row, track=track)]
    wanted = {one: panel + session.get_one(ReviewedBid, one).extra for one in bids}
    for sheet in rows.sheets(session, bid_ids=bids, stage=row.stage, counting=True):
        wanted[sheet.bid_id] -= 1
    return {bid_id: left for bid_id, left in wanted.items() if left > 0}
