"""Jobs: work asked for in a transaction and done after it, at least once, by whoever takes it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, select

from marketplace.kernel.batches import insert_unless_there
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.kernel.tables import Job
from marketplace.kernel.words import JobState

FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
MAX_ERROR = 2000


@dataclass(frozen=True, slots=True)
class TakenJob:
    """A job that a worker holds until `leased_until`; its payload is JSON."""

    id: str
    kind: str
    payload: Mapping[str, object]
    attempt: int
    leased_until: datetime


def wait_before(attempt: int) -> timedelta:
    """How long to wait before trying again after the nth failure: 10 s, doubling, at most an hour."""
    return min(FIRST_WAIT * (1 << min(attempt - 1, 16)), LONGEST_WAIT)


def put(
    session: Session,
    *,
    kind: str,
    payload: Mapping[str, object],
    now: datetime,
    new_id: Callable[[], str],
    run_at: datetime | None = None,
    unique_key: str | None = None,
    max_attempts: int = 5,
) -> str:
    """Ask for a job; with a unique key, one that has not ended yet answers for both. Gives the job's id."""
    fresh = {
        "id": new_id(),
        "kind": kind,
        "unique_key": unique_key,
        "payload": dict(payload),
        "state": JobState.WAITING,
        "attempts": 0,
        "max_attempts": max_attempts,
        "run_at": run_at or now,
        "put_at": now,
    }
    inserted = insert_unless_there(session, Job, [fresh])
    if inserted:
        return inserted[0]
    return session.exec(select(Job.id).where(Job.unique_key == unique_key, col(Job.ended_at).is_(None))).one()


def is_asked(session: Session, *, unique_key: str) -> bool:
    """Whether a job of this key waits or is being done."""
    query = select(Job.id).where(Job.unique_key == unique_key, col(Job.ended_at).is_(None)).limit(1)
    return session.exec(query).first() is not None


def is_due(session: Session, *, kinds: Collection[str], now: datetime) -> bool:
    """Whether a job of some kinds waits to be taken."""
    query = select(Job.id).where(_due(now), col(Job.kind).in_(kinds)).limit(1)
    return session.exec(query).first() is not None


def take(
    session: Session,
    *,
    worker: str,
    now: datetime,
    lease: timedelta = timedelta(minutes=5),
    kinds: Collection[str] | None = None,
    without: Collection[str] = (),
) -> TakenJob | None:
    """Take the job that is due longest, also one whose worker let its lease run out; None where none is due.

    `kinds` are those to take (None: all), `without` those to leave to others.
    """
    query = (
        select(Job).where(_due(now)).order_by(col(Job.run_at), col(Job.id)).limit(1).with_for_update(skip_locked=True)
    )
    if kinds is not None:
        query = query.where(col(Job.kind).in_(kinds))
    if without:
        query = query.where(col(Job.kind).not_in(without))
    job = session.exec(query).first()
    if job is None:
        return None
    if job.attempts >= job.max_attempts:
        # The worker died each time: the job is given up here, or it would come back for ever.
        _give_up(job, job.last_error or "执行者中途停止", now)
        session.add(job)
        session.flush()
        return take(session, worker=worker, now=now, lease=lease, kinds=kinds, without=without)
    job.state, job.attempts = JobState.RUNNING, job.attempts + 1
    job.leased_by, job.leased_until = worker, now + lease
    session.add(job)
    session.flush()
    return TakenJob(job.id, job.kind, job.payload, job.attempts, job.leased_until)


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(col(Job.state) == JobState.WAITING, col(Job.run_at) <= now),
        and_(col(Job.state) == JobState.RUNNING, col(Job.leased_until) <= now),
    )


def renew(session: Session, job_id: str, *, worker: str, until: datetime) -> None:
    """Hold a job for longer. Raises Conflict where its lease went to another."""
    job = _held(session, job_id, worker)
    job.leased_until = until
    session.add(job)
    session.flush()


def finish(session: Session, job_id: str, *, worker: str, now: datetime) -> None:
    """Mark a held job as done. Raises Conflict where its lease went to another."""
    job = _held(session, job_id, worker)
    job.state, job.ended_at, job.last_error = JobState.DONE, now, None
    _let_go(session, job)


def fail(session: Session, job_id: str, *, worker: str, error: str, now: datetime) -> None:
    """Say that a held job failed: it waits and is tried again until its attempts are used up."""
    job = _held(session, job_id, worker)
    if job.attempts >= job.max_attempts:
        _give_up(job, error, now)
    else:
        job.state, job.run_at = JobState.WAITING, now + wait_before(job.attempts)
        job.last_error = error[:MAX_ERROR]
    _let_go(session, job)


def _give_up(job: Job, error: str, now: datetime) -> None:
    job.state, job.ended_at, job.last_error = JobState.FAILED, now, error[:MAX_ERROR]
    job.leased_by = job.leased_until = None


def _let_go(session: Session, job: Job) -> None:
    job.leased_by = job.leased_until = None
    session.add(job)
    session.flush()


def _held(session: Session, job_id: str, worker: str) -> Job:
    job = session.exec(select(Job).where(Job.id == job_id).with_for_update()).first()
    if job is None:
        raise NotFound("没有这项后台任务。")
    if job.state is not JobState.RUNNING or job.leased_by != worker:
        raise Conflict("这项后台任务已由其他进程接手。", code="job_taken")
    return job
