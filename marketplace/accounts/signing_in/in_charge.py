"""Persons in charge: administrators and organisers, two of whom help somebody who cannot get in.

At least one of the two is an administrator, and neither is the owner of the account.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from marketplace.accounts import seats
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.tables import Account
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed

ROLES = frozenset({Role.ADMINISTRATOR, Role.ORGANISER})
APPROVAL_TIME = timedelta(hours=8)
"""How long the first approval waits for the second: one working day."""
MAX_REASON = 200


def require(actor: Actor) -> None:
    """Raise NotAllowed for everybody else."""
    if not actor.roles & ROLES:
        raise NotAllowed("只有主办方和管理员可以协助找回账号。", code="not_in_charge")


def require_first(session: Session, actor: Actor, *, email: str, reason: str) -> Account:
    """The account that is to be helped, where this person may begin; Invalid by field, NotAllowed for one's own."""
    require(actor)
    account = session.exec(select(Account).where(Account.email == clean_email(email))).first()
    if account is None or account.disabled_at is not None:
        message = "没有使用这个邮箱的账号，或账号已停用。请核对后重填。"
        raise Invalid(message, code="unknown_account", fields={"email": message})
    if account.id == actor.account_id:
        raise NotAllowed("不能给自己办理。请由另外两位管理人员办理。", code="own_account")
    if not reason.strip() or len(reason) > MAX_REASON:
        message = f"请写明事由和核实本人身份的方式，不超过 {MAX_REASON} 个字。"
        raise Invalid(message, code="no_reason", fields={"reason": message})
    return account


def require_second(
    session: Session,
    actor: Actor,
    *,
    first_by: str,
    first_at: datetime,
    owner: str,
    is_over: bool,
    now: datetime,
) -> None:
    """Raise Conflict where nothing waits any more, NotAllowed for a person who may not be the second."""
    require(actor)
    if is_over or now >= first_at + APPROVAL_TIME:
        raise Conflict("这项申请已经办理、作废或超过 8 小时，请重新发起。", code="assistance_over")
    if actor.account_id in {first_by, owner}:
        raise NotAllowed("须由另一位管理人员同意：第一位同意人和账号本人都不能办理。", code="same_person")
    if not (Role.ADMINISTRATOR in actor.roles or _is_administrator(session, first_by)):
        raise NotAllowed("两位管理人员中至少一位应是管理员。请由管理员同意。", code="no_administrator")


def _is_administrator(session: Session, account_id: str) -> bool:
    return any(
        grant.role is Role.ADMINISTRATOR for seat in seats.of_account(session, account_id) for grant in seat.grants
    )
