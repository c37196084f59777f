"""Rows of items: the identity with what is searched, immutable versions, and the erasable cells they came from."""

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlmodel import Field, col

from ingest.fields import IssuerType, ListKind, NeedType
from marketplace.kernel.columns import BIG, JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.lists.words import ItemState, SourceKind


class Item(Row, table=True):
    """One line of a list through all its versions.

    One that was posted by form stands on no list: it has no series and no edition. Where `is_anonymous`, what is
    searched and every version name no issuer; `organisation_id` alone does, and views withhold it.
    `order_key` puts the newest first and keeps the order of a list within its edition (`rules.ordering`).
    From `title` on stands what is searched: a copy of the current version, checked by an invariant.
    """

    __table_args__ = (
        one_of("kind", ListKind),
        one_of("state", ItemState),
        one_of("issuer_type", IssuerType),
        CheckConstraint("current_number >= 1", name="current_number_known"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("kind <> 'capability' OR organisation_id IS NOT NULL", name="capability_has_organisation"),
        CheckConstraint("state <> 'paused' OR kind <> 'capability'", name="only_needs_pause"),
        CheckConstraint(
            "(series_id IS NULL) = (edition_id IS NULL) AND (edition_id IS NULL) = (edition_entry IS NULL)",
            name="listed_whole",
        ),
        CheckConstraint("series_id IS NOT NULL OR organisation_id IS NOT NULL", name="listed_or_owned"),
        CheckConstraint("NOT is_anonymous OR (series_id IS NULL)", name="listed_has_name"),
        Index("ix_item_state_kind_order_key_id", "state", "kind", "order_key", "id"),
        Index("ix_item_state_order_key_id", "state", "order_key", "id"),
        Index("ix_item_series_id_state", "series_id", "state"),
        Index("ix_item_organisation_id", "organisation_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    series_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("series.id"), nullable=True))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    profile_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("profile.id"), nullable=True))
    kind: ListKind = Field(sa_column=Column(Choice(ListKind), nullable=False))
    state: ItemState = Field(sa_column=Column(Choice(ItemState), nullable=False))
    current_number: int = Field(nullable=False)
    edition_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("edition.id"), nullable=True))
    edition_entry: int | None = Field(default=None, nullable=True)
    is_anonymous: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    published_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    order_key: int = Field(sa_column=Column(BIG, nullable=False))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    title: str = Field(sa_column=Column(Text, nullable=False))
    summary: str = Field(sa_column=Column(Text, nullable=False))
    need_type: NeedType | None = Field(default=None, sa_column=Column(Choice(NeedType), nullable=True))
    issuer: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    issuer_type: IssuerType | None = Field(default=None, sa_column=Column(Choice(IssuerType), nullable=True))
    sector: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    region: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    budget_min_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    budget_max_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    budget_negotiable: bool = Field(nullable=False)
    period_start: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    period_end: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    duration_months: int | None = Field(default=None, nullable=True)


class ItemVersion(Row, table=True):
    """What an item said at one time; a trigger refuses every change. `digest` covers the facts.

    A row of a file belongs to its edition; what was written by form to its draft. A version of source form with an
    edition is what remained of its owner's words when that edition re-issued the item.
    """

    __table_args__ = (
        one_of("kind", ListKind),
        one_of("need_type", NeedType),
        one_of("issuer_type", IssuerType),
        one_of("source", SourceKind),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("budget_min_fen IS NULL OR budget_min_fen > 0", name="budget_min_positive"),
        CheckConstraint(
            "budget_max_fen IS NULL OR budget_min_fen IS NULL OR budget_max_fen >= budget_min_fen",
            name="budget_ordered",
        ),
        CheckConstraint(
            "source <> 'file' OR (file_digest IS NOT NULL AND \"row\" IS NOT NULL AND intake_id IS NOT NULL "
            "AND edition_id IS NOT NULL)",
            name="file_has_place",
        ),
        CheckConstraint("title <> ''", name="title_stated"),
        # A draft is published once, whatever races.
        UniqueConstraint("draft_id"),
    )
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    number: int = Field(primary_key=True)
    kind: ListKind = Field(sa_column=Column(Choice(ListKind), nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    need_type: NeedType | None = Field(default=None, sa_column=Column(Choice(NeedType), nullable=True))
    description: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    issuer: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    issuer_type: IssuerType | None = Field(default=None, sa_column=Column(Choice(IssuerType), nullable=True))
    sector: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    region: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    budget_min_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    budget_max_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    budget_negotiable: bool = Field(nullable=False)
    period_start: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    period_end: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    duration_months: int | None = Field(default=None, nullable=True)
    requirements: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    extras: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    inherited: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    places: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    source: SourceKind = Field(sa_column=Column(Choice(SourceKind), nullable=False))
    file_name: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    file_digest: str | None = Field(default=None, sa_column=Column(DIGEST, nullable=True))
    sheet: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    page: int | None = Field(default=None, nullable=True)
    row: int | None = Field(default=None, nullable=True)
    intake_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("intake.id"), nullable=True))
    edition_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("edition.id"), nullable=True))
    draft_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("need_draft.id"), nullable=True))
    written_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))


class ItemPrivate(Row, table=True):
    """Whom to ask, and the cells as they stood: personal data, apart from the facts so that it can be erased."""

    __table_args__ = (ForeignKeyConstraint(["item_id", "number"], ["item_version.item_id", "item_version.number"]),)
    item_id: str = Field(sa_column=Column(ID, primary_key=True))
    number: int = Field(primary_key=True)
    contact_name: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    contact_phone: str | None = Field(default=None, sa_column=Column(String(200), nullable=True))
    contact_email: str | None = Field(default=None, sa_column=Column(String(400), nullable=True))
    raw: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))


CURRENT_VERSION = (col(ItemVersion.item_id) == col(Item.id)) & (col(ItemVersion.number) == col(Item.current_number))
CURRENT_PRIVATE = (col(ItemPrivate.item_id) == col(Item.id)) & (col(ItemPrivate.number) == col(Item.current_number))
"""What joins an item with its current version, and with what of it is not public."""
