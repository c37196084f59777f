"""What must hold in dealings."""

from collections.abc import Iterator

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.dealings.tables import ContactRequest, Dealing, DealingNote
from marketplace.dealings.team_tables import Team, TeamMember
from marketplace.dealings.words import Event, Place, RequestState, Stage
from marketplace.kernel.faults import Fault


def check(session: Session) -> Iterator[Fault]:
    """Every broken invariant: notes have no gaps and end where the dealing stands, and every team has its lead."""
    yield from _notes(session)
    yield from _requests(session)
    yield from _teams(session)


def _notes(session: Session) -> Iterator[Fault]:
    counted = (
        select(Dealing.id, func.count(col(DealingNote.number)), func.max(DealingNote.number))
        .join(DealingNote, col(DealingNote.dealing_id) == col(Dealing.id), isouter=True)
        .group_by(col(Dealing.id))
        .order_by(col(Dealing.id))
    )
    for dealing_id, number, newest in session.exec(counted):
        if not number or number != newest:
            message = f"对接记录应连续编号到 {newest or 1}，实有 {number} 条。"
            yield Fault("dealing_notes_missing", message, f"dealing/{dealing_id}")
    last = (
        select(DealingNote.dealing_id, func.max(DealingNote.number).label("number"))
        .where(DealingNote.event != Event.NOTE)
        .group_by(col(DealingNote.dealing_id))
        .subquery()
    )
    moved = (
        select(Dealing.id, Dealing.stage, DealingNote.stage)
        .join(last, last.c.dealing_id == col(Dealing.id))
        .join(DealingNote, (col(DealingNote.dealing_id) == col(Dealing.id)) & (DealingNote.number == last.c.number))
        .where(Dealing.stage != DealingNote.stage)
        .order_by(col(Dealing.id))
    )
    for dealing_id, stage, noted in session.exec(moved):
        message = f"对接停在 {Stage(stage).value}，最后一条记录却是 {Stage(noted).value}。"
        yield Fault("dealing_stage_unnoted", message, f"dealing/{dealing_id}")


def _requests(session: Session) -> Iterator[Fault]:
    alive = (RequestState.OPEN, RequestState.GRANTED)
    left = (
        select(ContactRequest.id)
        .join(Dealing, col(Dealing.id) == col(ContactRequest.dealing_id))
        .where(Dealing.stage == Stage.ENDED, col(ContactRequest.state).in_(alive))
        .order_by(col(ContactRequest.id))
    )
    for request_id in session.exec(left):
        message = "对接已经结束，它的联系请求却仍然有效。"
        yield Fault("request_outlives_dealing", message, f"contact_request/{request_id}")


def _teams(session: Session) -> Iterator[Fault]:
    led = (col(TeamMember.place) == Place.LEAD) & (col(TeamMember.profile_id) == col(Team.lead_id))
    without = (
        select(Team.id)
        .join(TeamMember, (col(TeamMember.team_id) == col(Team.id)) & led, isouter=True)
        .where(col(TeamMember.team_id).is_(None))
        .order_by(col(Team.id))
    )
    for team_id in session.exec(without):
        yield Fault("team_without_lead", "联合体里没有它的牵头方。", f"team/{team_id}")
