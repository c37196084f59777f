"""Events of all chains as a reader finds them: newest first, filtered, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from marketplace.kernel.tables import AuditEvent, AuditPayload


@dataclass(frozen=True, slots=True)
class Event:
    """One link with its payload; `payload` and `salt` are None where the payload was erased."""

    position: int
    aggregate: str
    aggregate_id: str
    number: int
    action: str
    actor_id: str | None
    at: datetime
    request_id: str | None
    payload_digest: str
    previous_hash: str
    hash: str
    salt: bytes | None
    payload: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events; what is None or empty does not filter. `until` is not included.

    `things` are ids by kind: events of these alone, and of none where there are none.
    """

    aggregate: str = ""
    aggregate_id: str = ""
    actor_ids: tuple[str, ...] | None = None
    action: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    aggregates: tuple[str, ...] | None = None
    things: tuple[tuple[str, tuple[str, ...]], ...] | None = None


def newest(session: Session, wanted: Wanted, *, before: int | None = None, limit: int) -> list[Event]:
    """Events newest first, from below the position `before`."""
    query = _query(wanted).order_by(col(AuditEvent.position).desc()).limit(limit)
    if before is not None:
        query = query.where(col(AuditEvent.position) < before)
    return [_event(*pair) for pair in session.exec(query)]


def later(session: Session, wanted: Wanted, *, after: int, limit: int) -> list[Event]:
    """Events oldest first, from above the position `after`."""
    query = _query(wanted).where(col(AuditEvent.position) > after).order_by(col(AuditEvent.position)).limit(limit)
    return [_event(*pair) for pair in session.exec(query)]


def following(session: Session, *, after: int, before: int | None = None, limit: int) -> list[Event]:
    """Events oldest first, from above the position `after`, for reading the whole log once."""
    query = _query(Wanted()).where(col(AuditEvent.position) > after)
    if before is not None:
        query = query.where(col(AuditEvent.position) < before)
    return [_event(*pair) for pair in session.exec(query.order_by(col(AuditEvent.position)).limit(limit))]


def of_chain(session: Session, aggregate: str, aggregate_id: str) -> list[Event]:
    """The whole life of one thing, oldest first."""
    query = _query(Wanted(aggregate=aggregate, aggregate_id=aggregate_id)).order_by(col(AuditEvent.number))
    return [_event(*pair) for pair in session.exec(query)]


def latest_by_actor(session: Session, actor_ids: Sequence[str], actions: Sequence[str]) -> dict[str, datetime]:
    """When each actor last did one of the actions, by actor."""
    done = (col(AuditEvent.actor_id).in_(actor_ids), col(AuditEvent.action).in_(actions))
    query = select(AuditEvent.actor_id, func.max(AuditEvent.at)).where(*done).group_by(col(AuditEvent.actor_id))
    return {actor_id: at for actor_id, at in session.exec(query) if actor_id is not None}


def _query(wanted: Wanted) -> Select[AuditEvent, AuditPayload]:
    query = select(AuditEvent, AuditPayload).join(
        AuditPayload, col(AuditPayload.position) == col(AuditEvent.position), isouter=True
    )
    return query.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    same = {
        AuditEvent.aggregate: wanted.aggregate,
        AuditEvent.aggregate_id: wanted.aggregate_id,
        AuditEvent.action: wanted.action,
        AuditEvent.request_id: wanted.request_id,
    }
    found = [col(column) == value for column, value in same.items() if value]
    if wanted.actor_ids is not None:
        found.append(col(AuditEvent.actor_id).in_(wanted.actor_ids))
    if wanted.aggregates is not None:
        found.append(col(AuditEvent.aggregate).in_(wanted.aggregates))
    if wanted.things is not None:
        found.append(_any_of(wanted.things))
    if wanted.since is not None:
        found.append(col(AuditEvent.at) >= wanted.since)
    if wanted.until is not None:
        found.append(col(AuditEvent.at) < wanted.until)
    return found


def _any_of(things: Sequence[tuple[str, tuple[str, ...]]]) -> ColumnElement[bool]:
    one_of = [and_(col(AuditEvent.aggregate) == kind, col(AuditEvent.aggregate_id).in_(ids)) for kind, ids in things]
    return or_(*one_of) if one_of else false()


def _event(row: AuditEvent, apart: AuditPayload | None) -> Event:
    return Event(
        row.position,
        row.aggregate,
        row.aggregate_id,
        row.number,
        row.action,
        row.actor_id,
        row.at,
        row.request_id,
        row.payload_digest,
        row.previous_hash,
        row.hash,
        None if apart is None else apart.salt,
        None if apart is None else apart.payload,
    )
