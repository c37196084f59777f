"""Dealings in lists of many, as one actor sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor, belongs_to
from marketplace.accounts.tables import Organisation
from marketplace.dealings import limits
from marketplace.dealings.pairs import UNNAMED
from marketplace.dealings.rules import confirming, stages
from marketplace.dealings.tables import ContactRequest, Dealing, DealingNote
from marketplace.dealings.team_tables import Team
from marketplace.dealings.views import DealingCard, RequestView
from marketplace.dealings.words import Event, Party, RequestState, Stage
from marketplace.kernel import money, workdays
from marketplace.kernel.batches import batches
from marketplace.kernel.calendar import Calendar, add_workdays
from marketplace.kernel.chinese_time import BEIJING
from marketplace.lists import cards as item_cards
from marketplace.lists.item_tables import Item
from marketplace.lists.rules.masks import mask_text
from marketplace.lists.views import ItemCard
from marketplace.profiles.tables import Profile


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around some dealings, fetched at once."""

    items: Mapping[str, ItemCard]
    owners: Mapping[str, str]
    """The organisation of each need: an anonymous need's card does not say."""
    profiles: Mapping[str, Profile]
    units: Mapping[str, Organisation]
    requests: Mapping[str, ContactRequest]
    teams: Mapping[str, str]
    confirmed: Mapping[str, Party]
    calendar: Calendar


def of_rows(
    session: Session, actor: Actor, rows: Sequence[Dealing], *, now: datetime, for_partner: bool = False
) -> list[DealingCard]:
    """The cards of dealings in their order; the caller has made sure that the actor may read them.

    `for_partner`: it reads as a partner in the supplier's team, which learns no contact and no hidden name.
    """
    around = _around(session, rows, now)
    answer_days: dict[str, int] = {}
    for row in rows:
        if row.region not in answer_days:
            answer_days[row.region] = limits.of(session, row.region).answer_workdays
    return [_card(row, actor, around, answer_days[row.region], now, for_partner=for_partner) for row in rows]


def request_view(row: ContactRequest, *, for_partner: bool = False) -> RequestView:
    """A request as its two sides see it; what looks like a number or an address is hidden until it is granted."""
    known = row.state is RequestState.GRANTED and not for_partner
    return RequestView(
        id=row.id,
        asked_by=row.asked_by,
        state=row.state,
        message=row.message if known else mask_text(row.message),
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        reason=row.reason,
        answer=row.answer if known else mask_text(row.answer),
    )


def _around(session: Session, rows: Sequence[Dealing], now: datetime) -> _Around:
    cards = {card.id: card for card in item_cards.by_ids(session, list({row.item_id for row in rows}))}
    owners: dict[str, str] = {}
    profiles: dict[str, Profile] = {}
    requests: dict[str, ContactRequest] = {}
    teams: dict[str, str] = {}
    confirmed: dict[str, Party] = {}
    for some in batches(list(rows)):
        owned = select(Item.id, Item.organisation_id).where(col(Item.id).in_([row.item_id for row in some]))
        owners |= {item_id: unit for item_id, unit in session.exec(owned) if unit is not None}
        wanted = select(Profile).where(col(Profile.id).in_([row.profile_id for row in some]))
        profiles |= {row.id: row for row in session.exec(wanted)}
        asked = select(ContactRequest).where(col(ContactRequest.dealing_id).in_([row.id for row in some]))
        # The newest request of each dealing is the one that counts.
        for request in session.exec(asked.order_by(col(ContactRequest.asked_at), col(ContactRequest.id))):
            requests[request.dealing_id] = request
        named = select(Team.id, Team.name).where(col(Team.id).in_([row.team_id for row in some if row.team_id]))
        teams |= dict(session.exec(named).all())
        told = select(DealingNote.dealing_id, DealingNote.party).where(DealingNote.event == Event.CONFIRM)
        signed = [row.id for row in some if row.stage is Stage.SIGNED]
        by = session.exec(told.where(col(DealingNote.dealing_id).in_(signed)))
        confirmed |= {dealing_id: Party(party) for dealing_id, party in by}
    keys = list(owners.values())
    keys += [profile.organisation_id for profile in profiles.values()]
    units: dict[str, Organisation] = {}
    for part in batches(keys):
        units |= {unit.id: unit for unit in session.exec(select(Organisation).where(col(Organisation.id).in_(part)))}
    return _Around(cards, owners, profiles, units, requests, teams, confirmed, _calendar(session, now))


def _calendar(session: Session, now: datetime) -> Calendar:
    # A reminder, not a deadline in law: where nobody has confirmed a year's table, Monday to Friday will do.
    known = workdays.calendar(session).years
    years = (now.year - 1, now.year, now.year + 1)
    return Calendar({**{year: {} for year in years}, **known})


def _card(
    row: Dealing, actor: Actor, around: _Around, answer_days: int, now: datetime, *, for_partner: bool
) -> DealingCard:
    item, profile = around.items[row.item_id], around.profiles[row.profile_id]
    request = around.requests.get(row.id)
    known = request is not None and request.state is RequestState.GRANTED and row.stage is not Stage.ENDED
    known = known and not for_partner
    owner = around.owners.get(row.item_id, "")
    party = Party.OPC if for_partner else _party(actor, owner, profile)
    asked_by = request.asked_by if request is not None and request.state is RequestState.OPEN else None
    waits_for = stages.waits_for(row.stage, opened_by=row.opened_by, claimed_by=row.claimed_by, asked_by=asked_by)
    since = None if not waits_for else request.asked_at if asked_by and request else row.moved_at
    due_on = None if since is None else _due(since, answer_days, around.calendar)
    return DealingCard(
        id=row.id,
        item_id=row.item_id,
        item_title=item.title,
        need_name=_need_name(item, around.units.get(owner), party, known=known),
        profile_id=row.profile_id,
        opc_name=around.units[profile.organisation_id].name,
        region=row.region,
        party=party,
        stage=row.stage,
        version=row.version,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        moved_by=row.moved_by,
        moved_at=row.moved_at,
        request=None if request is None else request_view(request, for_partner=for_partner),
        contact_known=known,
        waits_for=waits_for,
        waiting_since=since,
        due_on=due_on,
        is_overdue=due_on is not None and due_on < now.astimezone(BEIJING).date(),
        intent=money.yuan(row.intent_fen),
        signed=money.yuan(row.signed_fen),
        signed_on=row.signed_on,
        claimed_by=row.claimed_by,
        ending=row.ending,
        team_id=row.team_id,
        team_name=around.teams.get(row.team_id or "", ""),
        ground=row.ground,
        confirmation=_confirmation(row, around.confirmed.get(row.id)),
    )


def _confirmation(row: Dealing, confirmed_by: Party | None) -> str:
    return confirming.how(row.claimed_by, confirmed_by) if row.claimed_by and confirmed_by else ""


def _due(since: datetime, days: int, calendar: Calendar) -> date | None:
    start = since.astimezone(BEIJING).date()
    return add_workdays(start, days, calendar) if days and start.year in calendar.years else None


def _party(actor: Actor, owner: str, profile: Profile) -> Party:
    if belongs_to(actor, owner):
        return Party.NEED
    return Party.OPC if belongs_to(actor, profile.organisation_id) else Party.ORGANISER


def _need_name(item: ItemCard, unit: Organisation | None, party: Party, *, known: bool) -> str:
    # A supplier learns the name behind an anonymous need with its contact, and not before.
    if unit is None or (party is Party.OPC and not known):
        return item.issuer or UNNAMED
    return unit.name
