"""Rows of bids: the bid, its draft under a key of its own, the files sealed for it, its team, its sealed versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, String, Text, text
from sqlmodel import Field

from marketplace.kernel.columns import BIG, JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.rounds.words import BidState

_DEAD = "('withdrawn', 'lapsed', 'returned')"
_HANDED_IN = (
    "('submitted', 'needs_reconfirm', 'opened', 'correction_requested', 'eligible', 'ineligible', 'in_review', 'scored', "
    "'proposed', 'reserve', 'not_selected', 'awarded', 'not_awarded', 'declined', 'revoked', 'returned')"
)


class Bid(Row, table=True):
    """What a unit does on one track of a round; nothing of what the bid says stands here.

    `version` counts its sealed versions, 0 while none was handed in. `notice_number` is the notice that it was last
    handed in or confirmed under.
    """

    __table_args__ = (
        one_of("state", BidState),
        CheckConstraint(f"state NOT IN {_HANDED_IN} OR version >= 1", name="handed_in_has_version"),
        CheckConstraint("(version = 0) = (submitted_at IS NULL)", name="version_has_time"),
        Index("ix_bid_organisation_id", "organisation_id"),
        Index("ix_bid_round_id_state", "round_id", "state"),
        Index(
            "uq_bid_round_id_track_organisation_id_live",
            "round_id",
            "track",
            "organisation_id",
            unique=True,
            sqlite_where=text(f"state NOT IN {_DEAD}"),
            postgresql_where=text(f"state NOT IN {_DEAD}"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    track: str = Field(sa_column=Column(String(8), nullable=False))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    state: BidState = Field(sa_column=Column(Choice(BidState), nullable=False))
    version: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    notice_number: int = Field(sa_column=Column(Integer, nullable=False))
    opened_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    submitted_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class BidDraft(Row, table=True):
    """What a unit is writing: encrypted to a key that lies in a file of its own and goes when the bid is handed in."""

    __table_args__ = (CheckConstraint("version >= 1", name="version_from_one"),)
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    key_id: str = Field(sa_column=Column(ID, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    updated_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    updated_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class BidFile(Row, table=True):
    """A file sealed for a bid; its name and what it is stand in the encrypted draft alone."""

    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    sealed_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    sealed_bytes: int = Field(sa_column=Column(BIG, nullable=False))
    put_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    put_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class BidMember(Row, table=True):
    """A partner of a joint bid (联合体), asked by the lead; it takes part once one of its people has confirmed."""

    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("confirmed_at IS NULL OR declined_at IS NULL", name="answered_once"),
        Index("ix_bid_member_organisation_id", "organisation_id"),
    )
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), primary_key=True))
    asked_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    confirmed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    declined_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class BidVersion(Row, table=True):
    """A sealed version and its receipt as it was handed out; a trigger refuses every change.

    `received_at` is when the last byte of the submission had arrived. `files` are the digests of the sealed attachments.
    """

    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("size_bytes > 0", name="size_positive"),
    )
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    number: int = Field(primary_key=True)
    sealed_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    size_bytes: int = Field(sa_column=Column(BIG, nullable=False))
    files: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    receipt: str = Field(sa_column=Column(Text, nullable=False))
    receipt_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    notice_number: int = Field(sa_column=Column(Integer, nullable=False))
    has_own_copy: bool = Field(sa_column=Column(Boolean, nullable=False))
    submitted_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    received_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    audit_position: int = Field(sa_column=Column(BIG, nullable=False))


class BidOpening(Row, table=True):
    """What the opening found in a bid: what it says and its price, or why it could not be opened (an incident)."""

    __table_args__ = (CheckConstraint("(failure = '') = (answers IS NOT NULL)", name="opened_or_failed"),)
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    number: int = Field(nullable=False)
    failure: str = Field(default="", sa_column=Column(Text, nullable=False))
    answers: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON_DOC, nullable=True))
    price: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON_DOC, nullable=True))
    attachments: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(JSON_DOC, nullable=True))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
