"""Positions that grow in the order in which transactions become visible, and the horizon below which all is final.

SQLite has one writer at a time: a counter row does. On PostgreSQL sequence numbers commit out of order, so a position
is made of the transaction's own number: base + (xid << 20) + n. Every transaction below `pg_snapshot_xmin` has ended,
hence nothing can still appear below base + (xmin << 20): a reader that stays below that horizon misses nothing.
`base` lifts the positions after a dump was restored into a server that counts its transactions from the start again.
"""

from sqlalchemy import text
from sqlmodel import Session

from marketplace.kernel.db import is_postgresql
from marketplace.kernel.tables import PositionClock

SHIFT = 20
"""One transaction may take 2^20 positions."""

_TAKEN = "positions taken"


def take(session: Session, count: int) -> range:
    """Take `count` consecutive positions for the running transaction."""
    if not is_postgresql(session):
        statement = text("UPDATE position_clock SET base = base + :count RETURNING base")
        last = session.execute(statement, {"count": count}).scalar_one()
        return range(last - count + 1, last + 1)
    statement = text("SELECT base, pg_current_xact_id()::text::bigint FROM position_clock")
    base, xid = session.execute(statement).one()
    owner, used = session.info.get(_TAKEN, (None, 0))
    used = used if owner == xid else 0
    if used + count > 1 << SHIFT:
        raise ValueError(f"one transaction takes at most {1 << SHIFT} positions")
    session.info[_TAKEN] = (xid, used + count)
    first = base + (xid << SHIFT) + used
    return range(first, first + count)


def horizon(session: Session) -> int:
    """The position at and above which something may still appear; all below it is final."""
    if not is_postgresql(session):
        last: int = session.execute(text("SELECT base FROM position_clock")).scalar_one()
        return last + 1
    statement = text("SELECT base, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM position_clock")
    base, xmin = session.execute(statement).one()
    return int(base) + (int(xmin) << SHIFT)


def next_free(session: Session) -> int:
    """A position that no running or future transaction can fall below: everything written must lie under it."""
    if not is_postgresql(session):
        return horizon(session)
    # The next transaction's number, read without taking one, so that a reading session may ask.
    statement = text("SELECT base, pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM position_clock")
    base, xmax = session.execute(statement).one()
    return int(base) + (int(xmax) << SHIFT)


def lift(session: Session, above: int) -> None:
    """Make every later position greater than `above`: the first act after a restore."""
    clock = session.get(PositionClock, 1)
    if clock is None:
        raise LookupError("the position clock has no row: the database was never migrated")
    if not is_postgresql(session):
        clock.base = max(clock.base, above)
    else:
        xid = session.execute(text("SELECT pg_current_xact_id()::text::bigint")).scalar_one()
        clock.base = max(clock.base, above + 1 - (xid << SHIFT))
    session.add(clock)
    session.flush()
