"""The outbox: what is written, sent, tried again and forgotten."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.kernel import jobs, outbox
from marketplace.kernel.db import Store, connect
from marketplace.kernel.errors import Conflict
from marketplace.kernel.outbox import Mail, MailView
from marketplace.kernel.words import MailState
from tests.marketplace.market import NEW_ID, NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def mailing(database_url: str) -> Iterator[Store]:
    """A store of an installation that has a mail server."""
    opened = Store(connect(database_url), info={"sends_mail": True})
    yield opened
    opened.close()


def put(store: Store, *, secret: bool = False) -> bool:
    with store.writing() as session:
        return outbox.put(
            session,
            to="wu@example.com",
            subject="邀请",
            text="您好",
            link="/x?token=t",
            now=NOW,
            new_id=NEW_ID,
            secret=secret,
        )


def only(store: Store) -> MailView:
    with store.reading() as session:
        ((mail,), _) = outbox.page(session, state=None, number=1)
        return outbox.get(session, mail.id)


def raw(store: Store) -> tuple[str | None, str]:
    with store.reading() as session:
        row = session.execute(text("SELECT text, link FROM outbox_mail")).one()
    return row.text, row.link


def test_without_a_mail_server_a_secret_is_not_written_down(store: Store) -> None:
    told = put(store, secret=True)

    assert (told, only(store).state, raw(store)) == (False, MailState.WITHHELD, (None, ""))


def test_without_a_mail_server_a_plain_mail_is_kept_to_be_passed_on(store: Store) -> None:
    told, mail = put(store), only(store)
    with store.writing() as session:
        outbox.mark_passed_on(session, mail.id)

    assert (told, mail.state, mail.text, only(store).state) == (False, MailState.KEPT, "您好", MailState.PASSED_ON)


def test_a_mail_asks_for_its_job_in_the_same_transaction(mailing: Store) -> None:
    told = put(mailing)
    with mailing.writing() as session:
        job = jobs.take(session, worker="w", now=NOW)
    mail = only(mailing)
    with mailing.reading() as session:
        waiting = outbox.to_send(session, mail.id)

    assert job is not None
    assert (told, job.kind, job.payload) == (True, outbox.JOB, {"mail_id": mail.id})
    assert waiting == Mail(mail.id, "wu@example.com", "邀请", "您好", "/x?token=t", NOW)


def test_a_secret_is_forgotten_once_sent_and_never_shown(mailing: Store) -> None:
    put(mailing, secret=True)
    before = only(mailing)
    with mailing.writing() as session:
        outbox.note_sent(session, before.id, now=NOW, new_id=NEW_ID)
        outbox.note_sent(session, before.id, now=NOW + HOUR, new_id=NEW_ID)
    after = only(mailing)

    assert (before.text, before.link) == (None, "")
    assert (after.state, after.sent_at, len(after.tries), raw(mailing)) == (MailState.SENT, NOW, 1, (None, ""))


def test_a_failure_is_tried_again_later_and_given_up_after_eight(mailing: Store) -> None:
    put(mailing, secret=True)
    mail_id, now, waits = only(mailing).id, NOW, []
    for _ in range(8):
        with mailing.writing() as session:
            job = jobs.take(session, worker="w", now=now)
            assert job is not None
            outbox.note_failed(session, mail_id, error="连不上", is_final=False, now=now, new_id=NEW_ID)
            jobs.finish(session, job.id, worker="w", now=now)
        with mailing.reading() as session:
            due = session.execute(text("SELECT COUNT(*) FROM job WHERE state = 'waiting'")).scalar_one()
        waits.append(due)
        now += HOUR
    mail = only(mailing)

    assert waits == [1] * 7 + [0]
    assert (mail.state, len(mail.tries), mail.last_error, raw(mailing)) == (MailState.FAILED, 8, "连不上", (None, ""))


def test_a_final_failure_is_not_tried_again_but_may_be_resent(mailing: Store) -> None:
    put(mailing)
    mail_id = only(mailing).id
    with mailing.writing() as session:
        outbox.note_failed(session, mail_id, error="拒收", is_final=True, now=NOW, new_id=NEW_ID)
    failed = only(mailing).state
    with mailing.writing() as session:
        outbox.resend(session, mail_id, now=NOW, new_id=NEW_ID)

    assert (failed, only(mailing).state) == (MailState.FAILED, MailState.WAITING)


def test_a_secret_is_never_resent_and_nothing_without_a_mail_server(store: Store, mailing: Store) -> None:
    put(mailing, secret=True)
    mail_id, codes = only(mailing).id, []
    for opened in (mailing, store):
        with pytest.raises(Conflict) as refusal, opened.writing() as session:
            outbox.resend(session, mail_id, now=NOW, new_id=NEW_ID)
        codes.append(refusal.value.code)

    assert codes == ["mail_is_secret"] * 2


def test_a_mail_whose_server_went_is_kept_and_a_secret_erased(mailing: Store) -> None:
    put(mailing, secret=True)
    with mailing.writing() as session:
        outbox.note_unsendable(session, only(mailing).id)

    assert (only(mailing).state, raw(mailing)) == (MailState.WITHHELD, (None, ""))


def test_the_database_refuses_to_keep_a_secret_that_was_sent(mailing: Store) -> None:
    put(mailing, secret=True)

    with pytest.raises(IntegrityError), mailing.writing() as session:
        session.execute(text("UPDATE outbox_mail SET state = 'sent', sent_at = put_at"))
