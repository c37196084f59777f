"""Grants of staff roles: (role, organisation, region), given and withdrawn, never edited."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.actors import covers
from marketplace.accounts.rules.regions import clean_path
from marketplace.accounts.tables import Account, Grant, Organisation
from marketplace.accounts.words import MEMBER, Role
from marketplace.kernel import audit
from marketplace.kernel.errors import Invalid, NotFound


def give(
    session: Session,
    *,
    account_id: str,
    role: Role,
    now: datetime,
    new_id: Callable[[], str],
    organisation_id: str | None = None,
    region: str = "",
    actor_id: str | None = None,
) -> str:
    """Give an account a role; the same live grant again is no second one. Gives the grant's id."""
    _require(session, account_id, role, organisation_id)
    place = clean_path(region)
    same = session.exec(
        select(Grant).where(
            Grant.account_id == account_id,
            Grant.role == role,
            Grant.organisation_id == organisation_id,
            Grant.region == place,
            col(Grant.withdrawn_at).is_(None),
        ),
    ).first()
    if same is not None:
        return same.id
    grant = Grant(
        id=new_id(),
        account_id=account_id,
        role=role,
        organisation_id=organisation_id,
        region=place,
        given_by=actor_id,
        given_at=now,
    )
    session.add(grant)
    session.flush()
    _note(session, grant, "grant.given", actor_id, now)
    return grant.id


def office_of(session: Session, account_id: str, *, region: str) -> str | None:
    """The name of the office at which somebody organises a region, also where the grant has ended; None for no office."""
    granted = (Grant.account_id == account_id, Grant.role == Role.ORGANISER)
    rows = session.exec(
        select(Grant.region, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Grant.organisation_id))
        .where(*granted)
        .order_by(col(Grant.withdrawn_at).is_(None).desc(), col(Grant.given_at), col(Grant.id))
    )
    return next((name for granted_region, name in rows if covers(granted_region, region)), None)


def withdraw(session: Session, grant_id: str, *, actor_id: str | None, now: datetime) -> None:
    """Withdraw a grant; a withdrawn one stays withdrawn."""
    grant = session.get(Grant, grant_id)
    if grant is None:
        raise NotFound("没有这项授权。")
    if grant.withdrawn_at is None:
        grant.withdrawn_at = now
        session.add(grant)
        _note(session, grant, "grant.withdrawn", actor_id, now)


def _require(session: Session, account_id: str, role: Role, organisation_id: str | None) -> None:
    if session.get(Account, account_id) is None:
        raise NotFound("没有这个账号。")
    if organisation_id is not None and session.get(Organisation, organisation_id) is None:
        raise NotFound("没有这个单位。")
    if role in MEMBER:
        message = "发榜方和 OPC 的身份来自单位成员关系，不能授权取得。请邀请其加入单位。"
        raise Invalid(message, code="not_a_staff_role", fields={"role": message})


def _note(session: Session, grant: Grant, action: str, actor_id: str | None, now: datetime) -> None:
    payload = {
        "grant_id": grant.id,
        "role": grant.role.value,
        "organisation_id": grant.organisation_id,
        "region": grant.region,
    }
    audit.write(
        session,
        aggregate="account",
        aggregate_id=grant.account_id,
        action=action,
        actor_id=actor_id,
        payload=payload,
        now=now,
    )
