"""Events that were held: road shows, salons, matching meetings, trainings; entered by organisers, in versions."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor, may, may_run_lists, require_may_run_lists
from marketplace.accounts.communities import known_regions
from marketplace.accounts.words import Role
from marketplace.figures.rules.periods import Period, years
from marketplace.figures.rules.stating import require_event
from marketplace.figures.tables import Event, EventVersion
from marketplace.figures.views import EventForm, EventVersionView, EventView
from marketplace.kernel import audit
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.paging import Page, bounded
from marketplace.lists.reach import column_covered, within_reach


def enter(
    session: Session, actor: Actor, region: str, *, form: EventForm, now: datetime, new_id: Callable[[], str]
) -> EventView:
    """Enter an event of a region that the actor organises."""
    place = known_regions.resolve(session, actor, region)
    require_may_run_lists(actor, region=place)
    if not place:
        raise Invalid("请选择地区。", code="bad_event", fields={"region": "请选择地区。"})
    sound = require_event(form, today=now.astimezone(BEIJING).date())
    row = Event(
        id=new_id(),
        region=place,
        current_number=1,
        kind=sound.kind,
        title=sound.title,
        held_on=sound.held_on,
        is_withdrawn=False,
    )
    session.add(row)
    session.flush()
    _write(session, actor, row, sound, "event.entered", now=now)
    return get(session, actor, row.id)


def amend(session: Session, actor: Actor, event_id: str, *, number: int, form: EventForm, now: datetime) -> EventView:
    """Write the next version of an event; Conflict where somebody was faster than the version `number` shown."""
    row = _held(session, actor, event_id, number)
    sound = require_event(form, today=now.astimezone(BEIJING).date())
    row.current_number += 1
    row.kind, row.title, row.held_on = sound.kind, sound.title, sound.held_on
    session.add(row)
    session.flush()
    _write(session, actor, row, sound, "event.amended", now=now)
    return get(session, actor, event_id)


def withdraw(session: Session, actor: Actor, event_id: str, *, number: int, now: datetime) -> EventView:
    """Let an event no longer count; what was said of it stays."""
    row = _held(session, actor, event_id, number)
    last = _form(session.get_one(EventVersion, (row.id, row.current_number)))
    row.current_number += 1
    row.is_withdrawn = True
    session.add(row)
    session.flush()
    _write(session, actor, row, last, "event.withdrawn", now=now)
    return get(session, actor, event_id)


def get(session: Session, actor: Actor, event_id: str) -> EventView:
    """An event, for organisers and supervisors of its region; NotFound for others."""
    row = session.get(Event, event_id)
    if row is None or not _may_see(actor, row.region):
        raise NotFound("没有这次活动，或它不归您管理。", code="event_missing")
    return _views(session, [row])[0]


def versions(session: Session, actor: Actor, event_id: str) -> list[EventVersionView]:
    """Every version of an event, newest first."""
    get(session, actor, event_id)
    rows = session.exec(
        select(EventVersion).where(EventVersion.event_id == event_id).order_by(col(EventVersion.number).desc())
    ).all()
    names = accounts.names(session, {row.written_by for row in rows})
    return [
        EventVersionView(row.number, _form(row), row.is_withdrawn, names.get(row.written_by, ""), row.written_at)
        for row in rows
    ]


def visible_to(
    session: Session, actor: Actor, *, year: int | None = None, page: int = 1, size: int = 30
) -> Page[EventView]:
    """One page of the events of the actor's regions, newest first; of one year where one is given."""
    number, limit = bounded(page, size)
    query = select(Event).where(within_reach(actor, col(Event.region)))
    if year is not None:
        period = years(year, year)
        query = query.where(col(Event.held_on) >= period.start, col(Event.held_on) < period.end)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    ordered = query.order_by(col(Event.held_on).desc(), col(Event.id))
    rows = session.exec(ordered.offset((number - 1) * limit).limit(limit)).all()
    return Page(_views(session, rows), total, number, limit)


def years_of(session: Session, actor: Actor) -> list[int]:
    """The years in which the events of the actor's regions were held, newest first."""
    held = session.exec(select(col(Event.held_on)).where(within_reach(actor, col(Event.region))).distinct())
    return sorted({day.year for day in held}, reverse=True)


def held_in(session: Session, region: str, period: Period) -> list[EventView]:
    """The events of a region (and of the regions inside it) that were held in a period, and count, oldest first."""
    rows = session.exec(
        select(Event)
        .where(col(Event.held_on) >= period.start, col(Event.held_on) < period.end, col(Event.is_withdrawn).is_(False))
        .where(column_covered(col(Event.region), region))
        .order_by(col(Event.held_on), col(Event.id))
    ).all()
    return _views(session, rows)


def _may_see(actor: Actor, region: str) -> bool:
    return may_run_lists(actor, region=region) or may(actor, Role.SUPERVISOR, region=region)


def _held(session: Session, actor: Actor, event_id: str, number: int) -> Event:
    row = session.exec(select(Event).where(Event.id == event_id).with_for_update()).first()
    if row is None or not may_run_lists(actor, region=row.region):
        raise NotFound("没有这次活动，或它不归您管理。", code="event_missing")
    if row.is_withdrawn:
        raise Conflict("这次活动已经撤销登记，不能再改；需要时请重新登记。", code="event_withdrawn")
    if row.current_number != number:
        raise Conflict("您打开页面之后，有人改过这次活动。请核对最新内容后再保存。", code="event_moved_on")
    return row


def _write(session: Session, actor: Actor, row: Event, form: EventForm, action: str, *, now: datetime) -> None:
    session.add(
        EventVersion(
            event_id=row.id,
            number=row.current_number,
            **asdict(form),
            is_withdrawn=row.is_withdrawn,
            written_by=actor.account_id,
            written_at=now,
        )
    )
    session.flush()
    audit.write(
        session,
        aggregate="event",
        aggregate_id=row.id,
        action=action,
        actor_id=actor.account_id,
        payload={"number": row.current_number, "region": row.region, "held_on": row.held_on.isoformat()},
        now=now,
    )


def _form(row: EventVersion) -> EventForm:
    return EventForm(row.kind, row.title, row.held_on, row.place, row.organiser, row.attendance, row.evidence)


def _views(session: Session, rows: Sequence[Event]) -> list[EventView]:
    written = {row.id: session.get_one(EventVersion, (row.id, row.current_number)) for row in rows}
    names = accounts.names(session, {version.written_by for version in written.values()})
    return [
        EventView(
            id=row.id,
            region=row.region,
            number=row.current_number,
            form=_form(written[row.id]),
            is_withdrawn=row.is_withdrawn,
            written_by=names.get(written[row.id].written_by, ""),
            written_at=written[row.id].written_at,
        )
        for row in rows
    ]
