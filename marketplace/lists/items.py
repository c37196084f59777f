"""Items: what the lists hold, read by anybody; a contact is shown to few, and that is logged."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts import accounts, organisations
from marketplace.accounts.actors import Actor, may_run_lists, require_may_run_lists
from marketplace.accounts.views import OrganisationView
from marketplace.kernel import audit, money
from marketplace.kernel.batches import SIZE, batches
from marketplace.kernel.errors import NotFound
from marketplace.lists import cards, editions, histories, merged
from marketplace.lists.facets import facets
from marketplace.lists.item_tables import CURRENT_PRIVATE, CURRENT_VERSION, Item, ItemPrivate, ItemVersion
from marketplace.lists.rules.masks import mask_cell, mask_contact, mask_text
from marketplace.lists.searching import search
from marketplace.lists.tables import Edition, Series
from marketplace.lists.views import Contact, ItemCard, ItemPage, ItemRecord, Source
from marketplace.lists.words import ItemState

__all__ = [
    "contact_for",
    "counts",
    "documents",
    "facets",
    "get",
    "home",
    "may_reveal",
    "newest",
    "of_organisation",
    "owner",
    "reveal_contact",
    "search",
    "shown",
]

NEEDS = (ListKind.SCENARIO, ListKind.DEMAND)
MISSING = "没有这个条目，请从清单中查找。"
# Statements that every page of an item asks are written once: writing them takes as long as asking them.
_WHOLE = (
    select(Item, ItemVersion, ItemPrivate, Edition)
    .join(
        ItemVersion,
        CURRENT_VERSION,
    )
    .join(
        ItemPrivate,
        CURRENT_PRIVATE,
        isouter=True,
    )
    .join(Edition, col(Edition.id) == col(Item.edition_id), isouter=True)
    .where(col(Item.id) == bindparam("item_id"))
)
_SHOWN = (
    select(Item, ItemVersion, Edition.number)
    .join(
        ItemVersion,
        CURRENT_VERSION,
    )
    .join(Edition, col(Edition.id) == col(Item.edition_id), isouter=True)
    .where(
        col(Item.id).in_(bindparam("ids", expanding=True)),
        Item.state == ItemState.OPEN,
        col(Item.kind).in_(NEEDS),
        merged.is_shown_itself(),
    )
)
NO_CONTACT = Contact(None, None, None, masked=True)


def get(session: Session, item_id: str, *, named: bool = False) -> ItemPage:
    """All facts of an item with their source and its versions, contacts masked; or NotFound.

    `named` tells who wrote them: that is for its own unit, organisers and supervisors, everybody else sees the day.
    """
    item, version, private, edition = _whole(session, item_id)
    main = merged.main_of(session, item_id)
    is_matched = item.state is ItemState.OPEN and item.kind in NEEDS and main is None
    return ItemPage(
        card=cards.card(item, edition.number if edition else None),
        version=item.current_number,
        description=None if version.description is None else mask_text(version.description),
        requirements=tuple(map(mask_text, version.requirements)),
        extras={name: mask_text(words) for name, words in version.extras.items()},
        inherited=tuple(version.inherited),
        # Even the domain of an address would give away who wants to stay unknown.
        contact=NO_CONTACT if item.is_anonymous else _contact(private, masked=True),
        source=_source(session, version, private, named=named),
        edition=editions.card(session, edition) if edition else None,
        versions=histories.of(session, item, named=named),
        closed_at=item.closed_at,
        document=_record(item, version) if is_matched else None,
        main=main,
    )


def _whole(session: Session, item_id: str) -> tuple[Item, ItemVersion, ItemPrivate | None, Edition | None]:
    """An item with its current version and the edition it stands in, in one query."""
    found = session.exec(_WHOLE, params={"item_id": item_id}).first()
    if found is None:
        raise NotFound(MISSING, code="item_missing")
    return found


def reveal_contact(session: Session, actor: Actor, item_id: str, *, now: datetime) -> Contact:
    """The contact of an item in full, to organisers of its list's region and administrators; who looked is logged.

    Raises NotAllowed for others. A writing transaction is needed: the log entry is part of looking.
    """
    item = _item(session, item_id)
    require_may_run_lists(actor, region=_region(session, item))
    _version, private = _current(session, item)
    audit.write(
        session,
        aggregate="item",
        aggregate_id=item_id,
        action="item.contact_revealed",
        actor_id=actor.account_id,
        payload={"version": item.current_number},
        now=now,
    )
    return _contact(private, masked=False)


def contact_for(session: Session, item_id: str) -> Contact:
    """The contact of an item in full with the name of its unit; the caller has checked who asks and logs it."""
    item = _item(session, item_id)
    _version, private = _current(session, item)
    return replace(_contact(private, masked=False), organisation=_owner_name(session, item))


def owner(session: Session, item_id: str) -> OrganisationView | None:
    """The organisation that an item belongs to, also where it is posted without a name: for deciding who may act."""
    item = _item(session, item_id)
    return organisations.get(session, item.organisation_id) if item.organisation_id else None


def home(session: Session, item_id: str) -> str:
    """The region whose organisers look after an item: its list's, else its unit's."""
    return _region(session, _item(session, item_id))


def of_organisation(
    session: Session, organisation_id: str, *, state: ItemState | None = None, limit: int = 200
) -> list[ItemCard]:
    """Every need of an organisation, also those without a name, newest first; for its own members alone."""
    wanted = [col(Item.organisation_id) == organisation_id, col(Item.kind).in_(NEEDS)]
    if state is not None:
        wanted.append(col(Item.state) == state)
    newest_first = (col(Item.order_key).desc(), col(Item.id).desc())
    ids = session.exec(select(Item.id).where(*wanted).order_by(*newest_first).limit(limit)).all()
    return cards.by_ids(session, ids)


def may_reveal(session: Session, actor: Actor, item_id: str) -> bool:
    """Whether an actor may see an item's contact in full."""
    return may_run_lists(actor, region=_region(session, _item(session, item_id)))


def newest(session: Session, *, limit: int) -> list[ItemCard]:
    """The open items published last, newest first."""
    ids = session.exec(
        select(Item.id)
        .where(Item.state == ItemState.OPEN, merged.is_shown_itself())
        .order_by(col(Item.order_key).desc(), col(Item.id).desc())
        .limit(limit),
    ).all()
    return cards.by_ids(session, ids)


def counts(session: Session) -> dict[str, int]:
    """How many open items each list holds, those left out that are shown through another, by kind ("scenario", "demand", "capability")."""
    shown_open = (Item.state == ItemState.OPEN, merged.is_shown_itself())
    rows = session.exec(select(Item.kind, func.count()).where(*shown_open).group_by(col(Item.kind)))
    found = {str(kind): number for kind, number in rows}
    return {kind.value: found.get(kind.value, 0) for kind in ListKind}


def documents(session: Session, ids: Sequence[str] | None = None) -> Iterator[ItemRecord]:
    """Published, open needs as matching reads them: all, or those among the ids, in the order of ids."""
    wanted = ids
    if wanted is None:
        open_needs = (Item.state == ItemState.OPEN, col(Item.kind).in_(NEEDS), merged.is_shown_itself())
        wanted = session.exec(select(Item.id).where(*open_needs).order_by(col(Item.id))).all()
    for some in batches(wanted, SIZE):
        rows = session.exec(
            select(Item, ItemVersion)
            .join(
                ItemVersion,
                CURRENT_VERSION,
            )
            .where(
                col(Item.id).in_(some),
                Item.state == ItemState.OPEN,
                col(Item.kind).in_(NEEDS),
                merged.is_shown_itself(),
            )
            .order_by(col(Item.id)),
        )
        yield from (_record(item, version) for item, version in rows)


def shown(session: Session, ids: Sequence[str]) -> list[tuple[ItemCard, ItemRecord]]:
    """The cards of published, open needs with what matching reads of them, in no order; other ids are left out."""
    found: list[tuple[ItemCard, ItemRecord]] = []
    for some in batches(ids, SIZE):
        rows = session.exec(_SHOWN, params={"ids": some})
        found += [(cards.card(item, number), _record(item, version)) for item, version, number in rows]
    return found


def _record(item: Item, version: ItemVersion) -> ItemRecord:
    return ItemRecord(
        id=item.id,
        title=mask_text(version.title),
        description=mask_text(version.description or ""),
        requirements=tuple(map(mask_text, version.requirements)),
        list_kind=version.kind.value,
        sector=version.sector,
        region=version.region,
        budget_min=money.yuan(version.budget_min_fen),
        budget_max=money.yuan(version.budget_max_fen),
        period_start=version.period_start,
        period_end=version.period_end,
        duration_months=version.duration_months,
        issuer=version.issuer,
        issuer_type=version.issuer_type.value if version.issuer_type else None,
    )


def _item(session: Session, item_id: str) -> Item:
    item = session.get(Item, item_id)
    if item is None:
        raise NotFound(MISSING, code="item_missing")
    return item


def _region(session: Session, item: Item) -> str:
    if item.series_id is not None:
        return session.get_one(Series, item.series_id).region
    return organisations.get(session, str(item.organisation_id)).region


def _owner_name(session: Session, item: Item) -> str | None:
    return organisations.get(session, item.organisation_id).name if item.organisation_id else item.issuer


def _current(session: Session, item: Item) -> tuple[ItemVersion, ItemPrivate | None]:
    key = (item.id, item.current_number)
    return session.get_one(ItemVersion, key), session.get(ItemPrivate, key)


def _contact(private: ItemPrivate | None, *, masked: bool) -> Contact:
    if private is None:
        return Contact(None, None, None, masked)
    name, phone, email = private.contact_name, private.contact_phone, private.contact_email
    if masked:
        name, phone, email = mask_contact(name), mask_contact(phone), mask_contact(email)
    return Contact(name, phone, email, masked)


def _source(session: Session, version: ItemVersion, private: ItemPrivate | None, *, named: bool) -> Source:
    raw = private.raw if private else {}
    return Source(
        kind=version.source,
        file_name=version.file_name,
        file_digest=version.file_digest,
        sheet=version.sheet,
        page=version.page,
        row=version.row,
        intake_id=version.intake_id,
        written_by=accounts.names(session, {version.written_by}).get(version.written_by, "") if named else "",
        written_at=version.written_at,
        places=dict(version.places),
        raw={header: mask_cell(header, cell) for header, cell in raw.items()},
    )
