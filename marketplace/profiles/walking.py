"""Walking through profiles from one row to the next, so that nothing is missed while profiles change."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from marketplace.profiles.searching import cards, conditions
from marketplace.profiles.tables import Profile
from marketplace.profiles.views import ProfileCard, ProfileFilter


class ProfilePlace(NamedTuple):
    """Where a walk through profiles stands: after this row."""

    updated_at: datetime
    id: str


def profiles(
    session: Session, wanted: ProfileFilter, *, after: ProfilePlace | None, limit: int
) -> tuple[Sequence[ProfileCard], ProfilePlace | None]:
    """The next profiles of a filter without `ids`, last changed first, and where to go on; None where that was all."""
    key = (col(Profile.updated_at), col(Profile.id))
    query = select(Profile.updated_at, Profile.id).where(*conditions(wanted))
    if after is not None:
        query = query.where(or_(key[0] < after.updated_at, and_(key[0] == after.updated_at, key[1] < after.id)))
    rows = session.exec(query.order_by(*(column.desc() for column in key)).limit(limit + 1))
    places = [ProfilePlace(*row) for row in rows]
    shown = places[:limit]
    return cards(session, [place.id for place in shown]), shown[-1] if len(places) > limit else None
