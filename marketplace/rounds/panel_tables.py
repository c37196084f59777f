"""Rows of panels: draws, members, what speaks against a member judging a bid, requests of bidders for a recusal."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.rounds.panel_words import MemberState, Source

TRACK = String(8)
STAGE = String(16)
_OUT = "('declined', 'recused', 'recused_late')"


class PanelDraw(Row, table=True):
    """A draw of experts for one track: the list it was drawn from, the committed seed, and who was drawn.

    `eligible` maps ids of experts to their fields, `excluded` tells who was left out and why. The order is that of
    SHA-256 over `digest(seed, words)` and the id, where `words` were given by a second person after the list was fixed:
    neither who knows the seed nor who speaks the words can know the outcome.
    """

    __tablename__ = "panel_draw"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(drawn_at IS NULL) = (drawn_by IS NULL)", name="drawn_by_somebody"),
        CheckConstraint("drawn_by IS NULL OR drawn_by <> fixed_by", name="two_people"),
        CheckConstraint("(drawn_at IS NULL) = (words = '')", name="drawn_with_words"),
        CheckConstraint("(drawn_at IS NULL) = (drawn IS NULL)", name="drawn_has_result"),
        CheckConstraint("dropped_at IS NULL OR drawn_at IS NULL", name="drawn_is_not_dropped"),
        CheckConstraint("(dropped_at IS NULL) = (drop_reason = '')", name="dropped_has_reason"),
        UniqueConstraint("round_id", "number"),
        Index(
            "uq_panel_draw_round_id_track_stage_open",
            "round_id",
            "track",
            "stage",
            unique=True,
            sqlite_where=text("drawn_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=text("drawn_at IS NULL AND dropped_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    number: int = Field(sa_column=Column(Integer, nullable=False))
    track: str = Field(sa_column=Column(TRACK, nullable=False))
    stage: str = Field(sa_column=Column(STAGE, nullable=False))
    eligible: dict[str, list[str]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    excluded: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    wanted: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    list_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    commitment: str = Field(sa_column=Column(DIGEST, nullable=False))
    seed: str = Field(sa_column=Column(DIGEST, nullable=False))
    fixed_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    fixed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    words: str = Field(default="", sa_column=Column(String(120), nullable=False))
    drawn: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON_DOC, nullable=True))
    drawn_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    drawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    dropped_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    drop_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class PanelMember(Row, table=True):
    """An expert in the panel of a track, or standing by for it. Named by hand (no draw) there is a reason.

    `place` is the order in which reserves are called. Who `fills_gaps` judges only bids that lack a sheet. `declaration` is the text that was agreed to, as it read.
    """

    __tablename__ = "panel_member"
    __table_args__ = (
        one_of("state", MemberState),
        CheckConstraint("draw_id IS NOT NULL OR named_because <> ''", name="named_has_reason"),
        CheckConstraint(
            "state NOT IN ('declared', 'accepted', 'in_progress', 'submitted', 'locked', 'recused_late') "
            "OR declared_at IS NOT NULL",
            name="judges_after_declaring",
        ),
        CheckConstraint("(declared_at IS NULL) = (declaration = '')", name="declared_has_text"),
        CheckConstraint(f"(state IN {_OUT}) = (ended_at IS NOT NULL)", name="ended_has_time"),
        CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name="ended_has_reason"),
        CheckConstraint("NOT (is_chair AND is_deputy)", name="one_post"),
        Index("ix_panel_member_expert_id", "expert_id"),
        Index("ix_panel_member_round_id_track", "round_id", "track"),
        Index(
            "uq_panel_member_round_id_expert_id_live",
            "round_id",
            "expert_id",
            unique=True,
            sqlite_where=text(f"state NOT IN {_OUT}"),
            postgresql_where=text(f"state NOT IN {_OUT}"),
        ),
        Index(
            "uq_panel_member_round_id_track_chair",
            "round_id",
            "track",
            unique=True,
            sqlite_where=text(f"is_chair AND state NOT IN {_OUT}"),
            postgresql_where=text(f"is_chair AND state NOT IN {_OUT}"),
        ),
        Index(
            "uq_panel_member_round_id_track_deputy",
            "round_id",
            "track",
            unique=True,
            sqlite_where=text(f"is_deputy AND state NOT IN {_OUT}"),
            postgresql_where=text(f"is_deputy AND state NOT IN {_OUT}"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    track: str = Field(sa_column=Column(TRACK, nullable=False))
    expert_id: str = Field(sa_column=Column(ID, ForeignKey("expert.id"), nullable=False))
    draw_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("panel_draw.id"), nullable=True))
    named_because: str = Field(default="", sa_column=Column(Text, nullable=False))
    field: str = Field(default="", sa_column=Column(String(24), nullable=False))
    place: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    state: MemberState = Field(sa_column=Column(Choice(MemberState), nullable=False))
    fills_gaps: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    is_chair: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    is_deputy: bool = Field(default=False, sa_column=Column(Boolean, nullable=False))
    added_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    invited_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    declaration: str = Field(default="", sa_column=Column(Text, nullable=False))
    declared_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    end_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class PanelConflict(Row, table=True):
    """What speaks, or spoke, against one member judging one bid, and what was decided of it.

    `hits` are the findings it rests on (ground, unit, evidence, strength). A hard one is decided by itself; of a soft one
    somebody decides with a note. A new finding is a new row.
    """

    __tablename__ = "panel_conflict"
    __table_args__ = (
        one_of("source", Source),
        CheckConstraint("(decided_at IS NULL) = (excludes IS NULL)", name="decided_has_outcome"),
        CheckConstraint("NOT is_hard OR excludes", name="hard_excludes"),
        CheckConstraint("decided_by IS NULL OR note <> ''", name="decision_has_note"),
        Index("ix_panel_conflict_member_id", "member_id"),
        Index("ix_panel_conflict_bid_id", "bid_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    member_id: str = Field(sa_column=Column(ID, ForeignKey("panel_member.id"), nullable=False))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    source: Source = Field(sa_column=Column(Choice(Source), nullable=False))
    is_hard: bool = Field(sa_column=Column(Boolean, nullable=False))
    hits: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    found_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    excludes: bool | None = Field(default=None, sa_column=Column(Boolean, nullable=True))
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class RecusalRequest(Row, table=True):
    """A bidder asks that somebody does not judge its bid: named in its own words, since it may not know the panel."""

    __tablename__ = "recusal_request"
    __table_args__ = (
        CheckConstraint("person <> '' OR unit <> ''", name="somebody_named"),
        CheckConstraint("(decided_at IS NULL) = (is_upheld IS NULL)", name="decided_has_outcome"),
        CheckConstraint("(decided_at IS NULL) = (answer = '')", name="decided_has_answer"),
        Index("ix_recusal_request_bid_id", "bid_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), nullable=False))
    person: str = Field(default="", sa_column=Column(String(60), nullable=False))
    unit: str = Field(default="", sa_column=Column(String(200), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    filed_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    filed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    is_upheld: bool | None = Field(default=None, sa_column=Column(Boolean, nullable=True))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
