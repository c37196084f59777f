"""Memberships: who belongs to an organisation, and in what standing."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Account, Membership, Organisation
from marketplace.accounts.words import Role, Standing
from marketplace.kernel import audit
from marketplace.kernel.errors import NotFound


def add(
    session: Session,
    *,
    organisation_id: str,
    account_id: str,
    standing: Standing,
    now: datetime,
    new_id: Callable[[], str],
    actor_id: str | None = None,
) -> str:
    """Make somebody a member, or give a member another standing; gives the membership's id."""
    if session.get(Organisation, organisation_id) is None:
        raise NotFound("没有这个单位。")
    if session.get(Account, account_id) is None:
        raise NotFound("没有这个账号。")
    live = (Membership.organisation_id == organisation_id, Membership.account_id == account_id)
    row = session.exec(select(Membership).where(*live, col(Membership.left_at).is_(None))).first()
    if row is not None and row.standing is standing:
        return row.id
    if row is None:
        row = Membership(
            id=new_id(), organisation_id=organisation_id, account_id=account_id, standing=standing, joined_at=now
        )
    row.standing = standing
    session.add(row)
    session.flush()
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=organisation_id,
        action="member.added",
        actor_id=actor_id,
        payload={"account_id": account_id, "standing": standing.value},
        now=now,
    )
    return row.id


def open_side(session: Session, organisation_id: str, role: Role, *, actor_id: str | None, now: datetime) -> None:
    """Let an organisation post needs (ENTERPRISE) or offer its work (OPC); a side once open stays open."""
    row = session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound("没有这个单位。")
    name = {Role.ENTERPRISE: "posts_needs", Role.OPC: "offers_work"}[role]
    if not getattr(row, name):
        setattr(row, name, True)
        session.add(row)
        audit.write(
            session,
            aggregate="organisation",
            aggregate_id=organisation_id,
            action=f"organisation.{name}",
            actor_id=actor_id,
            payload={},
            now=now,
        )
