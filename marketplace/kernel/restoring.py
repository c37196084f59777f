"""What a restored backup needs before anybody writes."""

from sqlalchemy import func
from sqlmodel import Session, select

from marketplace.kernel import positions
from marketplace.kernel.tables import AuditEvent, Change


def newest(session: Session) -> int:
    """The greatest position that anything was written at, 0 where nothing was."""
    change = session.exec(select(func.max(Change.seq))).one()
    event = session.exec(select(func.max(AuditEvent.position))).one()
    return max(change or 0, event or 0)


def realign(session: Session) -> None:
    """Lift the positions above everything written, where the server counts its transactions from the start again."""
    written = newest(session)
    if written >= positions.next_free(session):
        positions.lift(session, written)
