"""Rows of announcements: what the platform tells its users, for a time, in versions."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text
from sqlmodel import Field

from marketplace.accounts.office.announcement_words import Audience, Level
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID


class Announcement(Row, table=True):
    """An announcement as it stands; every change raises `version` and is kept as an `AnnouncementVersion`."""

    __table_args__ = (
        one_of("level", Level),
        one_of("audience", Audience),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("shows_until IS NULL OR shows_until > shows_from", name="ends_after_start"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_has_who"),
        Index("ix_announcement_shows_from", "shows_from"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    version: int = Field(nullable=False)
    title: str = Field(sa_column=Column(String(120), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    level: Level = Field(sa_column=Column(Choice(Level), nullable=False))
    audience: Audience = Field(sa_column=Column(Choice(Audience), nullable=False))
    shows_from: datetime = Field(sa_column=Column(Instant, nullable=False))
    shows_until: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    withdrawn_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class AnnouncementVersion(Row, table=True):
    """One version of an announcement, never changed afterwards."""

    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)
    announcement_id: str = Field(sa_column=Column(ID, ForeignKey("announcement.id"), primary_key=True))
    number: int = Field(primary_key=True)
    title: str = Field(sa_column=Column(String(120), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    level: Level = Field(sa_column=Column(Choice(Level), nullable=False))
    audience: Audience = Field(sa_column=Column(Choice(Audience), nullable=False))
    shows_from: datetime = Field(sa_column=Column(Instant, nullable=False))
    shows_until: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    written_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
