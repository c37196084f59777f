"""Asking for a contact and answering: who may, how often, what is seen when, and what is written down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from marketplace.accounts import accounts, messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Membership
from marketplace.accounts.words import Role, Standing
from marketplace.dealings import contacts, dealings, limits
from marketplace.dealings.tables import ContactRequest, Dealing
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Ending, Event, Refusal, RequestState, Stage
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists.item_tables import Item
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.market import NEW_ID, NOW, make_draft, make_person, publish

OWN = GivenContact("何一人", "13811112222", "he@example.com")
FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def ask(store: Store, table: Table, *, actor: Actor | None = None, now: datetime = NOW, item_id: str = "") -> str:
    with store.writing() as session:
        return contacts.ask(
            session,
            actor or table.opc,
            item_id=item_id or table.item_id,
            profile_id=table.profile_id,
            message="想谈谈巡查，电话 13811112222。",
            contact=OWN,
            now=now,
            new_id=NEW_ID,
        )


def answer(store: Store, actor: Actor, dealing_id: str, *, grants: bool, now: datetime = NOW, text: str = "") -> None:
    with store.writing() as session:
        contacts.answer(
            session,
            actor,
            dealing_id,
            grants=grants,
            reason=None if grants else Refusal.NOT_NOW,
            text=text,
            now=now,
            new_id=NEW_ID,
        )


def test_ask_begins_the_dealing_and_waits_for_the_other_side(store: Store) -> None:
    table = make_table(store)

    dealing_id = ask(store, table)

    with store.reading() as session:
        (seen,) = dealings.mine(session, table.enterprise, now=NOW).for_us
        (own,) = dealings.mine(session, table.opc, now=NOW).for_others
        counts = dealings.waiting(session, table.enterprise, now=NOW)
        told = messages.unread(session, table.enterprise.account_id)
    assert seen.request is not None
    assert (seen.id, own.id, seen.stage, seen.request.message) == (
        dealing_id,
        dealing_id,
        Stage.INTEREST,
        "想谈谈巡查，电话 138****2222。",
    )
    assert (counts.contact_requests, counts.total, counts.overdue, told) == (1, 1, 0, 1)


def test_grant_lets_both_see_each_other_and_logs_each_look(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    answer(store, table.enterprise, dealing_id, grants=True)

    with store.writing() as session:
        to_opc = contacts.reveal(session, table.opc, dealing_id, now=NOW)
        to_need = contacts.reveal(session, table.enterprise, dealing_id, now=NOW)

    with store.reading() as session:
        looks = [
            (entry.actor_id, entry.payload)
            for entry in audit.history(session, "dealing", dealing_id)
            if entry.action == "dealing.contact_revealed"
        ]
    assert (to_opc, to_need) == (GivenContact("周敏", "13912341234", "zhoumin@example.com"), OWN)
    assert looks == [
        (table.opc.account_id, {"of": "need", "to": "opc"}),
        (table.enterprise.account_id, {"of": "opc", "to": "need"}),
    ]


def test_no_contact_in_the_audit(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    answer(store, table.enterprise, dealing_id, grants=True)

    with store.reading() as session:
        said = repr([entry.payload for entry in audit.history(session, "dealing", dealing_id)])
    assert ("13811112222" in said, "何一人" in said, "周敏" in said) == (False, False, False)


@pytest.mark.parametrize("who", ["opc", "enterprise", "organiser"])
def test_reveal_refuses_before_the_grant(store: Store, who: str) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)

    with store.writing() as session, pytest.raises(NotAllowed) as refused:
        contacts.reveal(session, getattr(table, who), dealing_id, now=NOW)

    assert refused.value.code == "contact_not_granted"


def test_an_organiser_does_not_see_the_contact_after_the_grant(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    answer(store, table.enterprise, dealing_id, grants=True)

    with store.writing() as session, pytest.raises(NotAllowed):
        contacts.reveal(session, table.organiser, dealing_id, now=NOW)


def test_strangers_find_nothing(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    *_, other = make_supplier(store, "接线员工作室", email="other@example.com")
    elsewhere = make_person(store, region="江苏省/盐城市", email="far@example.com")

    for actor in (other, elsewhere):
        with store.writing() as session:
            with pytest.raises(NotFound):
                dealings.get(session, actor, dealing_id, now=NOW)
            with pytest.raises(NotFound):
                contacts.reveal(session, actor, dealing_id, now=NOW)
            with pytest.raises(NotFound):
                contacts.answer(session, actor, dealing_id, grants=True, now=NOW, new_id=NEW_ID)


def test_the_asker_cannot_answer_itself(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)

    with pytest.raises(NotAllowed) as refused:
        answer(store, table.opc, dealing_id, grants=True)

    assert refused.value.code == "not_asked"


def test_a_reader_can_look_but_neither_ask_nor_answer(store: Store) -> None:
    table = make_table(store)
    reader = make_person(
        store,
        role=Role.ENTERPRISE,
        organisation_id=table.need_unit,
        email="kan@example.com",
        standing=Standing.READER,
    )
    opc_reader = make_person(
        store, role=Role.OPC, organisation_id=table.opc_unit, email="kan2@example.com", standing=Standing.READER
    )
    with pytest.raises(NotAllowed) as asked:
        ask(store, table, actor=opc_reader)
    dealing_id = ask(store, table)
    with pytest.raises(NotAllowed) as answered:
        answer(store, reader, dealing_id, grants=True)

    with store.reading() as session:
        page = dealings.get(session, reader, dealing_id, now=NOW)
    assert (asked.value.code, answered.value.code) == ("reader_only", "reader_only")
    assert (page.possible, page.may_answer) == ((), False)


def test_who_left_sees_nothing_any_more(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    answer(store, table.enterprise, dealing_id, grants=True)
    with store.writing() as session:
        for row in session.exec(select(Membership).where(Membership.organisation_id == table.need_unit)):
            row.left_at = NOW
            session.add(row)
    with store.reading() as session:
        left = accounts.actor(session, table.enterprise.account_id, organisation_id=table.need_unit)

    with store.writing() as session, pytest.raises(NotFound):
        contacts.reveal(session, left, dealing_id, now=NOW)


def test_ask_twice_is_refused(store: Store) -> None:
    table = make_table(store)
    ask(store, table)

    with pytest.raises(Conflict) as refused:
        ask(store, table)

    assert refused.value.code == "request_open"


def test_two_ask_at_once_and_one_request_stands(store: Store) -> None:
    table = make_table(store)

    def attempt(_number: int) -> str:
        try:
            ask(store, table)
        except Conflict as refused:
            return refused.code
        return "asked"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(attempt, range(2)))

    with store.reading() as session:
        left = len(session.exec(select(ContactRequest)).all()), len(session.exec(select(Dealing)).all())
    assert outcomes[0] == "asked"
    assert outcomes[1] in {"request_open", "dealing_there"}
    assert left == (1, 1)


def test_two_answers_at_once_and_one_wins(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    colleague = make_person(store, role=Role.ENTERPRISE, organisation_id=table.need_unit, email="tongshi@example.com")

    def attempt(by: tuple[Actor, bool]) -> str:
        try:
            answer(store, by[0], dealing_id, grants=by[1])
        except Conflict as refused:
            return refused.code
        return "answered"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(attempt, [(table.enterprise, True), (colleague, False)]))

    with store.reading() as session:
        state = session.exec(select(ContactRequest.state)).one()
    assert outcomes == ["already_answered", "answered"]
    assert state in {RequestState.GRANTED, RequestState.DECLINED}


def test_a_declined_side_asks_again_only_after_the_interval(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    answer(store, table.enterprise, dealing_id, grants=False)

    with pytest.raises(NotAllowed) as refused:
        ask(store, table, now=NOW + timedelta(days=29))
    again = ask(store, table, now=NOW + timedelta(days=30))

    assert (refused.value.code, again) == ("declined_lately", dealing_id)


def test_decline_needs_a_reason(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)

    with store.writing() as session, pytest.raises(Invalid) as refused:
        contacts.answer(session, table.enterprise, dealing_id, grants=False, now=NOW, new_id=NEW_ID)

    assert list(refused.value.fields) == ["reason"]


def test_withdraw_takes_it_back_and_only_the_asker_may(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)

    with store.writing() as session, pytest.raises(NotAllowed):
        contacts.withdraw(session, table.enterprise, dealing_id, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        contacts.withdraw(session, table.opc, dealing_id, now=NOW, new_id=NEW_ID)
    with pytest.raises(Conflict) as late:
        answer(store, table.enterprise, dealing_id, grants=True)

    assert late.value.code == "already_answered"


def test_limits_of_a_region_bound_what_stands_open_and_what_is_sent_a_day(store: Store) -> None:
    table = make_table(store)
    publish(store, table.organiser, [make_draft("古树名木建档", row=5)], series_title="临川市林业清单")
    with store.reading() as session:
        other = session.exec(select(Item.id).where(Item.id != table.item_id)).one()
    boss = make_person(store, role=Role.ADMINISTRATOR, region="", email="boss@example.com")
    with store.writing() as session:
        limits.put(session, boss, region="福建省", name="open_requests", value=1, now=NOW)
        limits.put(session, boss, region="福建省/临川市", name="requests_a_day", value=1, now=NOW)
    first = ask(store, table)

    with pytest.raises(NotAllowed) as many:
        ask(store, table, item_id=other)
    answer(store, table.enterprise, first, grants=False)
    with pytest.raises(NotAllowed) as today:
        ask(store, table, item_id=other)
    tomorrow = ask(store, table, item_id=other, now=NOW + timedelta(days=1))

    assert (many.value.code, today.value.code, tomorrow != first) == ("too_many_open", "too_many_today", True)


def test_limits_are_the_administrators(store: Store) -> None:
    table = make_table(store)

    with store.writing() as session, pytest.raises(NotAllowed):
        limits.put(session, table.organiser, region="", name="open_requests", value=1, now=NOW)


def test_where_nobody_is_there_yet_the_organiser_is_told_and_answers(store: Store) -> None:
    organiser = make_person(store)
    publish(store, organiser, [make_draft()])
    profile_id, _unit, opc = make_supplier(store, "木语视觉科技有限公司", email="opc@example.com")
    with store.writing() as session:
        item = session.exec(select(Item)).one()
        dealing_id = contacts.ask(
            session, opc, item_id=item.id, profile_id=profile_id, message="想谈", contact=OWN, now=NOW, new_id=NEW_ID
        )
    with store.reading() as session:
        told = messages.unread(session, organiser.account_id)
        page = dealings.get(session, organiser, dealing_id, now=NOW)
    answer(store, organiser, dealing_id, grants=True)

    with store.writing() as session:
        seen = contacts.reveal(session, opc, dealing_id, now=NOW)
    assert (told, page.may_answer, seen.phone) == (1, True, "13912341234")


def test_an_organiser_does_not_answer_for_a_unit_that_is_there(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)

    with pytest.raises(NotAllowed):
        answer(store, table.organiser, dealing_id, grants=True)


def test_an_enterprise_asks_a_supplier_who_must_give_a_contact(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table, actor=table.enterprise)

    with pytest.raises(Invalid) as refused:
        answer(store, table.opc, dealing_id, grants=True)
    with store.writing() as session:
        contacts.answer(session, table.opc, dealing_id, grants=True, contact=OWN, now=NOW, new_id=NEW_ID)
        seen = contacts.reveal(session, table.enterprise, dealing_id, now=NOW)

    assert (sorted(refused.value.fields), seen) == (["name", "phone"], OWN)


def test_a_foreign_seat_cannot_ask(store: Store) -> None:
    table = make_table(store)
    *_, other = make_supplier(store, "接线员工作室", email="other@example.com")

    for actor in (other, table.organiser):
        with pytest.raises(NotAllowed) as refused:
            ask(store, table, actor=actor)
        assert refused.value.code == "foreign_seat"


def test_ones_own_need_is_refused(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        session.get_one(Item, table.item_id).organisation_id = table.opc_unit

    with pytest.raises(NotAllowed) as refused:
        ask(store, table)

    assert refused.value.code == "own_need"


def test_forged_ids_are_not_found(store: Store) -> None:
    table = make_table(store)

    with pytest.raises(NotFound):
        ask(store, table, item_id="zzzzzzzzzzzzzzzz")


def test_a_waiting_answer_is_overdue_after_five_working_days(store: Store) -> None:
    table = make_table(store)
    ask(store, table, now=FRIDAY)

    with store.reading() as session:
        told = [
            dealings.waiting(session, table.enterprise, now=FRIDAY + timedelta(days=days)).overdue for days in (7, 8)
        ]

    assert told == [0, 1]


def test_what_was_granted_ends_with_the_dealing(store: Store) -> None:
    table = make_table(store)
    dealing_id = ask(store, table)
    answer(store, table.enterprise, dealing_id, grants=True)
    with store.writing() as session:
        version = dealings.get(session, table.opc, dealing_id, now=NOW).card.version
        dealings.move(
            session,
            table.opc,
            dealing_id,
            Event.END,
            version=version,
            said=dealings.Said(ending=Ending.PRICE),
            now=NOW,
            new_id=NEW_ID,
        )
    with store.writing() as session, pytest.raises(NotAllowed):
        contacts.reveal(session, table.opc, dealing_id, now=NOW)
    with store.writing() as session:
        dealings.express(
            session, table.enterprise, item_id=table.item_id, profile_id=table.profile_id, now=NOW, new_id=NEW_ID
        )

    with store.writing() as session, pytest.raises(NotAllowed):
        contacts.reveal(session, table.opc, dealing_id, now=NOW)


def test_an_anonymous_needs_unit_is_named_after_the_grant_alone(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        item = session.get_one(Item, table.item_id)
        item.is_anonymous, item.issuer = True, "某事业单位（临川市）"
        item.series_id = item.edition_id = item.edition_entry = None
    dealing_id = ask(store, table)

    def named() -> list[str]:
        with store.reading() as session:
            return [
                dealings.get(session, actor, dealing_id, now=NOW).card.need_name
                for actor in (table.opc, table.enterprise)
            ]

    before = named()
    answer(store, table.enterprise, dealing_id, grants=True)

    assert before == ["某事业单位（临川市）", "临川市园林管理中心"]
    assert named() == ["临川市园林管理中心", "临川市园林管理中心"]
