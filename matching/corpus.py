"""The marketplace's records as documents to be matched; one of the two doors to the marketplace."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlmodel import Session

from marketplace.lists import items
from marketplace.lists.views import ItemRecord
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileRecord
from matching.documents import Need, Profile
from matching.statements import spans

DENIAL = "不承接："
"""What stands before a phrase of 不做的事 that does not deny anything in its own words."""


def need_of(record: ItemRecord) -> Need:
    """Make a need of a published item."""
    return Need(
        id=record.id,
        title=record.title,
        description=record.description,
        requirements=record.requirements,
        list_kind=record.list_kind,
        sector=record.sector,
        region=record.region,
        budget_min=record.budget_min,
        budget_max=record.budget_max,
        period_text=_period(record.period_start, record.period_end, record.duration_months),
        issuer=record.issuer,
        issuer_type=record.issuer_type,
    )


def profile_of(record: ProfileRecord) -> Profile:
    """Make a profile; what a supplier does not do follows its notes, each phrase as a denial."""
    denials = tuple(phrase if _denies(phrase) else DENIAL + phrase for phrase in record.not_offered)
    return Profile(
        id=record.id,
        name=record.name,
        headline=record.headline,
        description=record.description,
        skills=record.skills,
        sectors=record.sectors,
        cases=record.cases,
        notes=record.notes + denials,
        team_size=record.team_size,
        region=record.region,
        price_text=record.price_text,
        filings=record.filings,
    )


def needs(session: Session, ids: Sequence[str] | None = None) -> Iterator[Need]:
    """Read every open need, or those among the ids."""
    return map(need_of, items.documents(session, ids))


def suppliers(session: Session, ids: Sequence[str] | None = None) -> Iterator[Profile]:
    """Read every profile that says something, or those among the ids."""
    return map(profile_of, profiles.documents(session, ids))


def _period(start: date | None, end: date | None, months: int | None) -> str | None:
    said = (start and f"{start}起", end and f"{end}前", months and f"{months}个月")
    return "，".join(part for part in said if part) or None


def _denies(phrase: str) -> bool:
    return any(span.refused for span in spans(phrase))
