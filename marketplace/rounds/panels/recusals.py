"""Recusals: of an expert itself, put down by the office, asked for by a bidder, found by the rules; in time or late.

Before the content of the bids is open to a member, a bid is excused and that is all. Afterwards it is late: whatever the
member gave the bid is void in the same transaction, with all that rests on it.
"""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.experts import pool
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.rounds import held
from marketplace.rounds.panel_tables import PanelConflict, PanelMember
from marketplace.rounds.panel_words import MemberEvent, MemberState, Source
from marketplace.rounds.panels import asking, conflicts, members, offices, rows, voiding
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import Part, RoundState

LATE_IN = (RoundState.REVIEW, RoundState.CONSENSUS, RoundState.DECISION, RoundState.PUBLICITY)


def declare_late(
    session: Session, actor: Actor, round_id: str, bid_id: str, *, text: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Say, after having accepted, that there is a conflict with a bid: from this moment it is closed to the expert."""
    row = held.hold(session, round_id)
    member = members.own(session, actor, round_id)
    _require_judging(session, row, member)
    _require_bid(session, row, member, bid_id)
    offices.require_reason(text)
    conflicts.put(
        session,
        member,
        bid_id,
        source=Source.DECLARED,
        hard=True,
        note=text,
        now=now,
        new_id=new_id,
    )
    except_from(session, row, member, [bid_id], reason=text, actor=actor, now=now, new_id=new_id)


def leave(
    session: Session, actor: Actor, round_id: str, *, reason: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Leave the panel altogether because of a conflict; what was judged is void."""
    row = held.hold(session, round_id)
    member = members.own(session, actor, round_id)
    offices.require_reason(reason)
    _out(session, row, member, part=Part.EXPERT, reason=reason, actor=actor, now=now, new_id=new_id)


def send_away(
    session: Session,
    actor: Actor,
    round_id: str,
    member_id: str,
    *,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take a member out of the panel altogether because of a conflict, by the office."""
    row = offices.hold(session, actor, round_id)
    offices.require_reason(reason)
    member = rows.member(session, member_id, round_id=round_id)
    part = offices.part(session, actor, row) or Part.BIDDER
    _out(session, row, member, part=part, reason=reason, actor=actor, now=now, new_id=new_id)


def put_down(
    session: Session,
    actor: Actor,
    round_id: str,
    member_id: str,
    bid_id: str,
    *,
    reason: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Put down by hand that a member must not judge a bid: the office or a supervisor, with a reason; it stays."""
    row = offices.hold_watched(session, actor, round_id)
    member = rows.member(session, member_id, round_id=round_id)
    require_open(session, row)
    _require_bid(session, row, member, bid_id)
    offices.require_reason(reason)
    conflicts.put(
        session,
        member,
        bid_id,
        source=Source.BY_HAND,
        hard=True,
        note=reason,
        decided_by=actor.account_id,
        now=now,
        new_id=new_id,
    )
    held.log(session, row, "conflict_put_down", actor=actor, now=now, member=member.id, bid=bid_id)
    apply(session, row, member, bid_id, reason=reason, actor=actor, now=now, new_id=new_id)


def decide(
    session: Session,
    actor: Actor,
    round_id: str,
    conflict_id: str,
    *,
    excludes: bool,
    note: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Decide what is soft, or doubtful: whether it keeps the member from judging the bid, with a note."""
    row = offices.hold_watched(session, actor, round_id)
    found = session.get(PanelConflict, conflict_id)
    if found is None:
        raise NotFound("没有这项利害关系。", code="conflict_missing")
    member = rows.member(session, found.member_id, round_id=round_id)
    if found.excludes is not None:
        raise Conflict("这项已经认定，请刷新页面。", code="conflict_decided")
    offices.require_reason(note)
    require_open(session, row)
    stated = f"{found.note}　认定：{note.strip()}" if found.note else note.strip()
    found.excludes, found.note, found.decided_by, found.decided_at = excludes, stated, actor.account_id, now
    session.add(found)
    session.flush()
    held.log(
        session, row, "conflict_decided", actor=actor, now=now, member=member.id, bid=found.bid_id, excludes=excludes
    )
    if excludes:
        apply(session, row, member, found.bid_id, reason=note, actor=actor, now=now, new_id=new_id)
    else:
        _settle(session, row, member, now=now, new_id=new_id)


def look_again(session: Session, row: Round, *, now: datetime, new_id: Callable[[], str]) -> list[PanelConflict]:
    """Ask the rules again of every member that has declared; what is hard closes the bid to it at once. Gives what is new.

    Once the scores are frozen a finding waits for somebody to look at it, however hard it is: a bidder states itself who
    stands behind it, and must not overturn a result by what it states afterwards. Nothing is decided or awarded meanwhile.
    """
    if row.state not in LATE_IN or rows.was_awarded(session, row.id):
        return []
    found = [one for one in rows.members(session, row.id) if one.declared_at is not None]
    bids = rows.bids(session, row.id)
    known = conflicts.bidders(session, row, bids, now=now)
    experts = pool.facts(session, {one.expert_id for one in found})
    made: list[PanelConflict] = []
    for member in found:
        hits = known.against(experts[member.expert_id], member.track)
        waits = row.state in {RoundState.DECISION, RoundState.PUBLICITY}
        fresh = conflicts.put_found(session, member, hits, waits=waits, now=now, new_id=new_id)
        made += fresh
        for one in fresh:
            if one.excludes:
                apply(session, row, member, one.bid_id, reason=conflicts.why(one), actor=None, now=now, new_id=new_id)
    if any(one.excludes is None for one in made):
        asking.tell_office(session, row, "新发现可能的利害关系，请认定", now=now, new_id=new_id)
    return made


def except_from(
    session: Session,
    row: Round,
    member: PanelMember,
    bid_ids: Collection[str],
    *,
    reason: str,
    actor: Actor | None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Close bids to a member that judges: late, so that what it gave them is void; without any left it is out."""
    fallen = voiding.void(session, row, member, bid_ids, reason=reason, now=now, new_id=new_id)
    if not fallen:
        return
    held.log(
        session,
        row,
        "recused_late",
        actor=actor,
        now=now,
        member=member.id,
        bids=sorted(bid_ids),
        void=len(fallen),
        reason=reason.strip(),
    )
    left = rows.sheets(session, member_ids=[member.id], counting=True)
    if not left:
        known = rows.facts(row, has_reason=True)
        rows.drop(session, member, MemberEvent.RECUSE_LATE, part=Part.ROUND, facts=known, reason=reason, now=now)
    row.next_check = now
    session.add(row)
    asking.tell_office(session, row, "有专家事后回避，相关得分已作废，请递补", now=now, new_id=new_id)
    _tell_expert(session, row, member, actor, now=now, new_id=new_id)


def apply(
    session: Session,
    row: Round,
    member: PanelMember,
    bid_id: str,
    *,
    reason: str,
    actor: Actor | None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Let what was put down against a member and a bid take effect: late where it judges, else with its acceptance."""
    if member.state in rows.JUDGING:
        except_from(session, row, member, [bid_id], reason=reason, actor=actor, now=now, new_id=new_id)
    else:
        _settle(session, row, member, now=now, new_id=new_id)


def _settle(session: Session, row: Round, member: PanelMember, *, now: datetime, new_id: Callable[[], str]) -> None:
    waited = member.state is MemberState.DECLARED
    members.settle(session, row, member, now=now, new_id=new_id)
    if waited and member.state is not MemberState.DECLARED:
        asking.tell_expert(session, row, member, now=now, new_id=new_id)


def _out(
    session: Session,
    row: Round,
    member: PanelMember,
    *,
    part: Part,
    reason: str,
    actor: Actor,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    is_late = member.state in rows.JUDGING
    require_open(session, row)
    event = MemberEvent.RECUSE_LATE if is_late else MemberEvent.RECUSE
    known = rows.facts(row, has_reason=True)
    rows.drop(session, member, event, part=part, facts=known, reason=reason, now=now)
    fallen = []
    if is_late:
        ids = {one.bid_id for one in rows.sheets(session, member_ids=[member.id], counting=True)}
        fallen = voiding.void(session, row, member, ids, reason=reason, now=now, new_id=new_id)
    held.log(
        session,
        row,
        "recused_late" if is_late else "expert_recused",
        actor=actor,
        now=now,
        member=member.id,
        void=len(fallen),
        reason=reason.strip(),
    )
    row.next_check = now
    session.add(row)
    asking.tell_office(session, row, "有专家退出评审，请递补", now=now, new_id=new_id)
    if is_late or member.invited_at is not None:
        _tell_expert(session, row, member, actor, now=now, new_id=new_id)


def _tell_expert(
    session: Session, row: Round, member: PanelMember, actor: Actor | None, *, now: datetime, new_id: Callable[[], str]
) -> None:
    """Tell an expert what others closed to it; what it did itself it knows."""
    if actor is None or actor.account_id != pool.row(session, member.expert_id).account_id:
        asking.tell_closed(session, row, member, now=now, new_id=new_id)


def _require_bid(session: Session, row: Round, member: PanelMember, bid_id: str) -> None:
    if bid_id not in {one.id for one in rows.bids(session, row.id, track=member.track)}:
        raise Invalid("请选择这个赛道的申报。", code="bid_missing", fields={"bid": "请选择这个赛道的申报。"})


def _require_judging(session: Session, row: Round, member: PanelMember) -> None:
    if member.state not in rows.JUDGING:
        raise Conflict("您还没有开始评审，请在承诺页面说明利害关系。", code="not_judging")
    require_open(session, row)


def require_open(session: Session, row: Round) -> None:
    """Conflict once a result is final: from then on nothing that was judged falls by itself."""
    if row.state not in LATE_IN or rows.was_awarded(session, row.id):
        message = "结果已经确定，不能再在这里办理回避；请向监督部门书面反映，由其处理。"
        raise Conflict(message, code="past_publicity")
