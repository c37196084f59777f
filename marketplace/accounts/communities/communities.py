"""Communities (OPC 社区) and SICN agencies: registered by an organiser or by themselves, confirmed by an organiser."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to, may, may_run_lists, require_may_run_lists
from marketplace.accounts.communities import known_regions
from marketplace.accounts.communities.tables import Affiliation, Community
from marketplace.accounts.communities.views import CommunityForm, CommunityView
from marketplace.accounts.communities.words import AffiliationState, CommunityKind
from marketplace.accounts.rules.communities import require_sound
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.kernel.places import inside

MISSING = "没有这个社区，或它还没有公开。请从社区目录进入。"


def register(
    session: Session,
    actor: Actor,
    *,
    form: CommunityForm,
    name: str = "",
    organisation_id: str | None = None,
    now: datetime,
    new_id: Callable[[], str],
) -> CommunityView:
    """Say that an organisation is a community or an agency: by its own people, or by an organiser of the region.

    An organiser may name one that is not here yet; what an organiser registers is confirmed with it. Raises
    NotAllowed for others, Invalid for what is wrong in the form, Conflict where it is registered already.
    """
    form = replace(form, region=known_regions.resolve(session, actor, form.region))
    sound = require_sound(form, name=None if organisation_id else name)
    organises = may_run_lists(actor, region=sound.region)
    if organisation_id is None:
        require_may_run_lists(actor, region=sound.region)
        found = organisations.find_or_create(
            session,
            name=name,
            uscc=None,
            region=sound.region,
            kind=OrganisationKind.OTHER,
            now=now,
            new_id=new_id,
        )
        organisation_id = found.id
    elif not organises and not acts_for(actor, organisation_id):
        raise NotAllowed("只能由单位自己的经办人或本地区主办方登记。", code="not_its_people")
    organisations.get(session, organisation_id)
    row: dict[str, object] = {
        "id": new_id(),
        "organisation_id": organisation_id,
        **asdict(sound),
        "version": 1,
        "registered_by": actor.account_id,
        "registered_at": now,
        "confirmed_by": actor.account_id if organises else None,
        "confirmed_at": now if organises else None,
        "closed_at": None,
    }
    made = insert_unless_there(session, Community, [row])
    if not made:
        raise Conflict("这个单位已经登记过，请在社区目录里查看和修改。", code="community_registered")
    payload = {"organisation_id": organisation_id, "kind": sound.kind.value, "region": sound.region}
    _note(session, actor, made[0], "community.registered", {**payload, "confirmed": organises}, now=now)
    return _view(session, _row(session, made[0]))


def amend(
    session: Session, actor: Actor, community_id: str, *, version: int, form: CommunityForm, now: datetime
) -> CommunityView:
    """Change what is said of a community; a new region must be one that the actor may register for."""
    sound = require_sound(replace(form, region=known_regions.resolve(session, actor, form.region)), name=None)
    row = _held(session, actor, community_id, version)
    if sound.region != row.region and not may_run_lists(actor, region=sound.region):
        raise NotAllowed("改到别的地区，需要那个地区的主办方办理。", code="not_an_organiser")
    changed = sorted(name for name, value in asdict(sound).items() if getattr(row, name) != value)
    for name, value in asdict(sound).items():
        setattr(row, name, value)
    row.version += 1
    session.add(row)
    session.flush()
    _note(session, actor, row.id, "community.amended", {"fields": changed, "version": row.version}, now=now)
    return _view(session, row)


def confirm(session: Session, actor: Actor, community_id: str, *, now: datetime) -> CommunityView:
    """Let a community that registered itself appear in public; an organiser of its region alone may."""
    row = _locked(session, actor, community_id)
    require_may_run_lists(actor, region=row.region)
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = now, actor.account_id
        row.version += 1
        session.add(row)
        session.flush()
        _note(session, actor, row.id, "community.confirmed", {}, now=now)
    return _view(session, row)


def close(session: Session, actor: Actor, community_id: str, *, version: int, now: datetime) -> CommunityView:
    """Take a community out of the public list; its affiliations and what it did stay on record."""
    row = _locked(session, actor, community_id)
    require_may_run_lists(actor, region=row.region)
    _require_version(row, version)
    if row.confirmed_at is None:
        row.confirmed_at, row.confirmed_by = now, actor.account_id
    row.closed_at, row.version = row.closed_at or now, row.version + 1
    session.add(row)
    session.flush()
    _note(session, actor, row.id, "community.closed", {}, now=now)
    return _view(session, row)


def may_register(actor: Actor | None) -> bool:
    """Whether somebody may register a community: an organiser, or who writes for its own unit."""
    if actor is None:
        return False
    organises = any(grant.role is Role.ORGANISER for grant in actor.grants)
    return organises or acts_for(actor, actor.organisation_id or "")


def require_may_register(actor: Actor) -> None:
    """Raise NotAllowed, with the way on, where somebody may register no community."""
    if not may_register(actor):
        message = "社区由本单位的负责人、经办人登记，或由主办方代为登记。请先切换到您的单位，或先登记单位。"
        raise NotAllowed(message, code="foreign_seat")


def get(session: Session, actor: Actor | None, community_id: str) -> CommunityView:
    """A community; one that is not public is NotFound for all but its people and the organisers of its region."""
    row = session.get(Community, community_id)
    if row is None or not (_is_public(row) or _may_see(actor, row)):
        raise NotFound(MISSING, code="community_missing")
    return _view(session, row)


def of_organisation(session: Session, organisation_id: str) -> CommunityView | None:
    """What an organisation is as a community, or None."""
    row = session.exec(select(Community).where(Community.organisation_id == organisation_id)).first()
    return None if row is None else _view(session, row)


def public(session: Session, *, region: str = "", kind: CommunityKind | None = None) -> list[CommunityView]:
    """The confirmed, open communities inside a region, by name."""
    found = select(Community).where(col(Community.confirmed_at).is_not(None), col(Community.closed_at).is_(None))
    if kind is not None:
        found = found.where(Community.kind == kind)
    return _by_name(_views(session, [row for row in session.exec(found) if inside(row.region, region)]))


def unconfirmed(session: Session, actor: Actor) -> list[CommunityView]:
    """The communities that wait for the actor's confirmation, longest waiting first."""
    rows = session.exec(
        select(Community)
        .where(col(Community.confirmed_at).is_(None))
        .order_by(col(Community.registered_at), col(Community.id))
    )
    return _views(session, [row for row in rows if may_run_lists(actor, region=row.region)])


def may_write(actor: Actor | None, view: CommunityView) -> bool:
    """Whether somebody may change what is said of a community."""
    return actor is not None and (
        acts_for(actor, view.organisation_id) or may_run_lists(actor, region=view.form.region)
    )


def require_row(session: Session, actor: Actor, community_id: str) -> CommunityView:
    """A community that the actor may write for, else NotAllowed."""
    view = get(session, actor, community_id)
    if not may_write(actor, view):
        raise NotAllowed("只有这个社区的经办人和本地区主办方可以办理。", code="not_its_people")
    return view


def _is_public(row: Community) -> bool:
    return row.confirmed_at is not None and row.closed_at is None


def _may_see(actor: Actor | None, row: Community) -> bool:
    if actor is None:
        return False
    own = belongs_to(actor, row.organisation_id)
    return own or may_run_lists(actor, region=row.region) or may(actor, Role.SUPERVISOR, region=row.region)


def _locked(session: Session, actor: Actor, community_id: str) -> Community:
    row = session.exec(select(Community).where(Community.id == community_id).with_for_update()).first()
    # Whoever may not know of a community is answered as if there were none.
    if row is None or not (_is_public(row) or _may_see(actor, row)):
        raise NotFound(MISSING, code="community_missing")
    return row


def _held(session: Session, actor: Actor, community_id: str, version: int) -> Community:
    row = _locked(session, actor, community_id)
    if not (acts_for(actor, row.organisation_id) or may_run_lists(actor, region=row.region)):
        raise NotAllowed("只有这个社区的经办人和本地区主办方可以修改。", code="not_its_people")
    _require_version(row, version)
    return row


def _require_version(row: Community, version: int) -> None:
    if row.version != version:
        raise Conflict("您打开页面之后，这个社区的信息有人改过。请核对最新内容后再保存。", code="community_moved_on")


def _row(session: Session, community_id: str) -> Community:
    return session.get_one(Community, community_id)


def _view(session: Session, row: Community) -> CommunityView:
    return _views(session, [row])[0]


def _views(session: Session, rows: Sequence[Community]) -> list[CommunityView]:
    names = dict(
        session.exec(
            select(Organisation.id, Organisation.name).where(
                col(Organisation.id).in_([row.organisation_id for row in rows])
            )
        ).all()
    )
    counted = dict(
        session.exec(
            select(Affiliation.community_id, func.count())
            .where(
                Affiliation.state == AffiliationState.CONFIRMED,
                col(Affiliation.community_id).in_([row.id for row in rows]),
            )
            .group_by(col(Affiliation.community_id))
        ).all()
    )
    return [
        CommunityView(
            id=row.id,
            organisation_id=row.organisation_id,
            name=names[row.organisation_id],
            form=CommunityForm(row.kind, row.region, row.address, row.capacity, row.services, row.contact),
            version=row.version,
            registered_at=row.registered_at,
            confirmed_at=row.confirmed_at,
            closed_at=row.closed_at,
            opcs=counted.get(row.id, 0),
        )
        for row in rows
    ]


def _by_name(found: list[CommunityView]) -> list[CommunityView]:
    return sorted(found, key=lambda one: (one.name, one.id))


def _note(
    session: Session, actor: Actor, community_id: str, action: str, payload: dict[str, object], *, now: datetime
) -> None:
    audit.write(
        session,
        aggregate="community",
        aggregate_id=community_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )
