"""Visits: when somebody last looked at the needs for its profile, so that what came since can be marked as new."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlmodel import Session, col

from marketplace.accounts.actors import Actor
from marketplace.kernel.batches import insert_unless_there
from marketplace.profiles.draft_tables import ProfileVisit

ONE_VISIT: Final = timedelta(minutes=30)
"""Looking again within this time is the same visit, so that going back and forth does not clear the marks."""


def last(session: Session, actor: Actor, profile_id: str, *, now: datetime) -> tuple[datetime | None, bool]:
    """When the visit before this one ended (None: this is the first), and whether `note` is due."""
    row = session.get(ProfileVisit, (profile_id, actor.account_id))
    if row is None:
        return None, True
    if now - row.seen_at < ONE_VISIT:
        return row.before_at, False
    return row.seen_at, True


def note(session: Session, actor: Actor, profile_id: str, *, now: datetime) -> None:
    """Remember that a visit begins now; within one visit nothing changes."""
    row = session.get(ProfileVisit, (profile_id, actor.account_id))
    if row is None:
        fresh = {"profile_id": profile_id, "account_id": actor.account_id, "seen_at": now, "before_at": None}
        insert_unless_there(session, ProfileVisit, [fresh])
    elif now - row.seen_at >= ONE_VISIT:
        row.before_at, row.seen_at = row.seen_at, now
        session.add(row)


def forget_person(session: Session, account_id: str) -> None:
    """Erase when somebody looked at the needs, for whichever profile."""
    session.execute(delete(ProfileVisit).where(col(ProfileVisit.account_id) == account_id))
