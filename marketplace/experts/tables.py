"""Rows of the expert pool: who is in it, what ties each expert to units, what relations each declared."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlmodel import Field

from marketplace.accounts.tables import REGION
from marketplace.experts.rules.facts import RelationKind, TieKind
from marketplace.experts.words import ExpertState
from marketplace.kernel.columns import JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID


class PoolExpert(Row, table=True):
    """A person in the pool of a region, whose organisers keep it.

    `fields` are values of `ExpertField`; `terms` words of the lexicon, which the matcher ranks by. Phone and bank account
    serve the check of conflicts alone. A term without an end lasts. `most_at_once`: in how many rounds that are not
    finished it may be drawn.
    """

    __tablename__ = "expert"
    __table_args__ = (
        one_of("state", ExpertState),
        UniqueConstraint("account_id", "region"),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("most_at_once BETWEEN 1 AND 50", name="most_at_once_sensible"),
        CheckConstraint("term_ends_on IS NULL OR term_starts_on IS NOT NULL", name="term_begins"),
        CheckConstraint("term_ends_on IS NULL OR term_ends_on >= term_starts_on", name="term_ends_later"),
        CheckConstraint("state NOT IN ('listed', 'paused') OR listed_at IS NOT NULL", name="listed_has_time"),
        CheckConstraint("state NOT IN ('refused', 'left') OR reason <> ''", name="ended_has_reason"),
        Index("ix_expert_region_state", "region", "state"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    state: ExpertState = Field(sa_column=Column(Choice(ExpertState), nullable=False))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    title: str = Field(default="", sa_column=Column(String(60), nullable=False))
    fields: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    specialities: str = Field(default="", sa_column=Column(Text, nullable=False))
    terms: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    phone: str = Field(default="", sa_column=Column(String(60), nullable=False))
    bank_account: str = Field(default="", sa_column=Column(String(60), nullable=False))
    term_starts_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    term_ends_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    most_at_once: int = Field(default=3, sa_column=Column(Integer, nullable=False))
    version: int = Field(default=1, sa_column=Column(Integer, nullable=False))
    created_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    listed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    listed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    updated_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ExpertTie(Row, table=True):
    """What ties, or tied, an expert to a unit (`TieKind`); struck out, it stays for those who look back."""

    __tablename__ = "expert_tie"
    __table_args__ = (
        one_of("kind", TieKind),
        CheckConstraint("unit_name <> ''", name="unit_named"),
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="ends_later"),
        CheckConstraint("(removed_at IS NULL) = (remove_reason = '')", name="removed_has_reason"),
        Index("ix_expert_tie_expert_id", "expert_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    expert_id: str = Field(sa_column=Column(ID, ForeignKey("expert.id"), nullable=False))
    kind: TieKind = Field(sa_column=Column(Choice(TieKind), nullable=False))
    unit_name: str = Field(sa_column=Column(String(200), nullable=False))
    uscc: str = Field(default="", sa_column=Column(String(18), nullable=False))
    since: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    until: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    added_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    removed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    removed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    remove_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class ExpertRelation(Row, table=True):
    """A relation that an expert declared, or the office put down: to a person, a unit or both; kept when struck out."""

    __tablename__ = "expert_relation"
    __table_args__ = (
        one_of("kind", RelationKind),
        CheckConstraint("person <> '' OR unit <> ''", name="somebody_named"),
        CheckConstraint("(removed_at IS NULL) = (remove_reason = '')", name="removed_has_reason"),
        Index("ix_expert_relation_expert_id", "expert_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    expert_id: str = Field(sa_column=Column(ID, ForeignKey("expert.id"), nullable=False))
    kind: RelationKind = Field(sa_column=Column(Choice(RelationKind), nullable=False))
    person: str = Field(default="", sa_column=Column(String(60), nullable=False))
    unit: str = Field(default="", sa_column=Column(String(200), nullable=False))
    until: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    added_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    removed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    removed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    remove_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class ExpertPast(Row, table=True):
    """How an expert's entry read before a change: its own words, for those who look back."""

    __tablename__ = "expert_past"
    expert_id: str = Field(sa_column=Column(ID, ForeignKey("expert.id"), primary_key=True))
    version: int = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    changed_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    changed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
