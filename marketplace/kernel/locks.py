"""Turns: acts on one thing that must follow each other, whatever rows they touch."""

from sqlalchemy import text
from sqlmodel import Session

from marketplace.kernel.db import is_postgresql


def hold(session: Session, key: str) -> None:
    """Wait until no other transaction holds `key`, and hold it until this one ends.

    On SQLite there is one writer at a time anyway.
    """
    if is_postgresql(session):
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": key})
