"""Rows of signing in: live sign-ins and failed ones."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field

from marketplace.kernel.columns import Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID


class SignInSession(Row, table=True):
    """A live sign-in; only the SHA-256 of its token is kept, so a copy of the database opens no door.

    `organisation_id` is for whom the person acts in it; `confirmed_at` when it last proved who it is (password or
    passkey), `second_factor_at` when it last gave its second factor; `id` names it in the list of sign-ins.
    """

    __table_args__ = (UniqueConstraint("id"), Index("ix_sign_in_session_account_id", "account_id"))
    token_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    seen_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    id: str = Field(sa_column=Column(ID, nullable=False))
    organisation_id: str | None = Field(
        default=None, sa_column=Column(ID, ForeignKey("organisation.id"), nullable=True)
    )
    confirmed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    second_factor_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    agent: str = Field(sa_column=Column(String(200), nullable=False))
    address: str = Field(sa_column=Column(String(64), nullable=False))


class SignInFailure(Row, table=True):
    """A failed attempt on an e-mail address, known or not: both are throttled alike."""

    __table_args__ = (Index("ix_sign_in_failure_email_digest_at", "email_digest", "at"),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    email_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
