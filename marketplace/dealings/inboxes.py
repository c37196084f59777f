"""Dealings gathered for one reader: an organisation's inbox, an organiser's board, and how much waits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import MEMBER, Role
from marketplace.dealings import cards
from marketplace.dealings.tables import Dealing
from marketplace.dealings.team_tables import Team, TeamMember
from marketplace.dealings.views import DealingCard, Waiting
from marketplace.dealings.words import Place, RequestState, Stage
from marketplace.kernel.paging import Page, bounded
from marketplace.lists.item_tables import Item
from marketplace.profiles.tables import Profile

SHOWN_OVER = 50
"""How many finished dealings an inbox shows; older ones are found from the need or the profile."""
BROKERS = frozenset({Role.ORGANISER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Inbox:
    """The dealings of the organisation that an actor acts for, newest movement first, longest waiting first."""

    for_us: tuple[DealingCard, ...]
    for_others: tuple[DealingCard, ...]
    under_way: tuple[DealingCard, ...]
    over: tuple[DealingCard, ...]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.for_us) + len(self.for_others) + len(self.under_way) + len(self.over)


def mine(session: Session, actor: Actor, *, now: datetime) -> Inbox:
    """Every dealing of the organisation that the actor acts for, on either side of the table."""
    found = _own(session, actor, now)

    def sorted_by(keep: Callable[[DealingCard], bool]) -> tuple[DealingCard, ...]:
        return tuple(card for card in found if not card.is_over and keep(card))

    waits = sorted(
        sorted_by(lambda card: card.waits_for_reader), key=lambda card: (card.waiting_since or card.moved_at, card.id)
    )
    return Inbox(
        for_us=tuple(waits),
        for_others=sorted_by(lambda card: bool(card.waits_for) and not card.waits_for_reader),
        under_way=sorted_by(lambda card: not card.waits_for),
        over=tuple(card for card in found if card.is_over)[:SHOWN_OVER],
    )


def for_organiser(
    session: Session,
    actor: Actor,
    *,
    stage: Stage | None = None,
    region: str = "",
    item_id: str | None = None,
    page: int = 1,
    size: int = 50,
    now: datetime,
) -> Page[DealingCard]:
    """The dealings that an organiser or supervisor looks after, newest movement first; a region narrows them."""
    query = select(Dealing).where(_looked_after(actor))
    if region:
        query = query.where(or_(_within(Dealing.region, region), _within(Dealing.profile_region, region)))
    if stage is not None:
        query = query.where(Dealing.stage == stage)
    if item_id is not None:
        query = query.where(Dealing.item_id == item_id)
    number, size = bounded(page, size)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    ordered = query.order_by(col(Dealing.moved_at).desc(), col(Dealing.id))
    rows = session.exec(ordered.offset((number - 1) * size).limit(size)).all()
    return Page(cards.of_rows(session, actor, rows, now=now), total, number, size)


def waiting(session: Session, actor: Actor, *, now: datetime) -> Waiting:
    """How much waits for the organisation that an actor acts for."""
    if actor.organisation_id is None or not _is_member(actor):
        return Waiting()
    cards_ = [card for card in _own(session, actor, now, live_only=True) if card.waits_for_reader]
    asked = [card for card in cards_ if card.request is not None and card.request.state is RequestState.OPEN]
    claimed = [card for card in cards_ if card.stage is Stage.CLAIMED]
    invited = (
        select(func.count())
        .select_from(TeamMember)
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .join(Profile, col(Profile.id) == col(TeamMember.profile_id))
        .where(Profile.organisation_id == actor.organisation_id, TeamMember.place == Place.INVITED)
        .where(col(Team.dissolved_at).is_(None))
    )
    return Waiting(
        contact_requests=len(asked),
        confirmations=len(claimed),
        team_invitations=session.exec(invited).one(),
        overdue=sum(card.is_overdue for card in [*asked, *claimed]),
    )


def _own(session: Session, actor: Actor, now: datetime, *, live_only: bool = False) -> list[DealingCard]:
    query = of_unit(actor)
    if live_only:
        query = query.where(col(Dealing.stage).not_in([Stage.SIGNED, Stage.ENDED]))
    rows = session.exec(query.order_by(col(Dealing.moved_at).desc(), col(Dealing.id))).all()
    return cards.of_rows(session, actor, rows, now=now)


def of_unit(actor: Actor) -> SelectOfScalar[Dealing]:
    """The dealings of the organisation that an actor acts for as one of its own, on either side; else none."""
    unit = actor.organisation_id if _is_member(actor) else None
    return (
        select(Dealing)
        .join(Item, col(Item.id) == col(Dealing.item_id))
        .join(Profile, col(Profile.id) == col(Dealing.profile_id))
        .where(or_(col(Item.organisation_id) == unit, col(Profile.organisation_id) == unit))
        .where(false() if unit is None else true())
    )


def _is_member(actor: Actor) -> bool:
    return any(grant.role in MEMBER and grant.organisation_id == actor.organisation_id for grant in actor.grants)


def _looked_after(actor: Actor) -> ColumnElement[bool]:
    regions = [grant.region for grant in actor.grants if grant.role in BROKERS]
    return or_(
        false(),
        *(_within(column, region) for region in regions for column in (Dealing.region, Dealing.profile_region)),
    )


def _within(column: str, region: str) -> ColumnElement[bool]:
    here = col(column)
    return or_(here == region, here.startswith(f"{region}/", autoescape=True)) if region else here.is_not(None)
