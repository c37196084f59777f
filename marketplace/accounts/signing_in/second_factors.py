"""Second factors: an authenticator app (TOTP, RFC 6238), passkeys, and recovery codes in their place.

A person who has one gives it at every sign-in. Staff must have one where the installation asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import exists, update
from sqlmodel import Session, col, select

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import recovery_codes, throttling
from marketplace.accounts.signing_in.tables import Passkey, SignInSession, Totp
from marketplace.kernel import audit
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed

ISSUER = "揭榜"
DIGITS = 6
WINDOW = 1
"""How many steps of 30 seconds a code may be early or late."""
SET_UP_TIME = timedelta(minutes=30)
WRONG = "验证码不正确，或已经用过。请等下一个验证码出现后再输入；也可以输入一个恢复码。"


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey in its owner's list."""

    id: str
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """Which second factors somebody has."""

    app_since: datetime | None
    passkeys: tuple[PasskeyView, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is one at all."""
        return self.app_since is not None or bool(self.passkeys)

    @property
    def codes_are_few(self) -> bool:
        """Whether new recovery codes should be made soon."""
        return self.any and self.codes_left <= recovery_codes.FEW


@dataclass(frozen=True, slots=True)
class SetUp:
    """An authenticator app being set up: the secret, shown only now, and the address that its QR code holds."""

    secret: str
    address: str


def has(session: Session, account_id: str) -> bool:
    """Whether an account has a second factor."""
    app = exists().where(col(Totp.account_id) == account_id, col(Totp.secret).is_not(None))
    key = exists().where(col(Passkey.account_id) == account_id)
    return bool(session.execute(select(app | key)).scalar_one())


def of_account(session: Session, account_id: str) -> Factors:
    """The second factors of an account."""
    app = session.get(Totp, account_id)
    keys = session.exec(select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.added_at)))
    return Factors(
        app_since=app.confirmed_at if app else None,
        passkeys=tuple(PasskeyView(key.id, key.name, key.added_at, key.used_at) for key in keys),
        codes_left=recovery_codes.left(session, account_id),
    )


def begin_app(session: Session, actor: Actor, *, now: datetime) -> SetUp:
    """Begin to set up an authenticator app, or go on with what was begun; the one in use stays until the end."""
    row = session.get(Totp, actor.account_id) or Totp(account_id=actor.account_id)
    if row.pending_secret is None or row.pending_at is None or now >= row.pending_at + SET_UP_TIME:
        row.pending_secret, row.pending_at = pyotp.random_base32(), now
        session.add(row)
        session.flush()
    return _set_up(row.pending_secret, actor.email)


def setting_up(session: Session, actor: Actor, *, now: datetime) -> SetUp | None:
    """The set-up that was begun and has not run out, or None."""
    row = session.get(Totp, actor.account_id)
    if row is None or row.pending_secret is None or row.pending_at is None or now >= row.pending_at + SET_UP_TIME:
        return None
    return _set_up(row.pending_secret, actor.email)


def finish_app(session: Session, actor: Actor, code: str, *, now: datetime, new_id: Callable[[], str]) -> list[str]:
    """Take an authenticator app into use once it shows the right code; gives new recovery codes where there were none.

    Raises Invalid for a wrong code, Conflict where nothing is being set up.
    """
    row = session.get(Totp, actor.account_id)
    if row is None or row.pending_secret is None or row.pending_at is None or now >= row.pending_at + SET_UP_TIME:
        raise Conflict("这次设置已超过 30 分钟，请重新开始设置。", code="set_up_over")
    counter = _counter(row.pending_secret, code, now)
    if counter is None:
        message = "验证码不正确。请确认手机时间准确，并输入此刻显示的 6 位数字。"
        raise Invalid(message, code="wrong_code", fields={"code": message})
    is_change = row.secret is not None
    row.secret, row.confirmed_at, row.last_counter = row.pending_secret, now, counter
    row.pending_secret = row.pending_at = None
    session.add(row)
    session.flush()
    note(session, actor.account_id, "second_factor.app_changed" if is_change else "second_factor.app_added", now)
    tell(session, actor.account_id, f"{'已更换' if is_change else '已启用'}身份验证器", now=now, new_id=new_id)
    return first_codes(session, actor.account_id, now=now)


def remove_app(session: Session, actor: Actor, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Take an authenticator app out of use."""
    row = session.get(Totp, actor.account_id)
    if row is None or row.secret is None:
        raise Conflict("您没有启用身份验证器。", code="no_app")
    row.secret = row.confirmed_at = None
    session.add(row)
    session.flush()
    note(session, actor.account_id, "second_factor.app_removed", now)
    tell(session, actor.account_id, "已停用身份验证器", now=now, new_id=new_id)
    after_removing(session, actor.account_id)


def require_code(session: Session, account_id: str, code: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Take a code of the app or a recovery code. Raises NotAllowed, and counts the failure, for any other."""
    tried = throttling.subject("factor", account_id)
    throttling.hold(session, tried)
    throttling.require_unlocked(session, tried, now=now, what="验证码输错")
    if not (_take_app_code(session, account_id, code, now) or recovery_codes.use(session, account_id, code, now=now)):
        throttling.remember_failure(session, tried, now=now, new_id=new_id)
        note(session, account_id, "second_factor.failed", now)
        raise NotAllowed(WRONG, code="wrong_code", keeps_writes=True)
    throttling.forget(session, tried)


def first_codes(session: Session, account_id: str, *, now: datetime) -> list[str]:
    """Recovery codes for somebody who has none yet; nothing for somebody who has."""
    return [] if recovery_codes.left(session, account_id) else recovery_codes.make_all(session, account_id, now=now)


def renew_codes(session: Session, actor: Actor, *, now: datetime) -> list[str]:
    """New recovery codes instead of the old ones. Raises Conflict for somebody without a second factor."""
    if not has(session, actor.account_id):
        raise Conflict("请先启用身份验证器或通行密钥，再生成恢复码。", code="no_second_factor")
    return recovery_codes.make_all(session, actor.account_id, now=now)


def after_removing(session: Session, account_id: str) -> None:
    """What follows when a factor went: without any, recovery codes are void and no sign-in counts as given twice."""
    if not has(session, account_id):
        recovery_codes.void(session, account_id)
        mine = col(SignInSession.account_id) == account_id
        session.execute(update(SignInSession).where(mine).values(second_factor_at=None))


def note(session: Session, account_id: str, action: str, now: datetime) -> None:
    """Add to the account's audit chain, without secrets."""
    audit.write(
        session, aggregate="account", aggregate_id=account_id, action=action, actor_id=account_id, payload={}, now=now
    )


def tell(session: Session, account_id: str, happened: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Tell somebody that its second factors changed."""
    text = f"您的账号{happened}。如果不是您本人操作，请立即修改密码，结束其他登录，并联系管理员。"
    messages.tell(
        session, account_ids=[account_id], subject=happened, text=text, link="/account", now=now, new_id=new_id
    )


def _take_app_code(session: Session, account_id: str, code: str, now: datetime) -> bool:
    row = session.exec(select(Totp).where(Totp.account_id == account_id).with_for_update()).first()
    if row is None or row.secret is None:
        return False
    counter = _counter(row.secret, code, now)
    if counter is None or counter <= row.last_counter:
        return False
    row.last_counter = counter
    session.add(row)
    session.flush()
    return True


def _counter(secret: str, code: str, now: datetime) -> int | None:
    digits = "".join(code.split())
    if len(digits) != DIGITS or not digits.isascii() or not digits.isdigit():
        return None
    try:
        return pyotp.TOTP(secret, digits=DIGITS).verify_and_get_timecode(digits, for_time=now, valid_window=WINDOW)
    except OTPVerificationError:
        return None


def _set_up(secret: str, email: str) -> SetUp:
    return SetUp(secret, pyotp.TOTP(secret, digits=DIGITS).provisioning_uri(name=email, issuer_name=ISSUER))
