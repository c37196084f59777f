"""Rows of outcomes: what deciders decided, what was published, objections to it, awards and their confirmation."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.rounds.outcome_words import Ground, ObjectionState, Remedy

_DECIDED = "('upheld', 'partly_upheld', 'dismissed', 'implemented', 'escalated', 'final')"


class RoundDecision(Row, table=True):
    """What one decider decides of a round's bids; two alike, made on the same scores, are the decision.

    `record` names for each bid its outcome, its order and the reason, and is empty where nobody is to win; `digest` is that
    of outcomes and orders. Another decision of the same person voids the one before.
    """

    __tablename__ = "round_decision"
    __table_args__ = (
        CheckConstraint("(void_at IS NULL) = (void_reason = '')", name="void_has_reason"),
        CheckConstraint("note <> ''", name="has_note"),
        Index(
            "uq_round_decision_round_id_account_id_live",
            "round_id",
            "account_id",
            unique=True,
            sqlite_where=text("void_at IS NULL"),
            postgresql_where=text("void_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    record: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    scores_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    void_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    void_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class RoundPublicity(Row, table=True):
    """A result as it was made public: who is proposed, the ranking as far as the procedure tells it, until when.

    `record` is what everybody reads. Withdrawn, it stays, with the reason.
    """

    __tablename__ = "round_publicity"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("ends_at > starts_at", name="lasts"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdraw_reason = '')", name="withdrawn_has_reason"),
    )
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    number: int = Field(primary_key=True)
    record: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    starts_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ends_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    withdraw_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class BidResult(Row, table=True):
    """What a publicity makes of one bid, and why, as its bidder is told it; a later publicity adds its own."""

    __tablename__ = "bid_result"
    __table_args__ = (CheckConstraint("reason <> ''", name="has_reason"),)
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    number: int = Field(primary_key=True)
    outcome: str = Field(sa_column=Column(String(16), nullable=False))
    place: int = Field(sa_column=Column(Integer, nullable=False))
    order: int = Field(sa_column=Column(Integer, nullable=False))
    score: str = Field(sa_column=Column(String(8), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    told_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Objection(Row, table=True):
    """An objection to a published result, by somebody with a real name; the handler neither scored nor decided.

    `files` are what was handed in with it: "name", "digest", "size_bytes". `bid_ids` are those that it is about, as its
    handler sees it. Times by which the handler has to act are counted in
    working days when it is filed and taken.
    """

    __table_args__ = (
        one_of("state", ObjectionState),
        one_of("ground", Ground),
        one_of("remedy", Remedy),
        UniqueConstraint("round_id", "number"),
        CheckConstraint("name <> '' AND (phone <> '' OR email <> '')", name="real_name"),
        CheckConstraint("what <> '' AND rule <> '' AND evidence <> '' AND wanted <> ''", name="says_everything"),
        CheckConstraint("state <> 'rejected' OR ground IS NOT NULL", name="rejected_has_ground"),
        CheckConstraint(f"state NOT IN {_DECIDED} OR answer <> ''", name="decided_has_answer"),
        CheckConstraint("state NOT IN ('upheld', 'partly_upheld') OR remedy IS NOT NULL", name="upheld_has_remedy"),
        CheckConstraint("(extended_at IS NULL) = (extend_reason = '')", name="extended_has_reason"),
        CheckConstraint("state <> 'implemented' OR implemented_at IS NOT NULL", name="implemented_has_time"),
        Index("ix_objection_round_id_state", "round_id", "state"),
        Index("ix_objection_filed_by", "filed_by"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    number: int = Field(sa_column=Column(Integer, nullable=False))
    publicity: int = Field(sa_column=Column(Integer, nullable=False))
    state: ObjectionState = Field(sa_column=Column(Choice(ObjectionState), nullable=False))
    filed_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    name: str = Field(sa_column=Column(String(60), nullable=False))
    phone: str = Field(default="", sa_column=Column(String(60), nullable=False))
    email: str = Field(default="", sa_column=Column(String(254), nullable=False))
    what: str = Field(sa_column=Column(Text, nullable=False))
    rule: str = Field(sa_column=Column(Text, nullable=False))
    evidence: str = Field(sa_column=Column(Text, nullable=False))
    wanted: str = Field(sa_column=Column(Text, nullable=False))
    files: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    filed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    accept_due: datetime = Field(sa_column=Column(Instant, nullable=False))
    handler_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    taken_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    decide_due: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ground: Ground | None = Field(default=None, sa_column=Column(Choice(Ground), nullable=True))
    extended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    extend_reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    remedy: Remedy | None = Field(default=None, sa_column=Column(Choice(Remedy), nullable=True))
    bid_ids: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    implemented_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    appeal: str = Field(default="", sa_column=Column(Text, nullable=False))
    appealed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    appeal_answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    appeal_decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    appeal_decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Award(Row, table=True):
    """A bid has won (定榜); its unit confirms by a day, or the reserve takes its place."""

    __table_args__ = (
        CheckConstraint("confirm_due > awarded_at", name="due_later"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("(ended_at IS NULL) = (end_reason = '')", name="ended_has_reason"),
        Index("ix_award_round_id", "round_id"),
        Index("ix_award_organisation_id", "organisation_id"),
    )
    bid_id: str = Field(sa_column=Column(ID, ForeignKey("bid.id"), primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    awarded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    confirm_due: datetime = Field(sa_column=Column(Instant, nullable=False))
    confirmed_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    confirmed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    end_reason: str = Field(default="", sa_column=Column(Text, nullable=False))
