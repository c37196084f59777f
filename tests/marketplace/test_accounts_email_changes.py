"""Another address is proved by a link sent there, or by a person in charge where no mail is sent."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import email_changes
from marketplace.accounts.tables import Account
from marketplace.accounts.words import Role
from marketplace.kernel import audit, outbox
from marketplace.kernel.db import Store, connect
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.outbox_tables import OutboxMail
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.test_accounts_second_factors import actor_of
from tests.marketplace.test_accounts_sessions import make_account

DAY = timedelta(days=1)


@pytest.fixture
def mailing(database_url: str) -> Iterator[Store]:
    """A store of an installation that has a mail server."""
    opened = Store(connect(database_url), info={"sends_mail": True})
    yield opened
    opened.close()


def person(store: Store, email: str = "chen@example.com", role: Role = Role.OPC) -> Actor:
    return actor_of(store, make_account(store, email=email, role=role))


def ask(store: Store, actor: Actor, email: str = "new@example.com", *, token: str = "a token") -> bool:
    with store.writing() as session:
        return email_changes.ask(session, actor, email=email, token=token, now=NOW, new_id=NEW_ID)


def confirm(store: Store, token: str = "a token", *, after: timedelta = 0 * DAY) -> None:
    with store.writing() as session:
        email_changes.confirm(session, token, now=NOW + after, new_id=NEW_ID)


def test_the_link_changes_the_address_once_and_the_old_one_is_told(mailing: Store) -> None:
    actor = person(mailing)
    sent = ask(mailing, actor, " New@Example.com ")
    with mailing.reading() as session:
        before = accounts.actor(session, actor.account_id).email
        looked = email_changes.find(session, "a token", now=NOW)
    confirm(mailing)
    with pytest.raises(NotFound):
        confirm(mailing)

    with mailing.reading() as session:
        row = session.get_one(Account, actor.account_id)
        mails = session.exec(select(OutboxMail.recipient, OutboxMail.subject)).all()
        said = str([one.payload for one in audit.history(session, "account", actor.account_id)])
    assert (sent, before, looked) == (True, "chen@example.com", "new@example.com")
    assert (row.email, row.email_confirmed_at) == ("new@example.com", NOW)
    assert ("new@example.com", "确认您的新邮箱") in mails
    assert ("chen@example.com", "账号邮箱已更改") in mails
    assert "new@example.com" not in said


def test_a_link_ends_after_a_day_and_with_the_next_request(mailing: Store) -> None:
    actor = person(mailing)
    ask(mailing, actor, token="first")
    ask(mailing, actor, "other@example.com", token="second")

    with pytest.raises(NotFound):
        confirm(mailing, "first")
    with pytest.raises(NotFound):
        confirm(mailing, "second", after=DAY)


def test_a_taken_address_is_never_said_and_never_given(mailing: Store) -> None:
    actor = person(mailing)
    person(mailing, "new@example.com")
    sent = ask(mailing, actor)
    with pytest.raises(Conflict) as refusal:
        confirm(mailing)

    with mailing.reading() as session:
        links = session.exec(select(OutboxMail.link).where(OutboxMail.recipient == "new@example.com")).all()
    assert (sent, refusal.value.code) == (True, "email_taken")
    assert not any("token" in link for link in links)


@pytest.mark.parametrize(("email", "code"), [("nonsense", "bad_email"), ("chen@example.com", "same_email")])
def test_ask_refuses_what_is_no_new_address(store: Store, email: str, code: str) -> None:
    actor = person(store)

    with pytest.raises(Invalid) as refusal:
        ask(store, actor, email)

    assert (refusal.value.code, list(refusal.value.fields)) == (code, ["email"])


def test_asking_too_often_waits(store: Store) -> None:
    actor = person(store)
    for _time in range(5):
        ask(store, actor)

    with pytest.raises(NotAllowed):
        ask(store, actor)


def test_without_mail_a_person_in_charge_confirms(store: Store) -> None:
    actor, organiser = person(store), person(store, "zhu@example.com", Role.ORGANISER)
    sent = ask(store, actor)
    with store.writing() as session:
        (waiting,) = email_changes.waiting(session, organiser, now=NOW)
        email_changes.confirm_for(session, organiser, waiting.id, now=NOW, new_id=NEW_ID)
        left = email_changes.waiting(session, organiser, now=NOW)

    with store.reading() as session:
        row = session.get_one(Account, actor.account_id)
        kept = outbox.page(session, state=None, number=1)[0]
    assert (sent, waiting.old, waiting.new, left) == (False, "chen@example.com", "new@example.com", [])
    assert (row.email, row.email_confirmed_at) == ("new@example.com", None)
    assert "chen@example.com" in {mail.to for mail in kept}


def test_nobody_confirms_its_own_and_suppliers_none(store: Store) -> None:
    organiser, supplier = person(store, "zhu@example.com", Role.ORGANISER), person(store)
    ask(store, organiser)
    with store.reading() as session:
        (waiting,) = email_changes.waiting(session, organiser, now=NOW)
    refused = []
    for actor in (organiser, supplier):
        with pytest.raises(NotAllowed) as refusal, store.writing() as session:
            email_changes.confirm_for(session, actor, waiting.id, now=NOW, new_id=NEW_ID)
        refused.append(refusal.value.code)

    assert refused == ["own_account", "not_in_charge"]


def test_sweep_forgets_addresses(store: Store) -> None:
    actor, organiser = person(store), person(store, "zhu@example.com", Role.ORGANISER)
    ask(store, actor)
    with store.writing() as session:
        email_changes.sweep(session, now=NOW + 14 * DAY)
        assert email_changes.waiting(session, organiser, now=NOW) == []
