"""Leases: a thing that only one process may do at a time."""

from datetime import datetime

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from marketplace.kernel.db import is_postgresql
from marketplace.kernel.tables import Lease


def hold(session: Session, name: str, holder: str, *, until: datetime, now: datetime) -> bool:
    """Take a lease or prolong one's own; False while another holder's has not run out."""
    if is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"lease:{name}"})
    lease = session.exec(select(Lease).where(Lease.name == name)).first()
    if lease is None:
        lease = Lease(name=name, holder=holder, until=until)
    elif lease.holder != holder and lease.until > now:
        return False
    lease.holder, lease.until = holder, until
    session.add(lease)
    session.flush()
    return True


def release(session: Session, name: str, holder: str) -> None:
    """Give one's own lease back; another's is left alone."""
    session.execute(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))
