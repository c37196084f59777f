"""New passwords: changed by their owner, or set by a link that is sent to the account's address.

Asking for a link does the same work and gives the same answer whether the address has an account or not: the request
is only written down, and a job answers it afterwards.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.signing_in import registrations, sessions, throttling
from marketplace.accounts.signing_in.tables import ResetLink, ResetRequest
from marketplace.accounts.tables import Account
from marketplace.kernel import audit, jobs, outbox
from marketplace.kernel.errors import NotFound

JOB = "answer_resets"
LINK_TIME = timedelta(minutes=15)
OVER = "这个链接已经用过、超过 15 分钟，或不完整。请重新申请重设密码。"
MAX_EMAIL = 320


def change(
    session: Session,
    actor: Actor,
    *,
    password_hash: str,
    keep: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Change the actor's own password; every sign-in but the one named `keep` ends."""
    _set(session, actor.account_id, password_hash, keep=keep, now=now, new_id=new_id)


def ask(session: Session, *, email: str, address: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Ask for a link to an e-mail address, known or not. Raises NotAllowed when asked for too often."""
    cleaned = clean_email(email)[:MAX_EMAIL]
    tried = (throttling.subject("reset", cleaned), throttling.address_subject(address, "reset-address"))
    throttling.hold(session, *tried)
    throttling.require_unlocked(session, *tried, now=now, what="申请重设密码的")
    throttling.remember_failure(session, *tried, now=now, new_id=new_id)
    session.add(ResetRequest(id=new_id(), email=cleaned, asked_at=now))
    session.flush()
    jobs.put(session, kind=JOB, payload={}, now=now, new_id=new_id)


def answer(session: Session, *, new_token: Callable[[], str], now: datetime, new_id: Callable[[], str]) -> None:
    """Send a link to each address that asked and has a live account, and forget all requests."""
    for request in session.exec(select(ResetRequest).order_by(col(ResetRequest.asked_at)).with_for_update()).all():
        account = session.exec(select(Account).where(Account.email == request.email)).first()
        is_fresh = now < request.asked_at + LINK_TIME
        if account is not None and account.disabled_at is None and is_fresh and outbox.sends_mail(session):
            _send_link(session, account, new_token(), now, new_id)
        session.delete(request)
    session.execute(delete(ResetLink).where(col(ResetLink.made_at) <= now - 10 * LINK_TIME))


def require_open(session: Session, token: str, *, now: datetime) -> tuple[str, str]:
    """The address and name of a link's owner, or NotFound. Looking does not use it up: mail servers look too."""
    row = session.get(ResetLink, _digest(token))
    if row is None or row.used_at is not None or now >= row.made_at + LINK_TIME:
        raise NotFound(OVER, code="link_over")
    account = session.get_one(Account, row.account_id)
    return account.email, account.name


def use(session: Session, token: str, *, password_hash: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Set a new password by a link, once; every sign-in of the account ends, and its second factor stays."""
    mine = (
        col(ResetLink.token_digest) == _digest(token),
        col(ResetLink.used_at).is_(None),
        col(ResetLink.made_at) > now - LINK_TIME,
    )
    # The statement decides, so that of two requests with one link only one sets a password.
    used = session.execute(
        update(ResetLink).where(*mine).values(used_at=now).returning(col(ResetLink.account_id))
    ).first()
    if used is None or accounts.find_actor(session, used.account_id) is None:
        raise NotFound(OVER, code="link_over")
    set_by_other_means(session, used.account_id, password_hash=password_hash, now=now, new_id=new_id)
    # Whoever opened the link reads the address that it was sent to.
    registrations.confirm_address(session, used.account_id, now=now)


def set_by_other_means(
    session: Session, account_id: str, *, password_hash: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Set the password of somebody who could not sign in: links still open are void, failures are forgotten."""
    open_links = (col(ResetLink.account_id) == account_id, col(ResetLink.used_at).is_(None))
    session.execute(update(ResetLink).where(*open_links).values(used_at=now))
    account = session.get_one(Account, account_id)
    throttling.forget(session, hashlib.sha256(account.email.encode()).hexdigest())
    _set(session, account_id, password_hash, keep=None, now=now, new_id=new_id)


def _set(
    session: Session,
    account_id: str,
    password_hash: str,
    *,
    keep: str | None,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    accounts.set_password(session, account_id, password_hash=password_hash, actor_id=account_id, now=now)
    sessions.end_others(session, account_id, keep=keep, actor_id=account_id, now=now)
    text = "您的账号密码已经修改，其他登录已全部结束。如果不是您本人操作，请立即重设密码，并联系管理员。"
    messages.tell(
        session, account_ids=[account_id], subject="密码已修改", text=text, link="/account", now=now, new_id=new_id
    )


def _send_link(session: Session, account: Account, token: str, now: datetime, new_id: Callable[[], str]) -> None:
    session.add(ResetLink(token_digest=_digest(token), account_id=account.id, made_at=now))
    session.flush()
    text = (
        f"{account.name}，您好：\n\n有人为您的账号申请重设密码。如果是您本人，请在 15 分钟内打开下面的链接，设置新密码。"
        "链接只能用一次，请不要转发给任何人。\n\n如果不是您本人，请忽略这封邮件，您的密码不会改变。"
    )
    outbox.put(
        session,
        to=account.email,
        subject="重设密码",
        text=text,
        link=f"/reset/new?token={token}",
        now=now,
        new_id=new_id,
        secret=True,
    )
    audit.write(
        session,
        aggregate="account",
        aggregate_id=account.id,
        action="reset.link_sent",
        actor_id=None,
        payload={},
        now=now,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
