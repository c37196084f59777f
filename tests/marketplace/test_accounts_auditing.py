"""Reading the log: who may, how much, and that it was read; what was altered is named."""

from datetime import date, timedelta

import pytest

from marketplace import audited
from marketplace.accounts.actors import Actor, HeldGrant
from marketplace.accounts.office import auditing, viewings
from marketplace.accounts.rules import oversight
from marketplace.accounts.rules.oversight import Oversight
from marketplace.accounts.words import Role
from marketplace.kernel import audit, seals, verification
from marketplace.kernel.db import Store
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.kernel.events import Wanted
from tests.marketplace.market import NOW, REGION, make_draft, make_person, publish, tamper

LATER = NOW + timedelta(days=2)
ELSEWHERE = "福建省/榕城市"


def make_supervisor(store: Store, region: str = "") -> Actor:
    """A supervisor of a region, of everything by default."""
    return make_person(store, role=Role.SUPERVISOR, region=region, name="郑监督", email=f"jd{len(region)}@example.com")


def make_administrator(store: Store) -> Actor:
    """An administrator of the platform."""
    return make_person(store, role=Role.ADMINISTRATOR, region="", name="王管理", email="gl@example.com")


def two_regions(store: Store) -> None:
    """One edition here, one elsewhere."""
    publish(store, make_person(store), [make_draft()])
    other = make_person(store, region=ELSEWHERE, email="rc@example.com")
    publish(store, other, [make_draft("排水管网检测")], region=ELSEWHERE, series_title="榕城市清单")


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        (((Role.SUPERVISOR, ""),), Oversight(everything=True)),
        (((Role.SUPERVISOR, REGION),), Oversight(regions=(REGION,))),
        (((Role.ADMINISTRATOR, ""),), Oversight(technical=True)),
        (((Role.ADMINISTRATOR, REGION),), None),
        (((Role.ORGANISER, ""),), None),
        ((), None),
    ],
)
def test_oversight_follows_the_grants(grants: tuple[tuple[Role, str], ...], expected: Oversight | None) -> None:
    actor = Actor("a", "甲", "a@example.com", tuple(HeldGrant(role, None, region) for role, region in grants))

    assert oversight.of_actor(actor) == expected


def test_a_supervisor_of_everything_sees_every_event(store: Store) -> None:
    two_regions(store)
    supervisor = make_supervisor(store)

    with store.reading() as session:
        found = auditing.search(session, supervisor, Wanted(), areas=audited.AREAS)
        total = verification.examine(session).events

    assert (len(found.seen), found.withheld, found.next_before) == (total, 0, None)
    assert [one.event.position for one in found.seen] == sorted(
        (one.event.position for one in found.seen), reverse=True
    )


def test_a_supervisor_of_a_region_sees_what_lies_in_it(store: Store) -> None:
    two_regions(store)
    supervisor = make_supervisor(store, REGION)

    with store.reading() as session:
        found = auditing.search(session, supervisor, Wanted(), areas=audited.AREAS)
        whole = auditing.search(session, make_all_seeing(), Wanted(), areas=audited.AREAS)

    kinds = {one.event.aggregate for one in found.seen}
    assert {"edition", "intake"} <= kinds <= {"edition", "intake", "item", "organisation", "series"}
    assert len(found.seen) + found.withheld == len(whole.seen)
    mine = {one.event.aggregate_id for one in found.seen if one.event.aggregate == "edition"}
    assert len(mine) == 1


def make_all_seeing() -> Actor:
    """A supervisor of everything who has no account."""
    return Actor("zzzzzzzzzzzzzzzz", "总监督", "z@example.com", (HeldGrant(Role.SUPERVISOR, None, ""),))


def test_a_supervisor_of_a_region_finds_nothing_of_another(store: Store) -> None:
    two_regions(store)
    supervisor = make_supervisor(store, REGION)
    with store.reading() as session:
        editions = auditing.search(session, make_all_seeing(), Wanted(aggregate="edition"), areas=audited.AREAS)
        ids = [one.event.aggregate_id for one in editions.seen]

        here, there = reversed(ids)
        life = auditing.life(session, supervisor, "edition", here, areas=audited.AREAS)
        with pytest.raises(NotFound):
            auditing.life(session, supervisor, "edition", there, areas=audited.AREAS)

    assert ([one.event.action for one in life.seen], life.faults) == (["edition.published"], ())


def test_an_administrator_sees_technical_events_and_nothing_personal(store: Store) -> None:
    two_regions(store)
    boss = make_administrator(store)

    with store.reading() as session:
        found = auditing.search(session, boss, Wanted(), areas=audited.AREAS)

    assert {one.event.aggregate for one in found.seen} <= set(oversight.TECHNICAL)
    assert [one for one in found.seen if one.event.aggregate == "account" and one.says is not None] == []


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.EXPERT])
def test_nobody_else_reads_the_log(store: Store, role: Role) -> None:
    person = make_person(store, role=role)

    with store.reading() as session, pytest.raises(NotAllowed):
        auditing.search(session, person, Wanted(), areas=audited.AREAS)


def test_pages_follow_each_other_without_gap_or_repeat(store: Store) -> None:
    supervisor = make_supervisor(store)
    with store.writing() as session:
        for number in range(120):
            audit.write(
                session, aggregate="item", aggregate_id=f"i{number}", action="item.closed", actor_id=None, payload={},
                now=NOW,
            )  # fmt: skip

    seen: list[int] = []
    before = None
    with store.reading() as session:
        for _page in range(9):
            found = auditing.search(
                session, supervisor, Wanted(action="item.closed"), areas=audited.AREAS, before=before
            )
            seen += [one.event.position for one in found.seen]
            before = found.next_before
            if before is None:
                break
    assert (len(seen), len(set(seen)), seen) == (120, 120, sorted(seen, reverse=True))


def test_search_filters_by_who_what_when_and_request(store: Store) -> None:
    supervisor, person = make_supervisor(store), make_person(store)
    with store.writing() as session:
        for number, at in enumerate((NOW, NOW + timedelta(days=1), NOW + timedelta(days=2))):
            audit.write(
                session,
                aggregate="item",
                aggregate_id="i",
                action=f"item.act{number}",
                actor_id=person.account_id,
                payload={},
                now=at,
                request_id=f"request-{number}",
            )

    with store.reading() as session:
        who = auditing.people(session, " ZHUBANFANG@example.com ")
        asked = (
            Wanted(actor_ids=who),
            Wanted(actor_ids=auditing.people(session, "没有这个人")),
            Wanted(request_id="request-1"),
            Wanted(aggregate="item", since=NOW + timedelta(days=1), until=NOW + timedelta(days=2)),
            Wanted(action="item.act2"),
        )
        found = [
            [one.event.action for one in auditing.search(session, supervisor, w, areas=audited.AREAS).seen]
            for w in asked
        ]
    assert found == [
        ["item.act2", "item.act1", "item.act0"], [], ["item.act1"], ["item.act1"], ["item.act2"],
    ]  # fmt: skip


def test_reading_is_noted_once_an_hour_for_each_kind_of_page(store: Store) -> None:
    supervisor = make_supervisor(store)
    for page, later in (("search", 0), ("search", 20), ("life", 20), ("search", 61)):
        with store.writing() as session:
            viewings.note_viewing(session, supervisor, page, now=NOW + timedelta(minutes=later))

    with store.reading() as session:
        entries = audit.history(session, "audit", supervisor.account_id)
    assert [(one.action, one.payload) for one in entries] == [
        ("audit.viewed", {"page": "search"}),
        ("audit.viewed", {"page": "life"}),
        ("audit.viewed", {"page": "search"}),
    ]


def test_an_altered_row_is_named_in_its_life_and_in_the_whole(store: Store) -> None:
    publish(store, make_person(store), [make_draft()])
    supervisor = make_supervisor(store)
    with store.writing() as session:
        audit.seal_day(session, day=date(2026, 11, 20), now=LATER)
    tamper(store, "UPDATE audit_event SET action = 'edition.hidden' WHERE aggregate = 'edition'")

    with store.reading() as session:
        (event,) = auditing.search(session, supervisor, Wanted(aggregate="edition"), areas=audited.AREAS).seen
        life = auditing.life(session, supervisor, "edition", event.event.aggregate_id, areas=audited.AREAS)
        whole = verification.examine(session)
        (seal,) = seals.listed(session)
        holds = seals.holds(session, seal)

    assert [one.code for one in life.faults] == ["audit_altered"]
    assert [(one.code, one.subject) for one in whole.faults] == [
        ("audit_altered", f"edition/{event.event.aggregate_id}")
    ]
    assert (holds, whole.seals) == (True, 1)  # the hashes stand; the words under one of them do not


def test_rewritten_hashes_and_cut_rows_break_the_daily_head(store: Store) -> None:
    publish(store, make_person(store), [make_draft()])
    with store.writing() as session:
        audit.seal_day(session, day=date(2026, 11, 20), now=LATER)
    tamper(
        store,
        "DELETE FROM audit_payload WHERE position = (SELECT max(position) FROM audit_event)",
        "DELETE FROM audit_event WHERE position = (SELECT max(position) FROM audit_event)",
    )

    with store.reading() as session:
        (seal,) = seals.listed(session)
        codes = [one.code for one in verification.examine(session).faults]
        holds = seals.holds(session, seal)

    assert (codes, holds) == (["audit_seal_broken"], False)


def test_seals_follow_each_other_and_tell_what_is_not_sealed(store: Store) -> None:
    make_supervisor(store)
    with store.writing() as session:
        audit.seal_day(session, day=date(2026, 11, 19), now=LATER)
        audit.seal_day(session, day=date(2026, 11, 20), now=LATER)
    with store.writing() as session:
        audit.write(
            session, aggregate="item", aggregate_id="i", action="item.closed", actor_id=None, payload={}, now=NOW
        )

    with store.reading() as session:
        second, first = seals.listed(session)
        rest = seals.unsealed(session)
        again = seals.get(session, date(2026, 11, 20))
        with pytest.raises(NotFound):
            seals.get(session, date(2026, 11, 21))
    assert (second.previous_head, again, rest.events, rest.since) == (first.head, second, 1, NOW)


def test_what_is_withheld_is_counted_by_kind(store: Store) -> None:
    two_regions(store)
    supervisor = make_supervisor(store, REGION)

    with store.reading() as session:
        found = auditing.search(session, supervisor, Wanted(), areas=audited.AREAS)

    kinds = dict(found.withheld_kinds)
    assert (kinds["edition"], kinds["intake"], sum(kinds.values())) == (1, 2, found.withheld)


def test_things_are_found_by_part_of_their_name(store: Store) -> None:
    two_regions(store)
    supervisor = make_supervisor(store)

    with store.reading() as session:
        things = audited.named(session, " 榕城市清单 ")
        found = auditing.search(session, supervisor, Wanted(things=things), areas=audited.AREAS)
        nothing = auditing.search(
            session, supervisor, Wanted(things=audited.named(session, "没有%这个")), areas=audited.AREAS
        )
        titles = audited.titles_of(session, "edition", [one for kind, ids in things for one in ids])

    assert {one.event.aggregate for one in found.seen} >= {"edition"}
    assert (nothing.seen, list(titles.values())) == ((), ["《榕城市清单》第 1 期"])


def test_newer_pages_lead_back(store: Store) -> None:
    supervisor = make_supervisor(store)
    with store.writing() as session:
        for number in range(120):
            audit.write(
                session, aggregate="item", aggregate_id=f"i{number}", action="item.closed", actor_id=None, payload={},
                now=NOW,
            )  # fmt: skip
    wanted = Wanted(action="item.closed")

    with store.reading() as session:
        first = auditing.search(session, supervisor, wanted, areas=audited.AREAS)
        second = auditing.search(session, supervisor, wanted, areas=audited.AREAS, before=first.next_before)
        back = auditing.search(session, supervisor, wanted, areas=audited.AREAS, after=second.next_after)

    assert (first.next_after, back.seen, back.next_after) == (None, first.seen, None)
    assert second.next_after == second.seen[0].event.position


def test_an_organiser_reads_what_its_office_did_in_its_region(store: Store) -> None:
    two_regions(store)
    organiser = make_person(store, email="ling@example.com")
    publish(store, organiser, [make_draft("行道树巡查")], series_title="澄江区清单")

    with store.reading() as session:
        found = auditing.own(session, organiser, Wanted(), areas=audited.AREAS)
        with pytest.raises(NotAllowed):
            auditing.own(session, make_all_seeing(), Wanted(), areas=audited.AREAS)

    assert {one.event.actor_id for one in found.seen} == {organiser.account_id}
    assert {"edition", "intake"} <= {one.event.aggregate for one in found.seen}
    assert found.withheld == 0
