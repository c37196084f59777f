"""Rows of releases by several publishers, of posted needs gathered for one, and of stamped scans of an edition."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text, UniqueConstraint
from sqlmodel import Field

from marketplace.accounts.tables import REGION
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.lists.release_words import PublisherRole, ReleaseState


class Release(Row, table=True):
    """An edition in the making: what it will hold, and in whose names. Every change of it raises `version`."""

    __table_args__ = (
        one_of("state", ReleaseState),
        UniqueConstraint("edition_id"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("(state = 'published') = (edition_id IS NOT NULL)", name="published_has_edition"),
        CheckConstraint("(state = 'waiting') = (closed_at IS NULL)", name="closed_has_time"),
        Index("ix_release_region_opened_at", "region", "opened_at"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    series_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("series.id"), nullable=True))
    title: str = Field(sa_column=Column(Text, nullable=False))
    lead_name: str = Field(sa_column=Column(Text, nullable=False))
    intake_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("intake.id"), nullable=True))
    state: ReleaseState = Field(sa_column=Column(Choice(ReleaseState), nullable=False))
    version: int = Field(nullable=False)
    opened_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    closed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    edition_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("edition.id"), nullable=True))


class ReleaseItem(Row, table=True):
    """A posted need that was gathered for a release; it is listed as it stands when the release is published."""

    release_id: str = Field(sa_column=Column(ID, ForeignKey("release.id"), primary_key=True))
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))


class ReleasePublisher(Row, table=True):
    """One of the publishers of a release, and what it confirmed: the digest of what the release then held."""

    __table_args__ = (
        one_of("role", PublisherRole),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_has_who_when"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_digest IS NULL)", name="confirmed_has_digest"),
        CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name="one_answer"),
        Index("ix_release_publisher_organisation_id", "organisation_id"),
    )
    release_id: str = Field(sa_column=Column(ID, ForeignKey("release.id"), primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), primary_key=True))
    role: PublisherRole = Field(sa_column=Column(Choice(PublisherRole), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    confirmed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    confirmed_digest: str | None = Field(default=None, sa_column=Column(DIGEST, nullable=True))
    declined_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class EditionAppendix(Row, table=True):
    """A file kept with an edition after its release, such as the stamped scan (盖章扫描件); written once."""

    __table_args__ = (
        UniqueConstraint("edition_id", "file_digest"),
        CheckConstraint("size_bytes > 0", name="size_positive"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    edition_id: str = Field(sa_column=Column(ID, ForeignKey("edition.id"), nullable=False))
    name: str = Field(sa_column=Column(Text, nullable=False))
    media_type: str = Field(sa_column=Column(String(40), nullable=False))
    file_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    size_bytes: int = Field(nullable=False)
    attached_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    attached_at: datetime = Field(sa_column=Column(Instant, nullable=False))
