"""Sign-in sessions: opened with a password, found by a token of which only the digest is kept."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.accounts import accounts, seats
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules.browsers import describe
from marketplace.accounts.signing_in import passwords, places, second_factors, throttling
from marketplace.accounts.signing_in.passwords import Challenge
from marketplace.accounts.signing_in.places import UNKNOWN_BROWSER, Browser
from marketplace.accounts.signing_in.tables import SignInSession
from marketplace.accounts.tables import Account
from marketplace.accounts.views import Seat, SignedIn
from marketplace.accounts.words import STAFF
from marketplace.kernel import audit, ids
from marketplace.kernel.errors import NotAllowed, NotFound

LONGEST = timedelta(hours=12)
STAFF_IDLE = timedelta(minutes=30)
TOUCH_EVERY = timedelta(minutes=1)
RECENT = timedelta(minutes=15)
"""How long a proof of who one is counts for sensitive acts."""
HALF_WAY = timedelta(minutes=10)
"""How long the second factor may take after the password."""
FAILED = "邮箱或密码不正确，请核对后重试。"


@dataclass(frozen=True, slots=True)
class SignInView:
    """One of somebody's live sign-ins; `browser` in plain words."""

    id: str
    browser: str
    address: str
    opened_at: datetime
    seen_at: datetime
    is_this: bool


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
    tried = (asked.email_digest, asked.address_digest)
    throttling.hold(session, *tried)
    throttling.require_unlocked(session, *tried, now=now)
    if not matched or asked.account_id is None:
        throttling.remember_failure(session, *tried, now=now, new_id=_random_id)
        _note(session, asked.email_digest, "sign_in.failed", None, now)
        raise NotAllowed(FAILED, code="sign_in_failed", keeps_writes=True)
    throttling.forget(session, asked.email_digest)
    actor = accounts.actor(session, asked.account_id)
    start(session, actor, token=token, now=now, browser=browser)
    _note(session, asked.email_digest, "sign_in.opened", asked.account_id, now)
    if not second_factors.has(session, actor.account_id):
        places.greet(session, actor.account_id, browser, now=now, new_id=_random_id)
    return actor


def start(
    session: Session,
    actor: Actor,
    *,
    token: str,
    now: datetime,
    browser: Browser = UNKNOWN_BROWSER,
    second_factor_at: datetime | None = None,
) -> None:
    """Write a new session of somebody who has just proved who it is."""
    session.add(
        SignInSession(
            token_digest=digest_of(token),
            account_id=actor.account_id,
            opened_at=now,
            seen_at=now,
            id=_random_id(),
            organisation_id=actor.organisation_id,
            confirmed_at=now,
            second_factor_at=second_factor_at,
            agent=browser.agent[:200],
            address=browser.address[:64],
        )
    )
    session.flush()


def find(session: Session, token: str, *, now: datetime, staff_needs_second_factor: bool = True) -> SignedIn | None:
    """The live sign-in of a token, or None: unknown, older than 12 hours, idle too long, account disabled.

    Whoever has a second factor and has not given it is granted nothing; staff without one (where the installation
    asks for it) is granted nothing of its staff roles. Only reads. Where `touch_due` is set, call `touch` in a
    writing transaction.
    """
    both = select(SignInSession, Account).join(Account, col(Account.id) == col(SignInSession.account_id))
    row, account = session.exec(both.where(SignInSession.token_digest == digest_of(token))).first() or (None, None)
    if row is None or account is None or now >= row.opened_at + LONGEST or account.disabled_at is not None:
        return None
    held = seats.of_account(session, row.account_id)
    is_staff = _is_staff(held)
    if is_staff and now >= row.seen_at + STAFF_IDLE:
        return None
    has_factor = row.second_factor_at is not None or second_factors.has(session, row.account_id)
    owes = has_factor and row.second_factor_at is None
    if owes and now >= row.seen_at + HALF_WAY:
        return None
    needs = is_staff and staff_needs_second_factor and not has_factor
    held = tuple(_granted(seat, owes=owes, needs=needs) for seat in held)
    seat = seats.choose(held, row.organisation_id)
    return SignedIn(
        session_id=row.id,
        actor=accounts.seated(account, held, row.organisation_id),
        csrf_token=_csrf(token),
        opened_at=row.opened_at,
        ends_at=row.opened_at + LONGEST,
        touch_due=now >= row.seen_at + TOUCH_EVERY and not owes,
        organisation=seat.organisation,
        seats=held,
        confirmed_at=row.confirmed_at,
        second_factor_at=row.second_factor_at,
        is_staff=is_staff,
        needs_second_factor=needs,
        owes_second_factor=owes,
    )


def of_actor(session: Session, actor: Actor, *, this: str, now: datetime) -> list[SignInView]:
    """The actor's live sign-ins, the newest first; `this` is the id of the one that asks."""
    idle = now - STAFF_IDLE if _is_staff(seats.of_account(session, actor.account_id)) else now - LONGEST
    live = (
        SignInSession.account_id == actor.account_id,
        col(SignInSession.opened_at) > now - LONGEST,
        col(SignInSession.seen_at) > idle,
    )
    rows = session.exec(select(SignInSession).where(*live).order_by(col(SignInSession.opened_at).desc()))
    return [
        SignInView(row.id, describe(row.agent), row.address, row.opened_at, row.seen_at, row.id == this) for row in rows
    ]


def end(session: Session, actor: Actor, session_id: str, *, now: datetime) -> None:
    """End one of the actor's sign-ins; one that has ended already is no error."""
    row = session.exec(select(SignInSession).where(SignInSession.id == session_id)).first()
    if row is not None and row.account_id == actor.account_id:
        session.delete(row)
        _note(session, actor.account_id, "sign_in.ended", actor.account_id, now)


def end_others(session: Session, account_id: str, *, keep: str | None, actor_id: str | None, now: datetime) -> None:
    """End every sign-in of an account, save the one with the id `keep`."""
    mine = [col(SignInSession.account_id) == account_id]
    if keep is not None:
        mine.append(col(SignInSession.id) != keep)
    session.execute(delete(SignInSession).where(*mine))
    _note(session, account_id, "sign_in.others_ended", actor_id, now)


def take_seat(session: Session, token: str, organisation_id: str | None, *, now: datetime) -> None:
    """Act for another of one's organisations (None: for oneself) from now on. Raises NotAllowed for a foreign one."""
    row = session.get(SignInSession, digest_of(token))
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
    row = session.get(SignInSession, digest_of(token))
    if row is not None:
        row.seen_at = max(row.seen_at, now)
        session.add(row)


def sign_out(session: Session, token: str, *, now: datetime) -> None:
    """End a session; an unknown token is no error."""
    row = session.get(SignInSession, digest_of(token))
    if row is not None:
        session.delete(row)
        _note(session, row.account_id, "sign_in.closed", row.account_id, now)


def sweep(session: Session, *, now: datetime) -> None:
    """Delete the sessions that can no longer be found."""
    session.execute(delete(SignInSession).where(col(SignInSession.opened_at) <= now - LONGEST))


def digest_of(token: str) -> str:
    """Give the digest of a token, which alone is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_staff(held: Sequence[Seat]) -> bool:
    return any(grant.role in STAFF for seat in held for grant in seat.grants)


def _granted(seat: Seat, *, owes: bool, needs: bool) -> Seat:
    if owes:
        return replace(seat, grants=())
    return replace(seat, grants=tuple(grant for grant in seat.grants if not (needs and grant.role in STAFF)))


def _csrf(token: str) -> str:
    # Made from the token that only the browser has: nothing more to store, nothing to steal from the database.
    return hmac.digest(token.encode(), b"jiebang csrf", "sha256").hex()


def _random_id() -> str:
    return ids.encode(secrets.token_bytes(ids.BYTES))


def _note(session: Session, aggregate_id: str, action: str, actor_id: str | None, now: datetime) -> None:
    audit.write(
        session, aggregate="sign_in", aggregate_id=aggregate_id, action=action, actor_id=actor_id, payload={}, now=now
    )
