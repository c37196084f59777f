"""A second factor lost with its recovery codes is voided by two persons in charge, never by one."""

from datetime import timedelta

import pytest

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import lost_factors, second_factors, sessions
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.test_accounts_second_factors import actor_of, find, set_up_app
from tests.marketplace.test_accounts_sessions import make_account, sign_in

HOURS = timedelta(hours=1)


@pytest.fixture
def people(store: Store) -> dict[str, Actor]:
    """An owner who has a second factor and is signed in, an administrator, two organisers and a supplier."""
    roles = {
        "owner": ("chen@example.com", Role.ORGANISER),
        "boss": ("guan@example.com", Role.ADMINISTRATOR),
        "one": ("yi@example.com", Role.ORGANISER),
        "two": ("er@example.com", Role.ORGANISER),
        "supplier": ("opc@example.com", Role.OPC),
    }
    made = {name: make_account(store, email=email, role=role) for name, (email, role) in roles.items()}
    found = {name: actor_of(store, account_id) for name, account_id in made.items()}
    set_up_app(store, found["owner"])
    sign_in(store)
    return found


def begin(
    store: Store,
    actor: Actor,
    *,
    email: str = "chen@example.com",
    reason: str = "当面核对身份证",
    after: timedelta = 0 * HOURS,
) -> str:
    with store.writing() as session:
        lost_factors.begin(session, actor, email=email, reason=reason, now=NOW + after, new_id=NEW_ID)
        return lost_factors.waiting(session, actor, now=NOW + after)[0].id


def approve(store: Store, actor: Actor, voiding_id: str, *, after: timedelta = 0 * HOURS) -> None:
    with store.writing() as session:
        lost_factors.approve(session, actor, voiding_id, now=NOW + after, new_id=NEW_ID)


def test_two_persons_void_it_and_staff_set_up_a_new_one(store: Store, people: dict[str, Actor]) -> None:
    owner = people["owner"]
    approve(store, people["boss"], begin(store, people["one"]))

    with store.reading() as session:
        gone = sessions.find(session, "token", now=NOW)
        factors = second_factors.of_account(session, owner.account_id)
        told = [one.subject for one in messages.inbox(session, owner)[0]]
        done = [
            (one.action, one.actor_id)
            for one in audit.history(session, "account", owner.account_id)
            if "void" in one.action
        ]
    sign_in(store, token="again")
    after = find(store, "again")
    assert (gone, factors.any, factors.codes_left) == (None, False, 0)
    assert told.count("作废二次验证") == 2
    assert done == [
        ("second_factor.void_approved_first", people["one"].account_id),
        ("second_factor.voided", people["boss"].account_id),
    ]
    assert (after.owes_second_factor, after.needs_second_factor, after.actor.grants) == (False, True, ())


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("one", "one", "same_person"),
        ("one", "owner", "same_person"),
        ("one", "two", "no_administrator"),
        ("one", "supplier", "not_in_charge"),
    ],
)
def test_never_by_one_nor_without_an_administrator(
    store: Store, people: dict[str, Actor], first: str, second: str, code: str
) -> None:
    waiting = begin(store, people[first])

    with pytest.raises(NotAllowed) as refusal:
        approve(store, people[second], waiting)

    with store.reading() as session:
        assert second_factors.has(session, people["owner"].account_id)
    assert refusal.value.code == code


def test_begin_refuses_oneself_strangers_and_what_is_not_there(store: Store, people: dict[str, Actor]) -> None:
    refused = []
    for actor, email, reason in (
        ("owner", "chen@example.com", "当面核对"),
        ("supplier", "chen@example.com", "当面核对"),
        ("one", "nobody@example.com", "当面核对"),
        ("one", "chen@example.com", " "),
        ("one", "er@example.com", "当面核对"),
    ):
        with pytest.raises((NotAllowed, Invalid, Conflict)) as refusal:
            begin(store, people[actor], email=email, reason=reason)
        refused.append(refusal.value.code)

    assert refused == ["own_account", "not_in_charge", "unknown_account", "no_reason", "no_second_factor"]


def test_two_who_begin_do_not_count_as_two_who_agree(store: Store, people: dict[str, Actor]) -> None:
    begin(store, people["one"])

    with pytest.raises(Conflict) as refusal:
        begin(store, people["boss"])

    assert refusal.value.code == "already_begun"


def test_an_approval_waits_eight_hours_and_is_used_once(store: Store, people: dict[str, Actor]) -> None:
    old = begin(store, people["one"])
    with pytest.raises(Conflict) as late:
        approve(store, people["boss"], old, after=8 * HOURS)
    fresh = begin(store, people["one"], after=8 * HOURS)
    approve(store, people["boss"], fresh, after=9 * HOURS)
    with pytest.raises(Conflict) as again:
        approve(store, people["boss"], fresh, after=9 * HOURS)
    with pytest.raises(NotFound):
        approve(store, people["boss"], "nothing")

    assert (late.value.code, again.value.code) == ("assistance_over", "assistance_over")
