"""Searching items: filters in SQL, order by relevance as given or newest first, exact paging."""

from dataclasses import replace

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.kernel.paging import Page, bounded
from marketplace.lists import cards
from marketplace.lists.filters import conditions
from marketplace.lists.item_tables import Item
from marketplace.lists.views import ItemCard, ItemFilter


def search(session: Session, wanted: ItemFilter, *, page: int = 1, size: int = 20) -> Page[ItemCard]:
    """One page of the items that a filter lets through, with the exact total.

    With `ids` the order is theirs; otherwise the newest edition comes first and keeps the order of its lines.
    """
    number, limit = bounded(page, size)
    start = (number - 1) * limit
    if wanted.ids is not None and len(wanted.ids) <= limit and number == 1:
        found = cards.by_ids(session, tuple(dict.fromkeys(wanted.ids)), where=conditions(replace(wanted, ids=None)))
        return Page(found, len(found), number, limit)
    if wanted.ids is not None:
        left = set(session.exec(select(Item.id).where(*conditions(wanted))))
        ordered = [item_id for item_id in dict.fromkeys(wanted.ids) if item_id in left]
        return Page(cards.by_ids(session, ordered[start : start + limit]), len(ordered), number, limit)
    total = session.exec(select(func.count()).select_from(Item).where(*conditions(wanted))).one()
    ids = session.exec(
        select(Item.id)
        .where(*conditions(wanted))
        .order_by(col(Item.order_key).desc(), col(Item.id).desc())
        .offset(start)
        .limit(limit),
    ).all()
    return Page(cards.by_ids(session, ids), total, number, limit)
