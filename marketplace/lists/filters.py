"""Filters of items as SQL conditions."""

from dataclasses import replace

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col

from marketplace.kernel import money, places
from marketplace.lists import merged
from marketplace.lists.item_tables import Item
from marketplace.lists.views import ItemFilter
from marketplace.lists.words import ItemState


def conditions(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, all of which must hold."""
    found: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        found.append(col(Item.state) == wanted.state)
    if wanted.state in {None, ItemState.OPEN}:
        found.append(merged.is_shown_itself())
    if wanted.kind is not None:
        found.append(col(Item.kind) == wanted.kind)
    if wanted.issuer_type is not None:
        found.append(col(Item.issuer_type) == wanted.issuer_type)
    if wanted.sector:
        found.append(col(Item.sector).contains(wanted.sector, autoescape=True))
    if wanted.region:
        found.append(places.column_inside(col(Item.region), wanted.region))
    if wanted.organisation_id is not None:
        # What is posted without a name is found by nobody who knows the name.
        found += [col(Item.organisation_id) == wanted.organisation_id, col(Item.is_anonymous).is_(False)]
    if wanted.ids is not None:
        found.append(col(Item.id).in_(wanted.ids))
    return found + _budget(wanted)


def _budget(wanted: ItemFilter) -> list[ColumnElement[bool]]:
    # One limit alone counts as that amount; an item that states none, or says it is open to talks, is in no band.
    low, high = money.fen(wanted.budget_from), money.fen(wanted.budget_to)
    if low is None and high is None:
        return []
    minimum, maximum = col(Item.budget_min_fen), col(Item.budget_max_fen)
    found: list[ColumnElement[bool]] = [
        or_(minimum.is_not(None), maximum.is_not(None)),
        col(Item.budget_negotiable).is_(False),
    ]
    if low is not None:
        found.append(func.coalesce(maximum, minimum) >= low)
    if high is not None:
        found.append(func.coalesce(minimum, maximum) <= high)
    return found


def without(wanted: ItemFilter, field: str) -> ItemFilter:
    """The same filter with one field left open."""
    return replace(wanted, **{field: None})
