"""Failed sign-ins, counted for an address whether anybody has it or not."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace.accounts.rules import throttle
from marketplace.accounts.sign_in_tables import SignInFailure
from marketplace.kernel.chinese_time import spoken
from marketplace.kernel.errors import NotAllowed


def require_unlocked(session: Session, email_digest: str, *, now: datetime) -> None:
    """Raise NotAllowed, saying when to try again, after too many failures."""
    failures = session.exec(
        select(SignInFailure.at).where(
            SignInFailure.subject_digest == email_digest,
            col(SignInFailure.at) > now - throttle.WINDOW,
        ),
    ).all()
    until = throttle.locked_until(failures, now=now)
    if until is not None:
        raise NotAllowed(f"登录失败次数过多，请在 {spoken(until)} 以后再试。", code="sign_in_locked")


def remember_failure(session: Session, email_digest: str, *, now: datetime, new_id: Callable[[], str]) -> None:
    """Count one failure, and forget those that no longer count."""
    old = (col(SignInFailure.subject_digest) == email_digest, col(SignInFailure.at) <= now - throttle.WINDOW)
    session.execute(delete(SignInFailure).where(*old))
    session.add(SignInFailure(id=new_id(), subject_digest=email_digest, at=now))
    session.flush()


def forget(session: Session, email_digest: str) -> None:
    """Forget all failures of an address, after a success."""
    session.execute(delete(SignInFailure).where(col(SignInFailure.subject_digest) == email_digest))
