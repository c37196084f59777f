"""The two items of a pair: who publishes them, who runs their lists, and who may know of the pair."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor, may, may_run_lists
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Role
from marketplace.kernel.batches import batches
from marketplace.kernel.errors import NotFound
from marketplace.lists import cards
from marketplace.lists.item_tables import Item
from marketplace.lists.repeats.views import Linked, Side
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.rules.repeats import pair_of
from marketplace.lists.tables import Edition, Series

HOME = func.coalesce(col(Series.region), col(Organisation.region))
UNNAMED = "发布单位未写明"
MISSING = "没有这一对条目，或它们都不在您负责的地区。请从“疑似重复”进入。"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items of which the lower id stands first, and the regions whose organisers look after them."""

    low: Item
    high: Item
    low_region: str
    high_region: str

    def of(self, item_id: str) -> Item:
        """The item with an id."""
        return self.low if item_id == self.low.id else self.high

    def other(self, item_id: str) -> Item:
        """The other item."""
        return self.high if item_id == self.low.id else self.low

    def region(self, item_id: str) -> str:
        """Where an item is looked after."""
        return self.low_region if item_id == self.low.id else self.high_region

    @property
    def regions(self) -> tuple[str, str]:
        """Both regions, the lower id's first."""
        return self.low_region, self.high_region


def pair(session: Session, actor: Actor, a: str, b: str, *, holding: bool = False) -> Pair:
    """Two different needs of which the actor looks after at least one, or supervises it; NotFound for everybody else.

    One that is posted without a name is in no pair: what stands beside it would say whose it is.
    """
    low_id, high_id = pair_of(a, b)
    query = select(Item).where(col(Item.id).in_([low_id, high_id])).order_by(col(Item.id))
    if holding:
        query = query.with_for_update().execution_options(populate_existing=True)
    rows = list(session.exec(query))
    missing = NotFound(MISSING, code="pair_missing")
    if [row.id for row in rows] != [low_id, high_id] or any(not _is_compared(row) for row in rows):
        raise missing
    homes = regions(session, [low_id, high_id])
    found = Pair(rows[0], rows[1], homes[low_id], homes[high_id])
    if not any(_looks_after(actor, region) for region in found.regions):
        raise missing
    return found


def _is_compared(item: Item) -> bool:
    return item.kind is not ListKind.CAPABILITY and not item.is_anonymous


def _looks_after(actor: Actor, region: str) -> bool:
    return may_run_lists(actor, region=region) or may(actor, Role.SUPERVISOR, region=region)


def regions(session: Session, item_ids: Iterable[str]) -> dict[str, str]:
    """The region whose organisers look after each item: its list's, else its unit's."""
    rows = session.exec(
        select(Item.id, HOME)
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
        .where(col(Item.id).in_(list(item_ids)))
    )
    return {item_id: region or "" for item_id, region in rows}


def of(session: Session, item_ids: Iterable[str]) -> dict[str, Side]:
    """Items by id as the sides of pairs."""
    wanted = list(dict.fromkeys(item_ids))
    shown = {card.id: card for card in cards.by_ids(session, wanted)}
    found: dict[str, Side] = {}
    for some in batches(wanted):
        rows = session.exec(
            select(Item.id, Series, Organisation)
            .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
            .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
            .where(col(Item.id).in_(some))
        )
        for item_id, series, unit in rows:
            found[item_id] = Side(
                card=shown[item_id],
                publisher=_publisher(series, unit),
                list_title=series.title if series else None,
                region=(series or unit).region,
            )
    return found


def linked(session: Session, item_ids: Iterable[str]) -> dict[str, Linked]:
    """Items by id as other pages lead to them."""
    wanted = list(item_ids)
    found: dict[str, Linked] = {}
    for some in batches(wanted):
        rows = session.exec(
            select(Item, Edition.number, Series, Organisation)
            .join(Edition, col(Edition.id) == col(Item.edition_id), isouter=True)
            .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
            .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
            .where(col(Item.id).in_(some))
        )
        for item, number, series, unit in rows:
            found[item.id] = Linked(
                id=item.id,
                title=mask_text(item.title),
                publisher=_publisher(series, unit),
                list_title=series.title if series else None,
                edition_id=item.edition_id,
                edition_number=number,
            )
    return found


def _publisher(series: Series | None, unit: Organisation | None) -> str:
    if series is not None:
        return series.publisher or UNNAMED
    return unit.name if unit is not None else UNNAMED
