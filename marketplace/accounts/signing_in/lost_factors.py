"""Second factors that were lost together with their recovery codes: two persons in charge void them.

The first checks who the person is and says how; the second agrees. Then the authenticator app, all passkeys and all
recovery codes are gone, every sign-in ends, and staff set up a new factor at the next one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import in_charge, recovery_codes, second_factors, sessions
from marketplace.accounts.signing_in.tables import FactorVoiding, Passkey, Totp
from marketplace.accounts.tables import Account
from marketplace.kernel import audit
from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, NotFound


@dataclass(frozen=True, slots=True)
class VoidingView:
    """A voiding that waits for its second approval, as persons in charge see it."""

    id: str
    owner: str
    email: str
    reason: str
    first_by: str
    first_at: datetime
    may_approve: bool


def begin(session: Session, actor: Actor, *, email: str, reason: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Approve first that somebody's second factor is voided. Conflict where it has none, or one approval waits."""
    account = in_charge.require_first(session, actor, email=email, reason=reason)
    if not second_factors.has(session, account.id):
        raise Conflict("这个账号没有启用二次验证，不需要作废。", code="no_second_factor")
    lapsed = (
        col(FactorVoiding.account_id) == account.id,
        col(FactorVoiding.second_by).is_(None),
        col(FactorVoiding.ended_at).is_(None),
        col(FactorVoiding.first_at) <= now - in_charge.APPROVAL_TIME,
    )
    session.execute(update(FactorVoiding).where(*lapsed).values(ended_at=now))
    row = {
        "id": new_id(),
        "account_id": account.id,
        "reason": reason.strip(),
        "first_by": actor.account_id,
        "first_at": now,
    }
    # The constraint decides, so that two persons who begin at once do not count as two who agree.
    made = insert_unless_there(session, FactorVoiding, [row])
    if not made:
        raise Conflict("这个账号已有一项申请在等第二位管理人员同意，请在下面的列表里办理。", code="already_begun")
    _note(session, account.id, made[0], "second_factor.void_approved_first", actor_id=actor.account_id, now=now)
    _tell(session, account.id, "有一位管理人员同意作废您的二次验证，正等待另一位管理人员同意。", now, new_id)


def approve(session: Session, actor: Actor, voiding_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Approve second: the factors are gone and every sign-in of the account ends."""
    in_charge.require(actor)
    row = session.exec(select(FactorVoiding).where(FactorVoiding.id == voiding_id).with_for_update()).first()
    if row is None:
        raise NotFound("没有这项申请。")
    is_over = row.second_by is not None or row.ended_at is not None
    in_charge.require_second(
        session, actor, first_by=row.first_by, first_at=row.first_at, owner=row.account_id, is_over=is_over, now=now
    )
    row.second_by, row.second_at, row.ended_at = actor.account_id, now, now
    session.add(row)
    session.flush()
    for table in (Totp, Passkey):
        session.execute(delete(table).where(col(table.account_id) == row.account_id))
    recovery_codes.void(session, row.account_id)
    sessions.end_others(session, row.account_id, keep=None, actor_id=actor.account_id, now=now)
    _note(session, row.account_id, row.id, "second_factor.voided", actor_id=actor.account_id, now=now)
    happened = "两位管理人员已作废您的二次验证和恢复码，所有登录已结束。请用密码登录，重新设置二次验证。"
    _tell(session, row.account_id, happened, now, new_id)


def waiting(session: Session, actor: Actor, *, now: datetime) -> list[VoidingView]:
    """What waits for a second approval, oldest first."""
    in_charge.require(actor)
    rows = session.exec(
        select(FactorVoiding, Account)
        .join(Account, col(Account.id) == col(FactorVoiding.account_id))
        .where(
            col(FactorVoiding.second_by).is_(None),
            col(FactorVoiding.ended_at).is_(None),
            col(FactorVoiding.first_at) > now - in_charge.APPROVAL_TIME,
        )
        .order_by(col(FactorVoiding.first_at))
    ).all()
    names = accounts.names(session, {row.first_by for row, _ in rows})
    return [
        VoidingView(
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


def _tell(session: Session, account_id: str, happened: str, now: datetime, new_id: Callable[[], str]) -> None:
    text = f"{happened}如果您没有提出过，请立即联系管理员。"
    messages.tell(
        session,
        account_ids=[account_id],
        subject="作废二次验证",
        text=text,
        link="/account/second-factor",
        now=now,
        new_id=new_id,
    )


def _note(session: Session, account_id: str, voiding_id: str, action: str, *, actor_id: str, now: datetime) -> None:
    audit.write(
        session,
        aggregate="account",
        aggregate_id=account_id,
        action=action,
        actor_id=actor_id,
        payload={"voiding_id": voiding_id},
        now=now,
    )
