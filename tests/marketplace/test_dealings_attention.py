"""Looks and saves: who is noted, who is named, and whose saves are whose."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role, Standing
from marketplace.dealings import contacts, looks, saves
from marketplace.dealings.attention_tables import Look
from marketplace.dealings.views import GivenContact
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.kernel.words import SubjectKind
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.market import NEW_ID, NOW, make_person

SINCE = date(2026, 11, 1)


def look(store: Store, actor: Actor | None, table: Table, *, days: int = 0) -> None:
    with store.writing() as session:
        now = NOW + timedelta(days=days)
        looks.note(session, actor, kind=SubjectKind.PROFILE, subject_id=table.profile_id, now=now)


def seen(store: Store, table: Table) -> list[tuple[str, int]]:
    with store.reading() as session:
        found = looks.of_profile(session, table.opc, table.profile_id, since=SINCE)
    return [(viewer.name, viewer.days) for viewer in found.viewers]


def test_a_day_is_noted_once_for_each_viewer(store: Store) -> None:
    table = make_table(store)
    for days in (0, 0, 1):
        look(store, table.enterprise, table, days=days)

    with store.reading() as session:
        rows = len(session.exec(select(Look)).all())
        due = looks.is_due(session, table.enterprise, kind=SubjectKind.PROFILE, subject_id=table.profile_id, now=NOW)
    assert (rows, due, seen(store, table)) == (2, False, [("某单位（临川市）", 2)])


def test_owners_and_staff_are_not_noted(store: Store) -> None:
    table = make_table(store)
    supervisor = make_person(store, role=Role.SUPERVISOR, email="jiandu@example.com")
    for actor in (table.opc, table.organiser, supervisor):
        look(store, actor, table)

    assert seen(store, table) == []


def test_visitors_are_a_number(store: Store) -> None:
    table = make_table(store)
    for _ in range(3):
        look(store, None, table)

    with store.reading() as session:
        found = looks.of_profile(session, table.opc, table.profile_id, since=SINCE)
    assert (found.viewers, found.visits) == ((), 3)


def test_a_supplier_is_named_unless_it_chooses_otherwise(store: Store) -> None:
    table = make_table(store)
    *_, other = make_supplier(store, "接线员工作室", email="other@example.com")
    look(store, other, table)
    named = seen(store, table)
    with store.writing() as session:
        looks.set_named(session, other, named=False, now=NOW)

    assert (named, seen(store, table)) == ([("接线员工作室", 1)], [("某企业（临川市）", 1)])


def test_those_who_have_each_others_contact_see_names(store: Store) -> None:
    table = make_table(store)
    look(store, table.enterprise, table)
    with store.writing() as session:
        dealing_id = contacts.ask(
            session,
            table.enterprise,
            item_id=table.item_id,
            profile_id=table.profile_id,
            message="想谈",
            contact=GivenContact("周经办", "13900001111"),
            now=NOW,
            new_id=NEW_ID,
        )
    before = seen(store, table)
    with store.writing() as session:
        contacts.answer(
            session,
            table.opc,
            dealing_id,
            grants=True,
            contact=GivenContact("何一人", "13811112222"),
            now=NOW,
            new_id=NEW_ID,
        )

    assert (before, seen(store, table)) == ([("某单位（临川市）", 1)], [("临川市园林管理中心", 1)])


def test_only_the_owner_sees_who_looked(store: Store) -> None:
    table = make_table(store)

    for actor in (table.enterprise, table.organiser):
        with store.reading() as session, pytest.raises(NotFound):
            looks.of_profile(session, actor, table.profile_id, since=SINCE)
    for actor in (table.opc, table.organiser):
        with store.reading() as session, pytest.raises(NotFound):
            looks.of_item(session, actor, table.item_id, since=SINCE)


def test_saves_belong_to_the_seat(store: Store) -> None:
    table = make_table(store)
    colleague = make_person(store, role=Role.OPC, organisation_id=table.opc_unit, email="tongshi@example.com")
    with store.writing() as session:
        for _ in range(2):
            saves.add(session, table.opc, kind=SubjectKind.ITEM, subject_id=table.item_id, now=NOW, new_id=NEW_ID)
        (one,) = saves.of_seat(session, colleague).items
        saves.write_note(session, colleague, one.id, note="下周去看现场")

    with store.writing() as session, pytest.raises(NotFound):
        saves.write_note(session, table.enterprise, one.id, note="偷看")
    with store.writing() as session, pytest.raises(Invalid):
        saves.write_note(session, table.opc, one.id, note="长" * 501)
    with store.reading() as session:
        notes = [saved.note for saved in saves.of_seat(session, table.opc).items]
        foreign = saves.of_seat(session, table.enterprise).items
    with store.writing() as session:
        saves.remove(session, table.opc, kind=SubjectKind.ITEM, subject_id=table.item_id)
        left = saves.of_seat(session, colleague).items
    assert (notes, foreign, left) == (["下周去看现场"], (), ())


def test_who_may_only_read_changes_no_saves(store: Store) -> None:
    table = make_table(store)
    reader = make_person(
        store,
        role=Role.OPC,
        organisation_id=table.opc_unit,
        email="chakan@example.com",
        standing=Standing.READER,
    )
    kind, subject_id = SubjectKind.ITEM, table.item_id
    with store.writing() as session:
        saves.add(session, table.opc, kind=kind, subject_id=subject_id, now=NOW, new_id=NEW_ID)
        (one,) = saves.of_seat(session, reader).items

    with store.writing() as session, pytest.raises(NotAllowed):
        saves.add(session, reader, kind=kind, subject_id=subject_id, now=NOW, new_id=NEW_ID)
    with store.writing() as session, pytest.raises(NotAllowed):
        saves.write_note(session, reader, one.id, note="不该写")
    with store.writing() as session, pytest.raises(NotAllowed):
        saves.remove(session, reader, kind=kind, subject_id=subject_id)
    with store.reading() as session:
        assert [(saved.id, saved.note) for saved in saves.of_seat(session, reader).items] == [(one.id, "")]
    assert [saves.may_write(one) for one in (table.opc, table.organiser, reader)] == [True, True, False]


def test_what_is_not_there_cannot_be_saved(store: Store) -> None:
    table = make_table(store)

    with store.writing() as session, pytest.raises(NotFound):
        saves.add(session, table.opc, kind=SubjectKind.PROFILE, subject_id="zzzz", now=NOW, new_id=NEW_ID)
