"""Rows of profiles: the identity with what is searched, form versions, notes from lists."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.accounts.tables import REGION
from marketplace.kernel.columns import JSON_DOC, Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID


class Profile(Row, table=True):
    """A supplier's one profile. Below `current_number` stands what lists of profiles show and filter by.

    These columns are drawn from the current form and the live notes (`rules.summary`), never written by hand.
    """

    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint("current_number >= 0", name="current_number_known"),
        CheckConstraint("NOT listed OR headline <> ''", name="listed_has_headline"),
        Index("ix_profile_listed_updated_at_id", "listed", "updated_at", "id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    current_number: int = Field(nullable=False)
    updated_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    listed: bool = Field(nullable=False)
    headline: str = Field(sa_column=Column(Text, nullable=False))
    summary: str = Field(sa_column=Column(Text, nullable=False))
    sectors: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    region: str | None = Field(default=None, sa_column=Column(REGION, nullable=True))
    team_size: int | None = Field(default=None, nullable=True)


class ProfileSector(Row, table=True):
    """One sector of a profile, for filters and their counts."""

    __table_args__ = (Index("ix_profile_sector_sector", "sector"),)
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), primary_key=True))
    sector: str = Field(sa_column=Column(String(120), primary_key=True))


class ProfileVersion(Row, table=True):
    """One version of the form, never changed afterwards, only erased with the whole profile.

    `offers`, `cases` and `filings` hold the objects of `entries`; `visibility` names the fields that are not public.
    """

    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("team_size IS NULL OR team_size >= 1", name="team_size_positive"),
        CheckConstraint("founded_year IS NULL OR founded_year BETWEEN 1900 AND 2200", name="founded_year_sound"),
    )
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), primary_key=True))
    number: int = Field(primary_key=True)
    headline: str = Field(sa_column=Column(Text, nullable=False))
    description: str = Field(sa_column=Column(Text, nullable=False))
    skills: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    sectors: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    offers: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    cases: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    not_offered: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    filings: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    visibility: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    team_size: int | None = Field(default=None, nullable=True)
    region: str | None = Field(default=None, sa_column=Column(REGION, nullable=True))
    price_text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    founded_year: int | None = Field(default=None, nullable=True)
    written_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ProfileNote(Row, table=True):
    """A capability row of a published list that speaks of this supplier, in its words, with its place.

    `item_id` and `item_number` name the item version; the lists stand above this area, so no foreign key points up
    (an invariant of the lists checks it). A row that left its list leaves the profile, but not the table.
    """

    __table_args__ = (
        Index("ix_profile_note_profile_id", "profile_id"),
        Index(
            "uq_profile_note_item_id_live",
            "item_id",
            unique=True,
            sqlite_where=text("gone_at IS NULL"),
            postgresql_where=text("gone_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), nullable=False))
    item_id: str = Field(sa_column=Column(ID, nullable=False))
    item_number: int = Field(nullable=False)
    headline: str = Field(sa_column=Column(Text, nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    sector: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    region: str | None = Field(default=None, sa_column=Column(REGION, nullable=True))
    team_size: int | None = Field(default=None, nullable=True)
    price_text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    file_name: str = Field(sa_column=Column(Text, nullable=False))
    file_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    sheet: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    row: int = Field(nullable=False)
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    gone_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
