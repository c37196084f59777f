"""Rows of the formal check: findings condition by condition, verdicts of two checkers, corrections, objections."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID

CONDITION = String(8)


class BidFinding(Row, table=True):
    """What one checker found of one condition in one bid; a later finding of the same checker takes its place."""

    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    condition: str = Field(sa_column=Column(CONDITION, primary_key=True))
    checker_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), primary_key=True))
    is_met: bool = Field(sa_column=Column(Boolean, nullable=False))
    evidence: str = Field(sa_column=Column(Text, nullable=False))
    found_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class BidVerdict(Row, table=True):
    """One checker's verdict on a bid; it is void once the bid was corrected or opened again to the check."""

    __table_args__ = (
        CheckConstraint("is_eligible OR (condition <> '' AND reason <> '')", name="rejection_has_ground"),
        Index("ix_bid_verdict_bid_id", "bid_id"),
        Index(
            "uq_bid_verdict_bid_id_checker_id_live",
            "bid_id",
            "checker_id",
            unique=True,
            sqlite_where=text("void_at IS NULL"),
            postgresql_where=text("void_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    checker_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    is_eligible: bool = Field(sa_column=Column(Boolean, nullable=False))
    condition: str = Field(sa_column=Column(CONDITION, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    given_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    void_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class BidCorrection(Row, table=True):
    """Something a bidder may put right (补正) until the window ends; each condition once."""

    __table_args__ = (
        UniqueConstraint("bid_id", "condition"),
        CheckConstraint("window_ends > asked_at", name="window_later"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
        CheckConstraint("answered_at IS NULL OR closed_at IS NOT NULL", name="answered_is_closed"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    condition: str = Field(sa_column=Column(CONDITION, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    asked_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    window_ends: datetime = Field(sa_column=Column(Instant, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    files: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    answered_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class BidObjection(Row, table=True):
    """A bidder objects to the result of its formal check; who takes objections decides."""

    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (is_upheld IS NULL)", name="decided_has_time"),
        CheckConstraint("decided_at IS NULL OR answer <> ''", name="decided_has_answer"),
        Index(
            "uq_bid_objection_bid_id_open",
            "bid_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    filed_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    filed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    is_upheld: bool | None = Field(default=None, sa_column=Column(Boolean, nullable=True))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
