"""Rows of needs written by form: drafts with every save of them, what a re-issue disputes, and how a need ended."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.kernel.columns import BIG, JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID
from marketplace.lists.words import Deal, DisputeState, DraftState


class NeedDraft(Row, table=True):
    """A need being written, or an amendment of one (`item_id`, begun at its version `base_number`).

    `body` holds the fields as they were typed. `clashes` maps a field to the values that people gave it at the same
    time, the draft's own first, until one is chosen. Every save raises `version`.
    """

    __table_args__ = (
        one_of("state", DraftState),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("base_number IS NULL OR item_id IS NOT NULL", name="amends_an_item"),
        CheckConstraint("state <> 'published' OR item_id IS NOT NULL", name="published_has_item"),
        Index("ix_need_draft_organisation_id_state", "organisation_id", "state"),
        # One amendment of a need at a time: everybody works on the same draft.
        Index(
            "uq_need_draft_item_id_open",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    item_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("item.id"), nullable=True))
    base_number: int | None = Field(default=None, nullable=True)
    state: DraftState = Field(sa_column=Column(Choice(DraftState), nullable=False))
    body: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    clashes: dict[str, list[dict[str, str]]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    version: int = Field(nullable=False)
    opened_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    updated_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    updated_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class NeedDraftSave(Row, table=True):
    """One save of a draft, which made its version `number`; `page` is the open page that sent it.

    `changes` is a list of {"field", "old", "new", "kept"}; what lost against somebody else's words is there as well.
    """

    draft_id: str = Field(sa_column=Column(ID, ForeignKey("need_draft.id"), primary_key=True))
    number: int = Field(primary_key=True)
    page: str = Field(sa_column=Column(ID, nullable=False))
    saved_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    saved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    changes: list[dict[str, str | bool]] = Field(sa_column=Column(JSON_DOC, nullable=False))


class ItemDispute(Row, table=True):
    """A field that a re-issued list and the need's owner changed differently, until a person decides.

    The owner's words (version `owned_number`) stand meanwhile; the list's are in version `listed_number`.
    """

    __table_args__ = (
        one_of("state", DisputeState),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_has_time"),
        CheckConstraint("state NOT IN ('kept', 'taken') OR decided_by IS NOT NULL", name="a_person_decides"),
        UniqueConstraint("item_id", "field", "listed_number"),
        Index(
            "uq_item_dispute_item_id_field_open",
            "item_id",
            "field",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), nullable=False))
    field: str = Field(sa_column=Column(Text, nullable=False))
    edition_id: str = Field(sa_column=Column(ID, ForeignKey("edition.id"), nullable=False))
    listed_number: int = Field(nullable=False)
    owned_number: int = Field(nullable=False)
    state: DisputeState = Field(sa_column=Column(Choice(DisputeState), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class NeedOutcome(Row, table=True):
    """How a need ended: with a supplier of the platform, with another, or without any and why."""

    __table_args__ = (
        one_of("deal", Deal),
        CheckConstraint("(deal = 'profile') = (profile_id IS NOT NULL)", name="profile_named"),
        CheckConstraint("(deal = 'other') = (supplier_name IS NOT NULL)", name="other_named"),
        CheckConstraint("(deal = 'none') = (reason IS NOT NULL)", name="none_has_reason"),
        CheckConstraint("deal <> 'none' OR (amount_fen IS NULL AND signed_on IS NULL)", name="none_has_no_deal"),
        CheckConstraint("deal = 'none' OR signed_on IS NOT NULL", name="deal_has_day"),
        CheckConstraint("amount_fen IS NULL OR amount_fen >= 0", name="amount_not_negative"),
        Index("ix_need_outcome_signed_on", "signed_on"),
    )
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    deal: Deal = Field(sa_column=Column(Choice(Deal), nullable=False))
    profile_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("profile.id"), nullable=True))
    supplier_name: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    reason: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    amount_fen: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    signed_on: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    note: str = Field(sa_column=Column(Text, nullable=False))
    is_public: bool = Field(sa_column=Column(Boolean, nullable=False))
    recorded_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
