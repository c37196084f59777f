"""Rows round a profile's form: the draft being written, evidence files, checks of cases, and visits to the needs."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text, UniqueConstraint
from sqlmodel import Field

from marketplace.kernel.columns import BIG, JSON_DOC, Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID


class ProfileDraft(Row, table=True):
    """The form as its people are writing it; `base_number` is the version that it started from (0: none)."""

    __table_args__ = (
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("base_number >= 0", name="base_number_known"),
    )
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), primary_key=True))
    body: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    version: int = Field(nullable=False)
    base_number: int = Field(nullable=False)
    saved_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    saved_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ProfileEvidence(Row, table=True):
    """A file that proves a case. Cases name it by its id, also in versions that were written before it was removed."""

    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="size_positive"),
        Index("ix_profile_evidence_profile_id", "profile_id"),
        Index("ix_profile_evidence_digest", "digest"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    media_type: str = Field(sa_column=Column(String(40), nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    size_bytes: int = Field(sa_column=Column(BIG, nullable=False))
    added_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class CaseCheck(Row, table=True):
    """An organiser has checked a case as it then stood (`case_digest`); a case that changes is no longer checked."""

    __table_args__ = (UniqueConstraint("profile_id", "case_digest"),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), nullable=False))
    case_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    checked_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    checked_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ProfileVisit(Row, table=True):
    """When somebody last looked at the needs for its organisation's profile, and the time before that."""

    __table_args__ = (CheckConstraint("before_at IS NULL OR before_at <= seen_at", name="times_ordered"),)
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), primary_key=True))
    seen_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    before_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class ProfileBrochure(Row, table=True):
    """A file in which a supplier introduces itself: its own, what was read in it, and what of that went into the draft.

    `reading` is the record of a brochure (`ingest.brochures`), `taken` a list of what was taken: field, text and where.
    """

    __table_args__ = (
        CheckConstraint("size_bytes > 0", name="size_positive"),
        Index("ix_profile_brochure_profile_id", "profile_id"),
        Index("ix_profile_brochure_digest", "digest"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    size_bytes: int = Field(sa_column=Column(BIG, nullable=False))
    reading: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    taken: list[dict[str, str]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    added_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    taken_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
