"""Editions: dated, published, frozen."""

from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from marketplace.accounts import grants
from marketplace.kernel import money
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import NotFound
from marketplace.kernel.paging import Page, bounded
from marketplace.lists import cards
from marketplace.lists.edition_views import EditionCard, EditionPage
from marketplace.lists.item_tables import Item, ItemVersion
from marketplace.lists.rules import facts
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.tables import Edition, EditionEntry, Series
from marketplace.lists.views import EditionEntryView, FieldChange, ItemCard


def get(session: Session, edition_id: str) -> EditionPage:
    """An edition with its neighbours, or NotFound."""
    edition = session.get(Edition, edition_id)
    if edition is None:
        raise NotFound("没有这一期清单，请从清单目录进入。", code="edition_missing")
    restored = session.get(Edition, edition.restores_id) if edition.restores_id else None
    return EditionPage(
        card=card(session, edition),
        intake_id=edition.intake_id,
        file_name=edition.file_name,
        file_digest=edition.file_digest,
        previous_id=_neighbour(session, edition, edition.number - 1),
        next_id=_neighbour(session, edition, edition.number + 1),
        released_by=grants.office_of(session, edition.published_by, region=edition.region),
        restores=None if restored is None else (restored.id, restored.number),
        restored_because=edition.restored_because,
        undone_by=_undone_by(session, edition),
    )


def _undone_by(session: Session, edition: Edition) -> tuple[str, int] | None:
    """The edition after it, where that one publishes the edition before it again."""
    after = select(Edition).where(Edition.series_id == edition.series_id, Edition.number == edition.number + 1)
    found = session.exec(after).first()
    return None if found is None or found.restores_id is None else (found.id, found.number)


def _neighbour(session: Session, edition: Edition, number: int) -> str | None:
    same = (Edition.series_id == edition.series_id, Edition.number == number)
    return session.exec(select(Edition.id).where(*same)).first()


def card(session: Session, edition: Edition) -> EditionCard:
    """The card of one edition."""
    series = session.exec(select(Series).where(Series.id == edition.series_id)).one()
    return cards.editions(session, [(edition, series)])[0]


def newest(session: Session, *, limit: int) -> list[EditionCard]:
    """The editions published last, newest first."""
    rows = session.exec(
        select(Edition, Series)
        .join(Series, col(Series.id) == col(Edition.series_id))
        .order_by(col(Edition.published_at).desc(), col(Edition.id))
        .limit(limit),
    ).all()
    return cards.editions(session, rows)


def search(
    session: Session, *, publisher: str = "", year: int | None = None, page: int = 1, size: int = 30
) -> Page[EditionCard]:
    """The editions whose series or publishers name some words, of one Beijing year where one is given; newest first."""
    number, limit = bounded(page, size)
    query = select(Edition, Series).join(Series, col(Series.id) == col(Edition.series_id))
    if publisher:
        wanted = (col(Edition.publisher), col(Series.title))
        query = query.where(or_(*(column.contains(publisher, autoescape=True) for column in wanted)))
    if year is not None:
        start, end = (datetime(one, 1, 1, tzinfo=BEIJING) for one in (year, year + 1))
        query = query.where(col(Edition.published_at) >= start, col(Edition.published_at) < end)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    ordered = query.order_by(col(Edition.published_at).desc(), col(Edition.id))
    rows = session.exec(ordered.offset((number - 1) * limit).limit(limit)).all()
    return Page(cards.editions(session, rows), total, number, limit)


def of_series(session: Session, series_id: str) -> list[EditionCard]:
    """Every edition of a series, newest first."""
    rows = session.exec(
        select(Edition, Series)
        .join(Series, col(Series.id) == col(Edition.series_id))
        .where(Edition.series_id == series_id)
        .order_by(col(Edition.number).desc()),
    ).all()
    return cards.editions(session, rows)


def items(session: Session, edition_id: str) -> list[EditionEntryView]:
    """Every line of an edition as it was published, gone ones last; later versions do not show through."""
    return _entries(session, edition_id, start=0, limit=None)


def items_page(session: Session, edition_id: str, *, page: int = 1, size: int = 50) -> Page[EditionEntryView]:
    """One page of the lines of an edition, in the same order."""
    number, limit = bounded(page, size)
    total = session.exec(
        select(func.count()).select_from(EditionEntry).where(EditionEntry.edition_id == edition_id)
    ).one()
    return Page(_entries(session, edition_id, start=(number - 1) * limit, limit=limit), total, number, limit)


def _entries(session: Session, edition_id: str, *, start: int, limit: int | None) -> list[EditionEntryView]:
    rows = session.exec(
        select(EditionEntry, Item, ItemVersion, Edition.number)
        .join(Item, col(Item.id) == col(EditionEntry.item_id))
        .join(
            ItemVersion,
            (col(ItemVersion.item_id) == col(EditionEntry.item_id))
            & (col(ItemVersion.number) == col(EditionEntry.item_number)),
        )
        .join(Edition, col(Edition.id) == col(EditionEntry.edition_id))
        .where(EditionEntry.edition_id == edition_id)
        .order_by(col(EditionEntry.number).is_(None), col(EditionEntry.number), col(EditionEntry.item_id))
        .offset(start)
        .limit(limit),
    )
    return [_entry(*row) for row in rows]


def _entry(entry: EditionEntry, item: Item, version: ItemVersion, edition_number: int) -> EditionEntryView:
    changes = tuple(FieldChange(str(c["field"]), c["old"], c["new"]) for c in entry.changes)
    return EditionEntryView(entry.number, entry.outcome, _frozen(entry, item, version, edition_number), changes)


def _frozen(entry: EditionEntry, item: Item, version: ItemVersion, edition_number: int) -> ItemCard:
    return ItemCard(
        id=item.id,
        kind=version.kind,
        need_type=version.need_type,
        title=mask_text(version.title),
        summary=facts.summary({"description": version.description, "requirements": version.requirements}),
        issuer=version.issuer,
        issuer_type=version.issuer_type,
        organisation_id=None if item.is_anonymous else item.organisation_id,
        profile_id=item.profile_id,
        sector=version.sector,
        region=version.region,
        budget_min=money.yuan(version.budget_min_fen),
        budget_max=money.yuan(version.budget_max_fen),
        budget_negotiable=version.budget_negotiable,
        period_start=version.period_start,
        period_end=version.period_end,
        duration_months=version.duration_months,
        state=item.state,
        edition_id=entry.edition_id,
        edition_number=edition_number,
        number=entry.number or 0,
        published_at=version.written_at,
    )
