"""A natural person's profile goes to the company it founded: all of it, once, and only where nothing clashes."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.joining import enrolments
from marketplace.accounts.message_tables import Message
from marketplace.accounts.rules import details
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.dealings import contacts, dealings, moves, saves
from marketplace.dealings.attention_tables import Save
from marketplace.dealings.dealings import Said
from marketplace.dealings.tables import Dealing, DealingNote
from marketplace.dealings.teams import teams
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Ending, Event
from marketplace.invariants import check
from marketplace.kernel import audit, changes
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.kernel.files import StoredFile
from marketplace.kernel.words import SubjectKind
from marketplace.lists.item_tables import Item
from marketplace.profiles import brochures, drafts, evidence, profiles
from marketplace.profiles import moves as profile_moves
from marketplace.profiles.entries import Case, Filing
from marketplace.profiles.rules import moves as rules
from marketplace.profiles.rules.moves import Giver, Taker
from marketplace.profiles.tables import Profile
from marketplace.profiles.views import ProfileForm
from tests.marketplace.dealing_market import Table, make_supplier, make_table
from tests.marketplace.market import NEW_ID, NOW, REGION, make_capability, publish, tamper
from tests.marketplace.people import CODE, make_account

LATER = NOW + timedelta(days=1)
FORM = ProfileForm(
    headline="手机拍叶判病虫害",
    description="一个人做园林病虫害识别。",
    cases=(Case("植物园巡检", "某植物园", 2025, "识别46种病害", "准确率91%"),),
    filings=(Filing(note="软件著作权 2025SR0000001"),),
    region=REGION,
)


@dataclass(frozen=True)
class Founder:
    """Somebody in its seat as a person, and the company it has enrolled."""

    actor: Actor
    person_id: str
    company_id: str
    profile_id: str
    file_id: str

    def at_company(self, store: Store) -> Actor:
        """The same person in the company's seat."""
        with store.reading() as session:
            return accounts.actor(session, self.actor.account_id, organisation_id=self.company_id)


def enrol(store: Store, actor: Actor, name: str, *, code: str, kind: OrganisationKind, role: Role = Role.OPC) -> str:
    with store.writing() as session:
        sound = details.require_sound(name, code, kind, REGION)
        return enrolments.enrol(session, actor, sound, role=role, now=NOW, new_id=NEW_ID).organisation_id


def make_founder(store: Store) -> Founder:
    """A person with a published profile with evidence, in its own seat, who has enrolled a company that offers work."""
    account = make_account(store, email="founder@example.com", name="何一人")
    person_id = enrol(store, account, "何一人", code="", kind=OrganisationKind.NATURAL_PERSON)
    company_id = enrol(store, account, "拾叶科技有限公司", code=CODE, kind=OrganisationKind.COMPANY)
    with store.writing() as session:
        actor = accounts.actor(session, account.account_id, organisation_id=person_id)
        file = evidence.add(
            session,
            actor,
            organisation_id=person_id,
            file=StoredFile("b" * 64, 1000),
            name="合同.pdf",
            head=b"%PDF-1.7\n",
            now=NOW,
            new_id=NEW_ID,
        )
        form = replace(FORM, cases=(replace(FORM.cases[0], evidence=(file.id,)),))
        page = profiles.put(session, actor, organisation_id=person_id, form=form, now=NOW, new_id=NEW_ID)
    return Founder(actor, person_id, company_id, page.id, file.id)


def move(store: Store, founder: Founder, actor: Actor | None = None) -> str:
    with store.writing() as session:
        return moves.move(
            session,
            actor or founder.actor,
            from_id=founder.person_id,
            to_id=founder.company_id,
            now=LATER,
            new_id=NEW_ID,
        )


def faults(session: Session) -> list[str]:
    return [fault.code for fault in check(session)]


def begin(store: Store, table: Table, founder: Founder) -> str:
    """The person shows interest in the table's need, and its contact request is granted."""
    with store.writing() as session:
        dealing_id = contacts.ask(
            session,
            founder.actor,
            item_id=table.item_id,
            profile_id=founder.profile_id,
            message="想请教巡查的范围和频次，能否约个时间电话沟通？",
            contact=GivenContact("何一人", "13812345678", "founder@example.com"),
            now=NOW,
            new_id=NEW_ID,
        )
        contacts.answer(
            session,
            table.enterprise,
            dealing_id,
            grants=True,
            contact=GivenContact("周敏", "13912341234", "zhou@example.com"),
            now=NOW,
            new_id=NEW_ID,
        )
    return dealing_id


def test_move_keeps_the_profile_with_its_versions_and_gives_it_another_owner(store: Store) -> None:
    founder = make_founder(store)
    with store.reading() as session:
        before = changes.head(session)
    moved_id = move(store, founder)
    with store.reading() as session:
        page = profiles.get(session, founder.profile_id, founder.at_company(store))
        moved = profile_moves.away(session, founder.person_id)
        told = changes.since(session, before, limit=100)
        records = list(profiles.documents(session))

        assert moved_id == founder.profile_id
        assert (page.organisation.id, page.organisation.name) == (founder.company_id, "拾叶科技有限公司")
        assert [(one.number, one.written_by, one.written_at) for one in page.versions] == [(1, "何一人", NOW)]
        assert page.versions[0].form.cases[0].evidence == (founder.file_id,)
        assert evidence.get(session, founder.at_company(store), founder.profile_id, founder.file_id).name == "合同.pdf"
        assert profiles.find(session, founder.person_id) is None
        assert moved is not None
        assert (moved.profile_id, moved.to_name, moved.number, moved.moved_at) == (
            founder.profile_id,
            "拾叶科技有限公司",
            1,
            LATER,
        )
        assert profile_moves.into(session, founder.profile_id) == moved
        assert [(one.kind, one.subject_id, one.operation) for one in told] == [("profile", founder.profile_id, "put")]
        assert [(one.id, one.name) for one in records] == [(founder.profile_id, "拾叶科技有限公司")]
        assert [event.action for event in audit.history(session, "profile", founder.profile_id)] == [
            "profile.written",
            "profile.moved",
        ]
        assert faults(session) == []


def test_move_takes_dealings_with_their_contacts_along_and_tells_the_other_side(store: Store) -> None:
    table, founder = make_table(store), make_founder(store)
    dealing_id = begin(store, table, founder)
    with store.reading() as session:
        told_before = len(session.exec(select(Message)).all())
    move(store, founder)
    company = founder.at_company(store)
    with store.writing() as session:
        contact = contacts.reveal(session, company, dealing_id, now=LATER)
        own = dealings.mine(session, company, now=LATER)
        former = dealings.mine(session, founder.actor, now=LATER)
        notes = session.exec(select(DealingNote).order_by(col(DealingNote.number))).all()
        told = session.exec(select(Message).where(Message.account_id == table.enterprise.account_id)).all()

        assert contact == GivenContact("周敏", "13912341234", "zhou@example.com")
        assert (own.total, former.total) == (1, 0)
        assert (notes[-1].event, notes[-1].organisation_id) == (Event.NOTE, founder.person_id)
        assert "由“何一人”（个人）变更为“拾叶科技有限公司”" in notes[-1].text
        assert len(session.exec(select(Message)).all()) > told_before
        assert f"/dealings/{dealing_id}" in {one.link for one in told if one.put_at == LATER}
    with store.reading() as session:
        assert faults(session) == []


def test_move_takes_teams_and_saves_along(store: Store) -> None:
    table, founder = make_table(store), make_founder(store)
    other_id, other_unit, partner = make_supplier(store, "接线员工作室", email="partner@example.com")
    with store.writing() as session:
        team_id = teams.found(session, founder.actor, name="护树联合体", purpose="一起做", now=NOW, new_id=NEW_ID)
        teams.invite(session, founder.actor, team_id, profile_id=other_id, work="平台", now=NOW, new_id=NEW_ID)
        saves.add(session, founder.actor, kind=SubjectKind.ITEM, subject_id=table.item_id, now=NOW, new_id=NEW_ID)
    move(store, founder)
    company = founder.at_company(store)
    with store.reading() as session:
        team = teams.get(session, company, team_id)
        told = session.exec(select(Message).where(Message.account_id == partner.account_id)).all()

        assert team.may_lead
        assert [one.card.id for one in saves.of_seat(session, company).items] == [table.item_id]
        assert saves.of_seat(session, founder.actor).items == ()
        assert [one.subject for one in told if one.put_at == LATER] == ["联合体“护树联合体”的一位成员改由单位参加"]
        assert other_unit in {one.organisation_id for one in session.exec(select(Profile))}
        assert faults(session) == []


def test_move_leaves_what_the_company_saved_itself(store: Store) -> None:
    table, founder = make_table(store), make_founder(store)
    with store.writing() as session:
        for actor in (founder.actor, founder.at_company(store)):
            saves.add(session, actor, kind=SubjectKind.ITEM, subject_id=table.item_id, now=NOW, new_id=NEW_ID)
    move(store, founder)
    with store.reading() as session:
        held = sorted(row.holder_id for row in session.exec(select(Save)))
        assert held == sorted([founder.person_id, founder.company_id])


def test_move_closes_the_persons_side_for_good(store: Store) -> None:
    founder = make_founder(store)
    move(store, founder)
    with store.writing() as session, pytest.raises(Conflict) as again:
        profiles.put(session, founder.actor, organisation_id=founder.person_id, form=FORM, now=LATER, new_id=NEW_ID)
    with store.reading() as session, pytest.raises(Conflict) as draft:
        drafts.get(session, founder.actor, founder.person_id)
    with pytest.raises(Conflict) as twice:
        move(store, founder)
    assert {again.value.code, draft.value.code, twice.value.code} == {"profile_moved_away"}
    assert "拾叶科技有限公司" in again.value.message
    with store.reading() as session:
        assert moves.ways(session, founder.actor) == []


def test_move_takes_in_the_lines_that_lists_say_of_the_company(store: Store) -> None:
    table, founder = make_table(store), make_founder(store)
    row = make_capability("树木病害识别", issuer="拾叶科技有限公司", region="福建省临川市")
    publish(store, table.organiser, [row], series_title="能力清单")
    with store.writing() as session:
        listed = session.exec(select(Item).where(Item.title == "树木病害识别")).one()
        replaced = listed.profile_id
        assert replaced is not None
        assert session.get_one(Profile, replaced).organisation_id == founder.company_id
        saves.add(session, table.enterprise, kind=SubjectKind.PROFILE, subject_id=replaced, now=NOW, new_id=NEW_ID)
        brochures.add(
            session,
            accounts.actor(session, founder.actor.account_id, organisation_id=founder.company_id),
            organisation_id=founder.company_id,
            file=StoredFile("b" * 64, 900),
            name="介绍.docx",
            reading={},
            now=NOW,
            new_id=NEW_ID,
        )
    move(store, founder)
    with store.reading() as session:
        page = profiles.get(session, founder.profile_id)
        saved = saves.of_seat(session, table.enterprise).profiles

        kept = brochures.of_organisation(session, founder.at_company(store), founder.company_id)
        assert [one.name for one in kept] == ["介绍.docx"]
        assert [note.headline for note in page.notes] == ["树木病害识别"]
        assert session.get(Profile, replaced) is None
        assert profile_moves.successor(session, replaced) == founder.profile_id
        assert [one.profile_id for one in saved] == [founder.profile_id]
        assert faults(session) == []


def test_move_lets_lists_that_go_on_naming_the_person_speak_of_the_company(store: Store) -> None:
    table, founder = make_table(store), make_founder(store)
    move(store, founder)
    with store.writing() as session:
        from marketplace.profiles import notes

        found = notes.ensure(session, [founder.person_id, founder.company_id], now=LATER, new_id=NEW_ID)
    assert found == {founder.person_id: founder.profile_id, founder.company_id: founder.profile_id}
    assert table.profile_id != founder.profile_id


def test_a_profile_kept_beside_its_move_is_a_fault(store: Store) -> None:
    founder = make_founder(store)
    move(store, founder)
    tamper(store, f"UPDATE profile SET organisation_id = '{founder.person_id}' WHERE id = '{founder.profile_id}'")
    with store.reading() as session:
        assert "profile_moved_and_kept" in faults(session)


def test_move_tells_each_person_once(store: Store) -> None:
    founder = make_founder(store)
    move(store, founder)
    with store.reading() as session:
        told = session.exec(select(Message).where(Message.put_at == LATER)).all()
    assert [(one.account_id, one.link) for one in told] == [(founder.actor.account_id, f"/opcs/{founder.profile_id}")]


def test_move_is_refused_where_the_company_has_written_its_own(store: Store) -> None:
    founder = make_founder(store)
    company = founder.at_company(store)
    with store.writing() as session:
        profiles.put(session, company, organisation_id=founder.company_id, form=FORM, now=NOW, new_id=NEW_ID)
    with pytest.raises(Conflict) as refusal:
        move(store, founder)
    assert refusal.value.code == "company_has_profile"
    with store.reading() as session:
        (way,) = moves.ways(session, founder.actor)
        assert [(one.organisation.id, one.refusal) for one in way.targets] == [
            (founder.company_id, refusal.value.message)
        ]
        assert profiles.find(session, founder.person_id) == founder.profile_id


def test_move_is_refused_while_the_person_deals_with_the_companys_own_need(store: Store) -> None:
    table, founder = make_table(store), make_founder(store)
    dealing_id = begin(store, table, founder)
    with store.writing() as session:
        item = session.get_one(Item, table.item_id)
        item.organisation_id = founder.company_id
        session.add(item)
    with pytest.raises(Conflict) as refusal:
        move(store, founder)
    assert refusal.value.code == "own_need"
    with store.writing() as session:
        row = session.get_one(Dealing, dealing_id)
        said = Said(text="改由公司自己做", ending=Ending.OTHER)
        dealings.move(
            session, founder.actor, dealing_id, Event.END, version=row.version, said=said, now=NOW, new_id=NEW_ID
        )
    assert move(store, founder) == founder.profile_id


def test_move_is_for_the_owner_of_both_alone(store: Store) -> None:
    table, founder = make_table(store), make_founder(store)
    with pytest.raises(NotAllowed) as refusal:
        move(store, founder, table.organiser)
    assert refusal.value.code == "not_the_owner"
    assert move(store, founder, founder.at_company(store)) == founder.profile_id


PERSON = Giver(OrganisationKind.NATURAL_PERSON, is_owned=True, is_moved=False, versions=1)
COMPANY = Taker(OrganisationKind.COMPANY, is_owned=True, is_closed=False, offers_work=True)


@pytest.mark.parametrize(
    ("giver", "taker", "code"),
    [
        (PERSON, replace(COMPANY, is_owned=False), "not_the_owner"),
        (replace(PERSON, kind=OrganisationKind.COMPANY), COMPANY, "not_a_person"),
        (replace(PERSON, is_moved=True), COMPANY, "profile_moved_away"),
        (replace(PERSON, versions=0), COMPANY, "profile_missing"),
        (PERSON, replace(COMPANY, kind=OrganisationKind.NATURAL_PERSON), "not_a_company"),
        (PERSON, replace(COMPANY, is_closed=True), "not_a_company"),
        (PERSON, replace(COMPANY, offers_work=False), "offers_no_work"),
        (PERSON, replace(COMPANY, versions=2), "company_has_profile"),
        (PERSON, replace(COMPANY, has_draft=True), "company_has_draft"),
        (PERSON, replace(COMPANY, dealings=1), "company_has_dealings"),
        (PERSON, replace(COMPANY, teams=1), "company_has_dealings"),
        (PERSON, replace(COMPANY, shared_dealings=1), "own_need"),
    ],
)
def test_refusal_names_what_stands_in_the_way(giver: Giver, taker: Taker, code: str) -> None:
    found = rules.refusal(giver, taker)
    assert found is not None
    assert found[0] == code
    assert rules.refusal(PERSON, COMPANY) is None
