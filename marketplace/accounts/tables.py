"""Rows of accounts: organisations, accounts, grants, sign-ins and failed ones."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlmodel import Field

from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID

REGION = String(120)


class Organisation(Row, table=True):
    """An organisation by its 统一社会信用代码, else by normalised name and region until claimed."""

    __table_args__ = (
        UniqueConstraint("uscc"),
        one_of("kind", OrganisationKind),
        CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc_length"),
        Index("ix_organisation_name_key", "name_key"),
        Index(
            "uq_organisation_name_key_region_key_uncoded",
            "name_key",
            "region_key",
            unique=True,
            sqlite_where=text("uscc IS NULL AND claimed_at IS NULL"),
            postgresql_where=text("uscc IS NULL AND claimed_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    name: str = Field(sa_column=Column(Text, nullable=False))
    name_key: str = Field(sa_column=Column(Text, nullable=False))
    uscc: str | None = Field(default=None, sa_column=Column(String(18), nullable=True))
    kind: OrganisationKind = Field(sa_column=Column(Choice(OrganisationKind), nullable=False))
    region: str = Field(sa_column=Column(REGION, nullable=False))
    region_key: str = Field(sa_column=Column(REGION, nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    claimed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Account(Row, table=True):
    """A person who signs in; the e-mail is kept in lower case."""

    __table_args__ = (UniqueConstraint("email"), CheckConstraint("email = lower(email)", name="email_lower"))
    id: str = Field(sa_column=Column(ID, primary_key=True))
    email: str = Field(sa_column=Column(String(254), nullable=False))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    password_hash: str = Field(sa_column=Column(String(200), nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    disabled_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Grant(Row, table=True):
    """A role given to an account, for an organisation or for none, within a region."""

    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("role <> 'opc' OR organisation_id IS NOT NULL", name="opc_has_organisation"),
        CheckConstraint("role <> 'enterprise' OR organisation_id IS NOT NULL", name="enterprise_has_organisation"),
        Index("ix_grant_account_id", "account_id"),
        Index("ix_grant_organisation_id", "organisation_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    role: Role = Field(sa_column=Column(Choice(Role), nullable=False))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    region: str = Field(sa_column=Column(REGION, nullable=False))
    given_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
    given_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class SignInSession(Row, table=True):
    """A live sign-in; only the SHA-256 of its token is kept, so a copy of the database opens no door."""

    __table_args__ = (Index("ix_sign_in_session_account_id", "account_id"),)
    token_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    seen_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class SignInFailure(Row, table=True):
    """A failed attempt on an e-mail address, known or not: both are throttled alike."""

    __table_args__ = (Index("ix_sign_in_failure_email_digest_at", "email_digest", "at"),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    email_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
