"""Moving a dealing: signings that need a second word, versions, notes, figures, boards."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from marketplace import invariants
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.dealings import audiences, dealings, funnels, outcomes
from marketplace.dealings.audiences import Listener
from marketplace.dealings.dealings import Said
from marketplace.dealings.rules import confirming
from marketplace.dealings.tables import Dealing
from marketplace.dealings.teams import teams
from marketplace.dealings.words import Ending, Event, Party, Stage
from marketplace.figures import achieved
from marketplace.figures.views import Goals, Share
from marketplace.figures.words import Measure
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.lists.item_tables import Item
from marketplace.lists.words import ItemState
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.market import NEW_ID, NOW, make_draft, make_person, publish, tamper

SIGNED = Said(amount_fen=60_000_000, day=date(2026, 11, 18))
SEEN = Said("合同编号 LC-2026-118", 60_000_000, date(2026, 11, 18))
"""What an organiser states: with the evidence it has seen."""


def introduce(store: Store, table: Table) -> str:
    with store.writing() as session:
        return dealings.introduce(
            session,
            table.organiser,
            item_id=table.item_id,
            profile_id=table.profile_id,
            text="双方都在做园林",
            now=NOW,
            new_id=NEW_ID,
        )


def move(store: Store, actor: Actor, dealing_id: str, event: Event, said: Said | None = None) -> None:
    with store.writing() as session:
        version = session.get_one(Dealing, dealing_id).version
        dealings.move(session, actor, dealing_id, event, version=version, said=said, now=NOW, new_id=NEW_ID)


def stage_of(store: Store, dealing_id: str) -> Stage:
    with store.reading() as session:
        return session.get_one(Dealing, dealing_id).stage


def test_the_funnel_counts_how_far_pairs_came(store: Store) -> None:
    table = make_table(store)
    other_id, _unit, other = make_supplier(store, "接线员工作室", email="partner@example.com")
    dealing_id = introduce(store, table)
    with store.writing() as session:
        ended = dealings.express(session, other, item_id=table.item_id, profile_id=other_id, now=NOW, new_id=NEW_ID)
    move(store, table.opc, dealing_id, Event.MEET)
    move(store, table.opc, dealing_id, Event.INTEND)
    move(store, other, ended, Event.END, Said(ending=Ending.PRICE))

    def steps(region: str, opens_at: datetime) -> list[int]:
        period = {"opens_at": opens_at, "closes_at": opens_at + timedelta(days=1)}
        with store.reading() as session:
            return [one.pairs for one in funnels.funnel(session, region, **period)]

    assert steps("福建省", NOW - timedelta(hours=1)) == [2, 1, 1, 0]
    assert [steps("江苏省", NOW - timedelta(hours=1)), steps("福建省", NOW + timedelta(days=1))] == [[0] * 4] * 2


def test_a_signing_counts_once_the_other_side_confirms_it(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)
    period = (date(2026, 11, 1), date(2026, 11, 30))

    def amounts() -> list[str]:
        with store.reading() as session:
            return [str(deal.amount) for deal in outcomes.signed_in_period(session, "福建省/临川市", *period)]

    move(store, table.opc, dealing_id, Event.MEET)
    move(store, table.enterprise, dealing_id, Event.INTEND, Said("先做一个片区", 50_000_000))
    move(store, table.opc, dealing_id, Event.SIGN, SIGNED)
    before = amounts()
    with pytest.raises(Conflict) as own:
        move(store, table.opc, dealing_id, Event.CONFIRM)
    move(store, table.enterprise, dealing_id, Event.CONFIRM)

    with store.reading() as session:
        elsewhere = outcomes.signed_in_period(session, "福建省/临川", *period)
        introduced = outcomes.introduced_in_period(session, "福建省", NOW.date(), NOW.date())
        faults = list(invariants.check(session))
    assert (before, own.value.code, amounts(), elsewhere, introduced) == ([], "not_now", ["600000.00"], [], 1)
    assert faults == []


def test_disputed_goes_back_to_intent_with_its_reason(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)
    move(store, table.opc, dealing_id, Event.SIGN, SIGNED)

    with pytest.raises(Invalid) as silent:
        move(store, table.enterprise, dealing_id, Event.DISPUTE)
    move(store, table.enterprise, dealing_id, Event.DISPUTE, Said("合同是 50 万元"))

    with store.reading() as session:
        row = session.get_one(Dealing, dealing_id)
    assert (list(silent.value.fields), row.stage, row.signed_fen, row.claimed_by) == (
        ["text"],
        Stage.INTENT,
        None,
        None,
    )


def test_an_organiser_confirms_with_a_note_but_not_its_own_claim(store: Store) -> None:
    table = make_table(store)
    colleague = make_person(store, email="tongshi@example.com", name="李科员")
    dealing_id = introduce(store, table)
    move(store, table.organiser, dealing_id, Event.SIGN, SEEN)

    with pytest.raises(Conflict):
        move(store, table.organiser, dealing_id, Event.CONFIRM, Said("已看过合同"))
    with pytest.raises(Invalid):
        move(store, colleague, dealing_id, Event.CONFIRM)
    move(store, colleague, dealing_id, Event.CONFIRM, Said("已看过合同"))

    assert stage_of(store, dealing_id) is Stage.SIGNED


def test_an_organiser_states_a_signing_with_its_evidence_alone(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)

    with pytest.raises(Invalid) as silent:
        move(store, table.organiser, dealing_id, Event.SIGN, SIGNED)

    assert silent.value.fields == {
        "text": "请写明依据：合同编号，或合同文本、验收单存放在哪里；双方和监督人员都会看到。"
    }


@pytest.mark.parametrize(
    ("claims", "confirms", "expected"),
    [
        ("opc", "enterprise", "双方确认"),
        ("enterprise", "opc", "双方确认"),
        ("organiser", "opc", "主办方登记、OPC 确认"),
        ("organiser", "enterprise", "主办方登记、发榜方确认"),
        ("opc", "organiser", "OPC 登记、主办方确认"),
    ],
)
def test_a_signing_says_who_stated_and_who_confirmed_it(
    store: Store, claims: str, confirms: str, expected: str
) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)
    move(store, getattr(table, claims), dealing_id, Event.SIGN, SEEN)
    move(store, getattr(table, confirms), dealing_id, Event.CONFIRM, Said("已看过合同"))

    with store.reading() as session:
        (signed,) = outcomes.signed_of_item(session, table.item_id)
        card = dealings.get(session, table.opc, dealing_id, now=NOW).card
        ordered = achieved.figure(session, Goals("福建省/临川市", ()), Measure.ORDERED, year=2026)
    assert (signed.confirmation, card.confirmation) == (expected, expected)
    assert ordered.by_origin == (Share(expected, 1, 60_000_000),)


def test_two_organisers_are_never_both_sides() -> None:
    assert confirming.how(Party.ORGANISER, Party.ORGANISER) == "两名主办方人员登记、确认"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (Said(), ["amount", "day"]),
        (Said(amount_fen=0, day=date(2026, 11, 18)), ["amount"]),
        (Said(amount_fen=10**14, day=date(2026, 11, 18)), ["amount"]),
        (Said(amount_fen=100, day=date(2026, 11, 21)), ["day"]),
        (Said(amount_fen=100, day=date(1999, 1, 1)), ["day"]),
        (Said("长" * 2001, 100, date(2026, 11, 18)), ["text"]),
    ],
)
def test_sign_needs_a_sound_amount_and_day(store: Store, said: Said, wrong: list[str]) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)

    with pytest.raises(Invalid) as refused:
        move(store, table.opc, dealing_id, Event.SIGN, said)

    assert list(refused.value.fields) == wrong


def test_end_needs_its_reason_and_can_be_taken_up_again(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)

    with pytest.raises(Invalid):
        move(store, table.opc, dealing_id, Event.END)
    move(store, table.opc, dealing_id, Event.END, Said(ending=Ending.TIME))
    ended = stage_of(store, dealing_id)
    move(store, table.enterprise, dealing_id, Event.REOPEN)

    assert (ended, stage_of(store, dealing_id)) == (Stage.ENDED, Stage.INTEREST)


def test_two_moves_from_one_version_and_one_wins(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)

    def attempt(by: Actor) -> str:
        try:
            with store.writing() as session:
                dealings.move(
                    session,
                    by,
                    dealing_id,
                    Event.END,
                    version=1,
                    said=Said(ending=Ending.PRICE),
                    now=NOW,
                    new_id=NEW_ID,
                )
        except Conflict as refused:
            return refused.code
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        result = sorted(pool.map(attempt, [table.opc, table.enterprise]))

    assert result in (["dealing_moved_on", "moved"], ["moved", "not_now"])


def test_an_old_page_moves_nothing(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)
    move(store, table.opc, dealing_id, Event.MEET)

    with store.writing() as session, pytest.raises(Conflict) as refused:
        dealings.move(session, table.enterprise, dealing_id, Event.MEET, version=1, now=NOW, new_id=NEW_ID)

    assert refused.value.code == "dealing_moved_on"


def test_private_notes_are_seen_by_organisers_and_supervisors_alone(store: Store) -> None:
    table = make_table(store)
    supervisor = make_person(store, role=Role.SUPERVISOR, email="jiandu@example.com")
    dealing_id = introduce(store, table)
    with store.writing() as session:
        dealings.add_note(
            session, table.organiser, dealing_id, text="对方预算可能不足", shared=False, now=NOW, new_id=NEW_ID
        )
    with store.writing() as session, pytest.raises(NotAllowed):
        dealings.add_note(session, table.opc, dealing_id, text="悄悄话", shared=False, now=NOW, new_id=NEW_ID)

    with store.reading() as session:
        seen = {
            actor.email: [note.text for note in dealings.get(session, actor, dealing_id, now=NOW).notes]
            for actor in (table.opc, table.enterprise, table.organiser, supervisor)
        }
    assert list(seen.values()) == [
        ["双方都在做园林"],
        ["双方都在做园林"],
        ["对方预算可能不足", "双方都在做园林"],
        ["对方预算可能不足", "双方都在做园林"],
    ]


def test_a_supervisor_reads_and_moves_nothing(store: Store) -> None:
    table = make_table(store)
    supervisor = make_person(store, role=Role.SUPERVISOR, email="jiandu@example.com")
    dealing_id = introduce(store, table)

    with store.reading() as session:
        page = dealings.get(session, supervisor, dealing_id, now=NOW)
    with pytest.raises(NotAllowed) as refused:
        move(store, supervisor, dealing_id, Event.MEET)

    assert (page.possible, refused.value.code) == ((), "reader_only")


def test_only_organisers_of_either_region_introduce(store: Store) -> None:
    table = make_table(store)
    far = make_person(store, region="江苏省/盐城市", email="far@example.com")

    for actor in (far, table.opc, table.enterprise):
        with store.writing() as session, pytest.raises(NotAllowed):
            dealings.introduce(
                session, actor, item_id=table.item_id, profile_id=table.profile_id, now=NOW, new_id=NEW_ID
            )


def test_the_board_holds_what_an_organiser_looks_after(store: Store) -> None:
    table = make_table(store)
    far = make_person(store, region="江苏省/盐城市", email="far@example.com")
    province = make_person(store, region="福建省", email="sheng@example.com")
    dealing_id = introduce(store, table)

    with store.reading() as session:
        seen = [
            [card.id for card in dealings.for_organiser(session, actor, now=NOW).rows]
            for actor in (table.organiser, province, far, table.opc)
        ]
        staged = dealings.for_organiser(session, table.organiser, stage=Stage.SIGNED, now=NOW).total
    assert (seen, staged) == ([[dealing_id], [dealing_id], [], []], 0)


def test_an_amount_is_public_once_both_sides_agree(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)
    move(store, table.opc, dealing_id, Event.SIGN, SIGNED)
    move(store, table.enterprise, dealing_id, Event.CONFIRM)

    def is_public(actor: Actor) -> bool:
        with store.writing() as session:
            dealings.publish_amount(session, actor, dealing_id, publishes=True, now=NOW)
        with store.reading() as session:
            return outcomes.signed_of_item(session, table.item_id)[0].is_public

    with store.writing() as session, pytest.raises(NotAllowed):
        dealings.publish_amount(session, table.organiser, dealing_id, publishes=True, now=NOW)
    assert [is_public(table.opc), is_public(table.enterprise)] == [False, True]


def test_a_need_that_is_closed_takes_nothing_new(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        item = session.get_one(Item, table.item_id)
        item.state, item.closed_at = ItemState.CLOSED, NOW

    with store.writing() as session, pytest.raises(Conflict) as refused:
        dealings.express(session, table.opc, item_id=table.item_id, profile_id=table.profile_id, now=NOW, new_id=NEW_ID)

    assert refused.value.code == "need_not_open"


def test_interest_waits_for_the_other_side(store: Store) -> None:
    table = make_table(store)
    with store.writing() as session:
        dealings.express(
            session, table.enterprise, item_id=table.item_id, profile_id=table.profile_id, now=NOW, new_id=NEW_ID
        )

    with store.reading() as session:
        waits = [len(dealings.mine(session, actor, now=NOW).for_us) for actor in (table.opc, table.enterprise)]
    assert waits == [1, 0]


def test_strangers_cannot_move(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)
    far = make_person(store, region="江苏省/盐城市", email="far@example.com")

    with pytest.raises(NotFound):
        move(store, far, dealing_id, Event.MEET)


@pytest.mark.parametrize("change", ["UPDATE dealing_note SET text = 'x'", "DELETE FROM dealing_note"])
def test_notes_are_written_once(store: Store, change: str) -> None:
    table = make_table(store)
    introduce(store, table)

    with store.writing() as session, pytest.raises(DatabaseError):
        session.execute(text(change))


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM dealing_note", "dealing_notes_missing"),
        ("UPDATE dealing SET stage = 'met'", "dealing_stage_unnoted"),
        ("DELETE FROM team_member", "team_without_lead"),
    ],
)
def test_doctor_notices(store: Store, statement: str, code: str) -> None:
    table = make_table(store)
    introduce(store, table)
    with store.writing() as session:
        teams.found(session, table.opc, name="园林联合体", purpose="一起做", now=NOW, new_id=NEW_ID)
    tamper(store, statement)

    with store.reading() as session:
        assert [fault.code for fault in invariants.check(session)] == [code]


def test_signings_of_other_months_are_left_out(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)
    move(store, table.opc, dealing_id, Event.SIGN, SIGNED)
    move(store, table.enterprise, dealing_id, Event.CONFIRM)
    day = date(2026, 11, 18)

    with store.reading() as session:
        found = [
            len(outcomes.signed_in_period(session, "", start, end))
            for start, end in ((day, day), (day + timedelta(days=1), day + timedelta(days=9)))
        ]
    assert found == [1, 0]


@pytest.mark.parametrize(("phone", "is_listed"), [("0794-8123456", True), (None, False)])
def test_an_introduction_says_who_hears_of_it(store: Store, phone: str | None, *, is_listed: bool) -> None:
    organiser = make_person(store)
    publish(store, organiser, [make_draft(contact_phone=phone, contact_email=None)])
    profile_id, _unit, _opc = make_supplier(store, "木语视觉科技有限公司", email="opc@example.com")

    with store.reading() as session:
        item = session.exec(select(Item)).one()
        need, opc = audiences.of_pair(session, organiser, item_id=item.id, profile_id=profile_id)

    assert need == Listener(Party.NEED, str(item.issuer), is_told=False, item_id=item.id if is_listed else None)
    assert opc == Listener(Party.OPC, "木语视觉科技有限公司", is_told=True)


def test_who_hears_of_a_dealing_is_told_to_its_organisers_alone(store: Store) -> None:
    table = make_table(store)
    dealing_id = introduce(store, table)

    with store.reading() as session:
        told = [
            [one.is_told for one in audiences.of_dealing(session, actor, dealing_id)]
            for actor in (table.organiser, table.opc)
        ]

    assert told == [[True, True], []]
