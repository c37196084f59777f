"""Rows of the review: an expert's sheet for a bid, its corrections, remarks on bids, frozen score tables."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.rounds.panel_tables import STAGE
from marketplace.rounds.panel_words import SheetState


class ReviewedBid(Row, table=True):
    """A bid in the experts' review. Where names are hidden it is called by its code, in an order that tells nothing.

    `extra`: how many experts more than the panel are to judge it, because the panel differs.
    """

    __tablename__ = "reviewed_bid"
    __table_args__ = (UniqueConstraint("round_id", "code"), CheckConstraint("extra BETWEEN 0 AND 10", name="few_extra"))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    code: str = Field(sa_column=Column(String(8), nullable=False))
    extra: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    entered_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Sheet(Row, table=True):
    """One expert's marks for one bid in one stage; `marks` are points by criterion, as decimal text.

    `version` counts the saves. `excused` and `void` sheets count nowhere.
    """

    __table_args__ = (
        one_of("state", SheetState),
        Index(
            "uq_sheet_member_id_bid_id_stage_live",
            "member_id",
            "bid_id",
            "stage",
            unique=True,
            sqlite_where=text("state <> 'void'"),
            postgresql_where=text("state <> 'void'"),
        ),
        CheckConstraint("version >= 0", name="version_not_negative"),
        CheckConstraint("state NOT IN ('submitted', 'locked') OR submitted_at IS NOT NULL", name="handed_in_has_time"),
        CheckConstraint("(state IN ('excused', 'void')) = (ended_at IS NOT NULL)", name="ended_has_time"),
        CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name="ended_has_reason"),
        CheckConstraint("state <> 'excused' OR version = 0", name="excused_says_nothing"),
        Index("ix_sheet_bid_id", "bid_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    member_id: str = Field(sa_column=Column(ID, ForeignKey("panel_member.id"), nullable=False))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    stage: str = Field(sa_column=Column(STAGE, nullable=False))
    state: SheetState = Field(sa_column=Column(Choice(SheetState), nullable=False))
    marks: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    comments: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    version: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    assigned_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    updated_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    submitted_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    end_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class SheetCorrection(Row, table=True):
    """A mark that its expert corrected after the sheets were fixed: what it was, what it is, why. Written once."""

    __tablename__ = "sheet_correction"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        Index("ix_sheet_correction_sheet_id", "sheet_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    sheet_id: str = Field(sa_column=Column(ID, ForeignKey("sheet.id"), nullable=False))
    criterion: str = Field(sa_column=Column(String(8), nullable=False))
    before: str = Field(sa_column=Column(String(12), nullable=False))
    after: str = Field(sa_column=Column(String(12), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    corrected_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    corrected_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class PanelRemark(Row, table=True):
    """What a member says of a bid about which the panel differs; void with its member's recusal."""

    __tablename__ = "panel_remark"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        Index("ix_panel_remark_bid_id", "bid_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    member_id: str = Field(sa_column=Column(ID, ForeignKey("panel_member.id"), nullable=False))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    stage: str = Field(sa_column=Column(STAGE, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    void_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Confirmation(Row, table=True):
    """The chair of a panel, or its deputy where the chair must not, confirms what came of one bid."""

    __table_args__ = (
        Index(
            "uq_confirmation_bid_id_stage_live",
            "bid_id",
            "stage",
            unique=True,
            sqlite_where=text("void_at IS NULL"),
            postgresql_where=text("void_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    stage: str = Field(sa_column=Column(STAGE, nullable=False))
    member_id: str = Field(sa_column=Column(ID, ForeignKey("panel_member.id"), nullable=False))
    given_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    void_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class ScoreTable(Row, table=True):
    """The frozen scores of a stage: everything they were computed from, what came of it, and the digest of both."""

    __tablename__ = "score_table"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(void_at IS NULL) = (void_reason = '')", name="void_has_reason"),
        Index(
            "uq_score_table_round_id_stage_live",
            "round_id",
            "stage",
            unique=True,
            sqlite_where=text("void_at IS NULL"),
            postgresql_where=text("void_at IS NULL"),
        ),
    )
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    number: int = Field(primary_key=True)
    stage: str = Field(sa_column=Column(STAGE, nullable=False))
    record: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    frozen_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    void_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    void_reason: str = Field(default="", sa_column=Column(Text, nullable=False))
