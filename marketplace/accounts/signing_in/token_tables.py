"""Rows of tokens: what programs sign in with."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID


class ApiToken(Row, table=True):
    """A member lets a program act for one of its organisations; only the SHA-256 of the secret is kept.

    `hint` is the secret's last characters, so that its owner can tell one token from another.
    """

    __table_args__ = (
        UniqueConstraint("token_digest"),
        CheckConstraint("ends_at > made_at", name="ends_after_made"),
        CheckConstraint("length(name) > 0", name="has_name"),
        Index("ix_api_token_account_id", "account_id"),
        Index("ix_api_token_organisation_id", "organisation_id"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    token_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    hint: str = Field(sa_column=Column(String(8), nullable=False))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    organisation_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    name: str = Field(sa_column=Column(String(60), nullable=False))
    scopes: list[str] = Field(sa_column=Column(JSON_DOC, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ends_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    used_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    revoked_by: str | None = Field(default=None, sa_column=Column(ID, ForeignKey("account.id"), nullable=True))
