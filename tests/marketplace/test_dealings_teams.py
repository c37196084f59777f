"""Teams: one lead, invited partners who confirm, a limit, and what a team may do."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from marketplace.accounts import messages
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role, Standing
from marketplace.dealings import contacts, dealings
from marketplace.dealings.teams import teams
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Party, Place
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.market import NEW_ID, NOW, make_person


def found(store: Store, table: Table, *, general: bool = False) -> str:
    with store.writing() as session:
        return teams.found(
            session,
            table.opc,
            name="园林联合体",
            purpose="巡查加平台对接",
            item_id=None if general else table.item_id,
            now=NOW,
            new_id=NEW_ID,
        )


def invite(store: Store, actor: Actor, team_id: str, profile_id: str) -> None:
    with store.writing() as session:
        teams.invite(session, actor, team_id, profile_id=profile_id, work="平台对接", now=NOW, new_id=NEW_ID)


def put(store: Store, actor: Actor, team_id: str, profile_id: str, to: Place) -> None:
    with store.writing() as session:
        teams.change_place(session, actor, team_id, profile_id=profile_id, to=to, now=NOW, new_id=NEW_ID)


def test_who_is_invited_is_told_and_joins(store: Store) -> None:
    table = make_table(store)
    profile_id, _unit, partner = make_supplier(store, "接线员工作室", email="partner@example.com")
    team_id = found(store, table)
    invite(store, table.opc, team_id, profile_id)
    with store.reading() as session:
        told = messages.unread(session, partner.account_id)
        invited = dealings.waiting(session, partner, now=NOW).team_invitations

    put(store, partner, team_id, profile_id, Place.JOINED)

    with store.reading() as session:
        page = teams.get(session, partner, team_id)
        waiting = dealings.waiting(session, partner, now=NOW).team_invitations
    assert [(member.name, member.place, member.work) for member in page.members] == [
        ("木语视觉科技有限公司", Place.LEAD, ""),
        ("接线员工作室", Place.JOINED, "平台对接"),
    ]
    assert (told, invited, waiting, page.may_lead) == (1, 1, 0, False)


def test_a_team_of_six_is_refused_even_at_once(store: Store) -> None:
    table = make_table(store)
    team_id = found(store, table)
    partners = [make_supplier(store, f"第{number}工作室", email=f"p{number}@example.com")[0] for number in range(5)]
    for profile_id in partners[:3]:
        invite(store, table.opc, team_id, profile_id)

    def attempt(profile_id: str) -> str:
        try:
            invite(store, table.opc, team_id, profile_id)
        except Conflict as refused:
            return refused.code
        return "invited"

    with ThreadPoolExecutor(2) as pool:
        result = sorted(pool.map(attempt, partners[3:]))

    assert result == ["invited", "team_full"]


def test_who_declined_makes_room_and_may_be_invited_again(store: Store) -> None:
    table = make_table(store)
    profile_id, _unit, partner = make_supplier(store, "接线员工作室", email="partner@example.com")
    team_id = found(store, table)
    invite(store, table.opc, team_id, profile_id)
    with pytest.raises(Conflict) as twice:
        invite(store, table.opc, team_id, profile_id)
    put(store, partner, team_id, profile_id, Place.DECLINED)
    with pytest.raises(Conflict) as late:
        put(store, partner, team_id, profile_id, Place.JOINED)
    with store.reading() as session, pytest.raises(NotFound):
        teams.get(session, partner, team_id)
    invite(store, table.opc, team_id, profile_id)
    put(store, partner, team_id, profile_id, Place.JOINED)

    assert (twice.value.code, late.value.code) == ("member_there", "place_moved_on")


def test_one_live_team_for_a_lead_and_need(store: Store) -> None:
    table = make_table(store)
    first = found(store, table)
    general = found(store, table, general=True)
    with pytest.raises(Conflict) as again:
        found(store, table)
    with pytest.raises(Conflict):
        found(store, table, general=True)
    with store.writing() as session:
        teams.dissolve(session, table.opc, first, now=NOW, new_id=NEW_ID)
    renewed = found(store, table)

    with store.reading() as session:
        led = {card.id for card in teams.led_for(session, table.profile_id, table.item_id)}
    assert (again.value.code, led) == ("team_there", {general, renewed})


def test_strangers_readers_and_foreign_leads_are_refused(store: Store) -> None:
    table = make_table(store)
    profile_id, unit, partner = make_supplier(store, "接线员工作室", email="partner@example.com")
    reader = make_person(store, role=Role.OPC, organisation_id=unit, email="kan@example.com", standing=Standing.READER)
    *_, stranger = make_supplier(store, "路人工作室", email="stranger@example.com")
    team_id = found(store, table)
    invite(store, table.opc, team_id, profile_id)

    with pytest.raises(NotAllowed) as looked:
        put(store, reader, team_id, profile_id, Place.JOINED)
    with pytest.raises(NotFound):
        put(store, stranger, team_id, profile_id, Place.JOINED)
    with pytest.raises(NotAllowed) as led:
        invite(store, partner, team_id, table.profile_id)
    with pytest.raises(Conflict):
        put(store, table.opc, team_id, profile_id, Place.JOINED)
    with store.writing() as session, pytest.raises(NotAllowed) as founded:
        teams.found(session, reader, name="甲", purpose="乙", now=NOW, new_id=NEW_ID)
    with store.writing() as session, pytest.raises(NotAllowed) as unseated:
        teams.found(session, table.organiser, name="甲", purpose="乙", now=NOW, new_id=NEW_ID)

    codes = [looked.value.code, led.value.code, founded.value.code, unseated.value.code]
    assert codes == ["reader_only", "not_the_lead", "reader_only", "foreign_seat"]


def test_a_team_comes_to_a_need_as_one_and_a_foreign_team_does_not(store: Store) -> None:
    table = make_table(store)
    _profile_id, _unit, other = make_supplier(store, "接线员工作室", email="partner@example.com")
    team_id = found(store, table)
    with store.writing() as session:
        foreign = teams.found(session, other, name="别家", purpose="别的事", now=NOW, new_id=NEW_ID)

    def express(team: str) -> str:
        with store.writing() as session:
            return dealings.express(
                session,
                table.opc,
                item_id=table.item_id,
                profile_id=table.profile_id,
                team_id=team,
                now=NOW,
                new_id=NEW_ID,
            )

    with pytest.raises(NotAllowed) as refused:
        express(foreign)
    dealing_id = express(team_id)

    with store.reading() as session:
        card = dealings.get(session, table.enterprise, dealing_id, now=NOW).card
    assert (refused.value.code, card.team_name) == ("foreign_team", "园林联合体")


def test_partners_read_their_teams_dealing_and_learn_no_contact(store: Store) -> None:
    table = make_table(store)
    profile_id, _unit, partner = make_supplier(store, "接线员工作室", email="partner@example.com")
    invited_id, _other, invited = make_supplier(store, "只收到邀请的工作室", email="invited@example.com")
    team_id = found(store, table)
    for one in (profile_id, invited_id):
        invite(store, table.opc, team_id, one)
    put(store, partner, team_id, profile_id, Place.JOINED)
    ours = GivenContact("何一人", "13800138000", "")
    with store.writing() as session:
        dealing_id = contacts.ask(
            session,
            table.opc,
            item_id=table.item_id,
            profile_id=table.profile_id,
            message="想当面谈谈，可打 13800138000 找我。",
            contact=ours,
            team_id=team_id,
            now=NOW,
            new_id=NEW_ID,
        )
        contacts.answer(session, table.enterprise, dealing_id, grants=True, contact=ours, now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        page = dealings.get(session, partner, dealing_id, now=NOW)
        listed = [card.id for card in dealings.of_team(session, partner, team_id, now=NOW)]
        with pytest.raises(NotAllowed) as contact:
            contacts.reveal(session, partner, dealing_id, now=NOW)
        with pytest.raises(NotAllowed) as moving:
            dealings.add_note(session, partner, dealing_id, text="我来说", shared=True, now=NOW, new_id=NEW_ID)
        with pytest.raises(NotFound):
            dealings.get(session, invited, dealing_id, now=NOW)

    assert (page.is_partner, page.card.party, page.card.contact_known, page.possible) == (True, Party.OPC, False, ())
    assert ["13800138000" in one.message for one in page.requests] == [False]
    assert (listed, contact.value.code, moving.value.code) == ([dealing_id], "lead_alone", "reader_only")


def test_works_are_written_by_the_lead_on_the_newest_version(store: Store) -> None:
    table = make_table(store)
    team_id = found(store, table)

    def assign(actor: Actor, version: int, work: str = "识别") -> None:
        with store.writing() as session:
            teams.assign(session, actor, team_id, works={table.profile_id: work}, version=version, now=NOW)

    assign(table.opc, 1)
    with pytest.raises(Conflict) as old:
        assign(table.opc, 1)
    with pytest.raises(Invalid):
        assign(table.opc, 2, "长" * 201)
    with pytest.raises(NotFound):
        assign(table.enterprise, 2)

    assert old.value.code == "team_moved_on"


def test_a_team_needs_a_name_and_a_purpose(store: Store) -> None:
    table = make_table(store)

    with store.writing() as session, pytest.raises(Invalid) as refused:
        teams.found(session, table.opc, name="名" * 61, purpose=" ", now=NOW, new_id=NEW_ID)

    assert sorted(refused.value.fields) == ["name", "purpose"]
