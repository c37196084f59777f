"""Rows of profiles that changed hands: from the natural person who wrote them to the company that it founded."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index
from sqlmodel import Field

from marketplace.kernel.columns import Instant
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import ID


class ProfileMove(Row, table=True):
    """A natural person's profile went to a company, once and for good.

    `number` is the version it stood at, `replaced_id` the company's own profile without a form that it took in.
    """

    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="to_another"),
        CheckConstraint("number >= 1", name="number_from_one"),
        Index("ix_profile_move_profile_id", "profile_id"),
        Index("ix_profile_move_replaced_id", "replaced_id"),
    )
    from_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), primary_key=True))
    to_id: str = Field(sa_column=Column(ID, ForeignKey("organisation.id"), nullable=False))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), nullable=False))
    number: int = Field(nullable=False)
    replaced_id: str | None = Field(default=None, sa_column=Column(ID, nullable=True))
    moved_by: str = Field(sa_column=Column(ID, ForeignKey("account.id"), nullable=False))
    moved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
