"""Changes of one's address: proved by a link sent to the new one, or by a person in charge where no mail is sent.

The old address is told. Whether an address belongs to another account is never said to whoever asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.emails import require_email
from marketplace.accounts.signing_in import in_charge, throttling
from marketplace.accounts.signing_in.registrations import digest
from marketplace.accounts.signing_in.tables import EmailChange, ResetLink
from marketplace.accounts.tables import Account
from marketplace.kernel import audit, outbox
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

LINK_TIME = timedelta(hours=24)
HELP_TIME = timedelta(days=7)
"""How long a change waits for a person in charge."""
KEPT = timedelta(days=7)
CONFIRM = "/account/email/confirm?token="
OVER = "这个链接已经用过、超过 24 小时，或不完整。请登录后在“我的账号”重新申请更改邮箱。"
TAKEN = "这个邮箱现在已有账号，不能改成它。请换一个邮箱。"


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change that waits: the new address, and of whom."""

    id: str
    name: str
    old: str
    new: str
    asked_at: datetime
    may_confirm: bool


def ask(session: Session, actor: Actor, *, email: str, token: str, now: datetime, new_id: Callable[[], str]) -> bool:
    """Ask for another address; says whether a link was sent there. An earlier request ends.

    `token` is a fresh secret of at least 32 random bytes. Raises Invalid by field, NotAllowed when asked too often.
    """
    cleaned = require_email(email)
    if cleaned == actor.email:
        message = "这就是您现在的邮箱，请填写新的邮箱。"
        raise Invalid(message, code="same_email", fields={"email": message})
    tried = throttling.subject("email-change", actor.account_id)
    throttling.hold(session, tried)
    throttling.require_unlocked(session, tried, now=now, what="申请更改邮箱的")
    throttling.remember_failure(session, tried, now=now, new_id=new_id)
    mine = (col(EmailChange.account_id) == actor.account_id, col(EmailChange.done_at).is_(None))
    session.execute(delete(EmailChange).where(*mine))
    sends = outbox.sends_mail(session)
    session.add(
        EmailChange(
            id=new_id(),
            account_id=actor.account_id,
            email=cleaned,
            token_digest=digest(token) if sends else None,
            asked_at=now,
            expires_at=now + (LINK_TIME if sends else HELP_TIME),
        )
    )
    session.flush()
    _note(session, actor.account_id, "account.email_change_asked", actor.account_id, now)
    if sends:
        _send(session, cleaned, token, now, new_id)
    return sends


def find(session: Session, token: str, *, now: datetime) -> str:
    """The new address of an open link, or NotFound. Looking does not use it up: mail servers look too."""
    return _open(session, token, now).email


def confirm(session: Session, token: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Take the new address, once. Raises NotFound for a link that is over, Conflict where the address is taken."""
    row = _open(session, token, now, held=True)
    row.done_at = now
    session.add(row)
    _take(session, row, actor_id=row.account_id, is_proved=True, now=now, new_id=new_id)


def confirm_for(session: Session, actor: Actor, change_id: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Confirm somebody else's change as a person in charge who has checked it."""
    in_charge.require(actor)
    row = session.exec(select(EmailChange).where(EmailChange.id == change_id).with_for_update()).first()
    if row is None or row.token_digest is not None:
        raise NotFound("没有这项申请。")
    if row.done_at is not None or now >= row.expires_at:
        raise Conflict("这项申请已经办理或已过期，请本人重新申请。", code="change_over")
    if row.account_id == actor.account_id:
        raise NotAllowed("不能给自己办理。请由另一位管理人员核实办理。", code="own_account")
    row.done_at, row.confirmed_by = now, actor.account_id
    session.add(row)
    _take(session, row, actor_id=actor.account_id, is_proved=False, now=now, new_id=new_id)


def waiting(session: Session, actor: Actor, *, now: datetime) -> list[ChangeView]:
    """The changes that wait for a person in charge, oldest first."""
    in_charge.require(actor)
    rows = session.exec(
        select(EmailChange, Account)
        .join(Account, col(Account.id) == col(EmailChange.account_id))
        .where(
            col(EmailChange.token_digest).is_(None),
            col(EmailChange.done_at).is_(None),
            col(EmailChange.expires_at) > now,
        )
        .order_by(col(EmailChange.asked_at))
    )
    return [
        ChangeView(row.id, owner.name, owner.email, row.email, row.asked_at, owner.id != actor.account_id)
        for row, owner in rows
    ]


def sweep(session: Session, *, now: datetime) -> None:
    """Forget changes that ended more than a week ago: they hold addresses."""
    session.execute(delete(EmailChange).where(col(EmailChange.expires_at) <= now - KEPT))


def _open(session: Session, token: str, now: datetime, *, held: bool = False) -> EmailChange:
    wanted = select(EmailChange).where(EmailChange.token_digest == digest(token))
    row = session.exec(wanted.with_for_update() if held else wanted).first()
    if row is None or row.done_at is not None or now >= row.expires_at:
        raise NotFound(OVER, code="link_over")
    return row


def _send(session: Session, email: str, token: str, now: datetime, new_id: Callable[[], str]) -> None:
    known = accounts.find_by_email(session, email)
    if known is not None:
        text = "有人想把自己的账号改用您的邮箱。您的邮箱已有揭榜账号，没有改动；不是您本人操作，可以不理会。"
        messages.tell(session, account_ids=[known], subject="有人想使用您的邮箱", text=text, now=now, new_id=new_id)
        return
    text = "有人要把揭榜账号的邮箱改为这个邮箱。如果是您本人，请在 24 小时内打开下面的链接确认；不是您本人，请忽略这封邮件。"
    outbox.put(
        session,
        to=email,
        subject="确认您的新邮箱",
        text=text,
        link=CONFIRM + token,
        secret=True,
        now=now,
        new_id=new_id,
    )


def _take(
    session: Session, row: EmailChange, *, actor_id: str, is_proved: bool, now: datetime, new_id: Callable[[], str]
) -> None:
    account = session.exec(select(Account).where(Account.id == row.account_id).with_for_update()).one()
    if account.disabled_at is not None:
        raise NotFound(OVER, code="link_over")
    old = account.email
    account.email, account.email_confirmed_at = row.email, now if is_proved else None
    session.add(account)
    try:
        session.flush()
    except IntegrityError as taken:
        # Somebody else's account has the address, since before or just now: the constraint decides.
        raise Conflict(TAKEN, code="email_taken") from taken
    open_links = (col(ResetLink.account_id) == account.id, col(ResetLink.used_at).is_(None))
    session.execute(update(ResetLink).where(*open_links).values(used_at=now))
    _note(session, account.id, "account.email_changed", actor_id, now)
    text = "您的揭榜账号已改用另一个邮箱，今后的通知发往新邮箱。不是您本人操作的，请立即联系管理员。"
    outbox.put(session, to=old, subject="账号邮箱已更改", text=text, now=now, new_id=new_id)
    messages.tell(
        session,
        account_ids=[account.id],
        subject="账号邮箱已更改",
        text="您的账号已改用新的邮箱。下次请用新邮箱登录。",
        link="/account",
        now=now,
        new_id=new_id,
    )


def _note(session: Session, account_id: str, action: str, actor_id: str, now: datetime) -> None:
    audit.write(
        session, aggregate="account", aggregate_id=account_id, action=action, actor_id=actor_id, payload={}, now=now
    )
