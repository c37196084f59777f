"""The change record never lets a reader miss anything."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlmodel import Session

from marketplace.kernel import changes, positions
from marketplace.kernel.db import Store
from marketplace.kernel.restoring import realign
from marketplace.kernel.words import ChangedKind

ITEM, PROFILE = ChangedKind.ITEM, ChangedKind.PROFILE


def seen(store: Store, after: int = 0, *, limit: int = 100) -> list[str]:
    with store.reading() as session:
        return [change.subject_id for change in changes.since(session, after, limit=limit)]


def head(store: Store) -> int:
    with store.reading() as session:
        return changes.head(session)


@contextmanager
def open_transaction(store: Store) -> Iterator[Session]:
    with Session(store.engine) as session:
        yield session


def test_since_gives_changes_in_order_and_after_a_position(store: Store) -> None:
    with store.writing() as session:
        changes.put(session, ITEM, ["a", "b"])
    middle = head(store)
    with store.writing() as session:
        changes.gone(session, PROFILE, ["c"])

    with store.reading() as session:
        later = changes.since(session, middle, limit=10)

    assert seen(store) == ["a", "b", "c"]
    assert [(change.kind, change.subject_id, change.operation) for change in later] == [("profile", "c", "gone")]


def test_since_gives_no_more_than_asked(store: Store) -> None:
    with store.writing() as session:
        changes.put(session, ITEM, ["a", "b", "c"])

    assert seen(store, limit=2) == ["a", "b"]


def test_head_is_zero_where_nothing_has_changed(store: Store) -> None:
    assert head(store) == 0


def test_changes_of_an_undone_transaction_are_never_seen(store: Store) -> None:
    with open_transaction(store) as session:
        changes.put(session, ITEM, ["a"])
        session.rollback()

    assert seen(store) == []


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_a_reader_misses_nothing_when_commits_come_out_of_order(store: Store) -> None:
    """The first writer takes its positions before the second one, and commits after it."""
    with open_transaction(store) as first, open_transaction(store) as second:
        changes.put(first, ITEM, ["early"])
        changes.put(second, ITEM, ["late"])
        second.commit()
        while_open, position = seen(store), head(store)
        first.commit()

    assert (while_open, position) == ([], 0)
    assert seen(store, position) == ["early", "late"]


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_a_reader_misses_nothing_when_the_older_transaction_writes_later(store: Store) -> None:
    """The younger transaction takes its position first and commits last: the trap of a plain sequence."""
    with open_transaction(store) as older, open_transaction(store) as younger:
        older.execute(text("SELECT pg_current_xact_id()"))
        changes.put(younger, ITEM, ["younger"])
        changes.put(older, ITEM, ["older"])
        older.commit()
        first, position = seen(store), head(store)
        younger.commit()

    assert first == ["older"]
    assert seen(store, position) == ["younger"]


def test_one_transaction_counts_on(store: Store) -> None:
    with store.writing() as session:
        taken = [*positions.take(session, 2), *positions.take(session, 3)]

    assert taken == list(range(taken[0], taken[0] + 5))


def test_positions_rise_above_a_restored_backup(store: Store) -> None:
    """A dump restored into a fresh server: what was written lies far above the server's own count."""
    with store.writing() as session:
        session.execute(
            text("INSERT INTO change (seq, kind, subject_id, operation) VALUES (:far, 'item', 'restored', 'put')"),
            {"far": 1 << 50},
        )
        realign(session)
    with store.writing() as session:
        changes.put(session, ITEM, ["fresh"])

    assert seen(store) == ["restored", "fresh"]
