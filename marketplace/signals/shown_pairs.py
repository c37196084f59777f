"""Pairs as they were shown in a period, each once, read one after the other whatever their number."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Final

from sqlmodel import Session, col, select

from marketplace.dealings.match_tables import ShownMatch
from marketplace.signals.happened import shown_in
from marketplace.signals.rules.tallies import Shown

AT_ONCE: Final = 2_000


def of_period(session: Session, start: date, end: date) -> Iterator[Shown]:
    """The pairs shown from `start` on and before `end`, both first days of months, in the order of their ids."""
    query = (
        select(ShownMatch)
        .where(*shown_in(start, end))
        .order_by(
            col(ShownMatch.item_id),
            col(ShownMatch.profile_id),
            col(ShownMatch.first_day),
            col(ShownMatch.rank),
            col(ShownMatch.page),
            col(ShownMatch.matcher_id),
        )
        .execution_options(yield_per=AT_ONCE)
    )
    for _pair, rows in groupby(session.exec(query), key=lambda row: (row.item_id, row.profile_id)):
        yield _pair_of(list(rows))


def _pair_of(rows: list[ShownMatch]) -> Shown:
    first = rows[0]
    return Shown(
        item_id=first.item_id,
        profile_id=first.profile_id,
        verdict=first.verdict,
        score=first.score,
        rank=min(row.rank for row in rows),
        page=first.page,
        matcher_id=first.matcher_id,
        first_day=first.first_day,
        is_seen=any(row.side_times for row in rows),
    )
