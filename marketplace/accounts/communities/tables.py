"""Rows of OPC communities and SICN agencies, and of the OPCs that belong to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.accounts.communities.words import AffiliationState, AskedBy, CommunityKind
from marketplace.accounts.tables import REGION
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID

LIVE = text("state IN ('asked', 'confirmed')")
"""The affiliations of which there is at most one between two organisations."""


class Community(Row, table=True):
    """What an organisation is as a community or an agency; shown to the public once an organiser confirmed it."""

    __table_args__ = (
        one_of("kind", CommunityKind),
        UniqueConstraint("organisation_id"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_has_who_when"),
        CheckConstraint("closed_at IS NULL OR confirmed_at IS NOT NULL", name="closed_was_confirmed"),
        Index("ix_community_region", "region"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    kind: CommunityKind = Field(sa_column=Column(Choice(CommunityKind), nullable=False))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    address: str = Field(sa_column=Column(Text, nullable=False))
    capacity: int | None = Field(default=None, nullable=True)
    services: str = Field(sa_column=Column(Text, nullable=False))
    contact: str = Field(sa_column=Column(String(200), nullable=False))
    version: int = Field(nullable=False)
    registered_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    registered_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    confirmed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Affiliation(Row, table=True):
    """An OPC belongs to a community from when to when, or one of the two has asked for it."""

    __table_args__ = (
        one_of("state", AffiliationState),
        one_of("asked_by_side", AskedBy),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_has_who"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_has_time"),
        Index("ix_affiliation_organisation_id", "organisation_id"),
        Index(
            "uq_affiliation_community_id_organisation_id_live",
            "community_id",
            "organisation_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    community_id: str = Field(sa_column=Column(ID, ForeignKey("community.id"), nullable=False))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    state: AffiliationState = Field(sa_column=Column(Choice(AffiliationState), nullable=False))
    asked_by_side: AskedBy = Field(sa_column=Column(Choice(AskedBy), nullable=False))
    asked_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
