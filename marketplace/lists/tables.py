"""Rows of the lists that are published: series, editions and their entries. Items are in `item_tables`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field

from ingest.fields import ListKind
from marketplace.accounts.tables import REGION
from marketplace.kernel.columns import JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.lists.words import IntakeState, Outcome


class Series(Row, table=True):
    """A publisher's list that re-issues; `first_number` is its first edition's, where it came out elsewhere before."""

    __table_args__ = (
        UniqueConstraint("publisher_key", "title_key", "region"),
        CheckConstraint("first_number >= 1", name="first_number_from_one"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    title: str = Field(sa_column=Column(Text, nullable=False))
    title_key: str = Field(sa_column=Column(Text, nullable=False))
    publisher: str = Field(sa_column=Column(Text, nullable=False))
    publisher_key: str = Field(sa_column=Column(Text, nullable=False))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    first_number: int = Field(default=1, nullable=False)
    opened_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Intake(Row, table=True):
    """One file on its way in; every change of it raises `version`.

    `kind` is what the uploader said that its rows are. While it is being read `pages_done` of `pages_total` are; `failure`
    says in Chinese why it could not be read.
    """

    __table_args__ = (
        one_of("state", IntakeState),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'discarded') OR (closed_at IS NOT NULL AND closed_by IS NOT NULL)",
            name="closed_has_who_when",
        ),
        CheckConstraint(
            "state IN ('confirmed', 'discarded') OR (closed_at IS NULL AND closed_by IS NULL)", name="open_has_no_end"
        ),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="failed_says_why"),
        CheckConstraint("(state = 'confirmed') = (edition_id IS NOT NULL)", name="confirmed_has_edition"),
        Index("ix_intake_region_opened_at", "region", "opened_at"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False))
    file_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    size_bytes: int = Field(nullable=False)
    region: str = Field(sa_column=Column(REGION, nullable=False))
    publisher: str = Field(sa_column=Column(Text, nullable=False))
    kind: ListKind | None = Field(default=None, sa_column=Column(Choice(ListKind), nullable=True))
    state: IntakeState = Field(sa_column=Column(Choice(IntakeState), nullable=False))
    version: int = Field(nullable=False)
    sound: int = Field(nullable=False)
    refused: int = Field(nullable=False)
    problems: int = Field(nullable=False)
    pages_done: int | None = Field(default=None, nullable=True)
    pages_total: int | None = Field(default=None, nullable=True)
    failure: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    opened_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    closed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    edition_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("edition.id"), nullable=True))


class IntakeReading(Row, table=True):
    """Everything that was read from an intake's file, before corrections; apart, because it is large."""

    intake_id: str = Field(sa_column=Column(ID, ForeignKey("intake.id"), primary_key=True))
    reading: dict[str, object] = Field(sa_column=Column(JSON_DOC, nullable=False))


class IntakeCorrection(Row, table=True):
    """What somebody put right in one part of one row of an intake; of each part the newest holds.

    `number` counts the corrections of an intake from 1; `part` is a role of `ingest.corrections.PARTS`; `words` None takes
    back what was put right before.
    """

    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)
    intake_id: str = Field(sa_column=Column(ID, ForeignKey("intake.id"), primary_key=True))
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    sheet: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    in_table: int | None = Field(default=None, nullable=True)
    page: int | None = Field(default=None, nullable=True)
    row: int = Field(nullable=False)
    part: str = Field(sa_column=Column(Text, nullable=False))
    words: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    made_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ColumnMapping(Row, table=True):
    """What somebody said that a column of a publisher's list is, in every file of this layout to come.

    `header` is the label of the column, `role` what it is read as. A publisher's key is "" where files name none.
    """

    region: str = Field(sa_column=Column(REGION, primary_key=True))
    publisher_key: str = Field(sa_column=Column(Text, primary_key=True))
    layout: str = Field(sa_column=Column(Text, primary_key=True))
    header: str = Field(sa_column=Column(Text, primary_key=True))
    role: str = Field(sa_column=Column(Text, nullable=False))
    decided_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    decided_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Edition(Row, table=True):
    """A dated, published, frozen set of item versions with what it did to the one before.

    `digest` covers its entries in order: number, outcome, item and the digest of the version. One that undoes the edition
    before it says which one it publishes again, and why.
    """

    __table_args__ = (
        UniqueConstraint("series_id", "number"),
        # One confirm per intake, whatever races: the second publisher's transaction fails here.
        UniqueConstraint("intake_id"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("total = unchanged + changed + added + returned", name="counts_add_up"),
        CheckConstraint(
            "(intake_id IS NULL) = (file_digest IS NULL) AND (intake_id IS NULL) = (file_name IS NULL)",
            name="file_or_compiled",
        ),
        CheckConstraint("(restores_id IS NULL) = (restored_because IS NULL)", name="restored_says_why"),
        CheckConstraint("restores_id IS NULL OR intake_id IS NULL", name="restored_has_no_file"),
        Index("ix_edition_published_at_id", "published_at", "id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    series_id: str = Field(sa_column=Column(ID, ForeignKey("series.id"), nullable=False))
    number: int = Field(nullable=False)
    title: str = Field(sa_column=Column(Text, nullable=False))
    publisher: str = Field(sa_column=Column(Text, nullable=False))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    intake_id: str | None = Field(default=None, sa_column=Column(ID, nullable=True))
    file_name: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    file_digest: str | None = Field(default=None, sa_column=Column(DIGEST, nullable=True))
    published_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    published_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    total: int = Field(nullable=False)
    unchanged: int = Field(nullable=False)
    changed: int = Field(nullable=False)
    added: int = Field(nullable=False)
    returned: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    gone: int = Field(nullable=False)
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    restores_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("edition.id"), nullable=True))
    restored_because: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


class EditionEntry(Row, table=True):
    """One line of an edition. A gone one has no number (编号) and points at the version that was last published.

    `changes` is a list of {"field", "old", "new"}, contacts masked.
    """

    __table_args__ = (
        one_of("outcome", Outcome),
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("(outcome = 'gone') = (number IS NULL)", name="gone_has_no_number"),
        Index("ix_edition_entry_item_id", "item_id"),
    )
    edition_id: str = Field(sa_column=Column(ID, ForeignKey("edition.id"), primary_key=True))
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    item_number: int = Field(nullable=False)
    number: int | None = Field(default=None, nullable=True)
    outcome: Outcome = Field(sa_column=Column(Choice(Outcome), nullable=False))
    changes: list[dict[str, str | None]] = Field(sa_column=Column(JSON_DOC, nullable=False))


class EditionOmission(Row, table=True):
    """A row of an edition's file that was left out, or listed without its contact, because of a takedown.

    `place` counts the rows that could be published, from 0. What the row says is not kept here.
    """

    edition_id: str = Field(sa_column=Column(ID, ForeignKey("edition.id"), primary_key=True))
    place: int = Field(primary_key=True)
    sheet: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    row: int = Field(nullable=False)
    takedown_id: str = Field(sa_column=Column(ID, ForeignKey("takedown.id"), nullable=False))
