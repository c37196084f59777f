"""One-time codes that two persons in charge issue together, for somebody who cannot get a reset link by mail.

Each of the two sees only one half, and reads it out to the owner; both halves together let the owner set a new
password, once, within 15 minutes of the second approval. The second factor stays as it is. Persons in charge are
administrators and organisers; at least one of the two is an administrator, and neither is the owner.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages, resets, seats, throttling
from marketplace.accounts.actors import Actor
from marketplace.accounts.recovery_codes import tidy
from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.sign_in_tables import AssistedCode
from marketplace.accounts.tables import Account
from marketplace.accounts.words import Role
from marketplace.kernel import audit, ids
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

CODE_TIME = timedelta(minutes=15)
APPROVAL_TIME = timedelta(hours=8)
"""How long the first approval waits for the second: one working day."""
GROUPS = 3
GROUP = 4
"""A half is three groups of four signs: 60 bits."""
MAX_REASON = 200
IN_CHARGE = frozenset({Role.ADMINISTRATOR, Role.ORGANISER})
WRONG = "邮箱或两段代码不正确、已经用过，或已超过 15 分钟。请核对后重试，或请两位负责人重新签发。"


@dataclass(frozen=True, slots=True)
class AssistedView:
    """A code being issued, as persons in charge see it; never its halves."""

    id: str
    owner: str
    email: str
    reason: str
    first_by: str
    first_at: datetime
    may_approve: bool


def begin(session: Session, actor: Actor, *, email: str, reason: str, now: datetime, new_id: Callable[[], str]) -> str:
    """Approve first that an account gets a code; gives the first half, shown to this person alone and only now."""
    _require_in_charge(actor)
    account = session.exec(select(Account).where(Account.email == clean_email(email))).first()
    if account is None or account.disabled_at is not None:
        message = "没有使用这个邮箱的账号，或账号已停用。请核对后重填。"
        raise Invalid(message, code="unknown_account", fields={"email": message})
    if account.id == actor.account_id:
        raise NotAllowed("不能给自己签发。请由另外两位负责人办理。", code="own_account")
    if not reason.strip() or len(reason) > MAX_REASON:
        message = f"请写明事由和核实本人身份的方式，不超过 {MAX_REASON} 个字。"
        raise Invalid(message, code="no_reason", fields={"reason": message})
    _end_open(session, account.id, now)
    half = _half()
    row = AssistedCode(
        id=new_id(),
        account_id=account.id,
        reason=reason.strip(),
        first_by=actor.account_id,
        first_at=now,
        first_digest=_digest(half),
    )
    session.add(row)
    session.flush()
    _note(session, row, "assisted_code.approved_first", actor.account_id, now)
    _tell(session, account.id, "有一位负责人同意为您签发一次性重设码，正等待另一位负责人同意。", now, new_id)
    return half


def approve(session: Session, actor: Actor, code_id: str, *, now: datetime, new_id: Callable[[], str]) -> str:
    """Approve second; gives the second half, shown to this person alone and only now. The code is valid from now."""
    _require_in_charge(actor)
    row = session.exec(select(AssistedCode).where(AssistedCode.id == code_id).with_for_update()).first()
    if row is None:
        raise NotFound("没有这项申请。")
    if row.second_by is not None or row.ended_at is not None or now >= row.first_at + APPROVAL_TIME:
        raise Conflict("这项申请已经办理、作废或超过 8 小时，请重新发起。", code="assistance_over")
    if actor.account_id in {row.first_by, row.account_id}:
        raise NotAllowed("须由另一位负责人同意：第一位同意人和账号本人都不能办理。", code="same_person")
    if not (Role.ADMINISTRATOR in actor.roles or _is_administrator(session, row.first_by)):
        raise NotAllowed("两位负责人中至少一位应是管理员。请由管理员同意。", code="no_administrator")
    half = _half()
    row.second_by, row.second_at, row.second_digest = actor.account_id, now, _digest(half)
    session.add(row)
    session.flush()
    _note(session, row, "assisted_code.approved_second", actor.account_id, now)
    _tell(session, row.account_id, "两位负责人已为您签发一次性重设码，15 分钟内有效。", now, new_id)
    return half


def waiting(session: Session, actor: Actor, *, now: datetime) -> list[AssistedView]:
    """The codes that wait for a second approval, oldest first."""
    _require_in_charge(actor)
    rows = session.exec(
        select(AssistedCode, Account)
        .join(Account, col(Account.id) == col(AssistedCode.account_id))
        .where(
            col(AssistedCode.second_by).is_(None),
            col(AssistedCode.ended_at).is_(None),
            col(AssistedCode.first_at) > now - APPROVAL_TIME,
        )
        .order_by(col(AssistedCode.first_at))
    ).all()
    names = accounts.names(session, {row.first_by for row, _ in rows})
    return [
        AssistedView(
            row.id,
            owner.name,
            owner.email,
            row.reason,
            names[row.first_by],
            row.first_at,
            actor.account_id not in {row.first_by, row.account_id},
        )
        for row, owner in rows
    ]


def use(
    session: Session,
    *,
    email: str,
    first: str,
    second: str,
    password_hash: str,
    address: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Set a new password with both halves, once. Raises NotAllowed, in the same words for every reason."""
    cleaned = clean_email(email)
    tried = (throttling.subject("assisted", cleaned), throttling.address_subject(address))
    throttling.hold(session, *tried)
    throttling.require_unlocked(session, *tried, now=now, what="输错")
    owner = select(Account.id).where(Account.email == cleaned, col(Account.disabled_at).is_(None))
    used = session.execute(
        update(AssistedCode)
        .where(
            col(AssistedCode.account_id).in_(owner),
            col(AssistedCode.first_digest) == _digest(first),
            col(AssistedCode.second_digest) == _digest(second),
            col(AssistedCode.second_at) > now - CODE_TIME,
            col(AssistedCode.used_at).is_(None),
            col(AssistedCode.ended_at).is_(None),
        )
        .values(used_at=now, ended_at=now)
        .returning(col(AssistedCode.id))
    ).first()
    if used is None:
        throttling.remember_failure(session, *tried, now=now, new_id=new_id)
        raise NotAllowed(WRONG, code="wrong_assisted_code", keeps_writes=True)
    session.expire_all()
    row = session.get_one(AssistedCode, used.id)
    _note(session, row, "assisted_code.used", row.account_id, now)
    resets.set_by_other_means(session, row.account_id, password_hash=password_hash, now=now, new_id=new_id)


def _require_in_charge(actor: Actor) -> None:
    if not actor.roles & IN_CHARGE:
        raise NotAllowed("只有主办方和管理员可以协助重设密码。", code="not_in_charge")


def _is_administrator(session: Session, account_id: str) -> bool:
    return any(
        grant.role is Role.ADMINISTRATOR for seat in seats.of_account(session, account_id) for grant in seat.grants
    )


def _end_open(session: Session, account_id: str, now: datetime) -> None:
    still_open = (col(AssistedCode.account_id) == account_id, col(AssistedCode.ended_at).is_(None))
    session.execute(update(AssistedCode).where(*still_open).values(ended_at=now))


def _tell(session: Session, account_id: str, happened: str, now: datetime, new_id: Callable[[], str]) -> None:
    text = f"{happened}如果您没有提出过，请立即联系管理员，并且不要把收到的代码告诉任何人。"
    messages.tell(session, account_ids=[account_id], subject="协助重设密码", text=text, now=now, new_id=new_id)


def _note(session: Session, row: AssistedCode, action: str, actor_id: str, now: datetime) -> None:
    audit.write(
        session,
        aggregate="account",
        aggregate_id=row.account_id,
        action=action,
        actor_id=actor_id,
        payload={"assisted_code_id": row.id},
        now=now,
    )


def _half() -> str:
    return "-".join("".join(secrets.choice(ids.ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))


def _digest(half: str) -> str:
    return hashlib.sha256(tidy(half).encode()).hexdigest()
