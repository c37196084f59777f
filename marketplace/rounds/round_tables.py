"""Rows of rounds: the round, the texts of its notice, who is appointed, what was asked, who is told."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlmodel import Field

from marketplace.accounts.tables import REGION
from marketplace.kernel.columns import BIG, JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.rounds.words import Consent, Post, RoundState, TextState

_JUDGED = "'review', 'consensus', 'decision', 'publicity', 'awarded'"
_UNDER_WAY = f"('open', 'sealed', 'eligibility', {_JUDGED})"
_ENDED = "('failed', 'cancelled')"


class Round(Row, table=True):
    """One open selection, from a draft to its end.

    `procedure` is its own copy of a procedure type, taken when the notice is handed in. `notice_number` is the notice
    that stands (0: none was handed in yet). `next_check` is when the clock has to look at it again. While it is
    suspended, `remaining_seconds` keeps what was left until the deadline, or until the end of the publicity.
    `stage` is the stage of judging that it is in, or was in last; "" before the review.
    """

    __table_args__ = (
        one_of("state", RoundState),
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("state = 'draft' OR (procedure IS NOT NULL AND notice_number >= 1)", name="beyond_draft_fixed"),
        CheckConstraint(
            f"state NOT IN {_UNDER_WAY} OR (publish_at IS NOT NULL AND deadline IS NOT NULL "
            "AND published_at IS NOT NULL AND published_number >= 1)",
            name="open_was_published",
        ),
        CheckConstraint("deadline IS NULL OR publish_at IS NULL OR deadline > publish_at", name="deadline_later"),
        CheckConstraint(
            f"state NOT IN ('sealed', 'eligibility', {_JUDGED}) OR sealed_at IS NOT NULL", name="was_sealed"
        ),
        CheckConstraint("sealed_at IS NULL OR sealed_at >= deadline", name="sealed_after_deadline"),
        CheckConstraint(f"state NOT IN ('eligibility', {_JUDGED}) OR opened_at IS NOT NULL", name="was_opened"),
        CheckConstraint(f"state NOT IN ({_JUDGED}) OR stage <> ''", name="judged_has_stage"),
        CheckConstraint("state <> 'publicity' OR publicity_ends IS NOT NULL", name="publicity_ends_somewhen"),
        CheckConstraint("publicity_ends IS NULL OR publicity_ends > publicity_starts", name="publicity_lasts"),
        CheckConstraint("state <> 'awarded' OR awarded_at IS NOT NULL", name="awarded_has_time"),
        CheckConstraint("awarded_at IS NULL OR awarded_at >= publicity_ends", name="awarded_after_publicity"),
        CheckConstraint("opened_at IS NULL OR sealed_at IS NOT NULL", name="opened_after_seal"),
        CheckConstraint(f"(state IN {_ENDED}) = (ended_at IS NOT NULL)", name="ended_has_time"),
        CheckConstraint("ended_at IS NULL OR end_reason <> ''", name="ended_has_reason"),
        CheckConstraint("(suspended_at IS NULL) = (suspend_reason = '')", name="suspended_has_reason"),
        Index("ix_round_state_deadline", "state", "deadline"),
        Index("ix_round_next_check", "next_check"),
        Index("ix_round_organisation_id", "organisation_id"),
        Index("ix_round_item_id", "item_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    item_id: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("item.id"), nullable=True))
    rerun_of: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("round.id"), nullable=True))
    procedure_key: str = Field(sa_column=Column(String(40), ForeignKey("procedure_type.key"), nullable=False))
    procedure: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON_DOC, nullable=True))
    state: RoundState = Field(sa_column=Column(Choice(RoundState), nullable=False))
    title: str = Field(sa_column=Column(Text, nullable=False))
    version: int = Field(default=1, sa_column=Column(Integer, nullable=False))
    notice_number: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    published_number: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    publish_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    deadline: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    next_check: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    suspended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    suspend_reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    remaining_seconds: int | None = Field(default=None, sa_column=Column(BIG, nullable=True))
    created_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    published_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    sealed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    opened_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    stage: str = Field(default="", sa_column=Column(String(16), nullable=False))
    publicity_starts: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    publicity_ends: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    awarded_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    end_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class RoundText(Row, table=True):
    """A text of a round that is being written by the issuer's people: its notice, or an addendum to notice `base_number`.

    `body` holds the fields as they were typed; `clashes` what several people gave a field at the same time, the
    text's own first. Every save raises `version`.
    """

    __table_args__ = (
        one_of("state", TextState),
        CheckConstraint("version >= 1", name="version_from_one"),
        Index(
            "uq_round_text_round_id_open",
            "round_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    base_number: int = Field(sa_column=Column(Integer, nullable=False))
    state: TextState = Field(sa_column=Column(Choice(TextState), nullable=False))
    body: dict[str, str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    clashes: dict[str, list[dict[str, str]]] = Field(sa_column=Column(JSON_DOC, nullable=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    opened_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    updated_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    updated_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RoundTextSave(Row, table=True):
    """One save of a text, which made its version `number`; `page` is the open page that sent it."""

    text_id: str = Field(sa_column=Column(ID, ForeignKey("round_text.id"), primary_key=True))
    number: int = Field(primary_key=True)
    page: str = Field(sa_column=Column(ID, nullable=False))
    saved_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    saved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    changes: list[dict[str, Any]] = Field(sa_column=Column(JSON_DOC, nullable=False))


class RoundNotice(Row, table=True):
    """A notice as it was fixed: handed in for approval, or published as an addendum; a trigger refuses every change.

    `authors` are the accounts that wrote it; none of them may approve it. `digest` is that of the record.
    """

    __table_args__ = (CheckConstraint("number >= 1", name="number_from_one"),)
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    number: int = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    authors: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    written_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RoundReview(Row, table=True):
    """The 公平竞争审查 of a round: what it concluded, of the words of which notice, and its document."""

    __table_args__ = (CheckConstraint("notice_number >= 1", name="of_a_notice"),)

    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    notice_number: int = Field(sa_column=Column(Integer, nullable=False))
    is_passed: bool = Field(sa_column=Column(Boolean, nullable=False))
    reviewer: str = Field(sa_column=Column(String(120), nullable=False))
    reviewed_on: date = Field(sa_column=Column(Date, nullable=False))
    file_name: str = Field(sa_column=Column(Text, nullable=False))
    file_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    file_bytes: int = Field(sa_column=Column(BIG, nullable=False))
    put_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    put_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RoundAppointment(Row, table=True):
    """Somebody is appointed to a post of one round, until somebody else is."""

    __table_args__ = (
        one_of("post", Post),
        CheckConstraint("ended_at IS NULL OR end_reason <> ''", name="ended_has_reason"),
        Index("ix_round_appointment_account_id", "account_id"),
        Index(
            "uq_round_appointment_round_id_post_account_id_live",
            "round_id",
            "post",
            "account_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # One holder for each passphrase at a time.
        Index(
            "uq_round_appointment_round_id_post_holder",
            "round_id",
            "post",
            unique=True,
            sqlite_where=text("ended_at IS NULL AND post IN ('opener_a', 'opener_b', 'keeper')"),
            postgresql_where=text("ended_at IS NULL AND post IN ('opener_a', 'opener_b', 'keeper')"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    post: Post = Field(sa_column=Column(Choice(Post), nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    appointed_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    appointed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    end_reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class RoundConsent(Row, table=True):
    """An approver consents to the publication of one notice, or to the end of the round while that notice stands."""

    __table_args__ = (one_of("act", Consent),)
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    act: Consent = Field(sa_column=Column(Choice(Consent), primary_key=True))
    notice_number: int = Field(primary_key=True)
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), primary_key=True))
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    given_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RoundQuestion(Row, table=True):
    """A question about a round; once answered it stands on the public page, without who asked."""

    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answered_has_time"),
        CheckConstraint("length(question) <= 1000 AND length(answer) <= 4000", name="texts_short"),
        Index("ix_round_question_round_id", "round_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), nullable=False))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    question: str = Field(sa_column=Column(Text, nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class RoundFollower(Row, table=True):
    """Somebody wants to hear of what happens in a round."""

    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), primary_key=True))
    since: datetime = Field(sa_column=Column(Instant, nullable=False))


class RoundTelling(Row, table=True):
    """Somebody was told of one occasion of a round ("published", "addendum-2", "reminder-3d"): once each."""

    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    occasion: str = Field(sa_column=Column(String(40), primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), primary_key=True))
    told_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class SandboxClock(Row, table=True):
    """One row in a sandbox and none elsewhere: its clock shows `shown_at` at `real_at` and runs at `speed` from there.

    A trigger refuses it where there is a bid already: a real one could never be told from a trial one.
    """

    __table_args__ = (
        CheckConstraint("id = 1", name="single"),
        CheckConstraint("speed >= 0", name="speed_not_negative"),
        CheckConstraint("shown_at >= real_at", name="never_behind"),
    )
    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    speed: int = Field(nullable=False)
    real_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    shown_at: datetime = Field(sa_column=Column(Instant, nullable=False))
