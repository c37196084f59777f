"""Needs that others can learn from: published, open, and complete."""

from collections.abc import Sequence
from typing import Final

from sqlmodel import Session, col, select

from marketplace.lists import cards
from marketplace.lists.item_tables import Item
from marketplace.lists.needs import drafts
from marketplace.lists.rules import completeness
from marketplace.lists.views import ItemCard
from marketplace.lists.words import ItemState

ENOUGH: Final = 6
"""Of the eight things that a good need states."""


def first(session: Session, ids: Sequence[str]) -> ItemCard | None:
    """The first among some needs that is open and says enough to be an example; None where there is none."""
    rows = {
        row.id: row for row in session.exec(select(Item).where(col(Item.id).in_(ids), Item.state == ItemState.OPEN))
    }
    for item_id in ids:
        row = rows.get(item_id)
        if row is not None and completeness.check(drafts.version_of(session, row, row.current_number)).done >= ENOUGH:
            return cards.by_ids(session, [item_id])[0]
    return None
