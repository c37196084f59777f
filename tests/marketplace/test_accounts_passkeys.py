"""Passkeys, with an authenticator in software."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passkeys, proofs, second_factors, sessions
from marketplace.accounts.signing_in.passkeys import Asked, Site
from marketplace.accounts.signing_in.places import Browser
from marketplace.accounts.words import PasskeyPurpose, Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from tests.marketplace.authenticator import Authenticator
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.test_accounts_second_factors import actor_of
from tests.marketplace.test_accounts_sessions import make_account

SITE = Site("jiebang.example.com", "https://jiebang.example.com")
MINUTE = timedelta(minutes=1)
CHALLENGE = b"c" * 32


def make_key(**changes: object) -> Authenticator:
    return Authenticator(SITE.host, SITE.origin, **changes)  # type: ignore[arg-type]


def register(store: Store, actor: Actor, key: Authenticator, *, name: str = "办公室电脑") -> list[str]:
    with store.writing() as session:
        asked = passkeys.ask_to_add(session, actor, site=SITE, challenge=CHALLENGE, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        return passkeys.add(
            session,
            actor,
            challenge_id=asked.id,
            credential=key.register(asked.options),
            name=name,
            site=SITE,
            now=NOW,
            new_id=NEW_ID,
        )


def ask(store: Store, account_id: str | None = None) -> Asked:
    purpose = PasskeyPurpose.CONFIRM if account_id else PasskeyPurpose.SIGN_IN
    with store.writing() as session:
        return passkeys.ask(
            session, purpose=purpose, account_id=account_id, site=SITE, challenge=CHALLENGE, now=NOW, new_id=NEW_ID
        )


def enter(store: Store, asked: Asked, credential: str, *, after: timedelta = 0 * MINUTE, token: str = "token") -> str:
    """Sign in with a passkey; gives "in" or the refusal's code."""
    try:
        with store.writing() as session:
            proofs.sign_in_by_passkey(
                session,
                challenge_id=asked.id,
                credential=credential,
                site=SITE,
                token=token,
                browser=Browser(),
                now=NOW + after,
                new_id=NEW_ID,
            )
    except NotAllowed as refusal:
        return refusal.code
    return "in"


def test_a_passkey_signs_in_and_counts_as_both_steps(store: Store) -> None:
    account_id, key = make_account(store), make_key()
    codes = register(store, actor_of(store, account_id), key)
    asked = ask(store)

    told = enter(store, asked, key.sign(asked.options))

    with store.reading() as session:
        found = sessions.find(session, "token", now=NOW)
    assert found is not None
    assert (told, len(codes), found.actor.roles, found.owes_second_factor) == ("in", 10, {Role.ORGANISER}, False)


def test_a_challenge_is_answered_once_and_within_five_minutes(store: Store) -> None:
    key = make_key()
    register(store, actor_of(store, make_account(store)), key)
    first, late = ask(store), ask(store)
    answer = key.sign(first.options)

    told = [
        enter(store, first, answer),
        enter(store, first, answer),
        enter(store, late, key.sign(late.options), after=5 * MINUTE),
    ]

    assert told == ["in", "challenge_over", "challenge_over"]


def test_a_sign_count_that_does_not_grow_is_refused(store: Store) -> None:
    key = make_key()
    register(store, actor_of(store, make_account(store)), key)
    told = []
    for count in (4, 4, 5):
        key.count = count
        asked = ask(store)
        told.append(enter(store, asked, key.sign(asked.options), token=f"token{len(told)}"))

    assert told == ["in", "passkey_refused", "in"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: setattr(key, "origin", "https://jiebang.example.org"),
        lambda key: setattr(key, "host", "example.com"),
        lambda key: setattr(key, "verifies", False),
        lambda key: setattr(key, "key", make_key().key),
        lambda key: setattr(key, "credential_id", b"unknown"),
    ],
    ids=["another origin", "another host", "nobody checked", "another key", "unknown"],
)
def test_an_answer_that_does_not_hold_is_refused(store: Store, spoil: Callable[[Authenticator], None]) -> None:
    key = make_key()
    register(store, actor_of(store, make_account(store)), key)
    asked = ask(store)
    spoil(key)

    assert enter(store, asked, key.sign(asked.options)) == "passkey_refused"


@pytest.mark.parametrize("credential", ["", "{}", "[]", '{"id": "x"}', "no json"])
def test_an_answer_that_is_none_is_refused(store: Store, credential: str) -> None:
    assert enter(store, ask(store), credential) == "passkey_refused"


def test_registration_needs_a_checked_person_and_this_site(store: Store) -> None:
    actor = actor_of(store, make_account(store))
    told = []
    for key in (make_key(verifies=False), Authenticator("example.org", SITE.origin)):
        with pytest.raises(NotAllowed) as refusal:
            register(store, actor, key)
        told.append(refusal.value.code)

    with store.reading() as session:
        assert (told, second_factors.has(session, actor.account_id)) == (["passkey_refused"] * 2, False)


def test_a_passkey_is_added_once(store: Store) -> None:
    key = make_key()
    register(store, actor_of(store, make_account(store)), key)
    other = actor_of(store, make_account(store, email="li@example.com"))

    with pytest.raises(Conflict) as refusal:
        register(store, other, key)

    assert refusal.value.code == "passkey_known"


def test_the_second_step_takes_only_a_passkey_of_the_account(store: Store) -> None:
    own, foreign = make_key(), make_key()
    account_id = make_account(store)
    register(store, actor_of(store, account_id), own)
    register(store, actor_of(store, make_account(store, email="li@example.com")), foreign)
    told = []
    for key in (foreign, own):
        asked = ask(store, account_id)
        try:
            with store.writing() as session:
                passkeys.verify(
                    session,
                    challenge_id=asked.id,
                    credential=key.sign(asked.options),
                    purpose=PasskeyPurpose.CONFIRM,
                    account_id=account_id,
                    site=SITE,
                    now=NOW,
                )
            told.append("taken")
        except NotAllowed as refusal:
            told.append(refusal.code)

    assert told == ["passkey_refused", "taken"]


def test_the_options_ask_to_check_the_person_and_name_the_known_keys(store: Store) -> None:
    account_id, key = make_account(store), make_key()
    register(store, actor_of(store, account_id), key)

    options = json.loads(ask(store, account_id).options)
    anybody = json.loads(ask(store).options)

    assert (options["userVerification"], options["rpId"]) == ("required", SITE.host)
    assert (len(options["allowCredentials"]), anybody["allowCredentials"]) == (1, [])


def test_failures_by_passkey_lock_the_network_address(store: Store) -> None:
    told = []
    for _ in range(6):
        asked = ask(store)
        with pytest.raises(NotAllowed) as refusal, store.writing() as session:
            proofs.sign_in_by_passkey(
                session,
                challenge_id=asked.id,
                credential="{}",
                site=SITE,
                token="t",
                browser=Browser("", "10.0.0.9"),
                now=NOW,
                new_id=NEW_ID,
            )
        told.append(refusal.value.code)

    assert told == ["passkey_refused"] * 5 + ["sign_in_locked"]


def test_removing_is_for_the_owner_and_told(store: Store) -> None:
    account_id = make_account(store)
    actor = actor_of(store, account_id)
    register(store, actor, make_key())
    with store.reading() as session:
        (key,) = second_factors.of_account(session, account_id).passkeys
    foreign = actor_of(store, make_account(store, email="li@example.com"))
    with pytest.raises(NotFound), store.writing() as session:
        passkeys.remove(session, foreign, key.id, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        passkeys.rename(session, actor, key.id, "旧电脑")
        passkeys.remove(session, actor, key.id, now=NOW, new_id=NEW_ID)

    with store.reading() as session:
        subjects = sorted(one.subject for one in messages.inbox(session, actor)[0])
        assert (second_factors.has(session, account_id), subjects) == (
            False,
            ["已删除通行密钥“旧电脑”", "已添加通行密钥“办公室电脑”"],
        )
