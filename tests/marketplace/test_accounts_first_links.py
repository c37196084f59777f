"""First links: for somebody who never signed in, where one person in charge is alone."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.office import first_links
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.signing_in.tables import FirstLink
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW, make_person
from tests.marketplace.test_accounts_sessions import make_account, sign_in

NEW_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$another"
TOKEN = "a first token"


@pytest.fixture
def boss(store: Store) -> Actor:
    return make_person(store, role=Role.ADMINISTRATOR, region="", email="guan@example.com")


@pytest.fixture
def newcomer(store: Store) -> str:
    return make_person(store, email="lin@example.com", name="林科长").account_id


def issue(store: Store, boss: Actor, account_id: str, *, token: str = TOKEN) -> str:
    with store.writing() as session:
        return first_links.issue(session, boss, account_id, token=token, now=NOW, new_id=NEW_ID)


def use(store: Store, *, token: str = TOKEN, after: timedelta = timedelta(0)) -> str:
    try:
        with store.writing() as session:
            first_links.use(session, token, password_hash=NEW_HASH, now=NOW + after, new_id=NEW_ID)
    except NotFound as refusal:
        return refusal.code
    return "set"


def test_a_lone_administrator_hands_over_one_link_that_sets_a_password_once(
    store: Store, boss: Actor, newcomer: str
) -> None:
    assert issue(store, boss, newcomer) == f"/reset/new?token={TOKEN}"
    with store.reading() as session:
        assert first_links.find_open(session, TOKEN, now=NOW) == ("lin@example.com", "林科长")

    answers = [use(store), use(store)]

    with store.reading() as session:
        asked = passwords.challenge(session, email="lin@example.com", now=NOW)
        assert (answers, asked.password_hash) == (["set", "link_over"], NEW_HASH)


def test_a_link_lasts_a_day_and_ends_with_the_next(store: Store, boss: Actor, newcomer: str) -> None:
    issue(store, boss, newcomer)
    issue(store, boss, newcomer, token="the next")

    answers = [
        use(store),
        use(store, token="the next", after=first_links.LASTS),
        use(store, token="unknown"),
        use(store, token="the next", after=first_links.LASTS - timedelta(seconds=1)),
    ]

    assert answers == ["link_over", "link_over", "link_over", "set"]


def test_there_is_no_link_for_who_signed_in_nor_beside_another_person_in_charge(
    store: Store, boss: Actor, newcomer: str
) -> None:
    old = make_account(store, email="old@example.com", role=Role.EXPERT)
    sign_in(store, email="old@example.com")
    with pytest.raises(Conflict):
        issue(store, boss, old)
    make_account(store, email="second@example.com", role=Role.ORGANISER)
    issue(store, boss, newcomer)

    sign_in(store, email="second@example.com", token="another")
    with pytest.raises(Conflict) as refusal:
        issue(store, boss, newcomer)

    assert refusal.value.code == "no_first_link"


def test_links_are_the_administrators_and_never_their_own(store: Store, boss: Actor, newcomer: str) -> None:
    with store.reading() as session:
        organiser = accounts.actor(session, newcomer)
    with pytest.raises(NotAllowed):
        issue(store, organiser, newcomer)
    with pytest.raises(Conflict):
        issue(store, boss, boss.account_id)

    row = FirstLink(
        id=NEW_ID(),
        token_digest="0" * 64,
        account_id=boss.account_id,
        made_by=boss.account_id,
        made_at=NOW,
        expires_at=NOW + first_links.LASTS,
    )
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(row)
