"""Rows of a panel, held for a move, and the moves themselves: asked of the machines, written to the round's log."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.kernel.errors import NotFound
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberEvent, MemberState, SheetEvent, SheetState
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import panel_moves, sheet_moves
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.panel_moves import MemberFacts
from marketplace.rounds.rules.sheet_moves import SheetFacts
from marketplace.rounds.sheet_tables import ScoreTable, Sheet
from marketplace.rounds.words import BidState, Part

UNKNOWN = "评审组里没有这位专家。"
OUT = (MemberState.DECLINED, MemberState.RECUSED, MemberState.RECUSED_LATE)
JUDGING = (MemberState.ACCEPTED, MemberState.IN_PROGRESS, MemberState.SUBMITTED, MemberState.LOCKED)
"""Members to whom the content of bids is open."""
GONE = (SheetState.EXCUSED, SheetState.VOID)
JUDGED = (BidState.IN_REVIEW, BidState.SCORED, BidState.PROPOSED, BidState.RESERVE, BidState.NOT_SELECTED)
"""Bids that went to the experts and have no final answer yet."""


def member(session: Session, member_id: str, *, round_id: str) -> PanelMember:
    """A member of a round's panels, or NotFound."""
    row = session.get(PanelMember, member_id)
    if row is None or row.round_id != round_id:
        raise NotFound(UNKNOWN, code="member_missing")
    return row


def members(session: Session, round_id: str, *, track: str | None = None, live: bool = True) -> list[PanelMember]:
    """The members of a round's panels in the order in which they came; `live`: without those that dropped out."""
    query = select(PanelMember).where(PanelMember.round_id == round_id)
    if track is not None:
        query = query.where(PanelMember.track == track)
    if live:
        query = query.where(col(PanelMember.state).not_in(OUT))
    order = (col(PanelMember.track), col(PanelMember.added_at), col(PanelMember.place), col(PanelMember.id))
    return list(session.exec(query.order_by(*order)))


def bids(session: Session, round_id: str, *, track: str | None = None) -> list[Bid]:
    """The bids that experts judge, by track and then by id."""
    query = select(Bid).where(Bid.round_id == round_id, col(Bid.state).in_(JUDGED))
    if track is not None:
        query = query.where(Bid.track == track)
    return list(session.exec(query.order_by(col(Bid.track), col(Bid.id))))


def sheets(
    session: Session,
    *,
    member_ids: Collection[str] | None = None,
    bid_ids: Collection[str] | None = None,
    stage: str | None = None,
    counting: bool = False,
) -> list[Sheet]:
    """Sheets of some members or of some bids; `counting`: without those that are excused or void."""
    query = select(Sheet)
    if member_ids is not None:
        query = query.where(col(Sheet.member_id).in_(member_ids))
    if bid_ids is not None:
        query = query.where(col(Sheet.bid_id).in_(bid_ids))
    if stage is not None:
        query = query.where(Sheet.stage == stage)
    if counting:
        query = query.where(col(Sheet.state).not_in(GONE))
    return list(session.exec(query.order_by(col(Sheet.bid_id), col(Sheet.member_id), col(Sheet.stage))))


def facts(row: Round, **more: object) -> MemberFacts:
    """What the guards of a member ask of its round, and what the caller adds."""
    return MemberFacts(round_state=row.state, suspended=row.suspended_at is not None, **more)  # type: ignore[arg-type]


def move(
    session: Session, one: PanelMember, event: MemberEvent, *, part: Part, facts: MemberFacts, now: datetime
) -> None:
    """Move a member, or raise the reason against it; who drops out is out from this moment."""
    answer = panel_moves.MACHINE.allowed(one.state, event, part, now, facts)
    held.require(answer)
    assert not isinstance(answer, Reason)
    one.state = answer.target
    session.add(one)


def drop(
    session: Session,
    one: PanelMember,
    event: MemberEvent,
    *,
    part: Part,
    facts: MemberFacts,
    reason: str,
    now: datetime,
) -> None:
    """Move a member out of the panel with a reason."""
    one.ended_at, one.end_reason, one.is_chair, one.is_deputy = now, reason.strip() or "—", False, False
    move(session, one, event, part=part, facts=facts, now=now)
    session.flush()


def end_sheets(
    session: Session, found: Sequence[Sheet], event: SheetEvent, *, row: Round, reason: str, now: datetime
) -> None:
    """Excuse or void sheets, with the reason."""
    known = SheetFacts(round_state=row.state, has_reason=bool(reason.strip()))
    for sheet in found:
        answer = sheet_moves.MACHINE.allowed(sheet.state, event, Part.ROUND, now, known)
        held.require(answer)
        assert not isinstance(answer, Reason)
        sheet.state, sheet.ended_at, sheet.end_reason = answer.target, now, reason.strip()
        session.add(sheet)
    session.flush()


def was_awarded(session: Session, round_id: str) -> bool:
    """Whether a bid of a round was ever awarded: from then on nothing that was judged falls by itself."""
    return session.exec(select(Award.bid_id).where(Award.round_id == round_id)).first() is not None


def in_stage(session: Session, row: Round, *, track: str | None = None) -> list[Bid]:
    """The bids that experts judge in the stage of now: all, or those that came through the stage before."""
    found = bids(session, row.id, track=track)
    before = session.exec(
        select(ScoreTable)
        .where(ScoreTable.round_id == row.id, ScoreTable.stage != row.stage, col(ScoreTable.void_at).is_(None))
        .order_by(col(ScoreTable.number).desc())
    ).first()
    if before is None:
        return found
    through = {one["bid"] for one in before.record["ranking"] if one["advances"]}
    return [one for one in found if one.id in through]
