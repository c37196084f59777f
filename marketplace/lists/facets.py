"""How many items stand behind each value that a filter offers."""

from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.kernel import places
from marketplace.lists.filters import conditions, without
from marketplace.lists.item_tables import Item
from marketplace.lists.views import Facets, ItemFilter

MOST_VALUES = 30


def facets(session: Session, wanted: ItemFilter) -> Facets:
    """The values of each filter with their counts under all the other filters, most frequent first."""
    return Facets(
        sectors=_count(session, Item.sector, without(wanted, "sector")),
        regions=_regions(session, without(wanted, "region")),
        issuer_types=_count(session, Item.issuer_type, without(wanted, "issuer_type")),
    )


def _count(session: Session, column: Any, wanted: ItemFilter) -> tuple[tuple[str, int], ...]:
    rows = session.exec(
        select(column, func.count())
        .where(*conditions(wanted), col(column).is_not(None))
        .group_by(column)
        .order_by(func.count().desc(), column)
        .limit(MOST_VALUES),
    )
    return tuple((str(value), number) for value, number in rows)


def _regions(session: Session, wanted: ItemFilter) -> tuple[tuple[str, int], ...]:
    # Each region counts what lies inside it, exactly what choosing it would give; few spellings make few rows.
    region = col(Item.region)
    found = select(region, func.count()).where(*conditions(wanted), region.is_not(None)).group_by(region)
    named = [(str(words), number) for words, number in session.exec(found)]
    return tuple(places.counted(named)[:MOST_VALUES])
