"""Rows of the outbox: mails to be sent, and every try to send one."""

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
)
from sqlmodel import Field

from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID
from marketplace.kernel.words import MailState


class OutboxMail(Row, table=True):
    """A mail to one person; `text` and `link` of a secret one are gone as soon as it is sent or given up.

    Where there is no mail server a secret is never written down at all: such a mail is `withheld` from its start.
    A private one is a secret whose recipient is one as well: no administrator sees that it exists.
    """

    __table_args__ = (
        one_of("state", MailState),
        CheckConstraint("state <> 'sent' OR sent_at IS NOT NULL", name="sent_has_time"),
        CheckConstraint("state <> 'failed' OR last_error IS NOT NULL", name="failed_has_error"),
        CheckConstraint("is_secret OR text IS NOT NULL", name="erased_is_secret"),
        CheckConstraint("is_secret OR NOT is_private", name="private_is_secret"),
        CheckConstraint("NOT is_secret OR state = 'waiting' OR (text IS NULL AND link = '')", name="secret_not_kept"),
        Index("ix_outbox_mail_put_at_id", "put_at", "id"),
        Index("ix_outbox_mail_state_put_at", "state", "put_at"),
    )
    id: str = Field(sa_column=Column(ID, primary_key=True))
    recipient: str = Field(sa_column=Column(String(254), nullable=False))
    subject: str = Field(sa_column=Column(String(200), nullable=False))
    text: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    link: str = Field(default="", sa_column=Column(Text, nullable=False))
    is_secret: bool = Field(sa_column=Column(Boolean, nullable=False))
    is_private: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    state: MailState = Field(sa_column=Column(Choice(MailState), nullable=False))
    put_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    sent_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    tries: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    last_error: str | None = Field(default=None, sa_column=Column(Text, nullable=True))


class OutboxTry(Row, table=True):
    """One try to hand a mail to the mail server; `error` None: it was taken."""

    __table_args__ = (UniqueConstraint("mail_id", "number"),)
    id: str = Field(sa_column=Column(ID, primary_key=True))
    mail_id: str = Field(sa_column=Column(ID, ForeignKey("outbox_mail.id"), nullable=False))
    number: int = Field(sa_column=Column(Integer, nullable=False))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    error: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
