"""A pair of need and supplier: whose they are, and as what an actor may come to them."""

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor, acts_for, belongs_to, may
from marketplace.accounts.tables import Membership, Organisation
from marketplace.accounts.words import Role
from marketplace.dealings.tables import Dealing
from marketplace.dealings.team_tables import TeamMember
from marketplace.dealings.words import SIDES, Party, Place
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.lists import merged
from marketplace.lists.item_tables import Item
from marketplace.lists.tables import Series
from marketplace.lists.words import ItemState
from marketplace.profiles.tables import Profile

UNNAMED = "发榜单位未写明"


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and a supplier with the organisations behind them; a list may name no unit for a need (None)."""

    item: Item
    profile: Profile
    need: Organisation | None
    opc: Organisation
    region: str
    partners: frozenset[str] = frozenset()
    """The organisations that stand in the team as which the supplier comes, beside itself; they may read."""

    def organisation_id(self, party: Party) -> str | None:
        """The organisation of a side."""
        if party is Party.OPC:
            return self.opc.id
        return self.need.id if self.need is not None and party is Party.NEED else None

    @property
    def profile_region(self) -> str:
        """Where the supplier is at home."""
        return self.profile.region or self.opc.region


def get(session: Session, item_id: str, profile_id: str) -> Pair:
    """A pair, or NotFound where there is no such need or supplier."""
    item, profile = session.get(Item, item_id), session.get(Profile, profile_id)
    if item is None or item.kind is ListKind.CAPABILITY:
        raise NotFound("没有这条需求，请从清单中查找。", code="item_missing")
    if profile is None:
        raise NotFound("没有这份能力画像，请从能力清单中查找。", code="profile_missing")
    need = None if item.organisation_id is None else session.get_one(Organisation, item.organisation_id)
    opc = session.get_one(Organisation, profile.organisation_id)
    return Pair(item, profile, need, opc, region_of(session, item, need))


def of(session: Session, dealing: Dealing) -> Pair:
    """The pair of a dealing, with those who come in its team."""
    pair = get(session, dealing.item_id, dealing.profile_id)
    return replace(pair, partners=_partners(session, dealing.team_id)) if dealing.team_id else pair


def _partners(session: Session, team_id: str) -> frozenset[str]:
    query = (
        select(Profile.organisation_id)
        .join(TeamMember, col(TeamMember.profile_id) == col(Profile.id))
        .where(TeamMember.team_id == team_id, TeamMember.place == Place.JOINED)
    )
    return frozenset(session.exec(query))


def region_of(session: Session, item: Item, need: Organisation | None) -> str:
    """The region whose organisers look after a need: its list's, else its unit's."""
    if item.series_id:
        return session.get_one(Series, item.series_id).region
    return "" if need is None else need.region


def parties(actor: Actor, pair: Pair) -> frozenset[Party]:
    """As what an actor may move a pair's dealing now: for a side it acts for, as an organiser of either region."""
    found = {side for side in SIDES if (unit := pair.organisation_id(side)) and acts_for(actor, unit)}
    if any(may(actor, Role.ORGANISER, region=region) for region in (pair.region, pair.profile_region)):
        found.add(Party.ORGANISER)
    return frozenset(found)


def reads_as(actor: Actor, pair: Pair) -> Party | None:
    """As what an actor may read a pair's dealing, in any standing; a supervisor reads as an organiser does."""
    for side in SIDES:
        unit = pair.organisation_id(side)
        if unit and belongs_to(actor, unit):
            return side
    if is_partner(actor, pair):
        return Party.OPC
    staff = (Role.ORGANISER, Role.SUPERVISOR)
    regions = (pair.region, pair.profile_region)
    if any(may(actor, role, region=region) for role in staff for region in regions):
        return Party.ORGANISER
    return None


def is_partner(actor: Actor, pair: Pair) -> bool:
    """Whether an actor belongs to a partner in the supplier's team: it reads, its lead acts and holds the contact."""
    sides = [unit for side in SIDES if (unit := pair.organisation_id(side))]
    if any(belongs_to(actor, unit) for unit in sides):
        return False
    return any(belongs_to(actor, unit) for unit in pair.partners)


def require_reader(actor: Actor, pair: Pair) -> Party:
    """As what an actor reads a pair's dealing; to everybody else there is none."""
    party = reads_as(actor, pair)
    if party is None:
        raise NotFound("没有这项对接，或者您不是其中一方。请从“对接”页面进入。", code="dealing_missing")
    return party


def require_party(actor: Actor, pair: Pair) -> Party:
    """As what an actor moves a pair's dealing. NotFound for strangers, NotAllowed for those who may only look."""
    reader = require_reader(actor, pair)
    held = parties(actor, pair)
    if not held:
        message = "您在这个单位是“查看”身份，不能代表它办理对接。请联系单位的负责人调整您的身份。"
        if is_partner(actor, pair):
            message = "您的单位是联合体的成员，可以查看进展；对接由牵头方办理。"
        if reader is Party.ORGANISER:
            message = "监督人员只能查看对接，不能办理。"
        raise NotAllowed(message, code="reader_only")
    if held >= frozenset(SIDES):
        raise NotAllowed("这条需求就是您单位自己发布的，不能与自己对接。", code="own_need")
    return next(party for party in (*SIDES, Party.ORGANISER) if party in held)


def require_open(session: Session, pair: Pair) -> None:
    """Refuse to begin anything on a need that no longer stands open, or that is shown through another one."""
    if pair.item.state is not ItemState.OPEN:
        raise Conflict("这条需求目前不接受新的对接（已暂停、结束或不再列入清单）。", code="need_not_open")
    merged.require_shown_itself(session, pair.item.id)


def is_manned(session: Session, organisation_id: str | None) -> bool:
    """Whether anybody belongs to an organisation, so that it can answer for itself."""
    if organisation_id is None:
        return False
    live = (Membership.organisation_id == organisation_id, col(Membership.left_at).is_(None))
    return session.exec(select(Membership.id).where(*live).limit(1)).first() is not None
