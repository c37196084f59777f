"""What left a list and stands on it again has its former identity, whatever it says now."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlmodel import col, select

from marketplace import invariants
from marketplace.accounts.words import TakedownScope
from marketplace.dealings import dealings
from marketplace.kernel import changes
from marketplace.kernel.db import Store
from marketplace.lists import editions, items, takedowns
from marketplace.lists.intakes import intakes
from marketplace.lists.item_tables import Item
from marketplace.lists.needs import needs
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.rules.comparison import Comparison, compare, with_former
from marketplace.lists.words import Deal, ItemState, Outcome
from marketplace.profiles import profiles
from tests.marketplace.dealing_market import make_table
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_draft, make_intake, make_person, publish
from tests.marketplace.people import seated

TREE = make_draft("行道树健康巡查", row=4)
LAMP = make_draft("智慧路灯节能改造", row=5, description="单灯控制，节能三成。", issuer="临川市城管局")
MONTH = timedelta(days=30)


def states(store: Store) -> dict[str, list[tuple[str, ItemState, int]]]:
    """Every item by title: its id, its state, its version."""
    found: dict[str, list[tuple[str, ItemState, int]]] = {}
    with store.reading() as session:
        for item in session.exec(select(Item).order_by(col(Item.id))):
            found.setdefault(item.title, []).append((item.id, item.state, item.current_number))
    return found


def test_an_item_that_returns_goes_on_under_its_former_identity(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE, LAMP])
    series = first.card.series_id
    ((lamp, _, _),) = states(store)["智慧路灯节能改造"]
    publish(store, organiser, [TREE], series_id=series, now=NOW + MONTH)
    back = replace(LAMP, issuer="临川市 城管局", budget_max=Decimal("500000.00"))
    intake = make_intake(store, organiser, [TREE, back])
    with store.reading() as session:
        preview = intakes.preview(session, organiser, intake.card.id, series_id=series)
        before = changes.head(session)
    third = publish(store, organiser, [TREE, back], series_id=series, now=NOW + 2 * MONTH)

    with store.reading() as session:
        page = items.get(session, lamp)
        lines = {line.card.title: line for line in editions.items(session, third.card.id)}
        told = [(one.subject_id, one.operation) for one in changes.since(session, before, limit=100)]
        assert [row.outcome for row in preview.rows] == [Outcome.UNCHANGED, Outcome.RETURNED]
        assert preview.rows[1].item_id == lamp
        assert states(store)["智慧路灯节能改造"] == [(lamp, ItemState.OPEN, 2)]
        card = third.card
        assert (card.total, card.unchanged, card.changed, card.added, card.returned, card.gone) == (2, 1, 0, 0, 1, 0)
        assert lines["智慧路灯节能改造"].outcome is Outcome.RETURNED
        assert [change.field for change in lines["智慧路灯节能改造"].changes] == ["budget_max"]
        assert [version.number for version in page.versions] == [2, 1]
        assert told == [(lamp, "put")]
        assert [fault.code for fault in invariants.check(session)] == []


def test_an_item_returns_with_the_dealings_it_had(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        series = session.get_one(Item, table.item_id).series_id
        dealings.express(session, table.opc, item_id=table.item_id, profile_id=table.profile_id, now=NOW, new_id=NEW_ID)
    publish(store, table.organiser, [LAMP], series_id=series, now=NOW + MONTH)
    publish(store, table.organiser, [make_draft(), LAMP], series_id=series, now=NOW + 2 * MONTH)
    with store.reading() as session:
        (card,) = dealings.mine(session, table.enterprise, now=NOW + 2 * MONTH).for_us
        assert (card.item_id, session.get_one(Item, table.item_id).state) == (table.item_id, ItemState.OPEN)


def test_a_capability_returns_to_the_profile_it_stood_on(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [make_capability(), TREE])
    series = first.card.series_id
    publish(store, organiser, [TREE], series_id=series, now=NOW + MONTH)
    publish(store, organiser, [make_capability(), TREE], series_id=series, now=NOW + 2 * MONTH)
    ((item_id, state, number),) = states(store)["树木病害识别"]
    with store.reading() as session:
        item = session.get_one(Item, item_id)
        assert item.profile_id is not None
        page = profiles.get(session, item.profile_id)
        assert [note.item_id for note in page.notes] == [item_id]
        assert (state, number) == (ItemState.OPEN, 2)
        assert [fault.code for fault in invariants.check(session)] == []


def test_another_issuer_or_title_is_a_new_item(store: Store) -> None:
    organiser = make_person(store)
    series = publish(store, organiser, [TREE, LAMP]).card.series_id
    publish(store, organiser, [TREE], series_id=series, now=NOW + MONTH)
    others = [replace(LAMP, issuer="澄江区城管局"), replace(LAMP, title="智慧路灯节能改造二期", row=6)]
    third = publish(store, organiser, [TREE, *others], series_id=series, now=NOW + 2 * MONTH)
    assert (third.card.added, third.card.returned) == (2, 0)


def test_what_its_owner_closed_stays_closed_when_it_is_listed_again(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        series = session.get_one(Item, table.item_id).series_id
        needs.close(session, table.enterprise, table.item_id, Ending(Deal.NONE, reason="预算取消"), now=NOW)
    publish(store, table.organiser, [LAMP], series_id=series, now=NOW + MONTH)
    third = publish(store, table.organiser, [make_draft(), LAMP], series_id=series, now=NOW + 2 * MONTH)
    with store.reading() as session:
        assert session.get_one(Item, table.item_id).state is ItemState.CLOSED
    assert third.card.returned == 0


def test_an_erased_contact_does_not_return_with_its_item(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        series = session.get_one(Item, table.item_id).series_id
        owner = seated(store, table.enterprise, table.need_unit)
        request = takedowns.ask(
            session,
            owner,
            table.item_id,
            scope=TakedownScope.CONTACT,
            reason="联系人已离职",
            now=NOW,
            new_id=NEW_ID,
        )
        takedowns.decide(session, table.organiser, request, approves=True, reason="", now=NOW, new_id=NEW_ID)
    publish(store, table.organiser, [LAMP], series_id=series, now=NOW + MONTH)
    publish(store, table.organiser, [make_draft(), LAMP], series_id=series, now=NOW + 2 * MONTH)
    with store.reading() as session:
        contact = items.contact_for(session, table.item_id)
        assert session.get_one(Item, table.item_id).state is ItemState.OPEN
        assert (contact.phone, contact.email) == (None, None)


def test_with_former_gives_each_former_item_once_the_latest_first() -> None:
    found = compare({}, [LAMP, replace(LAMP, row=6), replace(LAMP, row=7)])
    known: Comparison = with_former(found, {"later": LAMP, "earlier": LAMP})
    assert [(row.item_id, row.outcome) for row in known.rows] == [
        ("later", Outcome.RETURNED),
        ("earlier", Outcome.RETURNED),
        (None, Outcome.ADDED),
    ]
