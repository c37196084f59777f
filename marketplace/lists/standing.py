"""The open items of a series as they stand, for comparing with a re-issue."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ingest.fields import Draft
from marketplace.lists.item_tables import Item, ItemPrivate, ItemVersion
from marketplace.lists.rules import facts
from marketplace.lists.words import ItemState


@dataclass(frozen=True, slots=True)
class Standing:
    """One open item: its row, its current version, and that version as a draft."""

    item: Item
    version: ItemVersion
    draft: Draft


def of_series(session: Session, series_id: str) -> dict[str, Standing]:
    """The open items of a series by id, in the order of their lines."""
    rows = session.exec(
        select(Item, ItemVersion, ItemPrivate)
        .join(
            ItemVersion,
            (col(ItemVersion.item_id) == col(Item.id)) & (col(ItemVersion.number) == col(Item.current_number)),
        )
        .join(
            ItemPrivate,
            (col(ItemPrivate.item_id) == col(Item.id)) & (col(ItemPrivate.number) == col(Item.current_number)),
            isouter=True,
        )
        .where(Item.series_id == series_id, Item.state == ItemState.OPEN)
        .order_by(col(Item.edition_entry), col(Item.id)),
    )
    return {item.id: Standing(item, version, facts.draft(version, private)) for item, version, private in rows}
