"""The market as the matcher reads it: published needs and listed profiles become documents, and so do experts of a pool."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session

from marketplace.experts.pool import Listed
from marketplace.lexicon import reading as lexicon_entries
from marketplace.lexicon.views import Standing
from marketplace.lexicon.words import Act
from marketplace.lists import items
from marketplace.lists.views import ItemRecord
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileRecord
from matching.concepts import Kind
from matching.documents import Need, Profile
from matching.layered import Amendment


def needs(session: Session, ids: Sequence[str] | None = None) -> Iterator[Need]:
    """Yield the open needs, or those among `ids`."""
    return (need(record) for record in items.documents(session, ids))


def suppliers(session: Session, ids: Sequence[str] | None = None) -> Iterator[Profile]:
    """Yield the listed profiles, or those among `ids`."""
    return (profile(record) for record in profiles.documents(session, ids))


def need(record: ItemRecord) -> Need:
    """Return the need of a record."""
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
        period_text=_period(record),
        issuer=record.issuer,
        issuer_type=record.issuer_type,
    )


def _period(record: ItemRecord) -> str | None:
    days = [day.isoformat() for day in (record.period_start, record.period_end) if day]
    if days:
        return " 至 ".join(days)
    return f"{record.duration_months} 个月" if record.duration_months else None


def profile(record: ProfileRecord) -> Profile:
    """Return the profile of a record."""
    return Profile(
        id=record.id,
        name=record.name,
        headline=record.headline,
        description=record.description,
        skills=record.skills,
        sectors=record.sectors,
        cases=record.cases,
        notes=record.notes,
        team_size=record.team_size,
        region=record.region,
        price_text=record.price_text,
        filings=record.filings,
        not_offered=record.not_offered,
        offers=record.offers,
    )


def specialist(expert: Listed) -> Profile:
    """Return what an expert says it knows: title, specialities and the words of the lexicon it ticked, never its name.

    Of what the pool holds this is all that those who draw may read; contacts, employers and relations stay out of matching.
    """
    return Profile(
        id=expert.id, name="", headline=expert.title, description=expert.specialities, skills=tuple(expert.terms)
    )


def amendments(session: Session) -> tuple[Amendment, ...]:
    """Return the entries of the lexicon that are in force, in the order in which they are laid over it."""
    return tuple(map(amendment, lexicon_entries.standing(session)))


def amendment(standing: Standing) -> Amendment:
    """Return what an entry that is in force says."""
    content = standing.content
    return Amendment(
        key=(standing.entry_id, standing.number),
        is_new=content.act is Act.NEW,
        concept=content.concept,
        names=content.names,
        removed=content.removed,
        kind=Kind(content.kind.value) if content.kind else Kind.OBJECT,
        gloss=content.gloss,
        parents=content.parents,
        lookalikes=content.lookalikes,
        context=content.context,
    )
