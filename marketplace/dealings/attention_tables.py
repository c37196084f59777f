"""Rows of attention: who looked at what on which day, how viewers are named, and what was saved."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Text, UniqueConstraint
from sqlmodel import Field

from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID
from marketplace.kernel.words import SubjectKind


class Look(Row, table=True):
    """A viewer looked at a profile or a need on a day; once noted, the day is not written again.

    `viewer_id` is an organisation, or the account of somebody who acts for itself.
    """

    __table_args__ = (one_of("kind", SubjectKind), Index("ix_look_viewer_id_day", "viewer_id", "day"))
    kind: SubjectKind = Field(sa_column=Column(Choice(SubjectKind), primary_key=True))
    subject_id: str = Field(sa_column=Column(ID, primary_key=True))
    day: date = Field(sa_column=Column(Date, primary_key=True))
    viewer_id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )


class Visit(Row, table=True):
    """How often nobody in particular looked at something on a day: a number without any identity."""

    __table_args__ = (one_of("kind", SubjectKind), CheckConstraint("times >= 1", name="times_from_one"))
    kind: SubjectKind = Field(sa_column=Column(Choice(SubjectKind), primary_key=True))
    subject_id: str = Field(sa_column=Column(ID, primary_key=True))
    day: date = Field(sa_column=Column(Date, primary_key=True))
    times: int = Field(nullable=False)


class LookNaming(Row, table=True):
    """Whether an organisation is named to those it looks at; without a row the default of its side holds."""

    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), primary_key=True))
    named: bool = Field(sa_column=Column(Boolean, nullable=False))
    set_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    set_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Save(Row, table=True):
    """A need or a profile that a seat wants to find again, with a note of its own; shared by its organisation."""

    __table_args__ = (
        one_of("kind", SubjectKind),
        UniqueConstraint("holder_id", "kind", "subject_id"),
        CheckConstraint("holder_id = coalesce(organisation_id, account_id)", name="holder_known"),
        CheckConstraint("length(note) <= 500", name="note_short"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    holder_id: str = Field(sa_column=Column(ID, nullable=False))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    kind: SubjectKind = Field(sa_column=Column(Choice(SubjectKind), nullable=False))
    subject_id: str = Field(sa_column=Column(ID, nullable=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    saved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
