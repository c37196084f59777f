"""Rows of policies."""

from datetime import date

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Choice, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID
from marketplace.policies.views import PolicyStatus, RuleKind


class Policy(Row, table=True):
    """A policy of a region: how far it has come, and from when to when it holds where it says so."""

    __table_args__ = (
        one_of("status", PolicyStatus),
        UniqueConstraint("region", "title"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="term_ordered"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    region: str = Field(sa_column=Column(String(120), nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    status: PolicyStatus = Field(sa_column=Column(Choice(PolicyStatus), nullable=False))
    starts_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    ends_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    term: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    source: str = Field(sa_column=Column(Text, nullable=False))


class Measure(Row, table=True):
    """One measure of a policy, in the order of its text; a value is a decimal number as text, with its unit."""

    __table_args__ = (
        CheckConstraint("(value IS NULL) = (unit IS NULL)", name="value_has_unit"),
        Index("ix_measure_topic", "topic"),
    )
    policy_id: str = Field(sa_column=Column(ID, ForeignKey("policy.id"), primary_key=True))
    number: int = Field(primary_key=True)
    clause: str = Field(sa_column=Column(Text, nullable=False))
    topic: str = Field(sa_column=Column(String(40), nullable=False))
    summary: str = Field(sa_column=Column(Text, nullable=False))
    quote: str = Field(sa_column=Column(Text, nullable=False))
    value: str | None = Field(default=None, sa_column=Column(String(24), nullable=True))
    unit: str | None = Field(default=None, sa_column=Column(String(24), nullable=True))


class PolicyRule(Row, table=True):
    """One rule of who counts as an OPC under a policy; what each column means stands at `views.RuleView`."""

    __table_args__ = (
        one_of("kind", RuleKind),
        UniqueConstraint("policy_id", "key"),
        CheckConstraint("(kind = 'head_count') = (most IS NOT NULL)", name="head_count_has_limit"),
        CheckConstraint("most_recognised IS NULL OR most_recognised > most", name="recognised_is_more"),
    )
    policy_id: str = Field(sa_column=Column(ID, ForeignKey("policy.id"), primary_key=True))
    number: int = Field(primary_key=True)
    key: str = Field(sa_column=Column(String(40), nullable=False))
    kind: RuleKind = Field(sa_column=Column(Choice(RuleKind), nullable=False))
    clause: str = Field(sa_column=Column(Text, nullable=False))
    summary: str = Field(sa_column=Column(Text, nullable=False))
    quote: str = Field(sa_column=Column(Text, nullable=False))
    most: int | None = Field(default=None, nullable=True)
    most_recognised: int | None = Field(default=None, nullable=True)
    places: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    places_by_analogy: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    owners: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    owners_by_analogy: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    spares: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
