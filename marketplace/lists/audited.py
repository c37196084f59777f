"""Where items, editions, intakes and series lie, for the log."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Organisation
from marketplace.lists.item_tables import Item
from marketplace.lists.release_tables import Release
from marketplace.lists.tables import Edition, Intake, Series


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


REGIONS: Mapping[str, Callable[[Session, Sequence[str]], dict[str, str]]] = {
    "item": _items,
    "edition": _editions,
    "intake": _intakes,
    "series": _series,
    "release": _releases,
}
