"""Where items, drafts of needs, editions, intakes and series lie, and how they are called, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.lists.item_tables import Item
from marketplace.lists.need_tables import NeedDraft
from marketplace.lists.release_tables import Release
from marketplace.lists.tables import Edition, Intake, Series

MOST = 200


def _items(session: Session, ids: Sequence[str]) -> dict[str, str]:
    # An item of a list lies where the list is run; one that was posted, where its organisation is.
    rows = session.exec(
        select(Item.id, func.coalesce(Series.region, Organisation.region))
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
        .where(col(Item.id).in_(ids))
    )
    return {item_id: region or "" for item_id, region in rows}


def _editions(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(Edition.id, Series.region).join(Series, col(Series.id) == col(Edition.series_id))
    return dict(session.exec(query.where(col(Edition.id).in_(ids))).all())


def _intakes(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Intake.id, Intake.region).where(col(Intake.id).in_(ids))).all())


def _series(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Series.id, Series.region).where(col(Series.id).in_(ids))).all())


def _releases(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Release.id, Release.region).where(col(Release.id).in_(ids))).all())


def _drafts(session: Session, ids: Sequence[str]) -> dict[str, str]:
    query = select(NeedDraft.id, Organisation.region).join(
        Organisation, col(Organisation.id) == col(NeedDraft.organisation_id)
    )
    return dict(session.exec(query.where(col(NeedDraft.id).in_(ids))).all())


def _items_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Item.id, Item.title).where(col(Item.id).in_(ids))).all())


def _editions_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    # The series' name: that of an edition may say its number already.
    query = select(Edition.id, Series.title, Edition.number).join(Series, col(Series.id) == col(Edition.series_id))
    rows = session.exec(query.where(col(Edition.id).in_(ids)))
    return {one: f"《{title}》第 {number} 期" for one, title, number in rows}


def _intakes_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    return dict(session.exec(select(Intake.id, Intake.name).where(col(Intake.id).in_(ids))).all())


def _series_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(select(Series.id, Series.title).where(col(Series.id).in_(ids)))
    return {one: f"《{title}》" for one, title in rows}


def _releases_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    rows = session.exec(select(Release.id, Release.title).where(col(Release.id).in_(ids)))
    return {one: f"《{title}》" for one, title in rows}


def _drafts_called(session: Session, ids: Sequence[str]) -> dict[str, str]:
    # What a draft says is its unit's until it is published: then it is called as the item is.
    query = select(NeedDraft.id, Item.title).join(Item, col(Item.id) == col(NeedDraft.item_id))
    return dict(session.exec(query.where(col(NeedDraft.id).in_(ids))).all())


def _items_named(session: Session, words: str) -> list[str]:
    named = or_(col(Item.title).contains(words, autoescape=True), col(Item.issuer).contains(words, autoescape=True))
    return list(session.exec(select(Item.id).where(named).order_by(col(Item.order_key).desc()).limit(MOST)))


def _editions_named(session: Session, words: str) -> list[str]:
    query = select(Edition.id).where(col(Edition.title).contains(words, autoescape=True))
    return list(session.exec(query.order_by(col(Edition.published_at).desc()).limit(MOST)))


def _intakes_named(session: Session, words: str) -> list[str]:
    query = select(Intake.id).where(col(Intake.name).contains(words, autoescape=True))
    return list(session.exec(query.order_by(col(Intake.opened_at).desc()).limit(MOST)))


def _series_named(session: Session, words: str) -> list[str]:
    return list(session.exec(select(Series.id).where(col(Series.title).contains(words, autoescape=True)).limit(MOST)))


def _releases_named(session: Session, words: str) -> list[str]:
    query = select(Release.id).where(col(Release.title).contains(words, autoescape=True))
    return list(session.exec(query.order_by(col(Release.opened_at).desc()).limit(MOST)))


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "item": _items,
    "edition": _editions,
    "intake": _intakes,
    "need_draft": _drafts,
    "series": _series,
    "release": _releases,
}
TITLES: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "item": _items_called,
    "edition": _editions_called,
    "intake": _intakes_called,
    "need_draft": _drafts_called,
    "series": _series_called,
    "release": _releases_called,
}
NAMED: Mapping[str, Callable[[Session, str], list[str]]] = {
    "item": _items_named,
    "edition": _editions_named,
    "intake": _intakes_named,
    "series": _series_named,
    "release": _releases_named,
}
