"""Enrolments: an organisation enters the market by the hand of one of its own people, once for each code."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, owns
from marketplace.accounts.joining import memberships
from marketplace.accounts.joining.tables import Verification
from marketplace.accounts.rules import regions
from marketplace.accounts.rules.details import Details
from marketplace.accounts.rules.names import name_key
from marketplace.accounts.rules.regions import region_key
from marketplace.accounts.tables import Account, Membership, Organisation
from marketplace.accounts.words import OrganisationKind, RequestState, Role, Standing
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed

MOVED_ON = "单位资料在您编辑期间已被修改，请对照最新内容后再保存。"


class Way(StrEnum):
    """How somebody comes to act for the organisation it named: made, its own already, to be claimed, to be asked."""

    CREATED = "created"
    OWN = "own"
    CLAIM = "claim"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The organisation that was named, and the way to it."""

    organisation_id: str
    way: Way


def enrol(
    session: Session,
    actor: Actor,
    details: Details,
    *,
    role: Role,
    now: datetime,
    new_id: Callable[[], str],
) -> Enrolment:
    """Make an organisation with the actor as its owner, unless it is known: then nothing is written.

    `details` come from `rules.details.require_sound`; `role` is the side it opens first (ENTERPRISE or OPC).
    """
    # One person enrols once at a time: a button pressed twice makes one organisation, also of those without a code.
    session.exec(select(Account).where(Account.id == actor.account_id).with_for_update()).one()
    known = _known(session, actor, details)
    if known is not None:
        return known
    organisation_id = new_id()
    row = {
        "id": organisation_id,
        "name": details.name,
        "name_key": name_key(details.name),
        "uscc": details.uscc,
        "kind": details.kind,
        "region": details.region,
        "region_key": region_key(details.region),
        "created_at": now,
        "claimed_at": now,
        "posts_needs": False,
        "offers_work": False,
        "verified_at": None,
        "version": 1,
    }
    if not insert_unless_there(session, Organisation, [row]):
        # Somebody enrolled this code at the same moment; the constraint has decided, and now it is there.
        found = _known(session, actor, details)
        assert found is not None
        return found
    _note(
        session,
        actor,
        organisation_id,
        "organisation.enrolled",
        payload={"has_code": details.uscc is not None},
        now=now,
    )
    memberships.add(
        session,
        organisation_id=organisation_id,
        account_id=actor.account_id,
        standing=Standing.OWNER,
        actor_id=actor.account_id,
        now=now,
        new_id=new_id,
    )
    memberships.open_side(session, organisation_id, role, actor_id=actor.account_id, now=now)
    return Enrolment(organisation_id, Way.CREATED)


def _known(session: Session, actor: Actor, details: Details) -> Enrolment | None:
    row = _by_code(session, details) or _by_name(session, details) or _own_person(session, actor, details)
    if row is None:
        return None
    if memberships.standing_of(session, row.id, actor.account_id) is not None:
        return Enrolment(row.id, Way.OWN)
    return Enrolment(row.id, Way.CLAIM if row.claimed_at is None else Way.ASK)


def _by_code(session: Session, details: Details) -> Organisation | None:
    if details.uscc is None:
        return None
    return session.exec(select(Organisation).where(Organisation.uscc == details.uscc)).first()


def _by_name(session: Session, details: Details) -> Organisation | None:
    # What lists say of a firm without its code is waiting to be claimed, by whoever proves to be that firm.
    waiting = select(Organisation).where(
        Organisation.name_key == name_key(details.name),
        col(Organisation.uscc).is_(None),
        col(Organisation.claimed_at).is_(None),
    )
    rows = session.exec(waiting.order_by(col(Organisation.id))).all()
    found = [row for row in rows if regions.may_be_one(details.region, row.region)]
    exact = [row for row in found if row.region_key == region_key(details.region)]
    return next(iter(exact or found), None)


def _own_person(session: Session, actor: Actor, details: Details) -> Organisation | None:
    if details.kind is not OrganisationKind.NATURAL_PERSON:
        return None
    own = (
        select(Organisation)
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(
            Membership.account_id == actor.account_id,
            col(Membership.left_at).is_(None),
            Organisation.kind == OrganisationKind.NATURAL_PERSON,
        )
    )
    return session.exec(own.order_by(col(Organisation.id))).first()


def require_may_amend(actor: Actor, organisation_id: str) -> None:
    """Raise NotAllowed where the actor does not own the organisation."""
    if not owns(actor, organisation_id):
        raise NotAllowed("只有负责人可以修改单位资料。", code="not_the_owner")


def amend(
    session: Session,
    actor: Actor,
    organisation_id: str,
    details: Details,
    *,
    posts_needs: bool,
    offers_work: bool,
    version: int,
    now: datetime,
) -> None:
    """Change an organisation's details; a new name, kind or region needs to be verified again.

    `version` is the one that was being edited. The code never changes: it is who the organisation is.
    """
    row = organisations.held(session, organisation_id)
    require_may_amend(actor, organisation_id)
    if row.version != version:
        raise Conflict(MOVED_ON, code="organisation_moved_on")
    if (row.kind is OrganisationKind.NATURAL_PERSON) != (details.kind is OrganisationKind.NATURAL_PERSON):
        message = "个人与单位不能互相变更。设立企业后，请用企业的统一社会信用代码另行登记。"
        raise Invalid(message, code="kind_fixed", fields={"kind": message})
    if not (posts_needs or offers_work):
        message = "请至少选择一项：发布需求，或提供服务。"
        raise Invalid(message, code="no_side", fields={"sides": message})
    matters = (row.name, row.kind, row.region) != (details.name, details.kind, details.region)
    if matters:
        _require_not_waiting(session, organisation_id)
        row.verified_at = None
    row.name, row.name_key = details.name, name_key(details.name)
    row.kind, row.region, row.region_key = details.kind, details.region, region_key(details.region)
    row.posts_needs, row.offers_work = posts_needs, offers_work
    row.version += 1
    session.add(row)
    session.flush()
    _note(session, actor, organisation_id, "organisation.amended", payload={"verify_again": matters}, now=now)


def open_side(session: Session, actor: Actor, organisation_id: str, role: Role, *, now: datetime) -> None:
    """Let the actor's organisation post needs (ENTERPRISE) or offer its work (OPC), by one who writes for it."""
    if organisations.held(session, organisation_id).closed_at is not None:
        raise Conflict("这个单位已经注销。", code="organisation_closed")
    if not acts_for(actor, organisation_id):
        message = "只有本单位的负责人和经办人可以开通。请在页首切换到这个单位，或联系负责人。"
        raise NotAllowed(message, code="not_a_writer")
    memberships.open_side(session, organisation_id, role, actor_id=actor.account_id, now=now)


def _require_not_waiting(session: Session, organisation_id: str) -> None:
    waiting = select(Verification.id).where(
        Verification.organisation_id == organisation_id, Verification.state == RequestState.SUBMITTED
    )
    if session.exec(waiting).first() is not None:
        raise Conflict(
            "核验正在进行，名称、性质和地区暂不能修改。请等核验有结果，或先撤回核验申请。", code="being_verified"
        )


def _note(
    session: Session, actor: Actor, organisation_id: str, action: str, *, payload: dict[str, object], now: datetime
) -> None:
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=organisation_id,
        action=action,
        actor_id=actor.account_id,
        payload=payload,
        now=now,
    )
