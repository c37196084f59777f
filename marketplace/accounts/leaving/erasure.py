"""What the platform holds of a person: a copy for its owner, and its erasure.

Erasing keeps the account's id, so that what was done stays attributable to one account, and takes everything that
tells whose it was. What belongs to an organisation (its needs, its profile) stays the organisation's.
"""

from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from marketplace.accounts import grants, organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining.tables import Invitation, JoinRequest
from marketplace.accounts.message_tables import Message
from marketplace.accounts.office import administration
from marketplace.accounts.office.platform import require_administrator
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.signing_in.tables import (
    AssistedCode,
    EmailChange,
    FactorVoiding,
    FirstLink,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    Registration,
    ResetLink,
    ResetRequest,
    SignInPlace,
    SignInSession,
    Totp,
)
from marketplace.accounts.signing_in.token_tables import ApiToken
from marketplace.accounts.tables import Account, Grant, Membership, Organisation
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import OrganisationKind, Standing
from marketplace.kernel import audit, events, outbox
from marketplace.kernel.errors import Conflict, NotFound

NAME = "已注销用户"
PERSONAL = frozenset({"name", "email", "phone", "address", "agent", "purpose"})
"""What a payload of the account's own chain may say of the person; such payloads are erased."""
MOST_ACTS = 100_000
OWNED = (
    Message,
    Passkey,
    PasskeyChallenge,
    RecoveryCode,
    ResetLink,
    AssistedCode,
    FirstLink,
    SignInPlace,
    SignInSession,
    Totp,
    JoinRequest,
    Registration,
    EmailChange,
    FactorVoiding,
)


def own_data(session: Session, actor: Actor) -> dict[str, object]:
    """Everything that is held of the actor itself, as plain values: its account, grants, memberships and acts."""
    account = _account(session, actor.account_id)
    given = session.exec(select(Grant).where(Grant.account_id == account.id).order_by(col(Grant.given_at)))
    member = session.exec(
        select(Membership, Organisation.name)
        .join(Organisation, col(Organisation.id) == col(Membership.organisation_id))
        .where(Membership.account_id == account.id)
        .order_by(col(Membership.joined_at))
    )
    told = session.exec(select(Message).where(Message.account_id == account.id).order_by(col(Message.put_at)))
    done = events.newest(session, events.Wanted(actor_ids=(account.id,)), limit=MOST_ACTS)
    return {
        "account": {
            "id": account.id,
            "name": account.name,
            "email": account.email,
            "created_at": _at(account.created_at),
        },
        "grants": [
            {
                "role": row.role.value,
                "region": row.region,
                "given_at": _at(row.given_at),
                "withdrawn_at": _at(row.withdrawn_at),
            }
            for row in given
        ],
        "memberships": [
            {
                "organisation": name,
                "standing": row.standing.value,
                "joined_at": _at(row.joined_at),
                "left_at": _at(row.left_at),
            }
            for row, name in member
        ],
        "messages": [{"subject": row.subject, "text": row.text, "put_at": _at(row.put_at)} for row in told],
        "acts": [
            {"at": _at(one.at), "action": one.action, "about": one.aggregate, "id": one.aggregate_id, "hash": one.hash}
            for one in reversed(done)
        ],
    }


def erase_account(session: Session, actor: Actor, account_id: str, *, now: datetime) -> None:
    """Erase whose an account was: by its owner, or by an administrator whom the owner asked.

    Raises Conflict for the last administrator, for the only 负责人 of an organisation that has other members, and for
    somebody who is registered as a supplier in person: that is closed first, with what it published. What the areas
    above hold of the person is theirs to erase in the same transaction.
    """
    if actor.account_id != account_id:
        require_administrator(actor)
    account = _account(session, account_id)
    if administration.is_erased(account):
        raise Conflict("账号已经注销。", code="account_erased")
    administration.require_another_administrator(session, account_id)
    _require_no_orphans(session, account_id)
    _forget_address(session, account.email, now)
    account.name, account.email = NAME, f"{account_id}@erased.invalid"
    account.password_hash, account.disabled_at = passwords.UNUSABLE, account.disabled_at or now
    session.add(account)
    for grant in session.exec(select(Grant).where(Grant.account_id == account_id, col(Grant.withdrawn_at).is_(None))):
        grants.withdraw(session, grant.id, actor_id=actor.account_id, now=now)
    session.execute(
        update(Membership)
        .where(col(Membership.account_id) == account_id, col(Membership.left_at).is_(None))
        .values(left_at=now)
    )
    session.execute(
        update(ApiToken)
        .where(col(ApiToken.account_id) == account_id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=now, revoked_by=actor.account_id)
    )
    session.flush()
    for table in OWNED:
        session.execute(delete(table).where(col(table.account_id) == account_id))
    audit.write(
        session,
        aggregate="account",
        aggregate_id=account_id,
        action="account.erased",
        actor_id=actor.account_id,
        payload={},
        now=now,
    )
    _erase_payloads(session, actor, account_id, now)


def sole(session: Session, account_id: str) -> list[OrganisationView]:
    """The organisations that somebody alone belongs to as 负责人: nobody acts for them once the account is erased."""
    live = col(Membership.left_at).is_(None)
    mine = select(Membership.organisation_id).where(
        Membership.account_id == account_id, Membership.standing == Standing.OWNER, live
    )
    heads = (
        select(Membership.organisation_id)
        .where(col(Membership.organisation_id).in_(mine), live)
        .group_by(col(Membership.organisation_id))
        .having(func.count() == 1)
    )
    return organisations.many(session, session.exec(heads).all())


def _forget_address(session: Session, email: str, now: datetime) -> None:
    session.execute(delete(Registration).where(col(Registration.email) == email))
    session.execute(delete(ResetRequest).where(col(ResetRequest.email) == email))
    for invitation in session.exec(select(Invitation).where(Invitation.email == email)):
        invitation.email = f"{invitation.id}@erased.invalid"
        if invitation.accepted_at is None:
            invitation.withdrawn_at = invitation.withdrawn_at or now
        session.add(invitation)
    outbox.forget(session, email)
    session.flush()


def _require_no_orphans(session: Session, account_id: str) -> None:
    owners = (Membership.standing == Standing.OWNER, col(Membership.left_at).is_(None))
    mine = select(Membership.organisation_id).where(Membership.account_id == account_id, *owners)
    for unit in sole(session, account_id):
        if unit.kind is OrganisationKind.NATURAL_PERSON:
            message = f"您还以个人身份登记着“{unit.name}”。请先在“我的单位”注销它，再注销账号。"
            raise Conflict(message, code="registered_in_person")
    for organisation_id in session.exec(mine).all():
        live = (Membership.organisation_id == organisation_id, col(Membership.left_at).is_(None))
        others = select(func.count()).select_from(Membership).where(*live, Membership.account_id != account_id)
        heads = others.where(Membership.standing == Standing.OWNER)
        if session.exec(others).one() and not session.exec(heads).one():
            name = session.get_one(Organisation, organisation_id).name
            message = f"您是“{name}”唯一的负责人，单位里还有其他成员。请先移交负责人，再注销账号。"
            raise Conflict(message, code="only_owner")


def _erase_payloads(session: Session, actor: Actor, account_id: str, now: datetime) -> None:
    for event in events.of_chain(session, "account", account_id):
        if event.payload is not None and PERSONAL & event.payload.keys():
            audit.erase(
                session,
                aggregate="account",
                aggregate_id=account_id,
                number=event.number,
                actor_id=actor.account_id,
                reason="账号注销",
                now=now,
            )


def _account(session: Session, account_id: str) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("没有这个账号。")
    return account


def _at(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
