"""Rows of rounds: the procedure types and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Text
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID


class ProcedureType(Row, table=True):
    """A procedure type by its key; what it says stands in its current version."""

    __table_args__ = (CheckConstraint("current_number >= 1", name="has_version"),)
    key: str = Field(sa_column=Column(String(40), primary_key=True))
    title: str = Field(sa_column=Column(String(40), nullable=False))
    current_number: int = Field(nullable=False)


class ProcedureVersion(Row, table=True):
    """One version of a procedure type, never changed afterwards; nobody wrote the shipped ones.

    `content` holds what `rules.procedures.as_record` gives.
    """

    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("number = 1 OR reason <> ''", name="change_has_reason"),
    )
    key: str = Field(sa_column=Column(String(40), ForeignKey("procedure_type.key"), primary_key=True))
    number: int = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    written_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
