"""Many rows in few statements."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from marketplace.kernel.db import is_postgresql
from marketplace.kernel.rows import Row

T = TypeVar("T")

SIZE = 500
"""Well below the number of parameters that either database takes in one statement."""


def batches(values: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """The values in slices of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def insert_all(session: Session, table: type[Row], rows: Sequence[Mapping[str, object]]) -> None:
    """Insert many rows, each with the same keys."""
    if rows:
        session.execute(insert(table), list(rows))


def insert_unless_there(session: Session, table: type[Row], rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Insert the rows that break no unique constraint; gives the ids of those that were inserted."""
    if not rows:
        return []
    dialect = postgresql if is_postgresql(session) else sqlite
    keys = table.__table__.primary_key.columns  # type: ignore[attr-defined]  # SQLModel hides it from the checker
    statement = dialect.insert(table).on_conflict_do_nothing().returning(*keys)
    inserted: list[str] = []
    for some in batches(rows):
        inserted.extend(session.execute(statement, list(some)).scalars())
    return inserted
