"""Walking through lists from one row to the next, so that nothing is missed or met twice while lists change."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from marketplace.lists import cards
from marketplace.lists.edition_views import EditionCard
from marketplace.lists.filters import conditions
from marketplace.lists.item_tables import Item
from marketplace.lists.tables import Edition, Series
from marketplace.lists.views import ItemCard, ItemFilter


class ItemPlace(NamedTuple):
    """Where a walk through items stands: after this row."""

    order_key: int
    id: str


class EditionPlace(NamedTuple):
    """Where a walk through editions stands: after this row."""

    published_at: datetime
    id: str


def items(
    session: Session, wanted: ItemFilter, *, after: ItemPlace | None, limit: int
) -> tuple[Sequence[ItemCard], ItemPlace | None]:
    """The next items of a filter without `ids`, newest first, and where to go on; None where that was all."""
    key = (col(Item.order_key), col(Item.id))
    query = select(Item.order_key, Item.id).where(*conditions(wanted)).order_by(*(column.desc() for column in key))
    if after is not None:
        query = query.where(or_(key[0] < after.order_key, and_(key[0] == after.order_key, key[1] < after.id)))
    places = [ItemPlace(*row) for row in session.exec(query.limit(limit + 1))]
    shown = places[:limit]
    return cards.by_ids(session, [place.id for place in shown]), shown[-1] if len(places) > limit else None


def editions(
    session: Session, *, after: EditionPlace | None, limit: int
) -> tuple[Sequence[EditionCard], EditionPlace | None]:
    """The next editions, newest first, and where to go on; None where that was all."""
    key = (col(Edition.published_at), col(Edition.id))
    query = select(Edition, Series).join(Series, col(Series.id) == col(Edition.series_id))
    if after is not None:
        query = query.where(or_(key[0] < after.published_at, and_(key[0] == after.published_at, key[1] < after.id)))
    rows = session.exec(query.order_by(*(column.desc() for column in key)).limit(limit + 1)).all()
    shown = rows[:limit]
    more = EditionPlace(shown[-1][0].published_at, shown[-1][0].id) if len(rows) > limit else None
    return cards.editions(session, shown), more
