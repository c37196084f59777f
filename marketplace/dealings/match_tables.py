"""Rows of matches as they were shown: which pairs, where, how good they were said to be, and which needs got none."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Date, Float, ForeignKey, Index
from sqlmodel import Field

from marketplace.dealings.words import ShownOn, ShownVerdict
from marketplace.kernel.columns import Choice, Instant, one_of
from marketplace.kernel.rows import Row
from marketplace.kernel.tables import DIGEST, ID


class Matcher(Row, table=True):
    """What made matches: one model with one lexicon and one calibration; its id is drawn from the three digests."""

    id: str = Field(sa_column=Column(ID, primary_key=True))
    model_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    lexicon_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    calibration_digest: str = Field(sa_column=Column(DIGEST, nullable=False))
    first_used_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class ShownMatch(Row, table=True):
    """A need and a supplier were shown as a match on a kind of page in a month (its first day, on Beijing's calendar).

    `score` and `verdict` are those of the month's first showing: what was said before anything could come of it.
    `rank` is the best place, from 1. `side_times` counts the showings to one of the two sides, `times` all of them.
    """

    __table_args__ = (
        one_of("page", ShownOn),
        one_of("verdict", ShownVerdict),
        CheckConstraint('"rank" >= 1', name="rank_from_one"),
        CheckConstraint("score >= 0 AND score <= 100", name="score_in_hundred"),
        CheckConstraint("first_day >= month AND last_day >= first_day", name="days_in_order"),
        CheckConstraint("times >= 1 AND side_times >= 0 AND side_times <= times", name="times_add_up"),
        Index("ix_shown_match_month", "month"),
        Index("ix_shown_match_profile_id", "profile_id"),
    )
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    profile_id: str = Field(sa_column=Column(ID, ForeignKey("profile.id"), primary_key=True))
    page: ShownOn = Field(sa_column=Column(Choice(ShownOn), primary_key=True))
    month: date = Field(sa_column=Column(Date, primary_key=True))
    matcher_id: str = Field(sa_column=Column(ID, ForeignKey("matcher.id"), primary_key=True))
    rank: int = Field(nullable=False)
    score: float = Field(sa_column=Column(Float, nullable=False))
    verdict: ShownVerdict = Field(sa_column=Column(Choice(ShownVerdict), nullable=False))
    first_day: date = Field(sa_column=Column(Date, nullable=False))
    last_day: date = Field(sa_column=Column(Date, nullable=False))
    times: int = Field(nullable=False)
    side_times: int = Field(nullable=False)


class ShownNone(Row, table=True):
    """A need's page answered 暂无合适供给 in a month."""

    __table_args__ = (
        CheckConstraint("first_day >= month AND last_day >= first_day", name="days_in_order"),
        CheckConstraint("times >= 1", name="times_from_one"),
        Index("ix_shown_none_month", "month"),
    )
    item_id: str = Field(sa_column=Column(ID, ForeignKey("item.id"), primary_key=True))
    month: date = Field(sa_column=Column(Date, primary_key=True))
    matcher_id: str = Field(sa_column=Column(ID, ForeignKey("matcher.id"), primary_key=True))
    first_day: date = Field(sa_column=Column(Date, nullable=False))
    last_day: date = Field(sa_column=Column(Date, nullable=False))
    times: int = Field(nullable=False)
