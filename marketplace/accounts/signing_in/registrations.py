"""Registrations: somebody asks for an account by e-mail; the answer never tells whether the address is known.

Where the installation sends mail, the account is made once the link in the mail is opened and the chosen password is
given again, so that nobody can prepare an account for a stranger's address. Without mail the account is made at once
and its address stays unconfirmed.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import names, registering
from marketplace.accounts.rules.emails import require_email
from marketplace.accounts.signing_in.passwords import Challenge
from marketplace.accounts.signing_in.tables import Registration
from marketplace.accounts.tables import Account
from marketplace.kernel import audit, outbox
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.text import collapsed

CONFIRM = "/register/confirm?token="
ENDED = "这个链接已经用过或已过期。请重新注册，或直接登录。"


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """An open registration as the holder of its link sees it; `has_account`: only the address is to be confirmed."""

    email: str
    has_account: bool


def ask(
    session: Session,
    *,
    email: str,
    name: str,
    password_hash: str,
    token: str,
    address: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Ask for an account; the owner of a known address is told by mail, and nobody else learns of it.

    `token` is a fresh secret of at least 32 random bytes. Raises Invalid by field, NotAllowed when asked too often.
    """
    cleaned = require_email(email)
    fault = names.fault_in(name, what="姓名")
    if fault:
        raise Invalid(fault, code="bad_name", fields={"name": fault})
    _require_may_ask(session, cleaned, address, now)
    known = accounts.find_by_email(session, cleaned)
    sends = outbox.sends_mail(session)
    row = Registration(
        token_digest=digest(token),
        email=cleaned,
        name=collapsed(name),
        password_hash=password_hash if sends and known is None else "",
        address=address[:64],
        asked_at=now,
        expires_at=now + registering.LINK_LASTS if known is None else now,
    )
    if known is not None:
        _tell_owner(session, known, now, new_id)
    elif sends:
        text = "有人用这个邮箱申请注册揭榜账号。如果是您本人，请在 24 小时内打开下面的链接，并输入注册时设置的密码；不是您本人，请忽略这封邮件。"
        outbox.put(
            session,
            to=cleaned,
            subject="确认您的揭榜账号",
            text=text,
            link=CONFIRM + token,
            secret=True,
            now=now,
            new_id=new_id,
        )
    else:
        row.account_id = accounts.create(
            session, email=cleaned, name=row.name, password_hash=password_hash, now=now, new_id=new_id
        )
        row.used_at = now
    session.add(row)
    session.flush()


def find(session: Session, token: str, *, now: datetime) -> RegistrationView:
    """The open registration of a link, or NotFound: unknown, used or expired."""
    row = _open(session, token, now)
    return RegistrationView(row.email, row.account_id is not None)


def challenge(session: Session, token: str, *, now: datetime) -> Challenge:
    """What the password given with a link is to be checked against (`passwords.verify`, in a thread)."""
    row = _open(session, token, now)
    return Challenge(digest(row.email), row.email, row.password_hash)


def confirm(session: Session, token: str, *, matched: bool, now: datetime, new_id: Callable[[], str]) -> str:
    """Make the account of a registration whose password matched, or confirm the address of an account; gives its id."""
    row = _open(session, token, now, held=True)
    if row.account_id is None:
        if not matched:
            message = "密码与注册时设置的不一致，请重新输入。"
            raise Invalid(message, code="wrong_password", fields={"password": message})
        if accounts.find_by_email(session, row.email) is not None:
            raise Conflict("这个邮箱已有账号，请直接登录。", code="email_taken")
        row.account_id = accounts.create(
            session, email=row.email, name=row.name, password_hash=row.password_hash, now=now, new_id=new_id
        )
    row.used_at, row.password_hash = now, ""
    session.add(row)
    confirm_address(session, row.account_id, now=now)
    return row.account_id


def confirm_address(session: Session, account_id: str, *, now: datetime) -> None:
    """Remember that the owner of an account's address has opened a link that was sent to it."""
    account = session.get_one(Account, account_id)
    if account.email_confirmed_at is not None:
        return
    account.email_confirmed_at = now
    session.add(account)
    session.flush()
    audit.write(
        session,
        aggregate="account",
        aggregate_id=account_id,
        action="account.email_confirmed",
        actor_id=account_id,
        payload={},
        now=now,
    )


def send_again(
    session: Session, actor: Actor, *, token: str, address: str, now: datetime, new_id: Callable[[], str]
) -> None:
    """Send the actor a link that confirms its address. Raises Conflict where nothing is to be confirmed or sent."""
    if is_confirmed(session, actor.account_id):
        raise Conflict("您的邮箱已经确认过了。", code="already_confirmed")
    if not outbox.sends_mail(session):
        raise Conflict("本平台没有接通邮件，暂时不能确认邮箱；不影响使用。", code="no_mail")
    _require_may_ask(session, actor.email, address, now)
    session.add(
        Registration(
            token_digest=digest(token),
            email=actor.email,
            name=actor.name,
            password_hash="",
            account_id=actor.account_id,
            address=address[:64],
            asked_at=now,
            expires_at=now + registering.LINK_LASTS,
        )
    )
    outbox.put(
        session,
        to=actor.email,
        subject="确认您的邮箱",
        text="请在 24 小时内打开下面的链接，确认这是您的邮箱。",
        link=CONFIRM + token,
        secret=True,
        now=now,
        new_id=new_id,
    )


def is_confirmed(session: Session, account_id: str) -> bool:
    """Whether the owner of an account's address has opened a link that was sent to it."""
    return session.exec(select(Account.email_confirmed_at).where(Account.id == account_id)).first() is not None


def sweep(session: Session, *, now: datetime) -> None:
    """Forget registrations that ended more than a week ago."""
    session.execute(delete(Registration).where(col(Registration.expires_at) <= now - registering.KEPT))


def digest(token: str) -> str:
    """The digest under which a link's secret is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _open(session: Session, token: str, now: datetime, *, held: bool = False) -> Registration:
    wanted = select(Registration).where(Registration.token_digest == digest(token))
    row = session.exec(wanted.with_for_update() if held else wanted).first()
    if row is None or row.used_at is not None or now >= row.expires_at:
        raise NotFound(ENDED, code="link_ended")
    return row


def _require_may_ask(session: Session, email: str, address: str, now: datetime) -> None:
    recent = select(func.count()).select_from(Registration).where(col(Registration.asked_at) > now - registering.WINDOW)
    registering.require_may_ask(
        by_email=session.exec(recent.where(Registration.email == email)).one(),
        by_address=session.exec(recent.where(Registration.address == address[:64])).one() if address else 0,
    )


def _tell_owner(session: Session, account_id: str, now: datetime, new_id: Callable[[], str]) -> None:
    messages.tell(
        session,
        account_ids=[account_id],
        subject="有人用您的邮箱申请注册",
        text="您的邮箱已有揭榜账号，没有新建账号。如果是您本人，请直接登录；忘记密码可以在登录页重设。不是您本人，可以不理会。",
        link="/sign-in",
        now=now,
        new_id=new_id,
    )
