"""That the log was read: written down at most once for each person, kind of page and hour, so that it is not flooded."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.office.auditing import require_reader
from marketplace.kernel import audit
from marketplace.kernel.tables import AuditEvent, AuditPayload

HOUR = timedelta(hours=1)
OWN = "own"
"""The page on which an organiser reads what its own office did."""


def is_noted(session: Session, actor: Actor, page: str, *, now: datetime) -> bool:
    """Whether it is written down already that the actor read a kind of page in this hour."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    query = (
        select(AuditPayload.payload)
        .join(AuditEvent, col(AuditEvent.position) == col(AuditPayload.position))
        .where(
            AuditEvent.aggregate == "audit",
            AuditEvent.aggregate_id == actor.account_id,
            AuditEvent.action == "audit.viewed",
            col(AuditEvent.at) >= hour,
            col(AuditEvent.at) < hour + HOUR,
        )
    )
    return any(payload.get("page") == page for payload in session.exec(query))


def note_viewing(session: Session, actor: Actor, page: str, *, now: datetime) -> None:
    """Write down that the actor read a kind of page, once an hour."""
    if page != OWN:
        require_reader(actor)
    if not is_noted(session, actor, page, now=now):
        _note(session, actor, "audit.viewed", {"page": page}, now)


def note_export(session: Session, actor: Actor, *, events: int, after: int, now: datetime) -> None:
    """Write down that the actor took a copy of the log; every time."""
    require_reader(actor)
    _note(session, actor, "audit.exported", {"events": events, "after": after}, now)


def note_verification(session: Session, actor: Actor, *, events: int, faults: int, now: datetime) -> None:
    """Write down that the actor had everything verified, and what came of it; every time."""
    require_reader(actor)
    _note(session, actor, "audit.verified", {"events": events, "faults": faults}, now)


def _note(session: Session, actor: Actor, action: str, payload: Mapping[str, object], now: datetime) -> None:
    audit.write(
        session,
        aggregate="audit",
        aggregate_id=actor.account_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )
