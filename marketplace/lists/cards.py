"""Items in lists of many, and the editions they stand in."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.kernel import money
from marketplace.kernel.batches import batches
from marketplace.lists.edition_views import EditionCard
from marketplace.lists.item_tables import Item
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.tables import Edition, Series
from marketplace.lists.views import ItemCard

_CARDS = (
    select(Item, Edition.number)
    .join(Edition, col(Edition.id) == col(Item.edition_id), isouter=True)
    .where(col(Item.id).in_(bindparam("ids", expanding=True)))
)


def by_ids(session: Session, item_ids: Sequence[str], *, where: Sequence[ColumnElement[bool]] = ()) -> list[ItemCard]:
    """The cards of items in the order of their ids; unknown ids are left out, and those that `where` does not hold for."""
    found: dict[str, ItemCard] = {}
    for some in batches(item_ids):
        rows = session.exec(_CARDS.where(*where) if where else _CARDS, params={"ids": some})
        found |= {item.id: card(item, number) for item, number in rows}
    return [found[item_id] for item_id in item_ids if item_id in found]


def card(item: Item, edition_number: int | None) -> ItemCard:
    """The card of an item's row; one without a name does not tell whose it is."""
    return ItemCard(
        id=item.id,
        kind=item.kind,
        need_type=item.need_type,
        title=mask_text(item.title),
        summary=mask_text(item.summary),
        issuer=item.issuer,
        issuer_type=item.issuer_type,
        organisation_id=None if item.is_anonymous else item.organisation_id,
        profile_id=item.profile_id,
        sector=item.sector,
        region=item.region,
        budget_min=money.yuan(item.budget_min_fen),
        budget_max=money.yuan(item.budget_max_fen),
        budget_negotiable=item.budget_negotiable,
        period_start=item.period_start,
        period_end=item.period_end,
        duration_months=item.duration_months,
        state=item.state,
        edition_id=item.edition_id,
        edition_number=edition_number,
        number=item.edition_entry,
        published_at=item.published_at,
        is_anonymous=item.is_anonymous,
    )


def editions(session: Session, rows: Sequence[tuple[Edition, Series]]) -> list[EditionCard]:
    """The cards of editions with the names of who published them."""
    names = accounts.names(session, {edition.published_by for edition, _series in rows})
    return [
        EditionCard(
            id=edition.id,
            series_id=edition.series_id,
            series_title=series.title,
            number=edition.number,
            title=edition.title,
            publisher=edition.publisher,
            region=edition.region,
            published_at=edition.published_at,
            published_by=names.get(edition.published_by, ""),
            total=edition.total,
            unchanged=edition.unchanged,
            changed=edition.changed,
            added=edition.added,
            returned=edition.returned,
            gone=edition.gone,
        )
        for edition, series in rows
    ]
