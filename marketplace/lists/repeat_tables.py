"""Rows of repeats: pairs of items that likely state the same need, and what people decided about pairs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID
from marketplace.lists.words import Relation

MAX_REASON = 400


class RepeatDecision(Row, table=True):
    """What somebody decided about two items; it stands until it is taken back, and stays on record afterwards.

    The pair is written with the lower id first, its decisions are numbered from 1. Of a merge, `merged_id` is the item
    that is shown through the other one of the pair; `main_id` is where that leads: the other one, or what that one is
    merged into itself. So a main one is never merged, and no page leads to a page that leads on.
    """

    __table_args__ = (
        one_of("relation", Relation),
        CheckConstraint("low_id < high_id", name="lower_first"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "(relation = 'merged') = (merged_id IS NOT NULL) AND (relation = 'merged') = (main_id IS NOT NULL)",
            name="merge_says_into_what",
        ),
        CheckConstraint("merged_id IS NULL OR merged_id IN (low_id, high_id)", name="merged_is_of_pair"),
        CheckConstraint("merged_id IS NULL OR merged_id <> main_id", name="not_into_itself"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_has_who_when"),
        UniqueConstraint("low_id", "high_id", "number"),
        Index(
            "uq_repeat_decision_low_id_high_id_standing",
            "low_id",
            "high_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_repeat_decision_merged_id_standing",
            "merged_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_repeat_decision_high_id", "high_id"),
        Index("ix_repeat_decision_main_id", "main_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    low_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), nullable=False))
    high_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), nullable=False))
    number: int = Field(nullable=False)
    relation: Relation = Field(sa_column=Column(Choice(Relation), nullable=False))
    merged_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("item.id"), nullable=True))
    main_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("item.id"), nullable=True))
    reason: str = Field(sa_column=Column(String(MAX_REASON), nullable=False))
    decided_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    decided_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ended_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class RepeatFinding(Row, table=True):
    """Two items that likely state the same need, as they were found: how sure (0 to 1) and why, in Chinese."""

    __table_args__ = (
        CheckConstraint("low_id < high_id", name="lower_first"),
        CheckConstraint("score > 0 AND score <= 1", name="score_is_a_share"),
        Index("ix_repeat_finding_high_id", "high_id"),
    )
    low_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    high_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    score: float = Field(sa_column=Column(Float, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    found_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RepeatLook(Row, table=True):
    """Which version of an item was last compared with all the others, so that each is compared once."""

    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    number: int = Field(nullable=False)
    looked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
