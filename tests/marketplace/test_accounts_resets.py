"""Ways back in: reset links, and codes that two persons in charge issue."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import assisted_codes, passwords, resets, sessions
from marketplace.accounts.words import Role
from marketplace.kernel import audit, outbox
from marketplace.kernel.db import Store, connect
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.words import MailState
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.test_accounts_second_factors import actor_of, set_up_app
from tests.marketplace.test_accounts_sessions import make_account, sign_in

MINUTE = timedelta(minutes=1)
NEW_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$another"


@pytest.fixture
def mailing(database_url: str) -> Iterator[Store]:
    """A store of an installation that has a mail server."""
    opened = Store(connect(database_url), info={"sends_mail": True})
    yield opened
    opened.close()


def ask(store: Store, email: str = "chen@example.com", *, address: str = "10.0.0.1") -> str:
    try:
        with store.writing() as session:
            resets.ask(session, email=email, address=address, now=NOW, new_id=NEW_ID)
    except NotAllowed as refusal:
        return refusal.code
    return "asked"


def answer(store: Store, *, after: timedelta = 0 * MINUTE, token: str = "a reset token") -> None:
    with store.writing() as session:
        resets.answer(session, new_token=lambda: token, now=NOW + after, new_id=NEW_ID)


def use(store: Store, token: str = "a reset token", *, after: timedelta = 0 * MINUTE) -> str:
    try:
        with store.writing() as session:
            resets.use(session, token, password_hash=NEW_HASH, now=NOW + after, new_id=NEW_ID)
    except NotFound as refusal:
        return refusal.code
    return "set"


def test_a_link_goes_to_the_address_and_only_its_digest_is_kept(mailing: Store) -> None:
    make_account(mailing)
    ask(mailing, " Chen@Example.com")
    answer(mailing)

    with mailing.reading() as session:
        mails, total = outbox.page(session, state=MailState.WAITING, number=1)
        sent = outbox.to_send(session, mails[0].id)
        digests = session.execute(text("SELECT token_digest FROM reset_link")).scalars().all()
    assert sent is not None
    assert (total, mails[0].is_secret, mails[0].text, mails[0].link) == (1, True, None, "")
    assert (sent.to, sent.link) == ("chen@example.com", "/reset/new?token=a reset token")
    assert (len(digests), "a reset token" in digests) == (1, False)


def test_an_unknown_address_leaves_the_same_traces_until_the_job_answers(mailing: Store) -> None:
    make_account(mailing)
    tables = ("reset_request", "sign_in_failure", "job", "outbox_mail", "reset_link", "audit_event")

    def counted() -> list[int]:
        with mailing.reading() as session:
            return [session.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one() for table in tables]

    before = counted()
    told = [ask(mailing), ask(mailing, "nobody@example.com")]
    between = counted()

    assert told == ["asked", "asked"]
    assert [after - first for first, after in zip(before, between, strict=True)] == [2, 4, 2, 0, 0, 0]
    answer(mailing)
    assert counted()[0] == 0
    assert counted()[4] == 1


def test_nobody_gets_a_link_where_there_is_no_mail_or_the_account_is_shut(mailing: Store, store: Store) -> None:
    account_id = make_account(mailing)
    ask(store)
    answer(store)
    with mailing.writing() as session:
        accounts.disable(session, account_id, actor_id=None, now=NOW)
    ask(mailing)
    answer(mailing)

    with mailing.reading() as session:
        assert outbox.page(session, state=None, number=1)[1] == 0


def test_asking_is_throttled_for_the_address_known_or_not_and_for_the_network(mailing: Store) -> None:
    make_account(mailing)
    known = [ask(mailing, address="") for _ in range(6)]
    unknown = [ask(mailing, "nobody@example.com", address="") for _ in range(6)]
    network = [ask(mailing, f"a{number}@example.com", address="10.9.9.9") for number in range(6)]

    assert known == unknown == network == ["asked"] * 5 + ["sign_in_locked"]


def test_a_link_sets_the_password_once_ends_every_sign_in_and_is_told(mailing: Store) -> None:
    account_id = make_account(mailing)
    sign_in(mailing)
    ask(mailing)
    answer(mailing)

    told = [use(mailing, "another"), use(mailing), use(mailing)]

    with mailing.reading() as session:
        kept = passwords.challenge(session, email="chen@example.com", now=NOW).password_hash
        found = sessions.find(session, "token", now=NOW)
        subjects = [one.subject for one in messages.inbox(session, actor_of(mailing, account_id))[0]]
    assert told == ["link_over", "set", "link_over"]
    assert (kept, found, subjects) == (NEW_HASH, None, ["密码已修改"])


def test_a_link_ends_after_fifteen_minutes_and_when_another_was_used(mailing: Store) -> None:
    make_account(mailing)
    for token in ("one", "two", "three"):
        ask(mailing)
        answer(mailing, token=token)

    assert use(mailing, "one", after=15 * MINUTE) == "link_over"
    assert [use(mailing, "two", after=14 * MINUTE), use(mailing, "three", after=14 * MINUTE)] == ["set", "link_over"]


def test_the_second_factor_stays_after_a_reset(mailing: Store) -> None:
    set_up_app(mailing, actor_of(mailing, make_account(mailing)))
    ask(mailing)
    answer(mailing)
    use(mailing)
    with mailing.writing() as session:
        asked = passwords.challenge(session, email="chen@example.com", now=NOW)
        sessions.open_for(session, asked, matched=True, token="t", now=NOW)
        found = sessions.find(session, "t", now=NOW)

    assert found is not None
    assert (found.owes_second_factor, found.actor.grants) == (True, ())


def make_staff(store: Store) -> tuple[Actor, Actor, Actor]:
    """An administrator, an organiser and an owner who is neither."""
    made = [
        make_account(store, email="guan@example.com", role=Role.ADMINISTRATOR),
        make_account(store, email="zhu@example.com", role=Role.ORGANISER),
        make_account(store, email="wu@example.com", role=Role.ENTERPRISE),
    ]
    one, two, three = (actor_of(store, account_id) for account_id in made)
    return one, two, three


def begin(store: Store, actor: Actor, email: str = "wu@example.com") -> str:
    with store.writing() as session:
        return assisted_codes.begin(session, actor, email=email, reason="当面核对证件", now=NOW, new_id=NEW_ID)


def approve(store: Store, actor: Actor, *, after: timedelta = 0 * MINUTE) -> str:
    with store.reading() as session:
        code_id = session.execute(text("SELECT id FROM assisted_code WHERE ended_at IS NULL")).scalar_one()
    with store.writing() as session:
        return assisted_codes.approve(session, actor, code_id, now=NOW + after, new_id=NEW_ID)


def enter(
    store: Store, first: str, second: str, *, after: timedelta = 0 * MINUTE, email: str = "wu@example.com"
) -> str:
    try:
        with store.writing() as session:
            assisted_codes.use(
                session,
                email=email,
                first=first,
                second=second,
                password_hash=NEW_HASH,
                address="",
                now=NOW + after,
                new_id=NEW_ID,
            )
    except NotAllowed as refusal:
        return refusal.code
    return "set"


def test_two_persons_in_charge_issue_a_code_that_works_once(store: Store) -> None:
    administrator, organiser, owner = make_staff(store)
    first, second = begin(store, organiser), approve(store, administrator)

    told = [
        enter(store, first, first),
        enter(store, second, first),
        enter(store, first, second, email="guan@example.com"),
        enter(store, first.upper(), second),
        enter(store, first, second),
    ]

    with store.reading() as session:
        actions = [each.action for each in audit.history(session, "account", owner.account_id)]
        subjects = {one.subject for one in messages.inbox(session, owner)[0]}
        stored = str(session.execute(text("SELECT * FROM assisted_code")).all())
    quick = [hashlib.sha256(half.replace("-", "").encode()).hexdigest() for half in (first, second)]
    assert [digest in stored for digest in quick] == [False, False], "60 bits want a slow digest"
    assert told == ["wrong_assisted_code"] * 3 + ["set", "wrong_assisted_code"]
    assert [each for each in actions if each.startswith("assisted")] == [
        "assisted_code.approved_first",
        "assisted_code.approved_second",
        "assisted_code.used",
    ]
    assert (subjects, first in stored, second in stored) == ({"协助重设密码", "密码已修改"}, False, False)


def test_a_code_ends_after_fifteen_minutes_and_an_approval_after_eight_hours(store: Store) -> None:
    administrator, organiser, _ = make_staff(store)
    first, second = begin(store, organiser), approve(store, administrator, after=60 * MINUTE)
    late = enter(store, first, second, after=75 * MINUTE)
    begin(store, organiser)
    with pytest.raises(Conflict) as over:
        approve(store, administrator, after=480 * MINUTE)

    assert (late, over.value.code) == ("wrong_assisted_code", "assistance_over")


def test_nobody_approves_twice_for_itself_or_without_an_administrator(store: Store) -> None:
    administrator, organiser, owner = make_staff(store)
    second_organiser = actor_of(store, make_account(store, email="zhu2@example.com"))
    codes = []
    begin(store, organiser)
    for actor in (organiser, owner, second_organiser):
        with pytest.raises(NotAllowed) as refusal:
            approve(store, actor)
        codes.append(refusal.value.code)
    with pytest.raises(NotAllowed) as own:
        begin(store, administrator, "guan@example.com")
    with pytest.raises(Invalid) as unknown:
        begin(store, administrator, "nobody@example.com")

    assert codes == ["same_person", "not_in_charge", "no_administrator"]
    assert (own.value.code, unknown.value.code) == ("own_account", "unknown_account")


def test_the_database_itself_asks_for_two_persons(store: Store) -> None:
    administrator, _, _ = make_staff(store)
    begin(store, administrator)

    with pytest.raises(IntegrityError), store.writing() as session:
        session.execute(
            text("UPDATE assisted_code SET second_by = first_by, second_at = first_at, second_digest = 'x'")
        )


def test_guessing_a_code_is_throttled(store: Store) -> None:
    make_staff(store)

    assert [enter(store, "a", "b") for _ in range(6)] == ["wrong_assisted_code"] * 5 + ["sign_in_locked"]
