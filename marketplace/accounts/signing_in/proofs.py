"""Proving who one is beyond the password: the second step of a sign-in, a passkey, and confirming it again.

Whenever a session rises, it goes on under a new token: one that was planted or seen before is worth nothing.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passkeys, places, second_factors, sessions, throttling
from marketplace.accounts.signing_in.passkeys import Site
from marketplace.accounts.signing_in.passwords import Challenge
from marketplace.accounts.signing_in.places import Browser
from marketplace.accounts.signing_in.tables import SignInSession
from marketplace.accounts.views import SignedIn
from marketplace.accounts.words import PasskeyPurpose
from marketplace.kernel import audit
from marketplace.kernel.errors import NotAllowed, NotFound

WRONG_PASSWORD = "密码不正确，请重新输入。"  # noqa: S105 - a sentence


def give_code(
    session: Session,
    token: str,
    signed_in: SignedIn,
    code: str,
    *,
    new_token: str,
    browser: Browser,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take the second step of a sign-in with a code of the app or a recovery code."""
    account_id = signed_in.actor.account_id
    second_factors.require_code(session, account_id, code, now=now, new_id=new_id)
    _rise(session, token, new_token=new_token, second_factor=True, now=now)
    places.greet(session, account_id, browser, now=now, new_id=new_id)


def give_passkey(
    session: Session,
    token: str,
    signed_in: SignedIn,
    *,
    challenge_id: str,
    credential: str,
    site: Site,
    new_token: str,
    browser: Browser,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take the second step of a sign-in, or confirm who one is, with a passkey of the account."""
    passkeys.verify(
        session,
        challenge_id=challenge_id,
        credential=credential,
        purpose=PasskeyPurpose.CONFIRM,
        account_id=signed_in.actor.account_id,
        site=site,
        now=now,
    )
    _rise(session, token, new_token=new_token, second_factor=True, now=now)
    places.greet(session, signed_in.actor.account_id, browser, now=now, new_id=new_id)


def sign_in_by_passkey(
    session: Session,
    *,
    challenge_id: str,
    credential: str,
    site: Site,
    token: str,
    browser: Browser,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Open a session with a passkey alone: its device has checked the person, so it counts as both steps."""
    tried = throttling.address_subject(browser.address)
    throttling.hold(session, tried)
    throttling.require_unlocked(session, tried, now=now)
    try:
        account_id = passkeys.verify(
            session,
            challenge_id=challenge_id,
            credential=credential,
            purpose=PasskeyPurpose.SIGN_IN,
            account_id=None,
            site=site,
            now=now,
        )
        actor = _live(session, account_id)
    except NotAllowed:
        throttling.remember_failure(session, tried, now=now, new_id=new_id)
        raise
    sessions.start(session, actor, token=token, now=now, browser=browser, second_factor_at=now)
    _note(session, account_id, "sign_in.opened_by_passkey", now)
    places.greet(session, account_id, browser, now=now, new_id=new_id)


def confirm(
    session: Session,
    token: str,
    signed_in: SignedIn,
    asked: Challenge,
    *,
    matched: bool,
    code: str,
    new_token: str,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Confirm who one is with the password, and with a code where the account has an authenticator app or passkey."""
    account_id = signed_in.actor.account_id
    _require_password(session, account_id, asked, matched=matched, now=now, new_id=new_id)
    has_factor = second_factors.has(session, account_id)
    if has_factor:
        second_factors.require_code(session, account_id, code, now=now, new_id=new_id)
    throttling.forget(session, asked.email_digest)
    _rise(session, token, new_token=new_token, second_factor=has_factor, now=now)


def require_password(
    session: Session,
    actor: Actor,
    asked: Challenge,
    *,
    matched: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Take the actor's password for one act, whatever was proved before. Raises NotAllowed, and counts the failure."""
    _require_password(session, actor.account_id, asked, matched=matched, now=now, new_id=new_id)
    throttling.forget(session, asked.email_digest)


def mark_set_up(session: Session, token: str, *, new_token: str, now: datetime) -> None:
    """Count a second factor that was just set up in this session as given in it."""
    _rise(session, token, new_token=new_token, second_factor=True, now=now)


def _require_password(
    session: Session,
    account_id: str,
    asked: Challenge,
    *,
    matched: bool,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    tried = (asked.email_digest, asked.address_digest)
    throttling.hold(session, *tried)
    throttling.require_unlocked(session, *tried, now=now)
    if not matched or asked.account_id != account_id:
        throttling.remember_failure(session, *tried, now=now, new_id=new_id)
        _note(session, account_id, "sign_in.not_confirmed", now)
        raise NotAllowed(WRONG_PASSWORD, code="sign_in_failed", keeps_writes=True)


def _rise(session: Session, token: str, *, new_token: str, second_factor: bool, now: datetime) -> None:
    digest = sessions.digest_of(token)
    values: dict[str, object] = {"token_digest": sessions.digest_of(new_token), "confirmed_at": now, "seen_at": now}
    if second_factor:
        values["second_factor_at"] = now
    risen = session.execute(
        update(SignInSession)
        .where(col(SignInSession.token_digest) == digest)
        .values(**values)
        .returning(col(SignInSession.account_id))
    ).first()
    if risen is None:
        raise NotFound("登录已经结束，请重新登录。", code="signed_out")
    session.expire_all()
    _note(session, risen.account_id, "sign_in.confirmed", now)


def _live(session: Session, account_id: str) -> Actor:
    actor = accounts.find_actor(session, account_id)
    if actor is None:
        raise NotAllowed(passkeys.REFUSED, code="passkey_refused", keeps_writes=True)
    return actor


def _note(session: Session, account_id: str, action: str, now: datetime) -> None:
    audit.write(
        session, aggregate="sign_in", aggregate_id=account_id, action=action, actor_id=account_id, payload={}, now=now
    )
