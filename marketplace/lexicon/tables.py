"""Rows of lexicon entries: an identity with versions, each proposed, decided and ended by somebody."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text, text
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID
from marketplace.lexicon.words import Act, EntryState

_PROPOSED = text("state = 'proposed'")
_APPROVED = text("state = 'approved'")


class LexiconEntry(Row, table=True):
    """An entry; `version` is the number of its newest version."""

    __table_args__ = (one_of("act", Act), CheckConstraint("version >= 1", name="version_from_one"))
    id: str = Field(sa_column=Column(ID, primary_key=True))
    act: Act = Field(sa_column=Column(Choice(Act), nullable=False))
    version: int = Field(nullable=False)
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class LexiconVersion(Row, table=True):
    """One version: what it says never changes, only how it was decided and how it ended is added."""

    __table_args__ = (
        one_of("state", EntryState),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(
            "(state = 'proposed') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided_has_who_when",
        ),
        CheckConstraint("state <> 'declined' OR decision <> ''", name="declined_says_why"),
        CheckConstraint(
            "(state IN ('withdrawn', 'replaced')) = (ended_at IS NOT NULL) AND (ended_at IS NULL) = (ended_by IS NULL)",
            name="ended_has_who_when",
        ),
        # One proposal of an entry waits at a time, and one version of it is in force.
        Index(
            "uq_lexicon_version_entry_id_proposed",
            "entry_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
        Index(
            "uq_lexicon_version_entry_id_approved",
            "entry_id",
            unique=True,
            sqlite_where=_APPROVED,
            postgresql_where=_APPROVED,
        ),
        Index("ix_lexicon_version_state", "state"),
        Index("ix_lexicon_version_proposed_by", "proposed_by"),
    )
    entry_id: str = Field(sa_column=Column(ID, ForeignKey("lexicon_entry.id"), primary_key=True))
    number: int = Field(primary_key=True)
    state: EntryState = Field(sa_column=Column(Choice(EntryState), nullable=False))
    concept: str = Field(sa_column=Column(String(60), nullable=False))
    says: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    proposed_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    proposed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    decision: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ending: str = Field(default="", sa_column=Column(Text, nullable=False))
    ended_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
