"""Rows of what people ask for: to join, to be verified, to own what lists say, to have it removed."""

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from marketplace.accounts.tables import REGION
from marketplace.accounts.words import (
    EvidenceKind,
    OrganisationKind,
    RequestKind,
    RequestState,
    Role,
    Standing,
    TakedownScope,
)
from marketplace.kernel.columns import BIG, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID

OPEN = "state IN ('submitted', 'returned')"


class Invitation(Row, table=True):
    """An organisation invites the owner of an address; one open invitation for each address, used once."""

    __table_args__ = (
        one_of("standing", Standing),
        UniqueConstraint("token_digest"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", name="accepted_by_somebody"),
        CheckConstraint("accepted_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
        Index(
            "uq_invitation_organisation_id_email_open",
            "organisation_id",
            "email",
            unique=True,
            sqlite_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index("ix_invitation_email", "email"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    email: str = Field(sa_column=Column(String(254), nullable=False))
    standing: Standing = Field(sa_column=Column(Choice(Standing), nullable=False))
    token_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    by_mail: bool = Field(sa_column=Column(Boolean, nullable=False))
    invited_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    invited_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    accepted_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    accepted_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class JoinRequest(Row, table=True):
    """Somebody asks to be invited into an organisation; one open request each."""

    __table_args__ = (
        Index("ix_join_request_account_id", "account_id"),
        Index(
            "uq_join_request_organisation_id_account_id_open",
            "organisation_id",
            "account_id",
            unique=True,
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Verification(Row, table=True):
    """A request to be verified, or to own an organisation that is known already; decided by an organiser.

    `name`, `uscc`, `region` and, of a claim, `unit_kind` are as the applicant states them; approval writes them to
    the organisation. `side` is what a claimant came for, which approval opens.
    """

    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("state", RequestState),
        one_of("unit_kind", OrganisationKind),
        one_of("side", Role),
        CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc_length"),
        CheckConstraint("version >= 1", name="version_from_one"),
        Index(
            "uq_verification_organisation_id_account_id_open",
            "organisation_id",
            "account_id",
            unique=True,
            sqlite_where=text(OPEN),
            postgresql_where=text(OPEN),
        ),
        Index(
            "uq_verification_organisation_id_verification_open",
            "organisation_id",
            unique=True,
            sqlite_where=text(f"kind = 'verification' AND {OPEN}"),
            postgresql_where=text(f"kind = 'verification' AND {OPEN}"),
        ),
        Index("ix_verification_state_submitted_at", "state", "submitted_at"),
        Index("ix_verification_account_id", "account_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    kind: RequestKind = Field(sa_column=Column(Choice(RequestKind), nullable=False))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    uscc: str | None = Field(default=None, sa_column=Column(String(18), nullable=True))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    statement: str = Field(sa_column=Column(Text, nullable=False))
    state: RequestState = Field(sa_column=Column(Choice(RequestState), nullable=False))
    submitted_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    version: int = Field(sa_column=Column(Integer, nullable=False))
    unit_kind: OrganisationKind | None = Field(default=None, sa_column=Column(Choice(OrganisationKind), nullable=True))
    side: Role | None = Field(default=None, sa_column=Column(Choice(Role), nullable=True))


class VerificationEvidence(Row, table=True):
    """One uploaded piece of evidence; the name is a label, the content lies in the file store."""

    __table_args__ = (
        one_of("kind", EvidenceKind),
        Index("ix_verification_evidence_verification_id", "verification_id"),
        Index("ix_verification_evidence_digest", "digest"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    verification_id: str = Field(sa_column=Column(ID, ForeignKey("verification.id"), nullable=False))
    name: str = Field(sa_column=Column(String(200), nullable=False))
    kind: EvidenceKind = Field(sa_column=Column(Choice(EvidenceKind), nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    size_bytes: int = Field(sa_column=Column(BIG, nullable=False))
    added_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    added_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class VerificationDecision(Row, table=True):
    """One decision about a request, written once; `decided_by` None: it followed from the decision about another."""

    __table_args__ = (
        one_of("outcome", RequestState),
        CheckConstraint("outcome IN ('approved', 'returned', 'rejected')", name="outcome_decides"),
        CheckConstraint("outcome = 'approved' OR reason <> ''", name="refusal_has_reason"),
    )
    verification_id: str = Field(sa_column=Column(ID, ForeignKey("verification.id"), primary_key=True))
    number: int = Field(primary_key=True)
    outcome: RequestState = Field(sa_column=Column(Choice(RequestState), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class Takedown(Row, table=True):
    """An organisation asks that a line of somebody's list, or its contact, be taken down.

    The lists stand above this area, so `item_id` has no foreign key; `region` is that of the line's list.
    """

    __table_args__ = (
        one_of("scope", TakedownScope),
        one_of("state", RequestState),
        CheckConstraint("state <> 'returned'", name="never_returned"),
        CheckConstraint("(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name="decided_has_time"),
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided_by_somebody"),
        CheckConstraint("state <> 'rejected' OR decision <> ''", name="refusal_has_reason"),
        Index("ix_takedown_organisation_id", "organisation_id"),
        Index("ix_takedown_state_asked_at", "state", "asked_at"),
        Index(
            "uq_takedown_item_id_open",
            "item_id",
            unique=True,
            sqlite_where=text("state = 'submitted'"),
            postgresql_where=text("state = 'submitted'"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    item_id: str = Field(sa_column=Column(ID, nullable=False))
    item_title: str = Field(sa_column=Column(Text, nullable=False))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    scope: TakedownScope = Field(sa_column=Column(Choice(TakedownScope), nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    state: RequestState = Field(sa_column=Column(Choice(RequestState), nullable=False))
    asked_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    asked_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    decision: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Declaration(Row, table=True):
    """What an organisation declares of itself for the policies' rules, written once; the newest of a topic holds."""

    __table_args__ = (Index("ix_declaration_organisation_id_topic", "organisation_id", "topic"),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    topic: str = Field(sa_column=Column(String(60), nullable=False))
    answer: str = Field(sa_column=Column(String(24), nullable=False))
    declared_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    declared_at: datetime = Field(sa_column=Column(Instant, nullable=False))
