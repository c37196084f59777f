"""Signing in and staying signed in."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from marketplace.accounts import accounts, grants
from marketplace.accounts.actors import HeldGrant
from marketplace.accounts.signing_in import passwords, sessions
from marketplace.accounts.signing_in.passwords import Challenge
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from tests.marketplace.market import NEW_ID, NOW

PASSWORD = "临川榜单2026年11月"
HASH = passwords.make(PASSWORD)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def make_account(store: Store, *, email: str = "chen@example.com", role: Role = Role.ORGANISER) -> str:
    with store.writing() as session:
        account_id = accounts.create(session, email=email, name="陈科长", password_hash=HASH, now=NOW, new_id=NEW_ID)
        if role not in (Role.OPC, Role.ENTERPRISE):
            grants.give(session, account_id=account_id, role=role, region="福建省", now=NOW, new_id=NEW_ID)
    return account_id


def sign_in(
    store: Store,
    *,
    email: str = "chen@example.com",
    password: str = PASSWORD,
    token: str = "token",
    after: timedelta = 0 * MINUTE,
) -> object:
    with store.writing() as session:
        return sessions.sign_in(session, email=email, password=password, token=token, now=NOW + after)


def guess(
    store: Store, *, matched: bool = False, email: str = "chen@example.com", after: timedelta = 0 * MINUTE
) -> str:
    """Sign in without the slow check: what the caller found out is given."""
    try:
        with store.reading() as session:
            asked = passwords.challenge(session, email=email, now=NOW + after)
        with store.writing() as session:
            sessions.open_for(session, asked, matched=matched, token=f"token{after}", now=NOW + after)
    except NotAllowed as refusal:
        return refusal.message
    return "signed in"


def is_live(store: Store, token: str = "token", *, after: timedelta) -> bool:
    with store.reading() as session:
        return sessions.find(session, token, now=NOW + after) is not None


def test_sign_in_gives_the_actor_with_its_grants(store: Store) -> None:
    account_id = make_account(store)

    actor = sign_in(store, email=" CHEN@Example.com ")

    with store.reading() as session:
        assert actor == accounts.actor(session, account_id)
        assert accounts.actor(session, account_id).grants == (HeldGrant(Role.ORGANISER, None, "福建省"),)


def test_every_failure_has_one_message(store: Store) -> None:
    make_account(store)
    disabled = make_account(store, email="gone@example.com")
    with store.writing() as session:
        accounts.disable(session, disabled, actor_id=None, now=NOW)

    messages = set()
    for email, password in (
        ("chen@example.com", "wrong"),
        ("nobody@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
    ):
        with pytest.raises(NotAllowed) as refusal:
            sign_in(store, email=email, password=password)
        messages.add((refusal.value.message, refusal.value.code))

    assert messages == {("邮箱或密码不正确，请核对后重试。", "sign_in_failed")}


@pytest.mark.usefixtures("real_hashes")
def test_an_unknown_address_costs_the_same_work(store: Store) -> None:
    """The hash that is checked in place of an account's has the same parameters, and no password answers it."""
    with store.reading() as session:
        asked = passwords.challenge(session, email="nobody@example.com", now=NOW)

    assert asked.password_hash.split("$")[:4] == passwords.make(PASSWORD).split("$")[:4]
    assert passwords.verify(asked, PASSWORD) is False


def test_verify_needs_an_account_and_the_right_password() -> None:
    answers = [
        passwords.verify(Challenge("d", "a", HASH), PASSWORD),
        passwords.verify(Challenge("d", "a", HASH), PASSWORD + "?"),
        passwords.verify(Challenge("d", None, HASH), PASSWORD),
        passwords.verify(Challenge("d", "a", "no hash"), PASSWORD),
    ]

    assert answers == [True, False, False, False]


@pytest.mark.parametrize("email", ["chen@example.com", "nobody@example.com"])
def test_five_failures_lock_an_address_known_or_not(store: Store, email: str) -> None:
    make_account(store)

    told = [guess(store, email=email, after=number * MINUTE) for number in range(7)]

    assert told[:5] == ["邮箱或密码不正确，请核对后重试。"] * 5
    # The oldest failure, of 10:00 in Beijing, leaves the quarter of an hour at 10:15.
    assert told[5:] == ["登录失败次数过多，请在 2026年11月20日 10:15 以后再试。"] * 2


def test_a_locked_address_refuses_the_right_password_and_opens_by_itself(store: Store) -> None:
    make_account(store)
    for number in range(5):
        guess(store, after=number * MINUTE)

    locked = guess(store, matched=True, after=14 * MINUTE)
    later = guess(store, matched=True, after=15 * MINUTE)

    assert (locked[:8], later) == ("登录失败次数过多", "signed in")


def test_a_success_forgets_the_failures(store: Store) -> None:
    make_account(store)
    for _ in range(4):
        guess(store)
    guess(store, matched=True)

    assert [guess(store, after=MINUTE)[:5] for _ in range(4)] == ["邮箱或密码"] * 4


def test_guesses_made_side_by_side_are_judged_one_after_the_other(store: Store) -> None:
    """All of them passed the first look while nothing was counted yet; the sixth is refused all the same."""
    make_account(store)
    with store.reading() as session:
        asked = passwords.challenge(session, email="chen@example.com", now=NOW)
    codes = []
    for matched in (False, False, False, False, False, True):
        with pytest.raises(NotAllowed) as refusal, store.writing() as session:
            sessions.open_for(session, asked, matched=matched, token="t", now=NOW)
        codes.append(refusal.value.code)

    assert codes == ["sign_in_failed"] * 5 + ["sign_in_locked"]


def test_find_needs_the_very_token_and_the_database_does_not_hold_it(store: Store) -> None:
    make_account(store)
    sign_in(store, token="a secret token")

    with store.reading() as session:
        stored = session.execute(text("SELECT token_digest FROM sign_in_session")).scalars().all()

    assert [is_live(store, token, after=0 * MINUTE) for token in ("a secret token", "another", stored[0])] == [
        *(True, False, False),
    ]


def test_find_carries_a_csrf_token_of_its_own(store: Store) -> None:
    make_account(store)
    sign_in(store, token="one")
    sign_in(store, token="two")
    with store.reading() as session:
        found = [sessions.find(session, token, now=NOW) for token in ("one", "two", "one")]
    tokens = [signed_in.csrf_token for signed_in in found if signed_in]

    assert (tokens[0] == tokens[2], tokens[0] == tokens[1], len(tokens[0])) == (True, False, 64)


def test_a_staff_session_ends_after_half_an_hour_without_a_request(store: Store) -> None:
    make_account(store)
    sign_in(store)

    assert [is_live(store, after=after) for after in (29 * MINUTE, 30 * MINUTE)] == [True, False]


def test_touch_keeps_a_session_alive_up_to_twelve_hours(store: Store) -> None:
    make_account(store)
    sign_in(store)
    for number in range(1, 29):
        with store.writing() as session:
            sessions.touch(session, "token", now=NOW + number * 25 * MINUTE)

    assert [is_live(store, after=after) for after in (12 * HOUR - MINUTE, 12 * HOUR)] == [True, False]


def test_touch_is_due_after_a_minute(store: Store) -> None:
    make_account(store)
    sign_in(store)
    with store.reading() as session:
        due = [sessions.find(session, "token", now=NOW + after) for after in (59 * MINUTE / 60, MINUTE)]

    assert [found.touch_due for found in due if found] == [False, True]


def test_a_session_of_others_is_not_ended_by_idleness(store: Store) -> None:
    make_account(store, role=Role.ENTERPRISE)
    sign_in(store)

    assert [is_live(store, after=after) for after in (11 * HOUR, 12 * HOUR)] == [True, False]


def test_sign_out_ends_a_session(store: Store) -> None:
    make_account(store)
    sign_in(store)
    with store.writing() as session:
        sessions.sign_out(session, "token", now=NOW)
        sessions.sign_out(session, "unknown", now=NOW)

    assert is_live(store, after=0 * MINUTE) is False


def test_disabling_an_account_ends_its_sessions(store: Store) -> None:
    account_id = make_account(store)
    sign_in(store)
    with store.writing() as session:
        accounts.disable(session, account_id, actor_id=None, now=NOW)

    assert is_live(store, after=0 * MINUTE) is False


def test_sweep_deletes_only_sessions_that_have_ended(store: Store) -> None:
    make_account(store)
    sign_in(store, token="old")
    sign_in(store, token="new", after=6 * HOUR)
    with store.writing() as session:
        sessions.sweep(session, now=NOW + 12 * HOUR)
    with store.reading() as session:
        left = session.execute(text("SELECT COUNT(*) FROM sign_in_session")).scalar_one()

    assert left == 1


def test_sign_ins_and_failures_are_audited_without_the_address(store: Store) -> None:
    account_id = make_account(store)
    guess(store)
    guess(store, matched=True)

    with store.reading() as session:
        digest = passwords.challenge(session, email="chen@example.com", now=NOW).email_digest
        told = [(entry.action, entry.actor_id) for entry in audit.history(session, "sign_in", digest)]

    assert told == [("sign_in.failed", None), ("sign_in.opened", account_id)]


@pytest.mark.parametrize("password", ["short", "x" * 129])
def test_make_refuses_short_and_endless_passwords(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        passwords.make(password)

    assert refusal.value.fields == {"password": "密码长度应为 10 至 128 个字符。"}


def test_create_refuses_an_address_that_is_taken_and_a_missing_name(store: Store) -> None:
    make_account(store)

    with pytest.raises(Conflict) as taken:
        make_account(store, email="Chen@example.com")
    with pytest.raises(Invalid) as nameless, store.writing() as session:
        accounts.create(session, email="x@example.com", name=" ", password_hash=HASH, now=NOW, new_id=NEW_ID)

    assert (taken.value.code, nameless.value.code) == ("email_taken", "bad_name")


def test_a_grant_is_given_once_and_withdrawn_for_good(store: Store) -> None:
    account_id = make_account(store, role=Role.ENTERPRISE)
    with store.writing() as session:
        given = [
            grants.give(session, account_id=account_id, role=Role.EXPERT, region="/福建省/", now=NOW, new_id=NEW_ID)
            for _ in range(2)
        ]
        held = accounts.actor(session, account_id).grants
        grants.withdraw(session, given[0], actor_id=None, now=NOW)
        after = accounts.actor(session, account_id).grants

    assert (given[0] == given[1], held, after) == (True, (HeldGrant(Role.EXPERT, None, "福建省"),), ())


def test_belonging_to_an_organisation_is_never_granted(store: Store) -> None:
    account_id = make_account(store)

    with pytest.raises(Invalid) as refusal, store.writing() as session:
        grants.give(session, account_id=account_id, role=Role.OPC, now=NOW, new_id=NEW_ID)

    assert refusal.value.code == "not_a_staff_role"


def test_create_of_one_address_at_one_instant_is_a_conflict_for_the_loser(store: Store) -> None:
    together, told = threading.Barrier(2), []

    def create() -> None:
        together.wait()
        try:
            with store.writing() as session:
                account_id = accounts.create(
                    session, email="tong@example.com", name="童", password_hash="x", now=NOW, new_id=NEW_ID
                )
            told.append("made" if account_id else "")
        except Conflict as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=create) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["email_taken", "made"]
