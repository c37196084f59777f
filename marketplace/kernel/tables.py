"""Rows of the kernel: positions, change records, the audit chain, jobs and leases."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from marketplace.kernel.columns import BIG, JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.words import ChangedKind, JobState, Operation

ID = String(16)
DIGEST = String(64)


class PositionClock(Row, table=True):
    """One row: the last position on SQLite, the base of all positions on PostgreSQL."""

    __table_args__ = (CheckConstraint("id = 1", name="single"),)
    id: int = Field(primary_key=True)
    base: int = Field(sa_column=Column(BIG, nullable=False))


class Change(Row, table=True):
    """Something that the index must hear of."""

    __table_args__ = (one_of("kind", ChangedKind), one_of("operation", Operation))
    seq: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    kind: ChangedKind = Field(sa_column=Column(Choice(ChangedKind), nullable=False))
    subject_id: str = Field(sa_column=Column(ID, nullable=False))
    operation: Operation = Field(sa_column=Column(Choice(Operation), nullable=False))


class AuditEvent(Row, table=True):
    """One link of an aggregate's chain; the payload lies apart, so that it can be erased."""

    __table_args__ = (
        UniqueConstraint("aggregate", "aggregate_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        Index("ix_audit_event_actor_id", "actor_id"),
        Index("ix_audit_event_request_id", "request_id"),
    )
    position: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    aggregate: str = Field(sa_column=Column(String(24), nullable=False))
    aggregate_id: str = Field(sa_column=Column(String(64), nullable=False))
    number: int = Field(sa_column=Column(BIG, nullable=False))
    action: str = Field(sa_column=Column(String(48), nullable=False))
    actor_id: str | None = Field(default=None, sa_column=Column(ID, nullable=True))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    request_id: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    payload_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    previous_hash: str = Field(sa_column=Column(DIGEST, nullable=False))
    hash: str = Field(sa_column=Column(DIGEST, nullable=False))


class AuditPayload(Row, table=True):
    """What an event says, with the salt of its digest."""

    position: int = Field(
        sa_column=Column(BIG, ForeignKey("audit_event.position"), primary_key=True, autoincrement=False)
    )
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    payload: dict[str, object] = Field(sa_column=Column(JSON_DOC, nullable=False))


class AuditSeal(Row, table=True):
    """The daily head over all chains: a fold over every event below `before`, in order of position."""

    __table_args__ = (UniqueConstraint("number"),)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    number: int = Field(sa_column=Column(BIG, nullable=False))
    before: int = Field(sa_column=Column(BIG, nullable=False))
    events: int = Field(sa_column=Column(BIG, nullable=False))
    head: str = Field(sa_column=Column(DIGEST, nullable=False))
    sealed_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Job(Row, table=True):
    """Work to be done outside a request, written in the transaction that asks for it."""

    __table_args__ = (
        one_of("state", JobState),
        CheckConstraint(
            "state <> 'running' OR (leased_by IS NOT NULL AND leased_until IS NOT NULL)", name="running_is_leased"
        ),
        CheckConstraint("state NOT IN ('done', 'failed') OR ended_at IS NOT NULL", name="ended_has_time"),
        CheckConstraint("state <> 'failed' OR last_error IS NOT NULL", name="failed_has_error"),
        Index("ix_job_due", "state", "run_at"),
        # A finished job no longer holds its key, so the same work may be asked for again.
        Index(
            "uq_job_unique_key_live",
            "unique_key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    kind: str = Field(sa_column=Column(String(48), nullable=False))
    unique_key: str | None = Field(default=None, sa_column=Column(String(120), nullable=True))
    payload: dict[str, object] = Field(sa_column=Column(JSON_DOC, nullable=False))
    state: JobState = Field(sa_column=Column(Choice(JobState), nullable=False))
    attempts: int = Field(default=0, nullable=False)
    max_attempts: int = Field(default=5, nullable=False)
    run_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    leased_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    leased_until: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    last_error: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    put_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Lease(Row, table=True):
    """Who may do a thing that only one may do at a time, and until when."""

    name: str = Field(sa_column=Column(String(48), primary_key=True))
    holder: str = Field(sa_column=Column(String(64), nullable=False))
    until: datetime = Field(sa_column=Column(Instant, nullable=False))
