"""Recovery codes: ten random words that stand in for a lost second factor, once each."""

import hashlib
import secrets
from datetime import datetime

from argon2.low_level import Type, hash_secret_raw
from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from marketplace.accounts.signing_in.tables import RecoveryCode
from marketplace.kernel import audit, ids

COUNT = 10
GROUPS = (4, 4, 4)
"""Twelve of 32 signs: 60 bits, which alone would not stand against whoever copies the database: the hash is slow."""
_TIMES, _MEMORY_KIB = 2, 19_456
FEW = 3


def make_all(session: Session, account_id: str, *, now: datetime) -> list[str]:
    """Make ten codes, shown to their owner now and never again; older ones no longer count."""
    codes = [_random_code() for _ in range(COUNT)]
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    digests = [slow_digest(code, account_id) for code in codes]
    session.add_all([RecoveryCode(code_digest=each, account_id=account_id, made_at=now) for each in digests])
    audit.write(
        session,
        aggregate="account",
        aggregate_id=account_id,
        action="recovery_codes.made",
        actor_id=account_id,
        payload={"count": COUNT},
        now=now,
    )
    return codes


def use(session: Session, account_id: str, code: str, *, now: datetime) -> bool:
    """Use up a code of an account; whether it was an unused one."""
    mine = (
        col(RecoveryCode.code_digest) == slow_digest(code, account_id),
        col(RecoveryCode.account_id) == account_id,
        col(RecoveryCode.used_at).is_(None),
    )
    # The statement decides, so that of two requests with one code only one is let in.
    used = session.execute(
        update(RecoveryCode).where(*mine).values(used_at=now).returning(col(RecoveryCode.code_digest))
    )
    if used.first() is None:
        return False
    audit.write(
        session,
        aggregate="account",
        aggregate_id=account_id,
        action="recovery_code.used",
        actor_id=account_id,
        payload={},
        now=now,
    )
    return True


def left(session: Session, account_id: str) -> int:
    """How many codes of an account are unused."""
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return session.exec(query.where(col(RecoveryCode.used_at).is_(None))).one()


def void(session: Session, account_id: str) -> None:
    """Delete the codes of an account that has no second factor any more."""
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))


def tidy(code: str) -> str:
    """A code as it was typed, without what does not count: case, dashes, spaces."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def slow_digest(code: str, account_id: str) -> str:
    """What is kept of a code of 60 bits: argon2id, so that whoever copies the database guesses slowly.

    The account's random id is the salt, so that one statement can look for the code and use it up.
    """
    salt = hashlib.sha256(account_id.encode()).digest()[:16]
    slow = hash_secret_raw(
        tidy(code).encode(), salt, time_cost=_TIMES, memory_cost=_MEMORY_KIB, parallelism=1, hash_len=32, type=Type.ID
    )
    return slow.hex()


def _random_code() -> str:
    signs = iter("".join(secrets.choice(ids.ALPHABET) for _ in range(sum(GROUPS))))
    return "-".join("".join(next(signs) for _ in range(size)) for size in GROUPS)
