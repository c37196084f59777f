"""An edition is undone by publishing the one before it again."""

from datetime import timedelta

import pytest

from marketplace import invariants
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.lists import editions, items
from marketplace.lists.edition_views import EditionPage
from marketplace.lists.publishing import restoring
from marketplace.lists.views import ItemFilter
from marketplace.lists.words import ItemState, Outcome
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_draft, make_person, publish

LATER = NOW + timedelta(days=30)
TREE = make_draft("行道树健康巡查", row=4)
LAMP = make_draft("智慧路灯节能改造", row=5, description="单灯控制，节能三成。", issuer="临川市城管局")
ARCHIVE = make_draft("档案数字化", row=6, description="扫描并著录纸质档案。", issuer="临川市档案馆")
RIVER = make_draft("河道漂浮物识别", row=7, description="摄像头识别漂浮物。", issuer="临川市水利局")


def undo(store: Store, actor: Actor, edition_id: str, reason: str = "误用了内部稿") -> EditionPage:
    with store.writing() as session:
        made = restoring.undo(session, actor, edition_id, reason=reason, now=LATER, new_id=NEW_ID)
        return editions.get(session, made.id)


def open_titles(store: Store) -> dict[str, str]:
    with store.reading() as session:
        return {card.title: card.id for card in items.search(session, ItemFilter(state=ItemState.OPEN)).rows}


def two_editions(store: Store, organiser: Actor) -> tuple[EditionPage, EditionPage]:
    """The second retitles one, drops one, adds one and changes the budget of none."""
    first = publish(store, organiser, [TREE, LAMP, ARCHIVE])
    renamed = make_draft("行道树与绿地健康巡查", row=4)
    second = publish(store, organiser, [renamed, LAMP, RIVER], series_id=first.card.series_id, now=LATER)
    return first, second


def test_the_list_says_again_what_it_said_before(store: Store) -> None:
    organiser = make_person(store)
    first, second = two_editions(store, organiser)
    before = open_titles(store)
    with store.reading() as session:
        planned = restoring.foresee(session, organiser, second.card.id)

    third = undo(store, organiser, second.card.id)

    assert (planned.before_number, planned.number) == (1, 2)
    counts = {
        name: getattr(third.card, name) for name in ("unchanged", "changed", "returned", "added", "gone", "total")
    }
    assert counts == {"unchanged": 1, "changed": 1, "returned": 1, "added": 0, "gone": 1, "total": 3}
    assert {outcome.value: planned.counts[outcome] for outcome in Outcome} | {"total": 3} == counts
    assert (third.card.number, third.restores, third.restored_because) == (3, (first.card.id, 1), "误用了内部稿")
    after = open_titles(store)
    assert set(after) == {TREE.title, LAMP.title, ARCHIVE.title}
    # They are the same items as before, with their history.
    assert after[TREE.title] == before["行道树与绿地健康巡查"]
    with store.reading() as session:
        tree = items.get(session, after[TREE.title])
        contact = items.contact_for(session, tree.card.id)
        undone = editions.get(session, second.card.id)
        assert list(invariants.check(session)) == []
    assert (tree.source.file_name, tree.source.row) == ("三张清单.xlsx", 4)
    assert contact.phone == "13912341234"
    assert undone.undone_by == (third.card.id, 3)


def test_the_next_file_is_compared_with_what_was_restored(store: Store) -> None:
    organiser = make_person(store)
    first, second = two_editions(store, organiser)
    undo(store, organiser, second.card.id)

    fourth = publish(store, organiser, [TREE, LAMP, ARCHIVE], series_id=first.card.series_id, now=LATER)

    assert (fourth.card.number, fourth.card.unchanged, fourth.card.total) == (4, 3, 3)


def test_undoing_twice_leads_back(store: Store) -> None:
    organiser = make_person(store)
    _first, second = two_editions(store, organiser)
    third = undo(store, organiser, second.card.id)

    fourth = undo(store, organiser, third.card.id, "第 2 期无误")

    assert fourth.restores == (second.card.id, 2)
    assert set(open_titles(store)) == {"行道树与绿地健康巡查", LAMP.title, RIVER.title}
    with store.reading() as session:
        assert list(invariants.check(session)) == []


def test_capabilities_come_back_to_their_profiles(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [make_capability(), TREE])
    second = publish(store, organiser, [TREE], series_id=first.card.series_id, now=LATER)

    undo(store, organiser, second.card.id)

    assert set(open_titles(store)) == {"树木病害识别", TREE.title}
    with store.reading() as session:
        assert list(invariants.check(session)) == []


def test_only_the_newest_edition_that_follows_another_is_undone(store: Store) -> None:
    organiser = make_person(store)
    first, second = two_editions(store, organiser)

    with pytest.raises(Conflict, match="第一期"):
        undo(store, organiser, first.card.id)
    undo(store, organiser, second.card.id)
    with pytest.raises(Conflict, match="更新的一期"):
        undo(store, organiser, second.card.id)


def test_it_takes_a_reason_and_the_right_to_run_the_list(store: Store) -> None:
    organiser = make_person(store)
    supervisor = make_person(store, role=Role.SUPERVISOR, email="s@example.com", name="监督")
    _first, second = two_editions(store, organiser)

    for reason in ("", "  ", "长" * 201):
        with pytest.raises(Invalid) as refused:
            undo(store, organiser, second.card.id, reason)
        assert list(refused.value.fields) == ["reason"]
    with pytest.raises(NotAllowed):
        undo(store, supervisor, second.card.id)
