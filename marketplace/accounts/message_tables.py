"""Rows of messages: what the product has told somebody."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Text
from sqlmodel import Field

from marketplace.kernel.columns import Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID


class Message(Row, table=True):
    """A message of the product to one person; `link` is an address within the site, or empty."""

    __table_args__ = (Index("ix_message_account_id_read_at_put_at", "account_id", "read_at", "put_at"),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    subject: str = Field(sa_column=Column(String(200), nullable=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
    link: str = Field(sa_column=Column(Text, nullable=False))
    put_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
