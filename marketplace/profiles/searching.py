"""Searching profiles: filters in SQL, order by relevance as given or newest first, exact paging."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func
from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.tables import Organisation
from marketplace.accounts.views import OrganisationView
from marketplace.kernel import places
from marketplace.kernel.batches import batches
from marketplace.kernel.paging import Page, bounded
from marketplace.profiles.tables import Profile, ProfileSector
from marketplace.profiles.views import ProfileCard, ProfileFacets, ProfileFilter

MOST_VALUES = 30
_CARDS = (
    select(Profile, Organisation)
    .join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
    .where(col(Profile.id).in_(bindparam("ids", expanding=True)))
)


def search(session: Session, wanted: ProfileFilter, *, page: int = 1, size: int = 20) -> Page[ProfileCard]:
    """One page of the profiles that a filter lets through, with the exact total; ordered by `ids`, else newest first."""
    number, limit = bounded(page, size)
    start = (number - 1) * limit
    if wanted.ids is not None and len(wanted.ids) <= limit and number == 1:
        found = cards(session, tuple(dict.fromkeys(wanted.ids)), where=conditions(replace(wanted, ids=None)))
        return Page(found, len(found), number, limit)
    if wanted.ids is not None:
        left = set(session.exec(select(Profile.id).where(*conditions(wanted))))
        ordered = [profile_id for profile_id in dict.fromkeys(wanted.ids) if profile_id in left]
        return Page(cards(session, ordered[start : start + limit]), len(ordered), number, limit)
    total = session.exec(select(func.count()).select_from(Profile).where(*conditions(wanted))).one()
    ids = session.exec(
        select(Profile.id)
        .where(*conditions(wanted))
        .order_by(col(Profile.updated_at).desc(), col(Profile.id).desc())
        .offset(start)
        .limit(limit),
    ).all()
    return Page(cards(session, ids), total, number, limit)


def conditions(wanted: ProfileFilter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, all of which must hold; only profiles that say something are found."""
    found: list[ColumnElement[bool]] = [col(Profile.listed).is_(True)]
    if wanted.sector:
        named = select(ProfileSector.profile_id).where(
            col(ProfileSector.sector).contains(wanted.sector, autoescape=True)
        )
        found.append(col(Profile.id).in_(named))
    if wanted.region:
        found.append(places.column_inside(col(Profile.region), wanted.region))
    if wanted.team_size_from is not None:
        found.append(col(Profile.team_size) >= wanted.team_size_from)
    if wanted.team_size_to is not None:
        found.append(col(Profile.team_size) <= wanted.team_size_to)
    if wanted.name and (key := name_key(wanted.name)):
        called = select(Organisation.id).where(col(Organisation.name_key).contains(key, autoescape=True))
        found.append(col(Profile.organisation_id).in_(called))
    if wanted.ids is not None:
        found.append(col(Profile.id).in_(wanted.ids))
    return found


def cards(
    session: Session, profile_ids: Sequence[str], *, where: Sequence[ColumnElement[bool]] = ()
) -> list[ProfileCard]:
    """The cards of profiles in the order of their ids; unknown ids are left out, and those that `where` does not hold for."""
    found: dict[str, ProfileCard] = {}
    for some in batches(profile_ids):
        rows = session.exec(_CARDS.where(*where) if where else _CARDS, params={"ids": some})
        found |= {row.id: card(row, organisations.view(owner)) for row, owner in rows}
    return [found[profile_id] for profile_id in profile_ids if profile_id in found]


def card(profile: Profile, organisation: OrganisationView) -> ProfileCard:
    """The card of a profile's row."""
    return ProfileCard(
        id=profile.id,
        organisation_id=profile.organisation_id,
        name=organisation.name,
        headline=profile.headline,
        summary=profile.summary,
        sectors=tuple(profile.sectors),
        region=profile.region,
        team_size=profile.team_size,
        claimed=organisation.claimed,
        updated_at=profile.updated_at,
        verified=organisation.verified,
        kind=organisation.kind,
    )


def facets(session: Session, wanted: ProfileFilter) -> ProfileFacets:
    """The values of each filter with their counts under all the other filters, most frequent first."""
    by_sector = select(ProfileSector.sector, func.count()).join(
        Profile, col(Profile.id) == col(ProfileSector.profile_id)
    )
    return ProfileFacets(
        sectors=_count(session, by_sector, ProfileSector.sector, replace(wanted, sector=None)),
        regions=_regions(session, replace(wanted, region=None)),
    )


def _regions(session: Session, wanted: ProfileFilter) -> tuple[tuple[str, int], ...]:
    region = col(Profile.region)
    found = select(region, func.count()).where(*conditions(wanted), region.is_not(None)).group_by(region)
    named = [(str(words), number) for words, number in session.exec(found)]
    return tuple(places.counted(named)[:MOST_VALUES])


def _count(session: Session, query: Any, column: Any, wanted: ProfileFilter) -> tuple[tuple[str, int], ...]:
    counted = query.where(*conditions(wanted)).group_by(column).order_by(func.count().desc(), column)
    return tuple((str(value), number) for value, number in session.exec(counted.limit(MOST_VALUES)))
