"""Failed tries, counted for what was tried: an e-mail address known or not, a network address, a second factor."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, text
from sqlmodel import Session, col, select

from marketplace.accounts.rules import throttle
from marketplace.accounts.rules.browsers import counted
from marketplace.accounts.signing_in.tables import SignInFailure
from marketplace.kernel.chinese_time import spoken
from marketplace.kernel.db import is_postgresql
from marketplace.kernel.errors import NotAllowed


def subject(kind: str, value: str) -> str:
    """The digest under which tries of a kind ("factor", "reset" …) on something are counted."""
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def address_subject(address: str, kind: str = "address") -> str:
    """The digest under which failures from a network address are counted; "" where the address is not known."""
    return subject(kind, counted(address)) if address else ""


def hold(session: Session, *subjects: str) -> None:
    """Make tries that are made side by side wait for each other, or they would all count as the first.

    On SQLite writing transactions follow one another anyway. Subjects are always held in the order given.
    """
    if is_postgresql(session):
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
        for each in filter(None, subjects):
            session.execute(lock, {"key": f"sign-in:{each}"})


def require_unlocked(session: Session, *subjects: str, now: datetime, what: str = "登录失败") -> None:
    """Raise NotAllowed, saying when to try again, after too many failures of any of the subjects."""
    until = [throttle.locked_until(_failures(session, each, now), now=now) for each in filter(None, subjects)]
    latest = max((moment for moment in until if moment is not None), default=None)
    if latest is not None:
        raise NotAllowed(f"{what}次数过多，请在 {spoken(latest)} 以后再试。", code="sign_in_locked")


def remember_failure(session: Session, *subjects: str, now: datetime, new_id: Callable[[], str]) -> None:
    """Count one failure of each subject, and forget those that no longer count."""
    for each in filter(None, subjects):
        old = (col(SignInFailure.subject_digest) == each, col(SignInFailure.at) <= now - throttle.WINDOW)
        session.execute(delete(SignInFailure).where(*old))
        session.add(SignInFailure(id=new_id(), subject_digest=each, at=now))
    session.flush()


def forget(session: Session, subject_digest: str) -> None:
    """Forget all failures of a subject, after a success; those of a network address are never forgotten so."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.subject_digest) == subject_digest))


def sweep(session: Session, *, now: datetime) -> None:
    """Delete the failures that no longer count."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.at) <= now - throttle.WINDOW))


def _failures(session: Session, subject_digest: str, now: datetime) -> list[datetime]:
    recent = (SignInFailure.subject_digest == subject_digest, col(SignInFailure.at) > now - throttle.WINDOW)
    return list(session.exec(select(SignInFailure.at).where(*recent)))
