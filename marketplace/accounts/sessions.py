"""Sign-in sessions: opened with a password, found by a token of which only the digest is kept."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlmodel import Session, col

from marketplace.accounts import accounts, passwords, seats, throttling
from marketplace.accounts.actors import Actor
from marketplace.accounts.passwords import Challenge
from marketplace.accounts.sign_in_tables import SignInSession
from marketplace.accounts.tables import Account
from marketplace.accounts.views import SignedIn
from marketplace.accounts.words import STAFF
from marketplace.kernel import audit, ids
from marketplace.kernel.db import is_postgresql
from marketplace.kernel.errors import NotAllowed, NotFound

LONGEST = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
TOUCH_EVERY = timedelta(minutes=1)
RECENT = timedelta(minutes=15)
"""How long a proof of who one is counts for sensitive acts."""
FAILED = "邮箱或密码不正确，请核对后重试。"


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody signs in: the browser's own words and the network address, for the list of sign-ins."""

    agent: str = ""
    address: str = ""


UNKNOWN_BROWSER = Browser()


def sign_in(session: Session, *, email: str, password: str, token: str, now: datetime) -> Actor:
    """Check a password and open a session under `token` (a fresh secret of at least 32 random bytes).

    Raises NotAllowed with one and the same message for every failure; the failure itself is kept.
    """
    asked = passwords.challenge(session, email=email, now=now)
    matched = passwords.verify(asked, password)
    return open_for(session, asked, matched=matched, token=token, now=now)


def open_for(
    session: Session,
    asked: Challenge,
    *,
    matched: bool,
    token: str,
    now: datetime,
    browser: Browser = UNKNOWN_BROWSER,
) -> Actor:
    """Open a session for a challenge that was verified outside this transaction, or count the failure."""
    if is_postgresql(session):
        # Guesses made side by side are judged one after the other, or they would all count as the first.
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
        session.execute(lock, {"key": f"sign-in:{asked.email_digest}"})
    throttling.require_unlocked(session, asked.email_digest, now=now)
    if not matched or asked.account_id is None:
        throttling.remember_failure(session, asked.email_digest, now=now, new_id=_random_id)
        _note(session, asked.email_digest, "sign_in.failed", None, now)
        raise NotAllowed(FAILED, code="sign_in_failed", keeps_writes=True)
    throttling.forget(session, asked.email_digest)
    actor = accounts.actor(session, asked.account_id)
    session.add(
        SignInSession(
            token_digest=_digest(token),
            account_id=asked.account_id,
            opened_at=now,
            seen_at=now,
            id=_random_id(),
            organisation_id=actor.organisation_id,
            confirmed_at=now,
            agent=browser.agent[:200],
            address=browser.address[:64],
        )
    )
    _note(session, asked.email_digest, "sign_in.opened", asked.account_id, now)
    return actor


def find(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """The live sign-in of a token, or None: unknown, older than 12 hours, idle too long, account disabled.

    Only reads. Where `touch_due` is set, call `touch` in a writing transaction.
    """
    row = session.get(SignInSession, _digest(token))
    if row is None or now >= row.opened_at + LONGEST:
        return None
    account = session.get(Account, row.account_id)
    if account is None or account.disabled_at is not None:
        return None
    held = seats.of_account(session, row.account_id)
    is_staff = any(grant.role in STAFF for seat in held for grant in seat.grants)
    if is_staff and now >= row.seen_at + STAFF_IDLE:
        return None
    seat = seats.choose(held, row.organisation_id)
    return SignedIn(
        session_id=row.id,
        actor=accounts.seated(account, held, row.organisation_id),
        csrf_token=_csrf(token),
        opened_at=row.opened_at,
        ends_at=row.opened_at + LONGEST,
        touch_due=now >= row.seen_at + TOUCH_EVERY,
        organisation=seat.organisation,
        seats=held,
        confirmed_at=row.confirmed_at,
        second_factor_at=row.second_factor_at,
        is_staff=is_staff,
    )


def take_seat(session: Session, token: str, organisation_id: str | None, *, now: datetime) -> None:
    """Act for another of one's organisations (None: for oneself) from now on. Raises NotAllowed for a foreign one."""
    row = session.get(SignInSession, _digest(token))
    if row is None:
        raise NotFound("登录已经结束，请重新登录。", code="signed_out")
    held = seats.of_account(session, row.account_id)
    if organisation_id not in {seat.organisation.id if seat.organisation else None for seat in held}:
        raise NotAllowed("您不是这个单位的成员，不能代表它办理。请先由该单位邀请您加入。", code="not_your_seat")
    row.organisation_id = organisation_id
    session.add(row)
    _note(session, row.account_id, "sign_in.seat_taken", row.account_id, now)


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Remember that a session was used just now."""
    row = session.get(SignInSession, _digest(token))
    if row is not None:
        row.seen_at = max(row.seen_at, now)
        session.add(row)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End a session; an unknown token is no error."""
    row = session.get(SignInSession, _digest(token))
    if row is not None:
        session.delete(row)
        _note(session, row.account_id, "sign_in.closed", row.account_id, now)


def sweep(session: Session, *, now: datetime) -> None:
    """Delete the sessions that can no longer be found."""
    session.execute(delete(SignInSession).where(col(SignInSession.opened_at) <= now - LONGEST))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _csrf(token: str) -> str:
    # Made from the token that only the browser has: nothing more to store, nothing to steal from the database.
    return hmac.digest(token.encode(), b"jiebang csrf", "sha256").hex()


def _random_id() -> str:
    return ids.encode(secrets.token_bytes(ids.BYTES))


def _note(session: Session, aggregate_id: str, action: str, actor_id: str | None, now: datetime) -> None:
    audit.write(
        session, aggregate="sign_in", aggregate_id=aggregate_id, action=action, actor_id=actor_id, payload={}, now=now
    )
