"""Matches as they were shown: noted in batches after the page, held for two years, read by nobody's name.

What is held of a showing is the pair, the kind of page, the place and the score, never who looked: whether one of the
two sides did is a number. They rank nothing; what came of them is read from the areas that own it (`signals`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from marketplace.dealings.match_tables import Matcher, ShownMatch, ShownNone
from marketplace.dealings.words import ShownOn, ShownVerdict
from marketplace.kernel.batches import SIZE, batches, insert_unless_there
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.db import is_postgresql
from marketplace.kernel.rows import Row
from marketplace.lists.item_tables import Item
from marketplace.profiles.tables import Profile

KEPT_MONTHS: Final = 24
"""For so many whole months before the present one showings are held; then they are swept."""
ID_LENGTH: Final = 16
MONTHS_IN_YEAR: Final = 12

Pair = tuple[str, str]
"""A need and a supplier, by the ids of the item and of the profile."""


@dataclass(frozen=True, slots=True)
class Made:
    """What made a match, by the digests of model, lexicon and calibration."""

    model: str
    lexicon: str
    calibration: str

    @property
    def id(self) -> str:
        """The id under which showings name it."""
        return sha256("\n".join((self.model, self.lexicon, self.calibration)).encode()).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Showing:
    """A pair was shown as a match on a day, `times` often, `side_times` of these to one of the two sides."""

    item_id: str
    profile_id: str
    page: ShownOn
    day: date
    rank: int
    score: float
    verdict: ShownVerdict
    times: int = 1
    side_times: int = 0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A need's page answered on a day that nobody fits, `times` often."""

    item_id: str
    day: date
    times: int = 1


def day_of(now: datetime) -> date:
    """The day it is in Beijing."""
    return now.astimezone(BEIJING).date()


def of_sides(session: Session, organisation_id: str, pairs: Sequence[Pair]) -> frozenset[Pair]:
    """Which of some pairs have an organisation on one of their two sides."""
    needs = _owned(session, Item, organisation_id, {item_id for item_id, _ in pairs})
    suppliers = _owned(session, Profile, organisation_id, {profile_id for _, profile_id in pairs})
    return frozenset(pair for pair in pairs if pair[0] in needs or pair[1] in suppliers)


def note(
    session: Session, made: Made, showings: Iterable[Showing], unanswered: Iterable[Unanswered], *, now: datetime
) -> None:
    """Note what was shown, many in few statements; what is not there any more is left out."""
    known = {"id": made.id, "model_digest": made.model, "lexicon_digest": made.lexicon}
    fresh = {**known, "calibration_digest": made.calibration, "first_used_at": now}
    insert_unless_there(session, Matcher, [fresh])
    shown, without = list(showings), list(unanswered)
    items = _there(session, Item, {one.item_id for one in shown} | {one.item_id for one in without})
    profiles = _there(session, Profile, {one.profile_id for one in shown})
    # In one order for every process, so that two of them never wait for each other.
    rows = sorted(
        (_match(one, made) for one in shown if one.item_id in items and one.profile_id in profiles),
        key=lambda row: (row["item_id"], row["profile_id"], row["page"], row["first_day"]),
    )
    empty = sorted(
        (_none(one, made) for one in without if one.item_id in items),
        key=lambda row: (row["item_id"], row["first_day"]),
    )
    _add(session, ShownMatch, rows, best=("rank",), sums=("times", "side_times"))
    _add(session, ShownNone, empty, best=(), sums=("times",))


def sweep(session: Session, *, now: datetime) -> None:
    """Take away what was shown longer ago than it is kept."""
    first = oldest_kept(day_of(now))
    for table in (ShownMatch, ShownNone):
        session.execute(delete(table).where(col(table.month) < first))


def oldest_kept(today: date) -> date:
    """The first day of the oldest month that is kept."""
    months = today.year * MONTHS_IN_YEAR + today.month - 1 - KEPT_MONTHS
    return date(months // MONTHS_IN_YEAR, months % MONTHS_IN_YEAR + 1, 1)


def forget_profile(session: Session, profile_id: str) -> None:
    """Erase what was shown of a profile, with the profile."""
    session.execute(delete(ShownMatch).where(col(ShownMatch.profile_id) == profile_id))


def hand_over(session: Session, profile_id: str, replaced_id: str) -> None:
    """Let what was shown of a profile stand for the one that takes its place; what both have, the new one keeps."""
    of_old = select(ShownMatch).where(ShownMatch.profile_id == replaced_id)
    for row in session.exec(of_old).all():
        if session.get(ShownMatch, (row.item_id, profile_id, row.page, row.month, row.matcher_id)) is None:
            row.profile_id = profile_id
            session.add(row)
        else:
            session.delete(row)
    session.flush()


def _match(one: Showing, made: Made) -> dict[str, Any]:
    return {
        "item_id": one.item_id,
        "profile_id": one.profile_id,
        "page": one.page,
        "month": one.day.replace(day=1),
        "matcher_id": made.id,
        "rank": one.rank,
        "score": one.score,
        "verdict": one.verdict,
        "first_day": one.day,
        "last_day": one.day,
        "times": one.times,
        "side_times": one.side_times,
    }


def _none(one: Unanswered, made: Made) -> dict[str, Any]:
    return {
        "item_id": one.item_id,
        "month": one.day.replace(day=1),
        "matcher_id": made.id,
        "first_day": one.day,
        "last_day": one.day,
        "times": one.times,
    }


def _add(
    session: Session,
    table: type[Row],
    rows: Sequence[dict[str, Any]],
    *,
    best: tuple[str, ...],
    sums: tuple[str, ...],
) -> None:
    """Insert rows, or add them to those that stand: smallest of `best`, sum of `sums`, first and last day."""
    dialect = postgresql if is_postgresql(session) else sqlite
    stands = table.__table__  # type: ignore[attr-defined]  # SQLModel hides it from the checker
    statement = dialect.insert(table)
    given = statement.excluded
    changes: dict[str, Any] = {name: stands.c[name] + given[name] for name in sums}
    for name in (*best, "first_day"):
        changes[name] = case((given[name] < stands.c[name], given[name]), else_=stands.c[name])
    changes["last_day"] = case(
        (given["last_day"] > stands.c["last_day"], given["last_day"]), else_=stands.c["last_day"]
    )
    keys = [column.name for column in stands.primary_key.columns]
    adding = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    for some in batches(rows, SIZE):
        session.execute(adding, list(some))


def _there(session: Session, table: type[Item] | type[Profile], ids: set[str]) -> set[str]:
    found: set[str] = set()
    for some in batches(sorted(ids)):
        found.update(session.exec(select(table.id).where(col(table.id).in_(some))))
    return found


def _owned(session: Session, table: type[Item] | type[Profile], organisation_id: str, ids: set[str]) -> set[str]:
    found: set[str] = set()
    for some in batches(sorted(ids)):
        own = select(table.id).where(table.organisation_id == organisation_id, col(table.id).in_(some))
        found.update(session.exec(own))
    return found
