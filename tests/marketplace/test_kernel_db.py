"""Connections, units of work and column types."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlmodel import Session, select

from marketplace.accounts.tables import Account
from marketplace.kernel.db import BUSY_TIMEOUT_MS, Store, connect
from marketplace.kernel.errors import Conflict, NotAllowed, Refusal
from marketplace.kernel.tables import Job, Lease
from tests.marketplace.market import NOW


def make_lease(name: str = "clock", *, holder: str = "a", until: datetime = NOW) -> Lease:
    return Lease(name=name, holder=holder, until=until)


def write_and_raise(store: Store, refusal: Refusal) -> None:
    with store.writing() as session:
        session.add(make_lease())
        session.flush()
        raise refusal


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.exec(select(Lease.name).order_by(Lease.name)))


def test_connect_sets_up_sqlite(tmp_path: object) -> None:
    engine = connect(f"sqlite:///{tmp_path}/x.sqlite3")

    with engine.connect() as connection:
        pragmas = [
            connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        ]

    engine.dispose()
    assert pragmas == ["wal", BUSY_TIMEOUT_MS, 1, 1]


def test_writing_commits_on_exit(store: Store) -> None:
    with store.writing() as session:
        session.add(make_lease())

    assert names(store) == ["clock"]


def test_writing_undoes_everything_on_an_error(store: Store) -> None:
    with pytest.raises(Conflict):
        write_and_raise(store, Conflict("慢了一步。"))

    assert names(store) == []


def test_writing_commits_a_refusal_that_keeps_its_writes(store: Store) -> None:
    with pytest.raises(NotAllowed):
        write_and_raise(store, NotAllowed("不行。", keeps_writes=True))

    assert names(store) == ["clock"]


def test_reading_sees_one_state_while_others_write(store: Store) -> None:
    with store.reading() as session:
        before = list(session.exec(select(Lease.name)))
        with store.writing() as other:
            other.add(make_lease())
        after = list(session.exec(select(Lease.name)))

    assert (before, after) == ([], [])


def test_reading_keeps_nothing(store: Store) -> None:
    with store.reading() as session:
        session.add(make_lease())

    assert names(store) == []


def test_writing_waits_for_its_turn(store: Store) -> None:
    """Both read, then write: without BEGIN IMMEDIATE the second of them would fail as a late upgrade on SQLite."""
    both = threading.Barrier(2)
    failures: list[OperationalError] = []

    def add_one(name: str) -> None:
        try:
            both.wait()
            with store.writing() as session:
                session.exec(select(Lease)).all()
                session.add(make_lease(name))
        except OperationalError as failure:
            failures.append(failure)

    threads = [threading.Thread(target=add_one, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (failures, names(store)) == ([], ["a", "b"])


def test_a_jot_gives_way_to_another_writer_and_leaves_the_connection_as_it_was(tmp_path: Path) -> None:
    store = Store(connect(f"sqlite:///{tmp_path}/x.sqlite3"))
    with store.writing() as session:
        session.execute(text("CREATE TABLE jot (said TEXT)"))
        with pytest.raises(OperationalError), store.jotting() as other:
            other.execute(text("INSERT INTO jot VALUES ('too early')"))
    with store.jotting() as session:
        session.execute(text("INSERT INTO jot VALUES ('in time')"))
    with store.reading() as session:
        assert session.execute(text("SELECT said FROM jot")).scalars().all() == ["in time"]
    with store.reading() as one, store.reading() as other:
        waits = [each.execute(text("PRAGMA busy_timeout")).scalar_one() for each in (one, other)]
    assert waits == [BUSY_TIMEOUT_MS] * 2
    store.close()


def test_an_instant_comes_back_in_utc(store: Store) -> None:
    beijing = datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))

    with store.writing() as session:
        session.add(make_lease(until=beijing))
    with store.reading() as session:
        until = session.exec(select(Lease.until)).one()

    assert (until, until.tzinfo) == (datetime(2026, 11, 20, 2, 0, 0, 123456, tzinfo=UTC), UTC)


def test_an_instant_refuses_a_naive_time(store: Store) -> None:
    naive = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 - the mistake under test

    with pytest.raises(StatementError, match="a moment needs its time zone"), store.writing() as session:
        session.add(make_lease(until=naive))


def test_a_choice_is_stored_as_its_value_and_checked_by_the_database(store: Store) -> None:
    insert = (
        "INSERT INTO job (id, kind, payload, state, attempts, max_attempts, run_at, put_at) "
        "VALUES ('x', 'k', '{}', 'asleep', 0, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
    )

    with pytest.raises(IntegrityError, match="ck_job_state_known"), store.writing() as session:
        session.execute(text(insert))


def test_constraints_on_several_columns_keep_every_name() -> None:
    names_of_job = {constraint.name for constraint in Account.metadata.tables["edition"].constraints}

    assert "uq_edition_series_id_number" in names_of_job


def test_json_keeps_chinese_readable(store: Store) -> None:
    with store.writing() as session:
        session.add(
            Job(id="x", kind="k", payload={"名称": "巡查"}, state="waiting", run_at=NOW, put_at=NOW),  # type: ignore[arg-type]
        )
    with store.reading() as session:
        stored = session.execute(text("SELECT CAST(payload AS TEXT) FROM job")).scalar_one()

    assert stored.replace(" ", "") == '{"名称":"巡查"}'


def test_a_url_without_a_driver_means_psycopg() -> None:
    engine = connect("postgresql://somebody@localhost/x")

    assert engine.url.drivername == "postgresql+psycopg"
    assert isinstance(Session(engine), Session)
