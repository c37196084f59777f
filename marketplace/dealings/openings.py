"""What it takes to begin a dealing: with which needs, as which team, with which contact to propose."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor, acts_for, belongs_to, may
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Role
from marketplace.dealings import contacts, pairs
from marketplace.dealings.teams import teams
from marketplace.dealings.teams.views import TeamCard
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Party
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.lists import cards, merged
from marketplace.lists.item_tables import Item
from marketplace.lists.tables import Series
from marketplace.lists.views import ItemCard
from marketplace.lists.words import ItemState
from marketplace.profiles.tables import Profile

NEEDS = (ListKind.SCENARIO, ListKind.DEMAND)
MOST = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """The form that begins a dealing: as which party, with whom; `needs` to choose from where none is given yet."""

    party: Party
    item: ItemCard | None
    profile_id: str | None
    supplier: str
    needs: tuple[ItemCard, ...]
    teams: tuple[TeamCard, ...]
    contact: GivenContact


def prepare(session: Session, actor: Actor, *, item_id: str | None, profile_id: str | None) -> Opening:
    """The form for an actor; a supplier comes with its own profile, a need's unit chooses one of its open needs.

    Raises NotFound where the other side is not there, NotAllowed with what to do for seats that can begin nothing.
    """
    item = None if item_id is None else _item(session, item_id)
    party = _party(session, actor, item, profile_id)
    own = own_profile(session, actor)
    if party is Party.OPC:
        profile_id = own
    supplier = "" if profile_id is None else _supplier(session, profile_id)
    needs: tuple[ItemCard, ...] = ()
    if item is None:
        needs = tuple(open_needs(session, actor) if party is Party.NEED else _needs_looked_after(session, actor))
    led = teams.led_for(session, profile_id, item.id) if party is Party.OPC and profile_id and item else []
    return Opening(party, item, profile_id, supplier, needs, tuple(led), contacts.suggested(session, actor))


def own_profile(session: Session, actor: Actor) -> str | None:
    """The profile of the organisation that an actor acts for, where it says something; else None."""
    unit = actor.organisation_id
    if unit is None or not belongs_to(actor, unit):
        return None
    return session.exec(
        select(Profile.id).where(Profile.organisation_id == unit, col(Profile.listed).is_(True))
    ).first()


def open_needs(session: Session, actor: Actor) -> list[ItemCard]:
    """The open needs of the organisation that an actor acts for, the newest first."""
    unit = actor.organisation_id
    if unit is None or not belongs_to(actor, unit):
        return []
    query = select(Item.id).where(Item.organisation_id == unit, Item.state == ItemState.OPEN)
    query = query.where(col(Item.kind).in_(NEEDS), merged.is_shown_itself())
    query = query.order_by(col(Item.order_key).desc()).limit(MOST)
    return cards.by_ids(session, session.exec(query).all())


def belongs_to_need(session: Session, actor: Actor, item_id: str) -> bool:
    """Whether an actor belongs to the unit of a need, which an anonymous need's card does not say."""
    owner = session.exec(select(Item.organisation_id).where(Item.id == item_id)).first()
    return owner is not None and belongs_to(actor, owner)


def find_supplier(session: Session, said: str) -> str | None:
    """The profile that somebody means by a supplier's name or the address of its page; None where there is none."""
    last = said.strip().rstrip("/").rsplit("/", 1)[-1]
    if session.get(Profile, last) is not None:
        return last
    query = select(Profile.id).join(Organisation, col(Organisation.id) == col(Profile.organisation_id))
    return session.exec(query.where(Organisation.name_key == name_key(said)).order_by(col(Profile.id))).first()


def _party(session: Session, actor: Actor, item: ItemCard | None, profile_id: str | None) -> Party:
    if item is not None and profile_id is not None:
        return pairs.require_party(actor, pairs.get(session, item.id, profile_id))
    if any(grant.role is Role.ORGANISER for grant in actor.grants):
        return Party.ORGANISER
    unit = actor.organisation_id
    if unit is None or not acts_for(actor, unit):
        raise NotAllowed("请先切换到您负责或经办的单位，再发起对接。", code="foreign_seat")
    if item is None:
        return Party.NEED
    if belongs_to_need(session, actor, item.id):
        raise NotAllowed("这条需求是您单位自己发布的。请从 OPC 的主页向它发出邀约。", code="own_need")
    if own_profile(session, actor) is None:
        raise NotAllowed("请先填写并发布能力画像，发榜方才知道您能做什么。", code="profile_needed")
    return Party.OPC


def _item(session: Session, item_id: str) -> ItemCard:
    found = cards.by_ids(session, [item_id])
    if not found:
        raise NotFound("没有这条需求，请从清单中查找。", code="item_missing")
    return found[0]


def _supplier(session: Session, profile_id: str) -> str:
    profile = session.get(Profile, profile_id)
    if profile is None:
        raise NotFound("没有这份能力画像，请从能力清单中查找。", code="profile_missing")
    return session.get_one(Organisation, profile.organisation_id).name


def _needs_looked_after(session: Session, actor: Actor) -> list[ItemCard]:
    query = (
        select(Item.id, Series.region, Organisation.region)
        .join(Series, col(Series.id) == col(Item.series_id), isouter=True)
        .join(Organisation, col(Organisation.id) == col(Item.organisation_id), isouter=True)
        .where(Item.state == ItemState.OPEN, col(Item.kind).in_(NEEDS), merged.is_shown_itself())
        .order_by(col(Item.order_key).desc())
        .limit(MOST)
    )
    rows = session.exec(query).all()
    kept = [item for item, listed, home in rows if may(actor, Role.ORGANISER, region=listed or home or "")]
    return cards.by_ids(session, kept)
