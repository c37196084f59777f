"""Second factors: authenticator apps, recovery codes, and what a sign-in may before they are given."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor, HeldGrant
from marketplace.accounts.signing_in import proofs, recovery_codes, second_factors, sessions
from marketplace.accounts.signing_in.places import Browser
from marketplace.accounts.views import SignedIn
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.test_accounts_sessions import make_account, sign_in

STEP = timedelta(seconds=30)
MINUTE = timedelta(minutes=1)
HERE = Browser("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0", "10.1.2.3")


def actor_of(store: Store, account_id: str) -> Actor:
    with store.reading() as session:
        return accounts.actor(session, account_id)


def set_up_app(store: Store, actor: Actor) -> tuple[str, list[str]]:
    """Set up an authenticator app at NOW; gives its secret and the recovery codes."""
    with store.writing() as session:
        secret = second_factors.begin_app(session, actor, now=NOW).secret
        codes = second_factors.finish_app(session, actor, pyotp.TOTP(secret).at(NOW), now=NOW, new_id=NEW_ID)
    return secret, codes


def find(store: Store, token: str = "token", *, after: timedelta = 0 * STEP, strict: bool = True) -> SignedIn:
    with store.reading() as session:
        found = sessions.find(session, token, now=NOW + after, staff_needs_second_factor=strict)
    assert found is not None
    return found


def give(store: Store, code: str, *, after: timedelta, token: str = "token", new_token: str = "risen") -> None:
    half = find(store, token, after=after)
    with store.writing() as session:
        proofs.give_code(session, token, half, code, new_token=new_token, browser=HERE, now=NOW + after, new_id=NEW_ID)


def test_staff_without_a_second_factor_is_granted_nothing_of_its_staff_roles(store: Store) -> None:
    make_account(store)
    sign_in(store)

    strict, lenient = find(store), find(store, strict=False)

    assert (strict.actor.grants, strict.needs_second_factor, strict.is_staff) == ((), True, True)
    assert (lenient.actor.grants, lenient.needs_second_factor) == ((HeldGrant(Role.ORGANISER, None, "福建省"),), False)


def test_who_has_a_second_factor_is_granted_nothing_until_it_is_given(store: Store) -> None:
    secret, _ = set_up_app(store, actor_of(store, make_account(store)))
    sign_in(store)
    before = find(store, strict=False)

    give(store, pyotp.TOTP(secret).at(NOW + 2 * STEP), after=2 * STEP)
    after = find(store, "risen", after=2 * STEP)

    assert (before.actor.grants, before.owes_second_factor, before.touch_due) == ((), True, False)
    assert (after.actor.grants, after.owes_second_factor) == ((HeldGrant(Role.ORGANISER, None, "福建省"),), False)


def test_the_second_step_goes_on_under_a_new_token(store: Store) -> None:
    secret, _ = set_up_app(store, actor_of(store, make_account(store)))
    sign_in(store)
    give(store, pyotp.TOTP(secret).at(NOW + 2 * STEP), after=2 * STEP)

    with store.reading() as session:
        assert sessions.find(session, "token", now=NOW + 2 * STEP) is None


def test_the_second_step_must_be_taken_within_ten_minutes(store: Store) -> None:
    set_up_app(store, actor_of(store, make_account(store, role=Role.ENTERPRISE)))
    sign_in(store)

    with store.reading() as session:
        found = [sessions.find(session, "token", now=NOW + after) for after in (9 * MINUTE, 10 * MINUTE)]

    assert [each is not None for each in found] == [True, False]


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_may_be_one_step_early_or_late(store: Store, steps: int, taken: bool) -> None:
    account_id = make_account(store)
    secret, _ = set_up_app(store, actor_of(store, account_id))
    now = NOW + 10 * STEP

    try:
        with store.writing() as session:
            second_factors.require_code(
                session, account_id, pyotp.TOTP(secret).at(now + steps * STEP), now=now, new_id=NEW_ID
            )
    except NotAllowed:
        assert not taken
    else:
        assert taken


def test_a_code_is_taken_once_and_none_from_before_it(store: Store) -> None:
    account_id = make_account(store)
    secret, _ = set_up_app(store, actor_of(store, account_id))
    now, told = NOW + 10 * STEP, []
    for steps in (0, 0, -1, 1):
        try:
            with store.writing() as session:
                code = pyotp.TOTP(secret).at(now + steps * STEP)
                second_factors.require_code(session, account_id, code, now=now, new_id=NEW_ID)
            told.append("taken")
        except NotAllowed as refusal:
            told.append(refusal.code)

    assert told == ["taken", "wrong_code", "wrong_code", "taken"]


def test_five_wrong_codes_lock_the_second_factor(store: Store) -> None:
    account_id = make_account(store)
    secret, codes = set_up_app(store, actor_of(store, account_id))
    told = []
    for code in ["000000"] * 5 + [pyotp.TOTP(secret).at(NOW + 2 * STEP), codes[0]]:
        with pytest.raises(NotAllowed) as refusal, store.writing() as session:
            second_factors.require_code(session, account_id, code, now=NOW + 2 * STEP, new_id=NEW_ID)
        told.append(refusal.value.code)

    assert told == ["wrong_code"] * 5 + ["sign_in_locked"] * 2


def test_a_recovery_code_stands_in_once(store: Store) -> None:
    account_id = make_account(store)
    _, codes = set_up_app(store, actor_of(store, account_id))
    with store.writing() as session:
        typed = codes[3].upper().replace("-", " ")
        second_factors.require_code(session, account_id, typed, now=NOW, new_id=NEW_ID)
        left = recovery_codes.left(session, account_id)

    with pytest.raises(NotAllowed), store.writing() as session:
        second_factors.require_code(session, account_id, codes[3], now=NOW, new_id=NEW_ID)

    assert (len(set(codes)), left) == (10, 9)


def test_recovery_codes_of_others_and_void_ones_are_refused(store: Store) -> None:
    account_id, other_id = make_account(store), make_account(store, email="li@example.com")
    _, old = set_up_app(store, actor_of(store, account_id))
    with store.writing() as session:
        second_factors.renew_codes(session, actor_of(store, account_id), now=NOW)
    _, foreign = set_up_app(store, actor_of(store, other_id))

    with store.writing() as session:
        assert [recovery_codes.use(session, account_id, code, now=NOW) for code in (old[0], foreign[0])] == [False] * 2


def test_the_database_holds_no_recovery_code(store: Store) -> None:
    _, codes = set_up_app(store, actor_of(store, make_account(store)))
    with store.reading() as session:
        stored = set(session.execute(text("SELECT code_digest FROM recovery_code")).scalars())

    assert stored.isdisjoint(codes)
    assert all(len(code.replace("-", "")) == 12 for code in codes)


def test_a_wrong_code_does_not_finish_a_set_up_and_it_runs_out(store: Store) -> None:
    actor = actor_of(store, make_account(store))
    with store.writing() as session:
        secret = second_factors.begin_app(session, actor, now=NOW).secret
    with pytest.raises(Invalid) as wrong, store.writing() as session:
        second_factors.finish_app(session, actor, "123", now=NOW, new_id=NEW_ID)
    late = NOW + 30 * MINUTE
    with pytest.raises(Conflict) as over, store.writing() as session:
        second_factors.finish_app(session, actor, pyotp.TOTP(secret).at(late), now=late, new_id=NEW_ID)

    with store.reading() as session:
        has = second_factors.has(session, actor.account_id)
    assert (list(wrong.value.fields), over.value.code, has) == (["code"], "set_up_over", False)


def test_changing_the_app_keeps_the_old_one_until_the_new_one_is_proved(store: Store) -> None:
    account_id = make_account(store)
    secret, _ = set_up_app(store, actor_of(store, account_id))
    with store.writing() as session:
        second_factors.begin_app(session, actor_of(store, account_id), now=NOW)
        code = pyotp.TOTP(secret).at(NOW + 2 * STEP)
        second_factors.require_code(session, account_id, code, now=NOW + 2 * STEP, new_id=NEW_ID)


def test_removing_the_last_factor_voids_the_codes_and_withholds_staff_roles_again(store: Store) -> None:
    account_id = make_account(store)
    secret, _ = set_up_app(store, actor_of(store, account_id))
    sign_in(store)
    give(store, pyotp.TOTP(secret).at(NOW + 2 * STEP), after=2 * STEP)

    with store.writing() as session:
        second_factors.remove_app(session, actor_of(store, account_id), now=NOW, new_id=NEW_ID)
        left = recovery_codes.left(session, account_id)

    found = find(store, "risen", after=2 * STEP)
    assert (left, found.needs_second_factor, found.actor.grants) == (0, True, ())


def test_changes_are_told_to_the_owner_and_audited_without_secrets(store: Store) -> None:
    account_id = make_account(store)
    secret, codes = set_up_app(store, actor_of(store, account_id))
    with store.writing() as session:
        second_factors.remove_app(session, actor_of(store, account_id), now=NOW, new_id=NEW_ID)

    with store.reading() as session:
        told, _ = messages.inbox(session, actor_of(store, account_id))
        entries = audit.history(session, "account", account_id)
    said = " ".join(str(entry.payload) for entry in entries)
    assert sorted(message.subject for message in told) == ["已停用身份验证器", "已启用身份验证器"]
    assert (secret in said, any(code in said for code in codes)) == (False, False)


def test_confirming_needs_the_password_and_a_code_where_there_is_a_factor(store: Store) -> None:
    from marketplace.accounts.signing_in import passwords

    account_id = make_account(store)
    secret, _ = set_up_app(store, actor_of(store, account_id))
    sign_in(store)
    give(store, pyotp.TOTP(secret).at(NOW + 2 * STEP), after=2 * STEP)
    later = 20 * MINUTE
    signed_in = find(store, "risen", after=later)
    told = []
    for matched, code in ((False, ""), (True, ""), (True, pyotp.TOTP(secret).at(NOW + later))):
        with store.reading() as session:
            asked = passwords.challenge_of(session, account_id, now=NOW + later)
        try:
            with store.writing() as session:
                proofs.confirm(
                    session,
                    "risen",
                    signed_in,
                    asked,
                    matched=matched,
                    code=code,
                    new_token="fresh",
                    now=NOW + later,
                    new_id=NEW_ID,
                )
            told.append("confirmed")
        except NotAllowed as refusal:
            told.append(refusal.code)

    assert told == ["sign_in_failed", "wrong_code", "confirmed"]
    assert find(store, "fresh", after=later).confirmed_at == NOW + later
