"""Rows of the office: which days are worked, and what the platform says of itself."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, String, Text
from sqlmodel import Field

from marketplace.kernel.calendar import DayKind
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID


class WorkdayYear(Row, table=True):
    """The working days of one year, as somebody confirmed them from the official notice; every change raises `version`."""

    __table_args__ = (
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year_sound"),
        CheckConstraint("source <> ''", name="source_stated"),
    )
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    version: int = Field(nullable=False)
    source: str = Field(sa_column=Column(Text, nullable=False))
    issued_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    confirmed_by: str = Field(sa_column=Column(ID, nullable=False))
    confirmed_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class WorkdayException(Row, table=True):
    """A day that is not what its weekday says: a holiday (`off`) or a weekend that is worked (`work`)."""

    __table_args__ = (one_of("kind", DayKind),)
    day: date = Field(sa_column=Column(Date, primary_key=True))
    year: int = Field(sa_column=Column(ForeignKey("workday_year.year"), nullable=False, index=True))
    kind: DayKind = Field(sa_column=Column(Choice(DayKind), nullable=False))
    name: str = Field(sa_column=Column(String(60), nullable=False))


class PlatformSetting(Row, table=True):
    """One thing the platform says of itself, or a limit; without a row the default counts."""

    __table_args__ = (CheckConstraint("version >= 1", name="version_from_one"),)
    key: str = Field(sa_column=Column(String(48), primary_key=True))
    value: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(nullable=False)
    changed_by: str = Field(sa_column=Column(ID, nullable=False))
    changed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
