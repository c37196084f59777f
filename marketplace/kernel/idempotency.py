"""Answers kept under a key, so that a program that never heard one may ask again without doing it twice.

`begin` in a transaction of its own marks the work as begun; the work and `finish` share one transaction, so that
what was done and what was answered are kept together or not at all.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col

from marketplace.kernel import locks
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.idempotency_tables import KeptAnswer

KEPT: Final = timedelta(hours=24)
ABANDONED: Final = timedelta(minutes=2)
"""After this an attempt without an answer is taken to have died; what it did was rolled back with it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given before."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The right to do the work of one key now."""

    owner_id: str
    key_digest: str
    attempt_id: str


def begin(
    session: Session, *, owner_id: str, key: str, request_digest: str, now: datetime, new_id: Callable[[], str]
) -> Kept | Attempt:
    """Take the right to do a request's work, or give the answer that it was given before.

    Raises Invalid where the key stands for another request, Conflict where the same one is still being worked on.
    """
    key_digest = hashlib.sha256(key.encode()).hexdigest()
    locks.hold(session, f"idempotency:{owner_id}:{key_digest}")
    row = session.get(KeptAnswer, (owner_id, key_digest))
    if row is not None and now < row.begun_at + KEPT:
        if row.request_digest != request_digest:
            message = "这个 Idempotency-Key 已用于另一个请求，请为新的请求换一个新的值。"
            raise Invalid(message, code="idempotency_key_reused")
        if row.status is not None:
            return Kept(row.status, dict(row.headers or {}), row.body or "")
        if now < row.begun_at + ABANDONED:
            message = "同一个请求正在处理，请过几秒用同一个 Idempotency-Key 再问一次。"
            raise Conflict(message, code="idempotency_in_flight")
    if row is None:
        row = KeptAnswer(
            owner_id=owner_id, key_digest=key_digest, request_digest=request_digest, begun_at=now, attempt_id=""
        )
    row.request_digest, row.begun_at, row.attempt_id = request_digest, now, new_id()
    row.status = row.headers = row.body = None
    session.add(row)
    session.flush()
    return Attempt(owner_id, key_digest, row.attempt_id)


def finish(session: Session, attempt: Attempt, *, status: int, headers: Mapping[str, str], body: str) -> None:
    """Keep the answer, in the transaction of the work.

    Raises Conflict where another attempt took over meanwhile, so that the work is rolled back with this one.
    """
    done = session.execute(
        update(KeptAnswer).where(*_own(attempt)).values(status=status, headers=dict(headers), body=body)
    )
    if not getattr(done, "rowcount", 0):
        raise Conflict(
            "这个请求已由另一次重试接手，请稍后用同一个 Idempotency-Key 再问一次。", code="idempotency_taken_over"
        )


def release(session: Session, attempt: Attempt) -> None:
    """Let the key be tried again, as after a fault."""
    session.execute(delete(KeptAnswer).where(*_own(attempt)))


def sweep(session: Session, *, now: datetime) -> None:
    """Delete the answers that need not be kept any longer."""
    session.execute(delete(KeptAnswer).where(col(KeptAnswer.begun_at) <= now - KEPT))


def _own(attempt: Attempt) -> tuple[ColumnElement[bool], ...]:
    return (
        col(KeptAnswer.owner_id) == attempt.owner_id,
        col(KeptAnswer.key_digest) == attempt.key_digest,
        col(KeptAnswer.attempt_id) == attempt.attempt_id,
        col(KeptAnswer.status).is_(None),
    )
