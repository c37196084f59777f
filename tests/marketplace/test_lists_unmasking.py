"""Unmasking: for a stated purpose, to those of the region, and its owner reads who looked."""

import pytest
from sqlmodel import Session, col, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.lists import items, unmasking
from marketplace.lists.item_tables import Item
from marketplace.lists.views import Contact
from tests.marketplace.market import NOW, REGION, make_draft, make_person, publish

PURPOSE = "核实 9 月 3 日投诉所述金额"


def make_item(store: Store) -> str:
    """A published item with a contact; its organiser is 陈科长."""
    publish(store, make_person(store), [make_draft()])
    with store.reading() as session:
        return session.exec(select(Item.id)).one()


def make_supervisor(store: Store, region: str = REGION) -> Actor:
    """A supervisor of a region."""
    return make_person(store, role=Role.SUPERVISOR, region=region, name="郑监督", email="jd@example.com")


def reveal(
    session: Session, actor: Actor, item_id: str, *, ground: str = "supervising", purpose: str = PURPOSE
) -> Contact:
    """Ask with a sound ground and purpose."""
    return unmasking.reveal(session, actor, "item", item_id, ground=ground, purpose=purpose, now=NOW)


@pytest.mark.parametrize("region", ["", "福建省", REGION])
def test_reveal_shows_the_contact_and_keeps_the_purpose(store: Store, region: str) -> None:
    item_id, supervisor = make_item(store), make_supervisor(store, region)

    with store.writing() as session:
        contact = reveal(session, supervisor, item_id)

    with store.reading() as session:
        entry = audit.history(session, "item", item_id)[-1]
        masked = items.get(session, item_id).contact
    assert contact == Contact("周敏", "13912341234", "zhoumin@example.com", masked=False)
    assert (entry.action, entry.actor_id, entry.payload) == (
        "item.contact_revealed",
        supervisor.account_id,
        {"version": 1, "ground": "supervising", "purpose": PURPOSE},
    )
    assert masked.masked


def test_reveal_is_refused_outside_the_region_and_leaves_no_trace(store: Store) -> None:
    item_id = make_item(store)
    others = (
        make_supervisor(store, "福建省/榕城市"),
        make_person(store, region="福建省/榕城市", email="rc@example.com"),
        make_person(store, role=Role.EXPERT, email="zj@example.com"),
    )

    for actor in others:
        with pytest.raises(NotAllowed), store.writing() as session:
            reveal(session, actor, item_id)
    with store.reading() as session:
        actions = [one.action for one in audit.history(session, "item", item_id)]
    assert "item.contact_revealed" not in actions


@pytest.mark.parametrize(
    ("ground", "purpose", "fields"),
    [
        ("", PURPOSE, ["ground"]),
        ("curiosity", PURPOSE, ["ground"]),
        ("supervising", "看一看", ["purpose"]),
        ("supervising", " " * 40, ["purpose"]),
        ("", "x" * 301, ["ground", "purpose"]),
    ],
)
def test_reveal_asks_for_a_ground_and_a_purpose(store: Store, ground: str, purpose: str, fields: list[str]) -> None:
    item_id, supervisor = make_item(store), make_supervisor(store)

    with pytest.raises(Invalid) as refusal, store.writing() as session:
        reveal(session, supervisor, item_id, ground=ground, purpose=purpose)

    assert list(refusal.value.fields) == fields


def test_reveal_knows_items_alone(store: Store) -> None:
    item_id, supervisor = make_item(store), make_supervisor(store)

    with store.writing() as session:
        for kind, subject in (("item", "a" * 16), ("profile", item_id)):
            with pytest.raises(NotFound):
                unmasking.reveal(session, supervisor, kind, subject, ground="supervising", purpose=PURPOSE, now=NOW)


def test_the_owner_and_its_supervisor_read_who_looked(store: Store) -> None:
    item_id, supervisor = make_item(store), make_supervisor(store)
    with store.reading() as session:
        owner_id = session.exec(select(Item.organisation_id).where(col(Item.id) == item_id)).one()
        assert owner_id is not None
        organisations.get(session, owner_id)
    member = make_person(store, role=Role.ENTERPRISE, organisation_id=owner_id, email="owner@example.com", name="周敏")
    elsewhere = make_person(
        store, role=Role.SUPERVISOR, region="福建省/榕城市", email="rc@example.com", name="别处监督"
    )
    with store.writing() as session:
        reveal(session, supervisor, item_id)

    with store.reading() as session:
        mine = unmasking.of_organisation(session, member, owner_id)
        region = unmasking.of_region(session, supervisor)
        nothing = unmasking.of_region(session, elsewhere)
        with pytest.raises(NotFound):
            unmasking.of_organisation(session, supervisor, owner_id)
        with pytest.raises(NotAllowed):
            unmasking.of_region(session, member)
    assert [(one.by, one.ground, one.purpose, one.subject_id) for one in mine] == [
        ("郑监督", "supervising", PURPOSE, item_id)
    ]
    assert (region, nothing) == (mine, [])
