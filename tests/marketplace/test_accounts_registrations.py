"""Registrations: with mail and without, and nothing that tells whether an address is known."""

from datetime import timedelta

import pytest
from sqlmodel import select

from marketplace.accounts import accounts
from marketplace.accounts.rules import registering
from marketplace.accounts.signing_in import passwords, registrations
from marketplace.accounts.signing_in.tables import Registration
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.kernel.outbox_tables import OutboxMail
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.people import make_account

EMAIL, TOKEN, PASSWORD = "zhou@example.com", "t" * 43, "correct horse battery"


def ask(store: Store, *, email: str = EMAIL, token: str = TOKEN, sends: bool = True, address: str = "10.0.0.1") -> None:
    hashed = passwords.make(PASSWORD)
    with store.writing() as session:
        session.info["sends_mail"] = sends
        registrations.ask(
            session,
            email=email,
            name="周一人",
            password_hash=hashed,
            token=token,
            address=address,
            now=NOW,
            new_id=NEW_ID,
        )


def confirm(store: Store, *, password: str = PASSWORD, minutes: int = 1) -> str:
    now = NOW + timedelta(minutes=minutes)
    with store.reading() as session:
        asked = registrations.challenge(session, TOKEN, now=now)
    matched = passwords.verify(asked, password)
    with store.writing() as session:
        return registrations.confirm(session, TOKEN, matched=matched, now=now, new_id=NEW_ID)


def mails(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        rows = session.exec(select(OutboxMail)).all()
    return [(row.recipient, row.link, str(row.state)) for row in rows]


def known(store: Store) -> tuple[bool, bool]:
    """Whether the account is there, and whether its address is confirmed."""
    with store.reading() as session:
        account_id = accounts.find_by_email(session, EMAIL)
        return account_id is not None, account_id is not None and registrations.is_confirmed(session, account_id)


def test_with_mail_the_account_is_made_by_the_link_and_the_password(store: Store) -> None:
    ask(store)
    before, sent = known(store), mails(store)
    confirm(store)

    assert (before, known(store)) == ((False, False), (True, True))
    assert [(to, link) for to, link, _state in sent] == [(EMAIL, f"/register/confirm?token={TOKEN}")]


def test_the_link_alone_makes_no_account_for_who_does_not_know_the_password(store: Store) -> None:
    ask(store)
    with pytest.raises(Invalid):
        confirm(store, password="somebody else's guess")

    assert known(store) == (False, False)


def test_a_link_is_used_once_and_expires(store: Store) -> None:
    ask(store)
    with pytest.raises(NotFound):
        confirm(store, minutes=24 * 60)
    confirm(store)
    with pytest.raises(NotFound):
        confirm(store)


def test_without_mail_the_account_works_and_is_unconfirmed(store: Store) -> None:
    ask(store, sends=False)

    assert (known(store), mails(store)) == ((True, False), [])


def test_a_known_address_is_told_and_keeps_its_password(store: Store) -> None:
    actor = make_account(store)
    ask(store)
    with store.reading() as session:
        challenged = passwords.challenge(session, email=EMAIL, now=NOW)

    assert [(to, link) for to, link, _state in mails(store)] == [(actor.email, "/sign-in")]
    assert not passwords.verify(challenged, PASSWORD)


def test_the_secret_is_not_kept_and_the_hash_goes_with_its_use(store: Store) -> None:
    ask(store)
    confirm(store)
    with store.reading() as session:
        (row,) = session.exec(select(Registration)).all()

    assert (TOKEN in str(row.model_dump()), row.password_hash) == (False, "")


@pytest.mark.parametrize("is_known", [True, False])
def test_asking_too_often_is_refused_alike(store: Store, is_known: bool) -> None:
    if is_known:
        make_account(store)
    for number in range(registering.MOST_BY_EMAIL):
        ask(store, token=str(number) * 43)
    with pytest.raises(NotAllowed) as refusal:
        ask(store, token="x" * 43)

    assert refusal.value.code == "too_many"


def test_one_network_address_asks_so_often(store: Store) -> None:
    with store.writing() as session:
        for number in range(registering.MOST_BY_ADDRESS):
            session.add(
                Registration(
                    token_digest=str(number),
                    email=f"p{number}@example.com",
                    name="周一人",
                    password_hash="",
                    address="10.0.0.1",
                    asked_at=NOW,
                    expires_at=NOW,
                )
            )
    with pytest.raises(NotAllowed):
        ask(store)
    ask(store, address="10.0.0.2")


def test_sweep_forgets_what_ended_a_week_ago(store: Store) -> None:
    ask(store)
    with store.writing() as session:
        registrations.sweep(session, now=NOW + timedelta(days=7))
        kept = len(session.exec(select(Registration)).all())
        registrations.sweep(session, now=NOW + timedelta(days=8, minutes=1))
        left = len(session.exec(select(Registration)).all())

    assert (kept, left) == (1, 0)
