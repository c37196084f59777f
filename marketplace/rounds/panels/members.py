"""What a member of a panel does and what is done with it: declaring on names, declining, taking its place, leading."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.rounds import held
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberEvent, MemberState, SheetState, Source
from marketplace.rounds.panels import asking, conflicts, inviting, offices, rows
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sheet_tables import Sheet
from marketplace.rounds.words import Part, RoundState

DECLARATION: Final = (
    "本人已看过申报单位名单，对每一份申报说明了有无利害关系；评审期间新发现利害关系的，立即申报并停止评审。"
    "本人独立、公正评审，不与申报单位及其人员接触，不泄露名单、申报材料、评审意见和得分。"
)
MAX_TEXT: Final = 1_000


class Answer(StrEnum):
    """What an expert says of itself and one bid."""

    NONE = "none"
    DOUBT = "doubt"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Said:
    """An expert's answer for one bid; with a conflict or a doubt, what it is."""

    answer: Answer
    text: str = ""


def own(session: Session, actor: Actor, round_id: str) -> PanelMember:
    """Somebody's own place in a round's panels, the live one first; NotFound for everybody else."""
    found = find_own(session, actor, round_id)
    if found is None:
        raise NotFound("您没有被邀请评审这个活动。", code="not_on_the_panel")
    return found


def find_own(session: Session, actor: Actor, round_id: str) -> PanelMember | None:
    """The same, or None; who only stands by is nobody yet."""
    entries = {one.id for one in pool.of_account(session, actor.account_id)}
    found = [one for one in rows.members(session, round_id, live=False) if one.expert_id in entries]
    shown = [one for one in found if one.state is not MemberState.DRAWN]
    return min(shown, key=lambda one: one.state in rows.OUT, default=None)


def declare(
    session: Session,
    actor: Actor,
    round_id: str,
    answers: Mapping[str, Said],
    *,
    agrees: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> MemberState:
    """Declare on the names of the bids of one's track, each answered for; gives the member's state after it.

    What the rules find is put down beside it. Without an open question the member is accepted at once, and its sheets
    are made; bids that it must not judge are excused.
    """
    row = held.hold(session, round_id)
    member = own(session, actor, round_id)
    bids = rows.in_stage(session, row, track=member.track)
    _require_answers({one.id for one in bids}, answers, agrees=agrees)
    member.declaration, member.declared_at = DECLARATION, now
    known = rows.facts(row, has_agreed=agrees)
    rows.move(session, member, MemberEvent.DECLARE, part=Part.EXPERT, facts=known, now=now)
    session.flush()
    for bid_id in sorted(answers):
        if answers[bid_id].answer is not Answer.NONE:
            conflicts.put(
                session,
                member,
                bid_id,
                source=Source.DECLARED,
                hard=answers[bid_id].answer is Answer.CONFLICT,
                note=answers[bid_id].text,
                now=now,
                new_id=new_id,
            )
    expert = pool.facts(session, [member.expert_id])[member.expert_id]
    hits = conflicts.bidders(session, row, bids, now=now).against(expert, member.track)
    conflicts.put_found(session, member, hits, now=now, new_id=new_id)
    told = {one: said.answer.value for one, said in answers.items() if said.answer is not Answer.NONE}
    held.log(session, row, "panel_declared", actor=actor, now=now, member=member.id, said=told)
    settle(session, row, member, now=now, new_id=new_id)
    return member.state


def settle(
    session: Session,
    row: Round,
    member: PanelMember,
    *,
    tells: bool = True,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Accept a member that has declared once nothing waits for a decision, and make its sheets; all excluded: recuse it.

    Nothing happens unless experts judge now. `tells`: the office is told that something waits for it.
    """
    if member.state is not MemberState.DECLARED or row.state is not RoundState.REVIEW or row.suspended_at is not None:
        return
    if conflicts.undecided(session, member.id):
        if not tells:
            return
        asking.tell_office(session, row, "有专家申报了可能的利害关系，请认定", now=now, new_id=new_id)
        return
    excluded = conflicts.excluded(session, member.id)
    bids = [one.id for one in rows.in_stage(session, row, track=member.track)]
    if member.fills_gaps:
        short = inviting.gaps(session, row, member.track)
        bids = [one for one in bids if one in short]
    may_judge = [one for one in bids if one not in excluded]
    if not may_judge:
        known = rows.facts(row, has_reason=True)
        rows.drop(
            session,
            member,
            MemberEvent.RECUSE,
            part=Part.ROUND,
            facts=known,
            reason="与全部申报都应当回避。",
            now=now,
        )
        held.log(session, row, "expert_recused", actor=None, now=now, member=member.id, late=False)
        asking.tell_office(session, row, "有专家应当全部回避，请递补", now=now, new_id=new_id)
        return
    known = rows.facts(row, may_judge=len(may_judge))
    rows.move(session, member, MemberEvent.ACCEPT, part=Part.ROUND, facts=known, now=now)
    for bid_id in bids:
        against = excluded.get(bid_id)
        sheet = Sheet(
            id=new_id(),
            member_id=member.id,
            bid_id=bid_id,
            stage=row.stage,
            state=SheetState.ASSIGNED if against is None else SheetState.EXCUSED,
            marks={},
            comments={},
            assigned_at=now,
            ended_at=None if against is None else now,
            end_reason="" if against is None else conflicts.why(against),
        )
        session.add(sheet)
    session.flush()
    excused = len(bids) - len(may_judge)
    held.log(
        session, row, "expert_accepted", actor=None, now=now, member=member.id, bids=len(may_judge), excused=excused
    )


def decline(
    session: Session, actor: Actor, round_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Not take part, with a reason; the office is told to call the next."""
    row = held.hold(session, round_id)
    member = own(session, actor, round_id)
    offices.require_reason(reason)
    known = rows.facts(row, has_reason=True)
    rows.drop(session, member, MemberEvent.DECLINE, part=Part.EXPERT, facts=known, reason=reason, now=now)
    held.log(session, row, "expert_declined", actor=actor, now=now, member=member.id, reason=reason.strip())
    asking.tell_office(session, row, "有专家不能参加评审，请递补", now=now, new_id=new_id)


def expire(session: Session, actor: Actor, round_id: str, member_id: str, *, reason: str, now: datetime) -> None:
    """Take an expert that does not answer out of the panel, by the office, with a reason."""
    row = offices.hold(session, actor, round_id)
    offices.require_reason(reason)
    member = rows.member(session, member_id, round_id=round_id)
    part = offices.part(session, actor, row) or Part.EXPERT
    known = rows.facts(row, has_reason=True)
    rows.drop(session, member, MemberEvent.EXPIRE, part=part, facts=known, reason=reason, now=now)
    held.log(session, row, "expert_expired", actor=actor, now=now, member=member.id, reason=reason.strip())


def lead(session: Session, actor: Actor, round_id: str, member_id: str, *, as_deputy: bool, now: datetime) -> None:
    """Make a member the chair of its track's panel, or the deputy for bids that the chair must not judge."""
    row = offices.hold(session, actor, round_id)
    member = rows.member(session, member_id, round_id=round_id)
    if member.state not in rows.JUDGING:
        raise Conflict("只有已经接受邀请的专家可以担任组长或代组长。", code="not_judging")
    for one in rows.members(session, round_id, track=member.track):
        if one.is_deputy if as_deputy else one.is_chair:
            one.is_chair, one.is_deputy = (one.is_chair, False) if as_deputy else (False, one.is_deputy)
            session.add(one)
    session.flush()
    member.is_chair, member.is_deputy = not as_deputy, as_deputy
    session.add(member)
    session.flush()
    held.log(
        session,
        row,
        "deputy_named" if as_deputy else "chair_named",
        actor=actor,
        now=now,
        member=member.id,
        track=member.track,
    )
    row.next_check = now
    session.add(row)


def _require_answers(bids: set[str], answers: Mapping[str, Said], *, agrees: bool) -> None:
    wrong: dict[str, str] = {}
    for bid_id in sorted(bids):
        said = answers.get(bid_id)
        if said is None:
            wrong[f"answer-{bid_id}"] = "请说明与这份申报有无利害关系。"
        elif said.answer is not Answer.NONE and not said.text.strip():
            wrong[f"text-{bid_id}"] = "请写明是什么关系。"
        elif len(said.text) > MAX_TEXT:
            wrong[f"text-{bid_id}"] = f"不超过 {MAX_TEXT} 个字。"
    if set(answers) - bids:
        raise Invalid("名单已有变化，请刷新页面重新填写。", code="list_changed")
    if not agrees:
        wrong["agrees"] = "请确认承诺。"
    if wrong:
        raise Invalid("还不能提交，请改正标出的地方。", code="not_declared", fields=wrong)
