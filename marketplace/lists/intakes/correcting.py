"""Putting right what was read: single parts of rows, by those who run the list, each change kept with who and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from ingest import corrections
from ingest.corrections import PART_LABELS, PARTS, Part
from ingest.fields import Draft, Problem, Reading, Severity, SheetReading, Where
from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, require_may_run_lists
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.lists.intakes import holding
from marketplace.lists.intakes.pages import as_read, corrections_of, stored_reading, visible
from marketplace.lists.tables import Intake, IntakeCorrection
from marketplace.lists.words import IntakeState

MAX_WORDS = 20_000
LONGEST_LINE = 500
OVERTAKEN = "“{part}”刚刚由别人改为“{words}”，没有保存。您写的内容留在下面，核对后再保存一次。"


@dataclass(frozen=True, slots=True)
class Change:
    """One correction as it was made; `words` None took the one before back."""

    part: Part
    words: str | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row of an intake with everything that may be put right in it.

    `words` is what each part says now, as a cell would say it; `stated` what its cells say; `corrected` names the parts that
    somebody put right and let stand. `draft` is what is understood of it now, without a title where it is refused.
    `problems` are what is still wrong with it, `next_number` the next row with something to put right, from the top again.
    """

    intake_id: str
    name: str
    format: str
    number: int
    version: int
    is_open: bool
    sheet: SheetReading
    draft: Draft
    words: Mapping[Part, str]
    stated: Mapping[Part, str]
    corrected: frozenset[Part]
    history: tuple[Change, ...]
    problems: tuple[Problem, ...] = ()
    next_number: int | None = None


def row(session: Session, actor: Actor, intake_id: str, number: int) -> RowPage:
    """A row, counted from 1 over the whole file, for those who run the list; NotFound where the file has no such row."""
    intake = visible(actor, session.get(Intake, intake_id))
    require_may_run_lists(actor, region=intake.region)
    reading = as_read(session, intake_id)
    sheet, draft = _row(reading, number)
    corrected = stored_reading(session, intake_id)
    now_sheet, now = _row(corrected, number)
    said = {one.part: one.words for one in corrections_of(session, intake_id) if one.where == draft.where}
    return RowPage(
        intake_id=intake_id,
        name=intake.name,
        format=reading.format,
        number=number,
        version=intake.version,
        is_open=intake.state is IntakeState.OPEN,
        sheet=now_sheet,
        draft=now,
        words={part: said.get(part, corrections.as_said(sheet, draft, part)) for part in PARTS},
        stated={part: corrections.as_stated(sheet, draft, part) for part in PARTS},
        corrected=frozenset(said),
        history=_history(session, intake_id, draft.where),
        problems=tuple(one for one in corrected.problems if one.where == draft.where),
        next_number=_next(corrected, number),
    )


def correct(
    session: Session,
    actor: Actor,
    intake_id: str,
    *,
    number: int,
    words: Mapping[Part, str],
    was: Mapping[Part, str],
    taken_back: frozenset[Part] = frozenset(),
    now: datetime,
) -> tuple[Part, ...]:
    """Put parts of a row (counted from 1) right, or take back what was put right; gives the parts that changed.

    `was` is what the parts said when `words` were begun: what is still the same was not touched, and words that say what
    the file says take a correction back. Raises Conflict where somebody else has put the same part right meanwhile, or
    the intake has ended; Invalid for words that are too long, NotFound where the file has no such row.
    """
    intake = holding.held(session, actor, intake_id)
    holding.require_read(intake)
    sheet, draft = _row(as_read(session, intake_id), number)
    where = draft.where
    said = {one.part: one.words for one in corrections_of(session, intake_id) if one.where == where}
    stated = {part: corrections.as_said(sheet, draft, part) for part in PARTS}
    changed: dict[Part, str | None] = {part: None for part in taken_back if part in said}
    touched = {part: _checked(part, typed) for part, typed in words.items() if part not in taken_back}
    for part, plain in touched.items():
        now_said = _plain(part, said.get(part, stated[part]))
        begun = _plain(part, was.get(part, now_said))
        if plain in {begun, now_said}:
            continue
        if begun != now_said:
            raise Conflict(OVERTAKEN.format(part=PART_LABELS[part], words=now_said or "空白"), code="row_moved_on")
        changed[part] = None if plain == _plain(part, stated[part]) else plain
    if not changed:
        return ()
    newest = session.exec(
        select(func.max(IntakeCorrection.number)).where(IntakeCorrection.intake_id == intake_id)
    ).one()
    sheet_name, table, page, row_number = where
    for step, (part, new) in enumerate(changed.items(), start=1):
        session.add(
            IntakeCorrection(
                intake_id=intake_id,
                number=(newest or 0) + step,
                sheet=sheet_name,
                in_table=table,
                page=page,
                row=row_number or 0,
                part=part.value,
                words=new,
                made_by=actor.account_id,
                made_at=now,
            )
        )
    session.flush()
    holding.count(intake, stored_reading(session, intake_id))
    intake.version += 1
    session.add(intake)
    session.flush()
    # What was typed may name people; the chain says which parts of which row, the row keeps the words.
    payload: dict[str, object] = {"in_sheet": sheet_name, "in_table": table, "on_page": page, "in_row": row_number}
    payload["row_parts"] = [part.value for part in changed]
    holding.note(session, actor, intake, "intake.corrected", payload, now=now)
    return tuple(changed)


def _next(reading: Reading, number: int) -> int | None:
    """The next row, after this one and then from the top, that is refused or should be looked at."""
    wrong = {one.where for one in reading.problems if one.severity is not Severity.NOTE}
    found = [place for place, (_, draft) in enumerate(corrections.rows(reading), start=1) if draft.where in wrong]
    others = [place for place in found if place != number]
    return next((place for place in others if place > number), next(iter(others), None))


def carry(session: Session, from_id: str, to_id: str) -> None:
    """Let what was put right in an intake hold in another one of the same file, with who and when."""
    chosen = select(IntakeCorrection).where(IntakeCorrection.intake_id == from_id)
    for one in session.exec(chosen.order_by(col(IntakeCorrection.number))).all():
        session.add(IntakeCorrection(**{**one.model_dump(), "intake_id": to_id}))
    session.flush()


def _row(reading: Reading, number: int) -> tuple[SheetReading, Draft]:
    found = corrections.rows(reading)
    if not 1 <= number <= len(found):
        raise NotFound("这份文件里没有这一行，可能已按别的列重新读取。请回到导入页面再看。", code="row_missing")
    return found[number - 1]


def most(part: Part) -> int:
    """How many characters a part may have."""
    return MAX_WORDS if part in corrections.LONG - {Part.CONTACT} else LONGEST_LINE


def _checked(part: Part, words: str) -> str:
    plain = _plain(part, words)
    if len(plain) > most(part):
        message = f"太长，请不要超过 {most(part)} 个字。"
        raise Invalid(message, code="too_long", fields={part.value: message})
    return plain


def _plain(part: Part, words: str) -> str:
    """Words without what a browser's field adds or loses: the ends of lines, in a field of one line all of them."""
    whole = words.replace("\r\n", "\n").strip()
    return whole if part in corrections.LONG else " ".join(whole.split())


def _history(session: Session, intake_id: str, where: Where) -> tuple[Change, ...]:
    sheet, table, page, number = where
    chosen = select(IntakeCorrection).where(IntakeCorrection.intake_id == intake_id, IntakeCorrection.row == number)
    rows = [
        one
        for one in session.exec(chosen.order_by(col(IntakeCorrection.number).desc()))
        if (one.sheet, one.in_table, one.page) == (sheet, table, page)
    ]
    names = accounts.names(session, {one.made_by for one in rows})
    return tuple(Change(Part(one.part), one.words, names.get(one.made_by, ""), one.made_at) for one in rows)
