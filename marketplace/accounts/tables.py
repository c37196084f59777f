"""Rows of accounts: organisations and their members, accounts, grants. Sign-ins are in `sign_in_tables`."""

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
    false,
    text,
)
from sqlmodel import Field

from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID

REGION = String(120)


class Organisation(Row, table=True):
    """An organisation by its 统一社会信用代码, else by normalised name and region until claimed.

    `closed_at`: its last owner has closed it here; who claims it later opens it again.
    """

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
    posts_needs: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    offers_work: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    verified_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    version: int = Field(default=1, sa_column=Column(Integer, nullable=False, server_default="1"))
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Membership(Row, table=True):
    """Somebody belongs to an organisation, from when to when; one live membership each."""

    __table_args__ = (
        one_of("standing", Standing),
        Index("ix_membership_account_id", "account_id"),
        Index(
            "uq_membership_organisation_id_account_id_live",
            "organisation_id",
            "account_id",
            unique=True,
            sqlite_where=text("left_at IS NULL"),
            postgresql_where=text("left_at IS NULL"),
        ),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    standing: Standing = Field(sa_column=Column(Choice(Standing), nullable=False))
    joined_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    left_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Account(Row, table=True):
    """A person who signs in; the e-mail is kept in lower case, and confirmed once its owner opened a link sent to it."""

    __table_args__ = (UniqueConstraint("email"), CheckConstraint("email = lower(email)", name="email_lower"))
    id: str = Field(sa_column=Column(ID, primary_key=True))
    email: str = Field(sa_column=Column(String(254), nullable=False))
    name: str = Field(sa_column=Column(String(120), nullable=False))
    password_hash: str = Field(sa_column=Column(String(200), nullable=False))
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    disabled_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    email_confirmed_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class Grant(Row, table=True):
    """A staff role given to an account, at an organisation (its office) or at none, within a region."""

    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("role NOT IN ('enterprise', 'opc')", name="staff_only"),
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
