"""Jobs and leases."""

from datetime import timedelta

import pytest

from marketplace.kernel import jobs, leases
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict
from marketplace.kernel.jobs import TakenJob
from tests.marketplace.market import NOW, make_ids

MINUTE = timedelta(minutes=1)
NEW_ID = make_ids()


def put(
    store: Store, *, kind: str = "index", unique_key: str | None = None, max_attempts: int = 5, **payload: object
) -> str:
    with store.writing() as session:
        return jobs.put(
            session,
            kind=kind,
            payload=payload,
            now=NOW,
            new_id=NEW_ID,
            unique_key=unique_key,
            max_attempts=max_attempts,
        )


def take(store: Store, *, worker: str = "w", after: timedelta = timedelta()) -> TakenJob | None:
    with store.writing() as session:
        return jobs.take(session, worker=worker, now=NOW + after, lease=5 * MINUTE)


def test_take_gives_the_job_that_is_due_longest(store: Store) -> None:
    first = put(store, what="first")
    put(store, what="second")

    taken = take(store)

    assert taken == TakenJob(first, "index", {"what": "first"}, 1, NOW + 5 * MINUTE)


def test_take_gives_none_before_a_job_is_due(store: Store) -> None:
    with store.writing() as session:
        jobs.put(session, kind="index", payload={}, now=NOW, new_id=NEW_ID, run_at=NOW + MINUTE)

    assert take(store) is None


def test_a_held_job_is_not_taken_again_until_its_lease_runs_out(store: Store) -> None:
    job_id = put(store)
    take(store, worker="dies")

    assert take(store, worker="other", after=4 * MINUTE) is None
    again = take(store, worker="other", after=6 * MINUTE)
    assert again is not None
    assert (again.id, again.attempt) == (job_id, 2)


def test_finish_is_refused_to_a_worker_whose_lease_went_to_another(store: Store) -> None:
    job_id = put(store)
    take(store, worker="slow")
    take(store, worker="other", after=6 * MINUTE)

    with pytest.raises(Conflict), store.writing() as session:
        jobs.finish(session, job_id, worker="slow", now=NOW + 7 * MINUTE)


def test_a_finished_job_is_not_taken_again(store: Store) -> None:
    job_id = put(store)
    take(store)
    with store.writing() as session:
        jobs.finish(session, job_id, worker="w", now=NOW)

    assert take(store, after=timedelta(days=1)) is None


def test_a_failed_job_waits_longer_each_time_and_then_is_given_up(store: Store) -> None:
    job_id = put(store, max_attempts=2)
    waits = []
    for number in (1, 2):
        taken = take(store, after=number * timedelta(hours=1))
        assert taken is not None
        with store.writing() as session:
            jobs.fail(session, job_id, worker="w", error="网络不通", now=NOW + number * timedelta(hours=1))
        waits.append(take(store, after=number * timedelta(hours=1) + timedelta(seconds=9)))

    assert waits == [None, None]
    assert take(store, after=timedelta(days=30)) is None


def test_wait_before_doubles_up_to_an_hour() -> None:
    assert [jobs.wait_before(attempt).total_seconds() for attempt in (1, 2, 3, 9, 10, 60)] == [
        *(10, 20, 40),
        *(2560, 3600, 3600),
    ]


def test_a_unique_key_answers_for_the_job_that_has_not_ended(store: Store) -> None:
    first = put(store, unique_key="seal")
    second = put(store, unique_key="seal")
    take(store)
    with store.writing() as session:
        jobs.finish(session, first, worker="w", now=NOW)
    third = put(store, unique_key="seal")

    assert second == first
    assert third != first


def test_a_job_whose_worker_always_dies_is_given_up(store: Store) -> None:
    put(store, max_attempts=1)
    take(store)

    assert take(store, after=timedelta(hours=1)) is None
    assert take(store, after=timedelta(hours=2)) is None


def test_a_lease_is_held_by_one(store: Store) -> None:
    def hold(holder: str, after: timedelta) -> bool:
        with store.writing() as session:
            return leases.hold(session, "clock", holder, until=NOW + after + MINUTE, now=NOW + after)

    held = [
        hold("a", 0 * MINUTE),
        hold("b", 0 * MINUTE),
        hold("a", MINUTE / 2),
        hold("b", MINUTE),
        hold("b", 3 * MINUTE),
    ]

    assert held == [True, False, True, False, True]


def test_a_released_lease_is_free_for_others(store: Store) -> None:
    with store.writing() as session:
        leases.hold(session, "clock", "a", until=NOW + MINUTE, now=NOW)
        leases.release(session, "clock", "b")
        leases.release(session, "clock", "a")
    with store.writing() as session:
        held = leases.hold(session, "clock", "b", until=NOW + MINUTE, now=NOW)

    assert held is True
