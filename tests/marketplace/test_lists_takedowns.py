"""Taking down what a list says of a firm: asked by the firm, decided by the list's organiser."""

import pytest
from sqlmodel import select

from marketplace.accounts import takedowns as requests
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import RequestState, Role, TakedownScope
from marketplace.invariants import check
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists import takedowns
from marketplace.lists.item_tables import Item, ItemPrivate
from marketplace.lists.words import ItemState
from marketplace.profiles import profiles
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_person, publish
from tests.marketplace.people import make_account


def make_market(store: Store) -> tuple[Actor, Actor, str]:
    """An organiser, a firm that its list speaks of, and the line."""
    organiser = make_person(store)
    publish(store, organiser, [make_capability()])
    with store.reading() as session:
        item = session.exec(select(Item)).one()
    firm = make_person(
        store, role=Role.OPC, organisation_id=item.organisation_id, email="muyu@example.com", name="周一人"
    )
    return organiser, firm, item.id


def ask(store: Store, actor: Actor, item_id: str, scope: TakedownScope = TakedownScope.LINE) -> str:
    with store.writing() as session:
        return takedowns.ask(session, actor, item_id, scope=scope, reason="内容与事实不符", now=NOW, new_id=NEW_ID)


def decide(store: Store, actor: Actor, takedown_id: str, *, approves: bool = True, reason: str = "") -> None:
    with store.writing() as session:
        takedowns.decide(session, actor, takedown_id, approves=approves, reason=reason, now=NOW, new_id=NEW_ID)


def state(store: Store, item_id: str) -> tuple[ItemState, int, bool]:
    """The line's state, how many of its personal data rows are left, and whether a profile still says it."""
    with store.reading() as session:
        item = session.get_one(Item, item_id)
        assert item.profile_id is not None
        private = session.exec(select(ItemPrivate).where(ItemPrivate.item_id == item_id)).all()
        return item.state, len(private), bool(profiles.get(session, item.profile_id).notes)


def test_approval_closes_the_line_and_erases_its_personal_data(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    decide(store, organiser, ask(store, firm, item_id))
    with store.reading() as session:
        faults = list(check(session))

    assert (state(store, item_id), faults) == ((ItemState.CLOSED, 0, False), [])


def test_only_the_contact_may_be_erased(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    decide(store, organiser, ask(store, firm, item_id, TakedownScope.CONTACT))

    assert state(store, item_id) == (ItemState.OPEN, 0, True)


def test_a_refusal_has_a_reason_and_changes_nothing(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    takedown_id = ask(store, firm, item_id)
    with pytest.raises(Invalid):
        decide(store, organiser, takedown_id, approves=False)
    decide(store, organiser, takedown_id, approves=False, reason="内容来自公开公告")
    with store.reading() as session:
        told = requests.get(session, firm, takedown_id)

    assert (told.state, told.decision) == (RequestState.REJECTED, "内容来自公开公告")
    assert state(store, item_id) == (ItemState.OPEN, 1, True)


def test_nobody_else_asks_or_decides(store: Store) -> None:
    _organiser, firm, item_id = make_market(store)
    stranger = make_account(store, email="li@example.com")
    elsewhere = make_person(store, region="江苏省/盐城市", email="far@example.com")
    with pytest.raises(NotAllowed):
        ask(store, stranger, item_id)
    takedown_id = ask(store, firm, item_id)
    for who in (stranger, elsewhere, firm):
        with pytest.raises(NotFound):
            decide(store, who, takedown_id)
    with pytest.raises(NotFound), store.reading() as session:
        requests.get(session, stranger, takedown_id)

    assert state(store, item_id) == (ItemState.OPEN, 1, True)


def test_a_line_is_asked_for_once_and_decided_once(store: Store) -> None:
    organiser, firm, item_id = make_market(store)
    takedown_id = ask(store, firm, item_id)
    with pytest.raises(Conflict):
        ask(store, firm, item_id, TakedownScope.CONTACT)
    decide(store, organiser, takedown_id)
    with pytest.raises(Conflict):
        decide(store, organiser, takedown_id)
    with pytest.raises(Conflict):
        ask(store, firm, item_id)
