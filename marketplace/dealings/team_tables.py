"""Rows of teams (联合体): a lead, those it invites, and what each does."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text, text
from sqlmodel import Field

from marketplace.dealings.words import Place
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID

LIVE = "dissolved_at IS NULL"


class Team(Row, table=True):
    """Suppliers that answer a need together (`item_id`), or go together in general (None); one live for each lead."""

    __table_args__ = (
        CheckConstraint("version >= 1", name="version_from_one"),
        Index(
            "uq_team_lead_id_item_id_live",
            "lead_id",
            "item_id",
            unique=True,
            sqlite_where=text(f"{LIVE} AND item_id IS NOT NULL"),
            postgresql_where=text(f"{LIVE} AND item_id IS NOT NULL"),
        ),
        Index(
            "uq_team_lead_id_general_live",
            "lead_id",
            unique=True,
            sqlite_where=text(f"{LIVE} AND item_id IS NULL"),
            postgresql_where=text(f"{LIVE} AND item_id IS NULL"),
        ),
        Index("ix_team_item_id", "item_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    lead_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), nullable=False))
    item_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("item.id"), nullable=True))
    name: str = Field(sa_column=Column(String(60), nullable=False))
    purpose: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(nullable=False)
    founded_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    founded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    dissolved_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class TeamMember(Row, table=True):
    """One supplier's place in a team: nobody stands in it twice."""

    __table_args__ = (
        one_of("place", Place),
        CheckConstraint("(place = 'invited') = (answered_at IS NULL)", name="answered_has_time"),
        Index("ix_team_member_profile_id", "profile_id"),
    )
    team_id: str = Field(sa_column=Column(ID, ForeignKey("team.id"), primary_key=True))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), primary_key=True))
    place: Place = Field(sa_column=Column(Choice(Place), nullable=False))
    work: str = Field(sa_column=Column(Text, nullable=False))
    invited_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    answered_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
