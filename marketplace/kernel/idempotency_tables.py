"""Rows of answers kept for programs that ask again because they never heard them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Integer, Text
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID


class KeptAnswer(Row, table=True):
    """What was answered to a request under its Idempotency-Key; without a status it is still being worked on.

    `owner_id` is the token that asked, so that nobody can read another's answers by guessing keys.
    """

    __table_args__ = (
        CheckConstraint("(status IS NULL) = (body IS NULL)", name="answer_whole"),
        CheckConstraint("status IS NULL OR status BETWEEN 200 AND 499", name="no_faults"),
        Index("ix_kept_answer_begun_at", "begun_at"),
    )
    owner_id: str = Field(sa_column=Column(ID, primary_key=True))
    key_digest: str = Field(sa_column=Column(DIGEST, primary_key=True))
    request_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    begun_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    attempt_id: str = Field(sa_column=Column(ID, nullable=False))
    status: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    headers: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON_DOC, nullable=True))
    body: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
