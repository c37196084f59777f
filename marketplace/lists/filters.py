"""Filters of items as SQL conditions."""

from dataclasses import replace

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col

from marketplace.kernel import money
from marketplace.lists.item_tables import Item
from marketplace.lists.views import ItemFilter

NO_LIMIT_FEN = 2**62


def conditions(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, all of which must hold."""
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(col(Item.state) == wanted.state)
    if wanted.kind is not None:
        found.append(col(Item.kind) == wanted.kind)
    if wanted.issuer_type is not None:
        found.append(col(Item.issuer_type) == wanted.issuer_type)
    if wanted.sector:
        found.append(col(Item.sector).contains(wanted.sector, autoescape=True))
    if wanted.region:
        found.append(col(Item.region).contains(wanted.region, autoescape=True))
    if wanted.ids is not None:
        found.append(col(Item.id).in_(wanted.ids))
    return found + _budget(wanted)


def _budget(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    # What an item does not state has no end on that side; one that states nothing is in no range.
    low, high = money.fen(wanted.budget_from), money.fen(wanted.budget_to)
    if low is None and high is None:
        return []
    minimum, maximum = col(Item.budget_min_fen), col(Item.budget_max_fen)
    found: list[ColumnElement[bool]] = [or_(minimum.is_not(None), maximum.is_not(None))]
    if low is not None:
        found.append(func.coalesce(maximum, NO_LIMIT_FEN) >= low)
    if high is not None:
        found.append(func.coalesce(minimum, 0) <= high)
    return found


def without(wanted: ItemFilter, field: str) -> ItemFilter:
    """The same filter with one field left open."""
    return replace(wanted, **{field: None})
