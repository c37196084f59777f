"""Passwords: hashed with argon2id, checked with the same work whether the account exists or not.

Hashing takes 0.1 to 0.2 s. So that no writing transaction waits for it, sign-in is made of three steps:

    with store.reading() as session:
        challenge = passwords.challenge(session, email=…, now=…)
    matched = passwords.verify(challenge, password)                 # slow, no session: in a thread
    with store.writing() as session:
        actor = sessions.open_for(session, challenge, matched=matched, token=…, now=…)

`sessions.sign_in` does all three in one session, for commands and tests.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, select

from marketplace.accounts.rules import passwords as rules
from marketplace.accounts.rules.emails import clean_email
from marketplace.accounts.signing_in.throttling import address_subject, require_unlocked
from marketplace.accounts.tables import Account
from marketplace.kernel.errors import Invalid, NotFound

MIN_LENGTH = 10
MAX_LENGTH = 128
_HASHER = PasswordHasher()
_UNKNOWN = "$argon2id$v=19$m=65536,t=3,p=4$UMVRWJwBWQKbAnDVOyGm0A$rDvNVfxfO0CXmIrLy7glMj3KKXTekBhxBlfKBYYyTAQ"
"""The hash of a random word that nobody has kept: what is checked where there is no account."""
UNUSABLE = _UNKNOWN
"""The hash of an account that nobody can sign in to any more."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a password is to be checked against; `account_id` is None where nobody has this e-mail address.

    `address_digest` is for the network address that asks, "" where it is not known.
    """

    email_digest: str
    account_id: str | None
    password_hash: str = field(repr=False)
    address_digest: str = ""


def make(password: str, *, about: Sequence[str] = ()) -> str:
    """Hash a new password for keeping; `about`: names and addresses of its owner, which it must not be made of.

    Raises Invalid where it is too short, too long or easily guessed.
    """
    message = fault_in(password, about=about)
    if message is not None:
        raise Invalid(message, code="weak_password", fields={"password": message})
    return _HASHER.hash(password)


def fault_in(password: str, *, about: Sequence[str] = ()) -> str | None:
    """What is wrong with a new password, or None."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        return f"密码长度应为 {MIN_LENGTH} 至 {MAX_LENGTH} 个字符。"
    return rules.fault_in(password, about=about)


def challenge(session: Session, *, email: str, now: datetime, address: str = "") -> Challenge:
    """Find what to check a password against. Raises NotAllowed while the e-mail or the network address is locked."""
    cleaned = clean_email(email)
    digest, from_where = hashlib.sha256(cleaned.encode()).hexdigest(), address_subject(address)
    require_unlocked(session, digest, from_where, now=now)
    account = session.exec(select(Account).where(Account.email == cleaned)).first()
    if account is None or account.disabled_at is not None:
        return Challenge(digest, None, _UNKNOWN, from_where)
    return Challenge(digest, account.id, account.password_hash, from_where)


def challenge_of(session: Session, account_id: str, *, now: datetime, address: str = "") -> Challenge:
    """Find what to check the password of a live account against, for somebody who is signed in."""
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None:
        raise NotFound("没有这个账号，或账号已停用。")
    return challenge(session, email=account.email, now=now, address=address)


def verify(asked: Challenge, password: str) -> bool:
    """Whether a password answers a challenge; always the same work. Touches no database."""
    try:
        matches = _HASHER.verify(asked.password_hash, password[: MAX_LENGTH + 1])
    except (VerificationError, InvalidHashError):
        return False
    return matches and asked.account_id is not None
