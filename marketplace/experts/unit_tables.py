"""Rows of what units state about who stands behind them, for the check of conflicts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID


class UnitBackground(Row, table=True):
    """Who stands behind an organisation, as it states itself: one version, each lasting until the next.

    `shareholders` and `directors` are names of people or units, `parents` units with `name` and `uscc`. Read by those who
    check conflicts in a round that the unit bids in, and by the unit itself.
    """

    __tablename__ = "unit_background"
    __table_args__ = (CheckConstraint("version >= 1", name="version_from_one"),)
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), primary_key=True))
    version: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    legal_representative: str = Field(default="", sa_column=Column(String(60), nullable=False))
    shareholders: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    directors: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    people: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    parents: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    former_names: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    phones: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    bank_accounts: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    stated_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    stated_at: datetime = Field(sa_column=Column(Instant, nullable=False))
