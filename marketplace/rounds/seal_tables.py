"""Rows of the seal: what each holder has set up, the round's key in its envelopes, the manifest, the opening."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, LargeBinary, String, Text
from sqlmodel import Field

from marketplace.kernel.columns import JSON_DOC, Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID
from marketplace.rounds.words import Post

_HOLDERS = (Post.OPENER_A, Post.OPENER_B, Post.KEEPER)
RECIPIENT = String(100)


class RoundHolder(Row, table=True):
    """A holder's own identity for one round: the public part, and the secret one under its passphrase.

    `tested_at`: its passphrase was typed in once more and opened it. The passphrase itself is stored nowhere.
    """

    __table_args__ = (one_of("post", _HOLDERS),)
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    post: Post = Field(sa_column=Column(Choice(Post), primary_key=True))
    account_id: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    recipient: str = Field(sa_column=Column(RECIPIENT, nullable=False))
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    tested_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class RoundSeal(Row, table=True):
    """The key to which a round's bids are sealed; its secret lies in one envelope for each pair of holders.

    `identity` is that secret, kept from the opening on, when bids are no secret of the platform any more.
    """

    __table_args__ = (CheckConstraint("(identity IS NULL) = (opened_at IS NULL)", name="secret_since_opening"),)
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    recipient: str = Field(sa_column=Column(RECIPIENT, nullable=False))
    envelope_ab: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    envelope_as: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    envelope_bs: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    identity: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    opened_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))


class RoundTurn(Row, table=True):
    """The first opener has turned its key: its identity, encrypted to each of the other two holders."""

    __table_args__ = (one_of("post", _HOLDERS), one_of("for_post", _HOLDERS))
    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    post: Post = Field(sa_column=Column(Choice(Post), primary_key=True))
    for_post: Post = Field(sa_column=Column(Choice(Post), primary_key=True))
    handed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    turned_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    turned_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RoundManifest(Row, table=True):
    """Every receipt of a round with what became of its version, frozen at the deadline; a trigger refuses every change.

    `content` is the manifest as its file is handed out.
    """

    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    content: str = Field(sa_column=Column(Text, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    frozen_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class RoundMinutes(Row, table=True):
    """The minutes of an opening: who opened, when, each bid with its result; a trigger refuses every change."""

    round_id: str = Field(sa_column=Column(ID, ForeignKey("round.id"), primary_key=True))
    content: dict[str, Any] = Field(sa_column=Column(JSON_DOC, nullable=False))
    digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    written_at: datetime = Field(sa_column=Column(Instant, nullable=False))
