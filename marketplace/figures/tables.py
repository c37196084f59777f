"""Rows of figures: targets with the clause they come from, who adopted whose, and events held."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Text, text
from sqlmodel import Field

from marketplace.accounts.tables import REGION
from marketplace.figures.words import EventKind, Measure, Per, Span
from marketplace.kernel.columns import BIG, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID
from marketplace.policies.views import PolicyStatus

LIVE = text("withdrawn_at IS NULL")


class Target(Row, table=True):
    """A target of a region: how much of what, in which years, and the words of the policy that set it.

    `entered_by` is None for those that come with the product. An amount (`ordered`) is in fen.
    """

    __table_args__ = (
        one_of("measure", Measure),
        one_of("per", Per),
        one_of("span", Span),
        one_of("status", PolicyStatus),
        CheckConstraint("value > 0", name="value_positive"),
        CheckConstraint("first_year <= last_year", name="years_ordered"),
        CheckConstraint("quote <> ''", name="quote_stated"),
        Index("ix_target_region", "region"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    measure: Measure = Field(sa_column=Column(Choice(Measure), nullable=False))
    per: Per = Field(sa_column=Column(Choice(Per), nullable=False))
    span: Span = Field(sa_column=Column(Choice(Span), nullable=False))
    first_year: int = Field(nullable=False)
    last_year: int = Field(nullable=False)
    value: int = Field(sa_column=Column(BIG, nullable=False))
    source: str = Field(sa_column=Column(Text, nullable=False))
    clause: str = Field(sa_column=Column(Text, nullable=False))
    quote: str = Field(sa_column=Column(Text, nullable=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    status: PolicyStatus = Field(sa_column=Column(Choice(PolicyStatus), nullable=False))
    entered_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    entered_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class TargetAdoption(Row, table=True):
    """A region without targets of its own measures itself against those of another, and says so."""

    __table_args__ = (
        CheckConstraint("region <> reference", name="not_itself"),
        Index(
            "uq_target_adoption_region_live",
            "region",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    reference: str = Field(sa_column=Column(REGION, nullable=False))
    adopted_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    adopted_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Event(Row, table=True):
    """An event through all its versions; the columns from `kind` on copy the newest one."""

    __table_args__ = (
        one_of("kind", EventKind),
        CheckConstraint("current_number >= 1", name="current_number_known"),
        Index("ix_event_region_held_on", "region", "held_on"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    current_number: int = Field(nullable=False)
    kind: EventKind = Field(sa_column=Column(Choice(EventKind), nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    held_on: date = Field(sa_column=Column(Date, nullable=False))
    is_withdrawn: bool = Field(sa_column=Column(Boolean, nullable=False))


class EventVersion(Row, table=True):
    """What was said of an event at one time; a trigger refuses every change."""

    __table_args__ = (
        one_of("kind", EventKind),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("title <> ''", name="title_stated"),
        CheckConstraint("attendance IS NULL OR attendance >= 0", name="attendance_not_negative"),
    )
    event_id: str = Field(sa_column=Column(ID, ForeignKey("event.id"), primary_key=True))
    number: int = Field(primary_key=True)
    kind: EventKind = Field(sa_column=Column(Choice(EventKind), nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    held_on: date = Field(sa_column=Column(Date, nullable=False))
    place: str = Field(sa_column=Column(Text, nullable=False))
    organiser: str = Field(sa_column=Column(Text, nullable=False))
    attendance: int | None = Field(default=None, nullable=True)
    evidence: str = Field(sa_column=Column(Text, nullable=False))
    is_withdrawn: bool = Field(sa_column=Column(Boolean, nullable=False))
    written_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
