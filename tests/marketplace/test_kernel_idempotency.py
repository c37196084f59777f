"""Answers kept under a key: the same answer again, never the same work twice."""

from datetime import timedelta

import pytest

from marketplace.kernel import idempotency
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.idempotency import Attempt, Kept
from tests.marketplace.market import NOW, make_ids

NEW_ID = make_ids()


def begin(
    store: Store, *, key: str = "k1", digest: str = "d" * 64, owner: str = "t1", after: int = 0
) -> Kept | Attempt:
    """Begin under a key, some seconds after NOW."""
    with store.writing() as session:
        return idempotency.begin(
            session,
            owner_id=owner,
            key=key,
            request_digest=digest,
            now=NOW + timedelta(seconds=after),
            new_id=NEW_ID,
        )


def finish(store: Store, attempt: Kept | Attempt) -> None:
    """Answer 201."""
    assert isinstance(attempt, Attempt)
    with store.writing() as session:
        idempotency.finish(session, attempt, status=201, headers={"ETag": '"1"'}, body='{"id":"n1"}')


def test_same_request_gets_the_same_answer(store: Store) -> None:
    finish(store, begin(store))

    assert begin(store, after=1) == Kept(201, {"ETag": '"1"'}, '{"id":"n1"}')


def test_another_request_under_the_key_is_refused(store: Store) -> None:
    finish(store, begin(store))

    with pytest.raises(Invalid) as refused:
        begin(store, digest="e" * 64)
    assert refused.value.code == "idempotency_key_reused"


def test_request_in_flight_is_told_so(store: Store) -> None:
    begin(store)

    with pytest.raises(Conflict) as refused:
        begin(store, after=119)
    assert refused.value.code == "idempotency_in_flight"


def test_attempt_that_died_is_taken_over_and_cannot_finish_any_more(store: Store) -> None:
    dead = begin(store)
    living = begin(store, after=120)

    with pytest.raises(Conflict):
        finish(store, dead)
    finish(store, living)
    assert isinstance(begin(store, after=121), Kept)


def test_released_key_may_be_tried_again(store: Store) -> None:
    attempt = begin(store)
    assert isinstance(attempt, Attempt)
    with store.writing() as session:
        idempotency.release(session, attempt)

    assert isinstance(begin(store, digest="e" * 64), Attempt)


def test_release_never_takes_an_answer_back(store: Store) -> None:
    attempt = begin(store)
    finish(store, attempt)
    assert isinstance(attempt, Attempt)
    with store.writing() as session:
        idempotency.release(session, attempt)

    assert isinstance(begin(store), Kept)


def test_keys_of_another_token_are_another_matter(store: Store) -> None:
    finish(store, begin(store))

    assert isinstance(begin(store, owner="t2", digest="e" * 64), Attempt)


def test_answers_are_kept_for_a_day(store: Store) -> None:
    finish(store, begin(store))
    day = 24 * 60 * 60

    assert isinstance(begin(store, after=day - 1), Kept)
    assert isinstance(begin(store, after=day, digest="e" * 64), Attempt)


def test_sweep_deletes_what_is_older_than_a_day(store: Store) -> None:
    finish(store, begin(store))
    with store.writing() as session:
        idempotency.sweep(session, now=NOW + timedelta(days=1))

    assert isinstance(begin(store, after=1), Attempt)
