"""The audit chain: who did what, in links that cannot be altered unseen.

Every aggregate (an intake, a profile, an account …) has a chain of its own; a daily head covers all of them.
Payloads lie apart under salted digests: erasing one (an event itself) leaves the chain whole.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, text
from sqlmodel import Session, col, select

from marketplace.kernel import canonical, chain, positions
from marketplace.kernel.batches import batches, insert_all
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.db import is_postgresql
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.links import ERASE, expected_hash, hashes_between
from marketplace.kernel.tables import AuditEvent, AuditPayload, AuditSeal
from marketplace.kernel.verification import verify

__all__ = ["ERASE", "Entry", "Link", "erase", "history", "seal_day", "seal_until", "verify", "write", "write_many"]

SALT_BYTES = 16
DAY = timedelta(days=1)
ACTING_FOR = "acting_for"
"""The entry of a payload that says for which organisation the actor acted (its id)."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where an event that was just written stands: in the whole log, in its aggregate's chain, and its hash."""

    position: int
    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as a reader sees it; `payload` is None where it was erased."""

    number: int
    action: str
    actor_id: str | None
    at: datetime
    request_id: str | None
    payload: Mapping[str, object] | None
    hash: str


def write(
    session: Session,
    *,
    aggregate: str,
    aggregate_id: str,
    action: str,
    actor_id: str | None,
    payload: Mapping[str, object],
    now: datetime,
    request_id: str | None = None,
) -> Link:
    """Add an event to an aggregate's chain, in the caller's transaction; gives where it stands.

    `request_id` defaults to what the caller put into `session.info["request_id"]`; the payload says for which
    organisation the actor acts (`ACTING_FOR`) where `session.info["acting"]` knows.
    """
    if is_postgresql(session):
        # Two transactions on one aggregate follow each other here; the loser of a race would fail otherwise.
        key = f"audit:{aggregate}:{aggregate_id}"
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
    (written,) = write_many(
        session,
        aggregate=aggregate,
        payloads={aggregate_id: payload},
        action=action,
        actor_id=actor_id,
        now=now,
        request_id=request_id,
    )
    return written


def write_many(
    session: Session,
    *,
    aggregate: str,
    payloads: Mapping[str, Mapping[str, object]],
    action: str,
    actor_id: str | None,
    now: datetime,
    request_id: str | None = None,
) -> list[Link]:
    """Add one event to the chain of each aggregate (by id), in few statements; gives where they stand.

    A chain that another transaction continues at the same moment is never forked: this one fails.
    """
    tips = _tips(session, aggregate, list(payloads))
    events: list[AuditEvent] = []
    apart: list[dict[str, object]] = []
    said = {one: {**payload, **_acting(session, actor_id)} for one, payload in payloads.items()}
    for position, (aggregate_id, payload) in zip(positions.take(session, len(said)), said.items(), strict=True):
        number, previous = tips.get(aggregate_id, (0, chain.GENESIS))
        salt = secrets.token_bytes(SALT_BYTES)
        event = AuditEvent(
            position=position,
            aggregate=aggregate,
            aggregate_id=aggregate_id,
            number=number + 1,
            action=action,
            actor_id=actor_id,
            at=now,
            request_id=request_id or session.info.get("request_id"),
            payload_digest=canonical.digest(payload, salt=salt),
            previous_hash=previous,
            hash="",
        )
        event.hash = expected_hash(event, previous)
        events.append(event)
        apart.append({"position": position, "salt": salt, "payload": payload})
    insert_all(session, AuditEvent, [event.model_dump() for event in events])
    insert_all(session, AuditPayload, apart)
    return [Link(event.position, event.number, event.hash) for event in events]


def _acting(session: Session, actor_id: str | None) -> dict[str, str]:
    # Somebody who signs in meanwhile, or the platform itself, does not act in the seat of who sent the request.
    account_id, organisation_id = session.info.get("acting", (None, ""))
    return {ACTING_FOR: organisation_id} if actor_id is not None and account_id == actor_id else {}


def _tips(session: Session, aggregate: str, aggregate_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    tips: dict[str, tuple[int, str]] = {}
    for some in batches(aggregate_ids):
        newest = (
            select(AuditEvent.aggregate_id, func.max(AuditEvent.number).label("number"))
            .where(AuditEvent.aggregate == aggregate, col(AuditEvent.aggregate_id).in_(some))
            .group_by(col(AuditEvent.aggregate_id))
            .subquery()
        )
        rows = session.exec(
            select(AuditEvent.aggregate_id, AuditEvent.number, AuditEvent.hash)
            .join(
                newest,
                (col(AuditEvent.aggregate_id) == newest.c.aggregate_id) & (col(AuditEvent.number) == newest.c.number),
            )
            .where(AuditEvent.aggregate == aggregate),
        )
        tips |= {aggregate_id: (number, hashed) for aggregate_id, number, hashed in rows}
    return tips


def history(session: Session, aggregate: str, aggregate_id: str) -> list[Entry]:
    """Every event of an aggregate, oldest first."""
    rows = session.exec(
        select(AuditEvent, AuditPayload)
        .join(AuditPayload, col(AuditPayload.position) == col(AuditEvent.position), isouter=True)
        .where(AuditEvent.aggregate == aggregate, AuditEvent.aggregate_id == aggregate_id)
        .order_by(col(AuditEvent.number)),
    )
    return [
        Entry(e.number, e.action, e.actor_id, e.at, e.request_id, p.payload if p else None, e.hash) for e, p in rows
    ]


def erase(
    session: Session,
    *,
    aggregate: str,
    aggregate_id: str,
    number: int,
    actor_id: str | None,
    reason: str,
    now: datetime,
) -> None:
    """Erase what one event says; the erasure is an event of the same chain, with its reason."""
    event = session.exec(
        select(AuditEvent).where(
            AuditEvent.aggregate == aggregate,
            AuditEvent.aggregate_id == aggregate_id,
            AuditEvent.number == number,
        ),
    ).first()
    if event is None:
        raise NotFound("没有这条留痕记录，请核对编号。")
    if event.action == ERASE:
        raise Conflict("删除记录本身不能再删除。")
    session.execute(delete(AuditPayload).where(col(AuditPayload.position) == event.position))
    payload = {"number": number, "reason": reason}
    write(
        session,
        aggregate=aggregate,
        aggregate_id=aggregate_id,
        action=ERASE,
        actor_id=actor_id,
        payload=payload,
        now=now,
    )


def seal_day(session: Session, *, day: date, now: datetime) -> str:
    """Seal what happened up to the end of a day (Beijing time) under the day's head; gives the head.

    A day is sealed once, and not before it is over: Conflict. Publish the head outside the installation: whoever
    holds it notices when newest rows were cut off.
    """
    end = _end(day)
    if now < end:
        raise Conflict(f"{day} 还没有结束，不能封存；需要留底的，请打印暂定值。", code="day_not_over")
    last = _newest_seal(session)
    if last is not None and last.day >= day:
        raise Conflict(f"{last.day} 已经封存，不能再封存 {day}。", code="already_sealed")
    first = last.before if last else 0
    following = session.exec(
        select(func.min(AuditEvent.position)).where(AuditEvent.position >= first, AuditEvent.at >= end)
    ).one()
    final = positions.horizon(session)
    before = final if following is None else min(final, following)
    head, events = chain.fold(last.head if last else chain.GENESIS, hashes_between(session, first, before))
    session.add(
        AuditSeal(
            day=day, number=last.number + 1 if last else 1, before=before, events=events, head=head, sealed_at=now
        )
    )
    session.flush()
    return head


def seal_until(session: Session, *, day: date, now: datetime) -> int:
    """Seal every day up to `day` that has no head yet, each with its own events; gives how many.

    The first head is that of the day of the first event.
    """
    last = _newest_seal(session)
    if last is not None:
        following = last.day + DAY
    else:
        began = session.exec(select(AuditEvent.at).order_by(col(AuditEvent.position)).limit(1)).first()
        if began is None:
            return 0
        following = began.astimezone(BEIJING).date()
    missing = (day - following).days + 1
    for later in range(missing):
        seal_day(session, day=following + later * DAY, now=now)
    return max(missing, 0)


def _newest_seal(session: Session) -> AuditSeal | None:
    return session.exec(select(AuditSeal).order_by(col(AuditSeal.number).desc()).limit(1)).first()


def _end(day: date) -> datetime:
    return datetime.combine(day + DAY, time(), tzinfo=BEIJING)
