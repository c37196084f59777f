"""The notices of a round as they were fixed, and what a text that is being written says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.kernel import workdays
from marketplace.kernel.chinese_time import BEIJING, spoken
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.rounds import procedures
from marketplace.rounds.round_tables import Round, RoundNotice
from marketplace.rounds.rules import notice_forms, notice_reading, notices
from marketplace.rounds.rules.notice_reading import Read
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.rules.procedures import Procedure, of_record
from marketplace.rounds.rules.timetable import earliest_deadline, timetable
from marketplace.rounds.words import RoundState


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """A notice as it was fixed: its number, its digest, why it was changed, who wrote it (a name) and when."""

    number: int
    notice: Notice
    digest: str
    reason: str
    written_by: str
    written_at: datetime


def current(session: Session, row: Round) -> Notice:
    """The notice that stands. LookupError where none was handed in yet."""
    return notices.of_record(session.get_one(RoundNotice, (row.id, row.notice_number)).content)


def versions(session: Session, row: Round) -> list[NoticeVersion]:
    """Every notice from the published one on, oldest first; before the publication the one that was handed in."""
    first = row.published_number or row.notice_number
    query = select(RoundNotice).where(RoundNotice.round_id == row.id, col(RoundNotice.number) >= first)
    rows = session.exec(query.order_by(col(RoundNotice.number))).all()
    names = accounts.names(session, {one.written_by for one in rows})
    return [
        NoticeVersion(
            one.number,
            notices.of_record(one.content),
            one.digest,
            one.reason,
            names.get(one.written_by, "已注销用户"),
            one.written_at,
        )
        for one in rows
    ]


def version(session: Session, row: Round, number: int) -> Notice:
    """One notice, or NotFound."""
    found = session.get(RoundNotice, (row.id, number))
    if found is None:
        raise NotFound("没有这一版公告。", code="notice_missing")
    return notices.of_record(found.content)


def procedure_for(session: Session, row: Round) -> Procedure:
    """The round's own procedure, or the type as it stands while the round is a draft."""
    if row.procedure is None or row.state is RoundState.DRAFT:
        return procedures.get(session, row.procedure_key).procedure
    return of_record(row.procedure)


def read(session: Session, row: Round, body: Mapping[str, str], *, keeps_publication: bool = False) -> Read:
    """Read a text of a round: a deadline left empty is computed, one that comes too early is a fault.

    `keeps_publication`: an addendum cannot move the hour of publication, which is past.
    """
    procedure = procedure_for(session, row)
    if keeps_publication and row.publish_at is not None:
        body = {**body, "publish_at": row.publish_at.astimezone(BEIJING).strftime(notice_forms.TIME_FORM)}
    filled = {**body, "deadline": body.get("deadline", "").strip() or computed_deadline(session, procedure, body)}
    found = notice_reading.read(filled, has_tracks=procedure.has_tracks)
    faults = dict(found.faults)
    publish_at, deadline = (notice_forms.moment(filled.get(name, "")) for name in ("publish_at", "deadline"))
    if publish_at is not None and deadline is not None and "deadline" not in faults and not keeps_publication:
        faults |= _too_early(session, procedure, publish_at, deadline)
    return Read(None if faults else found.notice, faults)


def computed_deadline(session: Session, procedure: Procedure, body: Mapping[str, str]) -> str:
    """The deadline that the procedure gives for the hour of publication, as the form spells it; "" where it cannot."""
    publish_at = notice_forms.moment(body.get("publish_at", ""))
    if publish_at is None:
        return ""
    try:
        first = timetable(procedure.stages[:1], publish_at, workdays.calendar(session))[0]
    except Conflict:
        return ""
    return first.ends.astimezone(BEIJING).strftime(notice_forms.TIME_FORM)


def _too_early(session: Session, procedure: Procedure, publish_at: datetime, deadline: datetime) -> dict[str, str]:
    try:
        earliest = earliest_deadline(publish_at, procedure.stages[0], workdays.calendar(session))
    except Conflict as refusal:
        return {"publish_at": refusal.message}
    if deadline >= earliest:
        return {}
    stage = procedure.stages[0]
    unit = "个工作日" if stage.unit == "workdays" else "天"
    return {"deadline": f"申报时间至少 {stage.length} {unit}，截止时间不能早于 {spoken(earliest)}。"}
