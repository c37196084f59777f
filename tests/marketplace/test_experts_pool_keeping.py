"""What lasts in the pool and what goes: reminders of terms, erasure of a person, names in the log, invariants."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from marketplace import audited, invariants
from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.experts import entries, leaving, reminders
from marketplace.experts.rules.entry_forms import Appointment
from marketplace.experts.words import ExpertState
from marketplace.kernel.db import Store
from tests.marketplace.expert_market import FORM, RELATIVE, apply, listed, seen
from tests.marketplace.market import NEW_ID, NOW, REGION, make_person, tamper
from tests.marketplace.people import make_account
from web import departures

LISTED = "(SELECT id FROM expert WHERE state = 'listed')"


def in_term(store: Store, organiser: Actor, expert_id: str, ends_on: date) -> None:
    """Set the end of a term."""
    with store.writing() as session:
        version = entries.get(session, organiser, expert_id).version
        given = Appointment(date(2025, 1, 1), ends_on)
        entries.set_term(session, organiser, expert_id, given=given, version=version, now=NOW, new_id=NEW_ID)


def test_terms_that_run_out_are_told_of_twice_and_once_each(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    in_term(store, organiser, expert_id, date(2027, 1, 20))
    sent = []
    for days in (0, 1, 2, 46, 47, 47, 48, 61, 62):
        with store.writing() as session:
            sent.append(reminders.send(session, now=NOW + timedelta(days=days), new_id=NEW_ID))
    with store.reading() as session:
        subjects = sorted(one.subject for one in messages.inbox(session, person)[0] if "到期" in one.subject)
        office = sorted(one.subject for one in messages.inbox(session, organiser)[0] if "到期" in one.subject)

    assert sent == [0, 1, 0, 0, 1, 0, 0, 0, 0]
    assert subjects == ["您的专家聘期还有 14 天到期", "您的专家聘期还有 60 天到期"]
    assert office == ["周一人的专家聘期还有 14 天到期", "周一人的专家聘期还有 60 天到期"]


def test_a_new_term_is_reminded_of_anew(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    sent = []
    for ends_on in (date(2026, 12, 30), date(2026, 12, 31)):
        in_term(store, organiser, expert_id, ends_on)
        with store.writing() as session:
            sent.append(reminders.send(session, now=NOW, new_id=NEW_ID))

    assert sent == [1, 1]


def test_erasing_an_account_erases_what_the_pool_holds_of_it(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = apply(store, person, relations=(RELATIVE,))
    with store.writing() as session:
        entries.amend(session, person, expert_id, form=replace(FORM, phone="139 8642 7531"), version=1, now=NOW)
        held = str(departures.own_data(session, person))
    with store.writing() as session:
        departures.erase_account(session, person, person.account_id, now=NOW)
    with store.reading() as session:
        rows = str(
            [
                session.execute(text(f"SELECT * FROM {table}")).all()
                for table in ("expert", "expert_past", "expert_tie", "expert_relation")
            ]
        )
        faults = [fault.code for fault in invariants.check(session) if fault.subject.startswith("expert/")]
    view = seen(store, organiser, expert_id)
    words = ("138 2468", "139 8642", "6222", "何木", "临川大学", "排水管网检测与修复", "教授级")

    assert [word for word in words if word not in held] == []
    assert [word for word in words if word in rows] == []
    assert (view.state, view.reason, view.name, view.version) == (
        ExpertState.LEFT,
        leaving.LEFT,
        "已注销用户",
        3,
    )
    assert ([dict(one.content) for one in view.past], faults) == ([{}, {}], [])


def test_the_log_knows_where_entries_lie_and_whose_they_are(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    with store.reading() as session:
        found = (
            audited.regions_of(session, "expert", [expert_id]),
            audited.titles_of(session, "expert", [expert_id]),
            [ids for kind, ids in audited.named(session, "周一") if kind == "expert"],
        )

    assert found == ({expert_id: REGION}, {expert_id: "周一人"}, [(expert_id,)])


@pytest.mark.parametrize(
    ("code", "statements"),
    [
        (
            "listed_without_grant",
            [f"""UPDATE "grant" SET withdrawn_at = given_at WHERE role = '{Role.EXPERT.value}'"""],
        ),
        ("expert_versions_missing", ["DELETE FROM expert_past WHERE version = 1"]),
        ("expert_versions_missing", [f"UPDATE expert SET version = 9 WHERE id = {LISTED}"]),
    ],
)
def test_check_catches_a_planted_fault(store: Store, code: str, statements: list[str]) -> None:
    organiser, person = make_person(store), make_account(store)
    listed(store, organiser, person)

    def codes() -> set[str]:
        with store.reading() as session:
            return {one.code for one in invariants.check(session) if one.subject.startswith("expert/")}

    before = codes()
    tamper(store, *statements)

    assert (before, codes()) == (set(), {code})


def test_check_catches_a_term_that_runs_backwards(store: Store) -> None:
    organiser, person = make_person(store), make_account(store)
    expert_id = listed(store, organiser, person)
    in_term(store, organiser, expert_id, date(2027, 1, 20))
    backwards = "UPDATE expert SET term_ends_on = '2020-01-01'"
    if store.engine.dialect.name == "sqlite":
        tamper(store, "PRAGMA ignore_check_constraints = ON", backwards, "PRAGMA ignore_check_constraints = OFF")
    else:
        tamper(store, "ALTER TABLE expert DROP CONSTRAINT ck_expert_term_ends_later", backwards)
    try:
        with store.reading() as session:
            found = {one.code for one in invariants.check(session) if one.subject.startswith("expert/")}
    finally:
        if store.engine.dialect.name != "sqlite":
            tamper(
                store,
                "UPDATE expert SET term_ends_on = NULL",
                "ALTER TABLE expert ADD CONSTRAINT ck_expert_term_ends_later "
                "CHECK (term_ends_on IS NULL OR term_ends_on >= term_starts_on)",
            )

    assert found == {"expert_term_backwards"}
