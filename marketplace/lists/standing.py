"""The items of a series as they stand, for comparing with a re-issue."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_
from sqlmodel import Session, col, select

from ingest.fields import Draft
from marketplace.kernel.batches import batches
from marketplace.lists.item_tables import CURRENT_PRIVATE, CURRENT_VERSION, Item, ItemPrivate, ItemVersion
from marketplace.lists.need_tables import NeedOutcome
from marketplace.lists.rules import facts
from marketplace.lists.rules.comparison import Comparison
from marketplace.lists.series import newest_number
from marketplace.lists.tables import Edition
from marketplace.lists.words import ItemState, SourceKind


@dataclass(frozen=True, slots=True)
class Owned:
    """What an item's owner made of what its list said: the current version, and that as a draft."""

    version: ItemVersion
    draft: Draft


@dataclass(frozen=True, slots=True)
class Standing:
    """One item: its row, what its list last said of it (that version as a draft too), and its owner's version."""

    item: Item
    version: ItemVersion
    draft: Draft
    owned: Owned | None = None
    is_listed: bool = True
    """Whether it stands on the newest edition; one that its owner closed is known for good, also after it left."""

    @property
    def is_closed(self) -> bool:
        """Whether its owner closed it; a list that names it again does not open it."""
        return self.item.state is ItemState.CLOSED


def of_series(session: Session, series_id: str) -> dict[str, Standing]:
    """The items of a series by id, in the order of their lines: those that still stand.

    One that its owner paused stands, and so does one that its owner closed with an outcome, on whichever edition: a
    list that names it again means the same need, not a new one.
    """
    by_entry = (col(Item.edition_entry), col(Item.id))
    return _of(session, series_id, _stands(), by_entry)


def former(session: Session, series_id: str, *, barred: Collection[str]) -> dict[str, Standing]:
    """The items of a series that have left its list, the latest first: not those closed by their owners or `barred`."""
    latest = (col(Item.closed_at).desc(), col(Item.id))
    found = _of(session, series_id, not_(_stands()), latest)
    return {item_id: one for item_id, one in found.items() if item_id not in barred}


def _of(session: Session, series_id: str, wanted: ColumnElement[bool], order: tuple[Any, ...]) -> dict[str, Standing]:
    newest = _newest(session, series_id)
    rows = session.exec(
        select(Item, ItemVersion, ItemPrivate)
        .join(
            ItemVersion,
            CURRENT_VERSION,
        )
        .join(
            ItemPrivate,
            CURRENT_PRIVATE,
            isouter=True,
        )
        .where(Item.series_id == series_id, wanted)
        .order_by(*order),
    ).all()
    owned = [item.id for item, version, _private in rows if version.source is not SourceKind.FILE]
    listed = _listed(session, owned)
    found: dict[str, Standing] = {}
    for item, version, private in rows:
        draft = facts.draft(version, private)
        is_listed = item.state is not ItemState.CLOSED or item.edition_id == newest
        if item.id in listed:
            found[item.id] = Standing(item, *listed[item.id], Owned(version, draft), is_listed)
        else:
            found[item.id] = Standing(item, version, draft, None, is_listed)
    return found


def gone(old: Mapping[str, Standing], compared: Comparison) -> list[Standing]:
    """The items that the newest edition listed and a re-issue lists no longer."""
    return [old[item_id] for item_id in compared.gone if old[item_id].is_listed]


def _newest(session: Session, series_id: str) -> str | None:
    number = newest_number(session, series_id)
    return session.exec(select(Edition.id).where(Edition.series_id == series_id, Edition.number == number)).first()


def _stands() -> ColumnElement[bool]:
    return or_(col(Item.state) != ItemState.CLOSED, col(Item.id).in_(select(NeedOutcome.item_id)))


def _listed(session: Session, item_ids: list[str]) -> dict[str, tuple[ItemVersion, Draft]]:
    """What the list last said of items that their owners have changed since."""
    found: dict[str, tuple[ItemVersion, Draft]] = {}
    for some in batches(item_ids):
        newest = (
            select(ItemVersion.item_id, func.max(ItemVersion.number).label("number"))
            .where(col(ItemVersion.item_id).in_(some), ItemVersion.source == SourceKind.FILE)
            .group_by(col(ItemVersion.item_id))
            .subquery()
        )
        rows = session.exec(
            select(ItemVersion, ItemPrivate)
            .join(
                newest,
                (col(ItemVersion.item_id) == newest.c.item_id) & (col(ItemVersion.number) == newest.c.number),
            )
            .join(
                ItemPrivate,
                (col(ItemPrivate.item_id) == col(ItemVersion.item_id))
                & (col(ItemPrivate.number) == col(ItemVersion.number)),
                isouter=True,
            )
        )
        found |= {version.item_id: (version, facts.draft(version, private)) for version, private in rows}
    return found
