"""Files that are read while nobody waits."""

from datetime import timedelta

import pytest

from ingest.records import reading_to_record
from marketplace.accounts.actors import Actor
from marketplace.kernel import jobs
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict
from marketplace.kernel.files import StoredFile
from marketplace.lists.intakes import intakes, waiting
from marketplace.lists.intakes.views import IntakeCard
from marketplace.lists.words import IntakeState
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_person, make_reading

FILE = StoredFile("b" * 64, 123)
RECORD = reading_to_record(make_reading([make_draft()]))


def take_in(store: Store) -> tuple[IntakeCard, Actor]:
    organiser = make_person(store)
    with store.writing() as session:
        card = waiting.take_in(
            session, organiser, file=FILE, name="扫描件.pdf", region=REGION, kind=None, now=NOW, new_id=NEW_ID
        )
    return card, organiser


def test_a_file_is_taken_in_at_once_and_reviewed_when_it_is_read(store: Store) -> None:
    card, organiser = take_in(store)
    assert card.state is IntakeState.READING

    with store.writing() as session:
        asked = waiting.to_read(session, card.id)
        waiting.have_reached(session, card.id, done=3, of=50)
    assert asked is not None
    assert (asked.name, asked.file_digest) == ("扫描件.pdf", "b" * 64)
    with store.reading() as session:
        page = intakes.get(session, organiser, card.id)
    assert (page.card.pages_done, page.card.pages_total, list(page.reading.drafts)) == (3, 50, [])

    with store.writing() as session:
        waiting.have_read(session, card.id, RECORD, now=NOW)
        page = intakes.get(session, organiser, card.id)
        assert waiting.to_read(session, card.id) is None
    assert (page.card.state, page.card.sound, page.card.pages_done) == (IntakeState.OPEN, 1, None)


def test_nothing_is_published_of_a_file_that_is_still_being_read(store: Store) -> None:
    card, organiser = take_in(store)

    with store.writing() as session, pytest.raises(Conflict, match="还在读取"):
        intakes.confirm(session, organiser, card.id, version=1, series_title="清单", now=NOW, new_id=NEW_ID)


def test_a_file_that_cannot_be_read_says_why_and_can_be_set_aside(store: Store) -> None:
    card, organiser = take_in(store)
    with store.writing() as session:
        waiting.could_not_read(session, card.id, "图片中没有认出文字。", now=NOW)
        page = intakes.get(session, organiser, card.id)
        assert (page.card.state, page.card.failure) == (IntakeState.FAILED, "图片中没有认出文字。")
        intakes.discard(session, organiser, card.id, version=page.version, now=NOW)


def test_what_was_set_aside_meanwhile_stays_so(store: Store) -> None:
    card, organiser = take_in(store)
    with store.writing() as session:
        intakes.discard(session, organiser, card.id, version=1, now=NOW)
        waiting.have_read(session, card.id, RECORD, now=NOW)
        page = intakes.get(session, organiser, card.id)
    assert (page.card.state, page.card.sound) == (IntakeState.DISCARDED, 0)


def test_a_reading_that_takes_its_process_down_each_time_is_given_up(store: Store) -> None:
    card, organiser = take_in(store)
    at = NOW
    for _ in range(waiting.MAX_ATTEMPTS):
        with store.writing() as session:
            assert waiting.give_up_lost(session, now=at) == 0
            job = jobs.take(session, worker="w", now=at, kinds={waiting.JOB})
        assert job is not None
        at += timedelta(hours=1)
    with store.writing() as session:
        assert jobs.take(session, worker="w", now=at, kinds={waiting.JOB}) is None
        assert waiting.give_up_lost(session, now=at) == 1
        page = intakes.get(session, organiser, card.id)
    assert (page.card.state, page.card.failure) == (IntakeState.FAILED, waiting.LOST)


def test_the_clock_leaves_files_to_their_readers(store: Store) -> None:
    take_in(store)
    with store.writing() as session:
        assert jobs.take(session, worker="clock", now=NOW, without={waiting.JOB}) is None
        assert jobs.take(session, worker="reader", now=NOW, kinds={waiting.JOB}) is not None
