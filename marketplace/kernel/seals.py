"""Daily heads: what one prints and keeps elsewhere, so that even a rewritten log is noticed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.kernel import chain, positions
from marketplace.kernel.errors import NotFound
from marketplace.kernel.links import hashes_between
from marketplace.kernel.tables import AuditEvent, AuditSeal


@dataclass(frozen=True, slots=True)
class Seal:
    """The head of one day: a fold over `events` events, those at positions from `first` up to but not `before`."""

    day: date
    number: int
    first: int
    before: int
    events: int
    previous_head: str
    head: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What no head covers yet: how many events, since when."""

    events: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Provisional:
    """A head that no day has yet: a fold over the events from the newest daily head up to but not `before`.

    It follows the daily head `number` (0: none), so that whoever asks for both again gets the same head.
    """

    number: int
    follows: date | None
    first: int
    before: int
    events: int
    since: datetime
    until: datetime
    previous_head: str
    head: str


def listed(session: Session, *, limit: int = 400) -> list[Seal]:
    """The daily heads, newest first."""
    # One more than shown: the oldest shown needs the head before it.
    rows = session.exec(select(AuditSeal).order_by(col(AuditSeal.number).desc()).limit(limit + 1)).all()
    before = {row.number: row for row in rows}
    return [_seal(row, before.get(row.number - 1)) for row in rows[:limit]]


def get(session: Session, day: date) -> Seal:
    """The head of a day, or NotFound."""
    row = session.get(AuditSeal, day)
    if row is None:
        raise NotFound("这一天没有封存值：当天还没有结束，或那时平台还没有启用。")
    return _seal(row, session.exec(select(AuditSeal).where(AuditSeal.number == row.number - 1)).first())


def holds(session: Session, seal: Seal) -> bool:
    """Whether the events of a head still give it, counted anew."""
    return chain.fold(seal.previous_head, hashes_between(session, seal.first, seal.before)) == (seal.head, seal.events)


def unsealed(session: Session) -> Unsealed:
    """What was written since the newest head."""
    last = session.exec(select(func.max(AuditSeal.before))).one() or 0
    since = col(AuditEvent.position) >= last
    query = select(func.count(), func.min(AuditEvent.at)).select_from(AuditEvent).where(since)
    return Unsealed(*session.exec(query).one())


def latest(session: Session) -> tuple[int, int]:
    """After which daily head, and before which position, a provisional head stands that covers all that is final."""
    number = session.exec(select(func.max(AuditSeal.number))).one() or 0
    return number, positions.horizon(session)


def provisional(session: Session, *, number: int, before: int) -> Provisional:
    """The head over what follows the daily head `number` and is below `before`; NotFound where nothing is."""
    last = session.exec(select(AuditSeal).where(AuditSeal.number == number)).first() if number else None
    if (number and last is None) or before > positions.horizon(session):
        raise NotFound("没有这个暂定值，请核对打印件上的网址。", code="seal_missing")
    first = last.before if last else 0
    within = (col(AuditEvent.position) >= first, col(AuditEvent.position) < before)
    since, until = session.exec(select(func.min(AuditEvent.at), func.max(AuditEvent.at)).where(*within)).one()
    if since is None or until is None:
        raise NotFound("自上一个封存值以来没有新的留痕，不需要暂定值。", code="nothing_to_seal")
    previous = last.head if last else chain.GENESIS
    head, events = chain.fold(previous, hashes_between(session, first, before))
    follows = last.day if last else None
    return Provisional(number, follows, first, before, events, since, until, previous, head)


def _seal(row: AuditSeal, before: AuditSeal | None) -> Seal:
    return Seal(
        day=row.day,
        number=row.number,
        first=before.before if before else 0,
        before=row.before,
        events=row.events,
        previous_head=before.head if before else chain.GENESIS,
        head=row.head,
        sealed_at=row.sealed_at,
    )
