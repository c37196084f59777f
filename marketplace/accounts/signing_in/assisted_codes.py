"""One-time codes that two persons in charge issue together, for somebody who cannot get a reset link by mail.

Each of the two sees only one half, and reads it out to the owner; both halves together let the owner set a new
password, once, within 15 minutes of the second approval. The second factor stays as it is. Persons in charge are
administrators and organisers; at least one of the two is an administrator, and neither is the owner.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.signing_in import in_charge, resets, throttling
from marketplace.accounts.signing_in.recovery_codes import slow_digest
from marketplace.accounts.signing_in.tables import AssistedCode
from marketplace.accounts.tables import Account
from marketplace.kernel import audit, ids
from marketplace.kernel.errors import NotAllowed, NotFound

CODE_TIME = timedelta(minutes=15)
GROUPS = 3
GROUP = 4
"""A half is three groups of four signs: 60 bits, kept as slow digests like recovery codes."""
WRONG = "邮箱或两段代码不正确、已经用过，或已超过 15 分钟。请核对后重试，或请两位管理人员重新签发。"


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
    account = in_charge.require_first(session, actor, email=email, reason=reason)
    _end_open(session, account.id, now)
    half = _half()
    row = AssistedCode(
        id=new_id(),
        account_id=account.id,
        reason=reason.strip(),
        first_by=actor.account_id,
        first_at=now,
        first_digest=slow_digest(half, account.id),
    )
    session.add(row)
    session.flush()
    _note(session, row, "assisted_code.approved_first", actor.account_id, now)
    _tell(session, account.id, "有一位管理人员同意为您签发一次性重设码，正等待另一位管理人员同意。", now, new_id)
    return half


def approve(session: Session, actor: Actor, code_id: str, *, now: datetime, new_id: Callable[[], str]) -> str:
    """Approve second; gives the second half, shown to this person alone and only now. The code is valid from now."""
    in_charge.require(actor)
    row = session.exec(select(AssistedCode).where(AssistedCode.id == code_id).with_for_update()).first()
    if row is None:
        raise NotFound("没有这项申请。")
    is_over = row.second_by is not None or row.ended_at is not None
    in_charge.require_second(
        session, actor, first_by=row.first_by, first_at=row.first_at, owner=row.account_id, is_over=is_over, now=now
    )
    half = _half()
    row.second_by, row.second_at, row.second_digest = actor.account_id, now, slow_digest(half, row.account_id)
    session.add(row)
    session.flush()
    _note(session, row, "assisted_code.approved_second", actor.account_id, now)
    _tell(session, row.account_id, "两位管理人员已为您签发一次性重设码，15 分钟内有效。", now, new_id)
    return half


def waiting(session: Session, actor: Actor, *, now: datetime) -> list[AssistedView]:
    """The codes that wait for a second approval, oldest first."""
    in_charge.require(actor)
    rows = session.exec(
        select(AssistedCode, Account)
        .join(Account, col(Account.id) == col(AssistedCode.account_id))
        .where(
            col(AssistedCode.second_by).is_(None),
            col(AssistedCode.ended_at).is_(None),
            col(AssistedCode.first_at) > now - in_charge.APPROVAL_TIME,
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
    owner = session.exec(select(Account.id).where(Account.email == cleaned, col(Account.disabled_at).is_(None))).first()
    # The same work where nobody has the address: how long it takes tells nothing.
    first_digest, second_digest = (slow_digest(half, owner or cleaned) for half in (first, second))
    used = session.execute(
        update(AssistedCode)
        .where(
            col(AssistedCode.account_id) == owner,
            col(AssistedCode.first_digest) == first_digest,
            col(AssistedCode.second_digest) == second_digest,
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
