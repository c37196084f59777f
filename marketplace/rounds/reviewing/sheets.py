"""Sheets: filling one in piece by piece, handing it in, taking it back, fixing it, correcting a mark."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.rounds import facts, held
from marketplace.rounds.making import notices
from marketplace.rounds.panel_tables import PanelMember
from marketplace.rounds.panel_words import MemberEvent, MemberState, SheetEvent, SheetState
from marketplace.rounds.panels import members, rows
from marketplace.rounds.reviewing import sights
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules import scores, sheet_moves, sheets
from marketplace.rounds.rules.machines import Reason
from marketplace.rounds.rules.sheet_moves import SheetFacts
from marketplace.rounds.rules.sheets import Asked
from marketplace.rounds.sheet_tables import Sheet
from marketplace.rounds.words import Part

UNKNOWN = "没有这张评分表，或它不是您的。"


def criteria(session: Session, row: Round) -> tuple[Asked, ...]:
    """What the sheets of a round ask."""
    limits = facts.procedure_of(row).limits
    below, above = limits["comment_below"].value, limits["comment_above"].value
    return sheets.asked(notices.current(session, row), below=below, above=above)


def save(
    session: Session,
    actor: Actor,
    sheet_id: str,
    given: Mapping[str, str],
    *,
    version: int | None = None,
    now: datetime,
) -> int:
    """Save some fields of a sheet ("mark-c1", "comment-c1", "comment-all"); gives its version after it.

    A field says what it says, so that a connection that comes back may send it again. `version` None: whatever stands is
    overwritten field by field; otherwise Conflict where the sheet was saved elsewhere since.
    """
    sheet, member, row = _held(session, actor, sheet_id)
    fields = {name for one in criteria(session, row) for name in (f"mark-{one.key}", f"comment-{one.key}")}
    fields.add(f"comment-{sheets.WHOLE}")
    if set(given) - fields or any(len(value) > sheets.MOST_SIGNS for value in given.values()):
        raise Invalid("没有保存：内容过长，或不是这张评分表的项目。请刷新页面。", code="sheet_field_wrong")
    if version is not None and version != sheet.version:
        raise Conflict("这张评分表在别的页面改过了，请刷新后再保存；您这里填的内容还在。", code="stale")
    if sheet.state is SheetState.SUBMITTED:
        raise Conflict("这张评分表已经提交；要改的，请先取回。", code="sheet_submitted")
    if sheet.state is SheetState.LOCKED:
        raise Conflict("评审已经结束，评分表不能再改；打错的分数在合议时更正。", code="sheet_locked")
    marks = {name.removeprefix("mark-"): value.strip() for name, value in given.items() if name.startswith("mark-")}
    said = {name.removeprefix("comment-"): value for name, value in given.items() if name.startswith("comment-")}
    if {**sheet.marks, **marks} == sheet.marks and {**sheet.comments, **said} == sheet.comments:
        return sheet.version
    _move(session, sheet, SheetEvent.SAVE, row=row, member=member, now=now)
    sheet.marks, sheet.comments = {**sheet.marks, **marks}, {**sheet.comments, **said}
    sheet.version, sheet.updated_at = sheet.version + 1, now
    session.add(sheet)
    if member.state is MemberState.ACCEPTED:
        rows.move(session, member, MemberEvent.BEGIN, part=Part.ROUND, facts=rows.facts(row), now=now)
    session.flush()
    return sheet.version


def submit(session: Session, actor: Actor, sheet_id: str, *, now: datetime) -> None:
    """Hand a sheet in. Invalid where something is missing, by field; with the last one the expert has finished."""
    sheet, member, row = _held(session, actor, sheet_id, moves_round=True)
    asked = criteria(session, row)
    wrong = sheets.faults(sheet.marks, sheet.comments, asked)
    if wrong and sheet.state in {SheetState.ASSIGNED, SheetState.DRAFT}:
        raise Invalid("评分表还没有填完，请补上标出的地方。", code="incomplete", fields=wrong)
    _move(session, sheet, SheetEvent.SUBMIT, row=row, member=member, missing=tuple(wrong.values()), now=now)
    sheet.marks = {key: str(points) for key, points in sheets.marks(sheet.marks, asked).items()}
    sheet.submitted_at = now
    session.add(sheet)
    session.flush()
    held.log(session, row, "sheet_submitted", actor=actor, now=now, sheet=sheet.id)
    finish(session, row, member, now=now)


def take_back(session: Session, actor: Actor, sheet_id: str, *, now: datetime) -> None:
    """Take a sheet back to change it, until the review is over."""
    sheet, member, row = _held(session, actor, sheet_id)
    _move(session, sheet, SheetEvent.TAKE_BACK, row=row, member=member, now=now)
    session.add(sheet)
    session.flush()
    held.log(session, row, "sheet_taken_back", actor=actor, now=now, sheet=sheet.id)
    if member.state is MemberState.SUBMITTED:
        rows.move(session, member, MemberEvent.GO_ON, part=Part.ROUND, facts=rows.facts(row), now=now)
        session.flush()


def finish(session: Session, row: Round, member: PanelMember, *, now: datetime) -> None:
    """Note that an expert has handed in everything, where it has; the clock looks at the round at once."""
    own = rows.sheets(session, member_ids=[member.id], stage=row.stage, counting=True)
    left = sum(one.state in {SheetState.ASSIGNED, SheetState.DRAFT} for one in own)
    if left or member.state not in {MemberState.ACCEPTED, MemberState.IN_PROGRESS}:
        return
    rows.move(session, member, MemberEvent.FINISH, part=Part.ROUND, facts=rows.facts(row, unfinished=left), now=now)
    row.next_check = now
    session.add(row)
    session.flush()


def total(sheet: Sheet, asked: tuple[Asked, ...]) -> Fraction | None:
    """The points of a sheet, None where one is missing."""
    found = [sheets.mark(sheet.marks.get(one.key, "")) for one in asked]
    return None if None in found else sum((Fraction(one) for one in found if isinstance(one, Decimal)), Fraction(0))


def own(session: Session, actor: Actor, sheet_id: str) -> tuple[Sheet, PanelMember, Round]:
    """One's own sheet with the place it comes from and its round; NotFound for others, NotAllowed once it is closed."""
    sheet = session.get(Sheet, sheet_id)
    if sheet is None:
        raise NotFound(UNKNOWN, code="sheet_missing")
    member = session.get_one(PanelMember, sheet.member_id)
    row = held.get(session, member.round_id)
    mine = members.find_own(session, actor, row.id)
    if mine is None or mine.id != member.id:
        raise NotFound(UNKNOWN, code="sheet_missing")
    if sheet.state in rows.GONE or member.state not in rows.JUDGING:
        raise NotAllowed("您已回避这份申报，不能再查看。", code="recused")
    if sheet.bid_id in sights.closed_to(session, actor.account_id, row.id):
        raise NotAllowed("这份申报可能与您有利害关系，认定之前不能查看。", code="conflict_open")
    return sheet, member, row


def _held(
    session: Session, actor: Actor, sheet_id: str, *, moves_round: bool = False
) -> tuple[Sheet, PanelMember, Round]:
    _, member, row = own(session, actor, sheet_id)
    row = (held.hold if moves_round else held.share)(session, row.id)
    wanted = select(Sheet).where(col(Sheet.id) == sheet_id).with_for_update()
    sheet = session.exec(wanted.execution_options(populate_existing=True)).one()
    session.refresh(member)
    return sheet, member, row


def known(row: Round, member: PanelMember, **more: Any) -> SheetFacts:
    """What the guards of a sheet ask of its round and its expert, and what the caller adds."""
    found = SheetFacts(
        round_state=row.state,
        suspended=row.suspended_at is not None,
        declared=member.state in rows.JUDGING,
    )
    return replace(found, **more)


def _move(
    session: Session, sheet: Sheet, event: SheetEvent, *, row: Round, member: PanelMember, now: datetime, **more: Any
) -> None:
    answer = sheet_moves.MACHINE.allowed(sheet.state, event, Part.EXPERT, now, known(row, member, **more))
    held.require(answer)
    assert not isinstance(answer, Reason)
    sheet.state = answer.target
    session.add(sheet)


def lock(session: Session, sheet: Sheet, row: Round, *, now: datetime) -> None:
    """Fix a sheet that was handed in: the review is over."""
    answer = sheet_moves.MACHINE.allowed(sheet.state, SheetEvent.LOCK, Part.ROUND, now, SheetFacts(row.state))
    held.require(answer)
    assert not isinstance(answer, Reason)
    sheet.state = answer.target
    session.add(sheet)


def correct(
    session: Session,
    sheet: Sheet,
    row: Round,
    member: PanelMember,
    criterion: str,
    *,
    points: str,
    now: datetime,
) -> str:
    """Put another mark into a fixed sheet, for its own expert; gives what it was. Invalid where it is no such mark."""
    asked = criteria(session, row)
    if criterion not in {one.key for one in asked}:
        raise Invalid("评分表没有这一项。", code="no_such_criterion")
    changed = {**sheet.marks, criterion: points}
    wrong = sheets.faults(changed, sheet.comments, asked)
    field = f"mark-{criterion}"
    if field in wrong:
        raise Invalid(wrong[field], code="mark_wrong", fields={"points": wrong[field]})
    before, after = sheet.marks[criterion], str(sheets.marks(changed, asked)[criterion])
    if Decimal(before) == Decimal(after):
        raise Invalid("分数没有变化。", code="mark_same", fields={"points": "分数没有变化。"})
    _move(session, sheet, SheetEvent.CORRECT, row=row, member=member, has_reason=True, now=now)
    sheet.marks, sheet.version, sheet.updated_at = {**sheet.marks, criterion: after}, sheet.version + 1, now
    session.add(sheet)
    return before


def shown_total(sheet: Sheet, asked: tuple[Asked, ...]) -> str:
    """The points of a sheet as they are shown; "" where one is missing."""
    found = total(sheet, asked)
    return "" if found is None else str(scores.rounded(found))
