"""The link by which somebody who never signed in sets its first password, where nobody could help it otherwise.

Without a mail server two persons in charge issue a code (`assisted_codes`). A fresh installation has one person in
charge: for it alone, and for accounts that never signed in, that person gets one link to hand over. So the link opens
nothing that anybody has used, and whoever opens it must set up the second factor before any staff role counts.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.office.platform import require_administrator
from marketplace.accounts.signing_in import in_charge, resets
from marketplace.accounts.signing_in.tables import FirstLink
from marketplace.accounts.tables import Account, Grant
from marketplace.kernel import audit, events, locks, outbox
from marketplace.kernel.errors import Conflict, NotFound

LASTS = timedelta(hours=24)
SIGN_INS = ("sign_in.opened", "sign_in.opened_by_passkey")
OVER = "这个链接已经用过、超过 24 小时，或已由新的链接代替。请联系管理员重新签发。"


def refusal(session: Session, actor: Actor, account_id: str) -> str:
    """Why the actor may issue no link for an account, as a sentence; empty where it may."""
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None or account_id == actor.account_id:
        return "账号已停用，或是您自己的账号，不能签发首次登录链接。"
    if _has_signed_in(session, {account_id}):
        return "这个账号已经登录过，不能签发首次登录链接。忘记密码请办理两人协助的一次性代码。"
    if outbox.sends_mail(session):
        return "本平台能发邮件：请本人在“忘记密码”页用这个邮箱申请链接。"
    if _others_in_charge(session, actor.account_id, account_id):
        return "平台已有另一位管理员或主办方工作人员，请两人分别签发一次性代码。"
    return ""


def issue(
    session: Session, actor: Actor, account_id: str, *, token: str, now: datetime, new_id: Callable[[], str]
) -> str:
    """Make the link of an account that never signed in; an earlier one ends. Gives its address within the site.

    `token` is a fresh secret of at least 32 random bytes, of which only the digest is kept.
    """
    require_administrator(actor)
    locks.hold(session, f"first-link:{account_id}")
    if session.get(Account, account_id) is None:
        raise NotFound("没有这个账号。")
    reason = refusal(session, actor, account_id)
    if reason:
        raise Conflict(reason, code="no_first_link")
    _end_open(session, account_id, now)
    row = FirstLink(
        id=new_id(),
        token_digest=_digest(token),
        account_id=account_id,
        made_by=actor.account_id,
        made_at=now,
        expires_at=now + LASTS,
    )
    session.add(row)
    session.flush()
    _note(session, account_id, "first_link.issued", actor.account_id, now)
    return f"/reset/new?token={token}"


def find_open(session: Session, token: str, *, now: datetime) -> tuple[str, str] | None:
    """The address and name of an open link's owner, or None. Looking does not use it up."""
    row = session.exec(select(FirstLink).where(FirstLink.token_digest == _digest(token))).first()
    if row is None:
        return None
    if row.ended_at is not None or now >= row.expires_at:
        raise NotFound(OVER, code="link_over")
    account = session.get_one(Account, row.account_id)
    return account.email, account.name


def use(session: Session, token: str, *, password_hash: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Set the first password by a link, once."""
    mine = (
        col(FirstLink.token_digest) == _digest(token),
        col(FirstLink.ended_at).is_(None),
        col(FirstLink.expires_at) > now,
    )
    # The statement decides, so that of two requests with one link only one sets a password.
    used = session.execute(
        update(FirstLink).where(*mine).values(ended_at=now, used_at=now).returning(col(FirstLink.account_id))
    ).first()
    if used is None or accounts.find_actor(session, used.account_id) is None:
        raise NotFound(OVER, code="link_over")
    _note(session, used.account_id, "first_link.used", used.account_id, now)
    resets.set_by_other_means(session, used.account_id, password_hash=password_hash, now=now, new_id=new_id)


def _others_in_charge(session: Session, actor_id: str, account_id: str) -> bool:
    query = (
        select(Grant.account_id)
        .join(Account, col(Account.id) == col(Grant.account_id))
        .where(
            col(Grant.role).in_(sorted(in_charge.ROLES)),
            col(Grant.withdrawn_at).is_(None),
            col(Account.disabled_at).is_(None),
            col(Grant.account_id).not_in([actor_id, account_id]),
        )
    )
    # Who was appointed and has not come in yet can approve nothing.
    return _has_signed_in(session, set(session.exec(query)))


def _has_signed_in(session: Session, account_ids: set[str]) -> bool:
    return bool(account_ids and events.latest_by_actor(session, sorted(account_ids), SIGN_INS))


def _end_open(session: Session, account_id: str, now: datetime) -> None:
    still_open = (col(FirstLink.account_id) == account_id, col(FirstLink.ended_at).is_(None))
    session.execute(update(FirstLink).where(*still_open).values(ended_at=now))


def _note(session: Session, account_id: str, action: str, actor_id: str, now: datetime) -> None:
    audit.write(
        session, aggregate="account", aggregate_id=account_id, action=action, actor_id=actor_id, payload={}, now=now
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
