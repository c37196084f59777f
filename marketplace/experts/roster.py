"""The list of a pool as its office and supervisors search it. Pools hold some hundreds of people, so rows are sifted here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, covers
from marketplace.accounts.tables import Account
from marketplace.accounts.words import Role
from marketplace.experts.tables import PoolExpert
from marketplace.experts.views import Card
from marketplace.experts.words import ExpertField, ExpertState
from marketplace.kernel.errors import NotAllowed
from marketplace.kernel.paging import Page, bounded
from marketplace.kernel.text import folded

SIZE = 50
SOON = timedelta(days=60)
READERS = frozenset({Role.ORGANISER, Role.SUPERVISOR})
_ORDER = {state: at for at, state in enumerate((ExpertState.APPLIED, ExpertState.INVITED))}
"""What waits for somebody stands first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which experts are searched for; empty: all. `is_ending`: the term runs out soon."""

    words: str = ""
    term: str = ""
    field: ExpertField | None = None
    state: ExpertState | None = None
    is_ending: bool = False


def require_may_read(actor: Actor) -> None:
    """Raise NotAllowed for whoever neither organises nor supervises anywhere."""
    if not actor.roles & READERS:
        message = "专家库由主办方管理。您本人的专家信息在“专家”页查看和修改。"
        raise NotAllowed(message, code="not_an_organiser_here")


def search(session: Session, actor: Actor, wanted: Wanted, *, today: date, page: int = 1) -> Page[Card]:
    """The experts of the actor's regions that are searched for, by name; applications first."""
    found = sorted(
        (one for one in _cards(session, actor, wanted, today=today) if _fits(one, wanted)),
        key=lambda one: (_ORDER.get(one.state, len(_ORDER)), one.name, one.id),
    )
    number, size = bounded(page, SIZE)
    return Page(found[(number - 1) * size : number * size], len(found), number, size)


def counts(session: Session, actor: Actor, *, today: date) -> dict[str, int]:
    """How many experts of the actor's regions stand in each state, and how many terms run out soon (`ending`)."""
    every = _cards(session, actor, Wanted(), today=today)
    return {
        **{state.value: sum(1 for one in every if one.state is state) for state in ExpertState},
        "ending": sum(1 for one in every if one.ends_soon),
        "all": len(every),
    }


def _cards(session: Session, actor: Actor, wanted: Wanted, *, today: date) -> Sequence[Card]:
    require_may_read(actor)
    regions = [grant.region for grant in actor.grants if grant.role in READERS]
    query = select(PoolExpert, Account.name).join(Account, col(Account.id) == col(PoolExpert.account_id))
    if wanted.state is not None:
        query = query.where(PoolExpert.state == wanted.state)
    rows = session.exec(query.order_by(col(PoolExpert.id)))
    return [
        _card(row, name, today=today)
        for row, name in rows
        if row.account_id != actor.account_id and any(covers(region, row.region) for region in regions)
    ]


def _fits(card: Card, wanted: Wanted) -> bool:
    words, term = folded(wanted.words), folded(wanted.term)
    return (
        (not words or any(words in folded(said) for said in (card.name, card.title)))
        and (not term or any(term in folded(one) for one in card.terms))
        and (wanted.field is None or wanted.field in card.fields)
        and (not wanted.is_ending or card.ends_soon)
    )


def _card(row: PoolExpert, name: str, *, today: date) -> Card:
    ends_on = row.term_ends_on
    is_live = row.state in {ExpertState.LISTED, ExpertState.PAUSED}
    return Card(
        id=row.id,
        name=name,
        region=row.region,
        title=row.title,
        fields=tuple(ExpertField(one) for one in row.fields),
        terms=tuple(row.terms),
        state=row.state,
        ends_on=ends_on,
        ends_soon=is_live and ends_on is not None and today <= ends_on <= today + SOON,
        is_over=is_live and ends_on is not None and ends_on < today,
        updated_at=row.updated_at,
    )
