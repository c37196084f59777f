"""Memberships: who belongs to an organisation, and in what standing."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from marketplace.accounts import messages, organisations
from marketplace.accounts.actors import Actor, belongs_to, owns
from marketplace.accounts.joining.views import MemberView
from marketplace.accounts.rules.ownership import require_owner_left
from marketplace.accounts.tables import Account, Membership, Organisation
from marketplace.accounts.words import Role, Standing
from marketplace.kernel import audit
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound

SAID = {Standing.OWNER: "负责人", Standing.EDITOR: "经办人", Standing.READER: "查看"}


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


def standing_of(session: Session, organisation_id: str, account_id: str) -> Standing | None:
    """The standing of a live member, or None."""
    row = _live(session, organisation_id, account_id)
    return None if row is None else row.standing


def of_organisation(session: Session, actor: Actor, organisation_id: str) -> list[MemberView]:
    """The live members with their addresses, owners first; to members alone, NotFound for everybody else."""
    if not belongs_to(actor, organisation_id):
        raise NotFound("没有这个单位，或您现在不代表它办理。请在页首切换单位。")
    rows = session.exec(
        select(Membership, Account)
        .join(Account, col(Account.id) == col(Membership.account_id))
        .where(Membership.organisation_id == organisation_id, col(Membership.left_at).is_(None))
        .order_by(col(Membership.joined_at), col(Membership.id))
    )
    order = list(Standing)
    found = [
        MemberView(
            member.id,
            account.id,
            account.name,
            account.email,
            account.email_confirmed_at is not None,
            member.standing,
            member.joined_at,
        )
        for member, account in rows
    ]
    return sorted(found, key=lambda one: order.index(one.standing))


def change(
    session: Session,
    actor: Actor,
    organisation_id: str,
    membership_id: str,
    *,
    standing: Standing | None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Give a member another standing, or (None) take it out. For owners; somebody must remain an owner."""
    members = _held(session, organisation_id)
    _require_owner(members, actor)
    row = next((one for one in members if one.id == membership_id), None)
    if row is None:
        raise NotFound("没有这名成员，可能已经退出。")
    _settle(session, actor, members, row, standing, now=now)
    name = organisations.get(session, organisation_id).name
    if row.account_id != actor.account_id:
        said = "您已不再是成员。" if standing is None else f"您现在的身份是{SAID[standing]}。"
        messages.tell(
            session,
            account_ids=[row.account_id],
            subject=f"您在“{name}”的身份有变化",
            text=f"负责人{actor.name}调整了“{name}”的成员：{said}",
            link="/organisations",
            now=now,
            new_id=new_id,
        )


def leave(session: Session, actor: Actor, organisation_id: str, *, now: datetime) -> None:
    """Leave an organisation; its last owner cannot, it hands over first."""
    members = _held(session, organisation_id)
    row = next((one for one in members if one.account_id == actor.account_id), None)
    if row is None or not belongs_to(actor, organisation_id):
        raise NotFound("您不是这个单位的成员，或现在没有代表它。请先在页首切换到这个单位。")
    _settle(session, actor, members, row, None, now=now)


def transfer(
    session: Session,
    actor: Actor,
    organisation_id: str,
    membership_id: str,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Hand an organisation over: another live member becomes an owner, and the actor its editor (经办人)."""
    members = _held(session, organisation_id)
    own = _require_owner(members, actor)
    row = next((one for one in members if one.id == membership_id and one.id != own.id), None)
    if row is None:
        message = "请选择一位现在的成员接任负责人。"
        raise Invalid(message, code="no_recipient", fields={"member": message})
    _settle(session, actor, members, row, Standing.OWNER, now=now)
    _settle(session, actor, members, own, Standing.EDITOR, now=now)
    name = organisations.get(session, organisation_id).name
    messages.tell_organisation(
        session,
        organisation_id,
        subject=f"“{name}”的负责人已变更",
        text=f"{actor.name}已把负责人转交给另一位成员，自己改为经办人。",
        link=f"/organisations/{organisation_id}/members",
        now=now,
        new_id=new_id,
    )


def end_all(session: Session, organisation_id: str, *, actor_id: str | None, now: datetime) -> list[str]:
    """End every live membership, because somebody else proved to own the organisation; gives whom it concerns."""
    members = _held(session, organisation_id)
    for row in members:
        row.left_at = now
        session.add(row)
        _note(session, row, "member.left", actor_id, now)
    session.flush()
    return [row.account_id for row in members]


def owners(session: Session, organisation_id: str) -> list[str]:
    """The accounts that decide over an organisation."""
    live = (Membership.organisation_id == organisation_id, col(Membership.left_at).is_(None))
    wanted = select(Membership.account_id).where(*live, Membership.standing == Standing.OWNER)
    return list(session.exec(wanted.order_by(col(Membership.id))))


def _live(session: Session, organisation_id: str, account_id: str) -> Membership | None:
    live = (Membership.organisation_id == organisation_id, Membership.account_id == account_id)
    return session.exec(select(Membership).where(*live, col(Membership.left_at).is_(None))).first()


def _held(session: Session, organisation_id: str) -> list[Membership]:
    # The organisation's row is held first: two owners who leave at the same moment follow each other.
    organisations.held(session, organisation_id)
    live = (Membership.organisation_id == organisation_id, col(Membership.left_at).is_(None))
    rows = select(Membership).where(*live).order_by(col(Membership.id))
    return list(session.exec(rows.execution_options(populate_existing=True)))


def _require_owner(members: Sequence[Membership], actor: Actor) -> Membership:
    own = next((one for one in members if one.account_id == actor.account_id), None)
    if own is None:
        raise NotFound("没有这个单位，或您不是它的成员。")
    if own.standing is not Standing.OWNER or not owns(actor, own.organisation_id):
        raise NotAllowed("只有负责人可以管理成员。需要调整，请联系本单位负责人。", code="not_the_owner")
    return own


def _settle(
    session: Session,
    actor: Actor,
    members: Sequence[Membership],
    row: Membership,
    standing: Standing | None,
    *,
    now: datetime,
) -> None:
    after = {one.id: one.standing for one in members if one.left_at is None and one.id != row.id}
    require_owner_left(after if standing is None else after | {row.id: standing})
    if standing is None:
        row.left_at = now
    else:
        row.standing = standing
    session.add(row)
    session.flush()
    _note(session, row, "member.left" if standing is None else "member.changed", actor.account_id, now)


def _note(session: Session, row: Membership, action: str, actor_id: str | None, now: datetime) -> None:
    audit.write(
        session,
        aggregate="organisation",
        aggregate_id=row.organisation_id,
        action=action,
        actor_id=actor_id,
        payload={"account_id": row.account_id, "standing": row.standing.value},
        now=now,
    )
