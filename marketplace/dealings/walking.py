"""Walking through an organisation's dealings from one to the next, so that nothing is missed while they move."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_
from sqlmodel import Session, col

from marketplace.accounts.actors import Actor
from marketplace.dealings import cards, inboxes
from marketplace.dealings.tables import Dealing
from marketplace.dealings.views import DealingCard
from marketplace.dealings.words import Stage


class DealingPlace(NamedTuple):
    """Where a walk through dealings stands: after this row."""

    moved_at: datetime
    id: str


def dealings(
    session: Session, actor: Actor, *, stage: Stage | None, after: DealingPlace | None, limit: int, now: datetime
) -> tuple[Sequence[DealingCard], DealingPlace | None]:
    """The next dealings of the actor's organisation, last moved first, and where to go on; None where that was all."""
    key = (col(Dealing.moved_at), col(Dealing.id))
    query = inboxes.of_unit(actor)
    if stage is not None:
        query = query.where(Dealing.stage == stage)
    if after is not None:
        query = query.where(or_(key[0] < after.moved_at, and_(key[0] == after.moved_at, key[1] < after.id)))
    rows = session.exec(query.order_by(*(column.desc() for column in key)).limit(limit + 1)).all()
    shown = rows[:limit]
    going_on = DealingPlace(shown[-1].moved_at, shown[-1].id) if len(rows) > limit else None
    return cards.of_rows(session, actor, shown, now=now), going_on
