"""Links of the audit chain as they lie in rows."""

from sqlmodel import Session, col, select

from marketplace.kernel import chain
from marketplace.kernel.tables import AuditEvent

ERASE = "audit.erase"
"""The action of the event that says another event's payload was erased."""


def expected_hash(event: AuditEvent, previous: str) -> str:
    """The hash an event must have after `previous`."""
    return chain.link(
        previous,
        aggregate=event.aggregate,
        aggregate_id=event.aggregate_id,
        number=event.number,
        action=event.action,
        actor_id=event.actor_id,
        at=event.at,
        request_id=event.request_id,
        payload_digest=event.payload_digest,
    )


def hashes_between(session: Session, first: int, before: int) -> list[str]:
    """The hashes of the events from position `first` up to but not including `before`, in order."""
    within = (col(AuditEvent.position) >= first, col(AuditEvent.position) < before)
    return list(session.exec(select(AuditEvent.hash).where(*within).order_by(col(AuditEvent.position))))
