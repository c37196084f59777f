"""Drafts, visibility, evidence, checks, visits and erasing of profiles."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import OrganisationKind, Role, Standing
from marketplace.kernel import audit, changes
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.profiles import checks, drafts, erasing, evidence, forms, profiles, visits
from marketplace.profiles.entries import Case, Filing, Offer, case
from marketplace.profiles.evidence import EvidenceFile
from marketplace.profiles.rules import completeness, merging, visibility
from marketplace.profiles.rules import forms as rules
from marketplace.profiles.rules.evidence import media_type, safe_name
from marketplace.profiles.tables import ProfileVersion
from marketplace.profiles.views import ProfileFilter, ProfileForm
from marketplace.profiles.words import FilingKind, Visibility
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_person, publish

LATER = NOW + timedelta(days=1)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"
FORM = ProfileForm(
    headline="手机拍叶判病虫害",
    description="两人团队，专做园林病虫害识别。",
    offers=(Offer("病虫害识别", "园林管养单位", "手机照片", "病害名称和位置", "小程序和月报"),),
    cases=(Case("植物园巡检", "某植物园", 2025, "识别46种病害", "准确率91%"),),
    not_offered=("不做硬件",),
    team_size=2,
    price_text="3 万元起",
    filings=(Filing(FilingKind.ALGORITHM, "网信算备110000001号"),),
)


@pytest.fixture
def unit(store: Store) -> str:
    with store.writing() as session:
        return organisations.find_or_create(
            session, name="木语视觉", uscc=None, region="江苏省", kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        ).id


@pytest.fixture
def owner(store: Store, unit: str) -> Actor:
    return make_person(store, role=Role.OPC, organisation_id=unit, email="opc@example.com", name="周一人")


@pytest.fixture
def colleague(store: Store, unit: str) -> Actor:
    return make_person(
        store, role=Role.OPC, organisation_id=unit, email="two@example.com", name="吴二人", standing=Standing.EDITOR
    )


def save(
    store: Store, actor: Actor, unit: str, form: ProfileForm, since: ProfileForm | None = None
) -> drafts.DraftPage:
    started_from = merging.digests(since or ProfileForm(region="江苏省"))
    with store.writing() as session:
        return drafts.save(
            session, actor, organisation_id=unit, form=form, started_from=started_from, now=NOW, new_id=NEW_ID
        )


def release(store: Store, actor: Actor, unit: str, form: ProfileForm) -> str:
    with store.writing() as session:
        return drafts.publish(
            session, actor, organisation_id=unit, seen=merging.digests(form), now=NOW, new_id=NEW_ID
        ).id


def put(store: Store, actor: Actor, unit: str, form: ProfileForm) -> str:
    with store.writing() as session:
        return profiles.put(session, actor, organisation_id=unit, form=form, now=NOW, new_id=NEW_ID).id


def add_file(store: Store, actor: Actor, unit: str, *, digest: str = "c" * 64) -> EvidenceFile:
    with store.writing() as session:
        return evidence.add(
            session,
            actor,
            organisation_id=unit,
            file=StoredFile(digest, 1000),
            name="验收单.pdf",
            head=PDF,
            now=NOW,
            new_id=NEW_ID,
        )


def test_save_keeps_a_draft_that_nobody_else_sees(store: Store, unit: str, owner: Actor) -> None:
    page = save(store, owner, unit, FORM)

    with store.reading() as session:
        assert (page.form, page.version, page.number, page.is_ahead) == (FORM, 1, 0, True)
        assert list(profiles.documents(session)) == []
        assert profiles.search(session, ProfileFilter()).total == 0
        assert changes.since(session, 0, limit=9) == []


def test_save_of_two_editors_keeps_both_where_they_changed_different_fields(
    store: Store, unit: str, owner: Actor, colleague: Actor
) -> None:
    save(store, owner, unit, FORM)
    save(store, owner, unit, replace(FORM, price_text="4 万元起"), since=FORM)

    merged = save(store, colleague, unit, replace(FORM, team_size=3), since=FORM)

    assert merged.form == replace(FORM, price_text="4 万元起", team_size=3)


def test_save_of_the_same_field_by_two_is_refused_and_shows_both(
    store: Store, unit: str, owner: Actor, colleague: Actor
) -> None:
    save(store, owner, unit, FORM)
    first = save(store, owner, unit, replace(FORM, price_text="4 万元起"), since=FORM)

    with pytest.raises(drafts.DraftMoved) as refusal:
        save(store, colleague, unit, replace(FORM, price_text="5 万元起", team_size=3), since=FORM)

    assert (refusal.value.clashing, refusal.value.theirs.form) == (("price_text",), first.form)
    with store.reading() as session:
        assert drafts.get(session, owner, unit).form == first.form
    settled = save(store, colleague, unit, replace(FORM, price_text="5 万元起"), since=first.form)
    assert settled.form.price_text == "5 万元起"


def test_publish_makes_a_version_once_for_two_clicks(store: Store, unit: str, owner: Actor) -> None:
    save(store, owner, unit, FORM)

    ids = {release(store, owner, unit, FORM), release(store, owner, unit, FORM)}

    with store.reading() as session:
        (profile_id,) = ids
        page = profiles.get(session, profile_id, owner)
        assert [version.form for version in page.versions] == [FORM]
        assert [entry.action for entry in audit.history(session, "profile", profile_id)] == ["profile.written"]
        assert not drafts.get(session, owner, unit).is_ahead


def test_publish_refuses_what_its_publisher_has_not_seen(
    store: Store, unit: str, owner: Actor, colleague: Actor
) -> None:
    save(store, owner, unit, FORM)
    save(store, colleague, unit, replace(FORM, team_size=3), since=FORM)

    with pytest.raises(Conflict) as refusal:
        release(store, owner, unit, FORM)

    assert refusal.value.code == "profile_draft_moved"


def test_publish_keeps_what_was_published_otherwise_meanwhile(store: Store, unit: str, owner: Actor) -> None:
    put(store, owner, unit, FORM)
    drafted = replace(FORM, team_size=3)
    save(store, owner, unit, drafted, since=FORM)
    colleague = make_person(store, role=Role.OPC, organisation_id=unit, email="a@example.com")
    put(store, colleague, unit, replace(FORM, price_text="8 万元"))

    with store.reading() as session:
        page = drafts.get(session, owner, unit)
    release(store, owner, unit, page.form)

    with store.reading() as session:
        assert drafts.get(session, owner, unit).published == replace(FORM, team_size=3, price_text="8 万元")


def test_a_field_published_otherwise_meanwhile_must_be_settled_first(store: Store, unit: str, owner: Actor) -> None:
    put(store, owner, unit, FORM)
    drafted = replace(FORM, team_size=3)
    save(store, owner, unit, drafted, since=FORM)
    colleague = make_person(store, role=Role.OPC, organisation_id=unit, email="a@example.com")
    put(store, colleague, unit, replace(FORM, team_size=9))

    with pytest.raises(Conflict) as refusal:
        release(store, owner, unit, drafted)
    settled = save(store, owner, unit, drafted, since=drafted)
    release(store, owner, unit, drafted)

    with store.reading() as session:
        assert (refusal.value.code, settled.clashing) == ("profile_moved_on", ())
        assert drafts.get(session, owner, unit).published == drafted


def test_publish_refuses_what_lacks_its_headline(store: Store, unit: str, owner: Actor) -> None:
    unsound = ProfileForm(offers=(Offer("", "园林"),), cases=(Case("", "客户"),))
    save(store, owner, unit, unsound)

    with pytest.raises(Invalid) as refusal:
        release(store, owner, unit, unsound)

    assert sorted(refusal.value.fields) == ["cases", "headline", "offers"]


def test_drafts_are_for_its_own_people_and_written_by_editors_alone(store: Store, unit: str, owner: Actor) -> None:
    save(store, owner, unit, FORM)
    reader = make_person(store, role=Role.OPC, organisation_id=unit, email="r@example.com", standing=Standing.READER)
    stranger = make_person(store, email="s@example.com")

    with store.reading() as session:
        assert drafts.get(session, reader, unit).form == FORM
        with pytest.raises(NotFound):
            drafts.get(session, stranger, unit)
    with pytest.raises(NotAllowed):
        save(store, reader, unit, replace(FORM, team_size=7), since=FORM)
    with pytest.raises(NotFound):
        save(store, stranger, unit, replace(FORM, team_size=7), since=FORM)


def test_replace_takes_an_older_version_as_the_draft(store: Store, unit: str, owner: Actor) -> None:
    put(store, owner, unit, FORM)
    put(store, owner, unit, replace(FORM, team_size=3))

    with store.writing() as session:
        page = drafts.replace(session, owner, organisation_id=unit, number=1, now=NOW, new_id=NEW_ID)
    with pytest.raises(NotFound), store.writing() as session:
        drafts.replace(session, owner, organisation_id=unit, number=9, now=NOW, new_id=NEW_ID)

    assert (page.form, page.published.team_size, page.is_ahead) == (FORM, 3, True)


CANARIES = ProfileForm(
    headline="公开的一句话",
    description="金丝雀甲",
    offers=(Offer("金丝雀乙"),),
    skills=("金丝雀丙",),
    sectors=("金丝雀丁",),
    cases=(Case("金丝雀戊", done="金丝雀己"),),
    not_offered=("金丝雀庚",),
    region="金丝雀市",
    price_text="金丝雀辛",
    team_size=7654,
    filings=(Filing(note="金丝雀壬"),),
    visibility=dict.fromkeys(visibility.FIELDS, Visibility.PRIVATE),
)


@pytest.mark.parametrize("level", [Visibility.MEMBERS, Visibility.PRIVATE])
def test_what_is_not_public_is_neither_matched_nor_listed_nor_counted(
    store: Store, unit: str, owner: Actor, level: Visibility
) -> None:
    put(store, owner, unit, replace(CANARIES, visibility=dict.fromkeys(visibility.FIELDS, level)))

    with store.reading() as session:
        (record,) = profiles.documents(session)
        (card,) = profiles.search(session, ProfileFilter()).rows
        facets = profiles.facets(session, ProfileFilter())
        by_sector = profiles.search(session, ProfileFilter(sector="金丝雀丁")).total
        by_size = profiles.search(session, ProfileFilter(team_size_from=7000)).total

    assert "金丝雀" not in repr((record, card, facets))
    assert (record.headline, record.team_size, card.team_size, by_sector, by_size) == ("公开的一句话", None, None, 0, 0)


def test_each_reader_sees_what_is_open_to_it(store: Store, unit: str, owner: Actor) -> None:
    form = replace(FORM, visibility={"price_text": Visibility.MEMBERS, "cases": Visibility.PRIVATE})
    profile_id = put(store, owner, unit, form)
    readers = {
        "visitor": None,
        "other": make_person(
            store,
            role=Role.ENTERPRISE,
            email="e@example.com",
            organisation_id=_another(store),
        ),
        "organiser": make_person(store, email="o@example.com", region="江苏省"),
        "organiser elsewhere": make_person(store, email="far@example.com", region="福建省/临川市"),
        "owner": owner,
    }

    with store.reading() as session:
        pages = {who: profiles.get(session, profile_id, reader).current for who, reader in readers.items()}

    said = {who: (page.form.price_text, len(page.form.cases), page.withheld) for who, page in pages.items() if page}
    assert said == {
        "visitor": (None, 0, ("price_text",)),
        "other": ("3 万元起", 0, ()),
        "organiser": ("3 万元起", 1, ()),
        "organiser elsewhere": ("3 万元起", 0, ()),
        "owner": ("3 万元起", 1, ()),
    }


def test_older_versions_are_its_own_peoples_business(store: Store, unit: str, owner: Actor) -> None:
    profile_id = put(store, owner, unit, FORM)
    put(store, owner, unit, replace(FORM, price_text=None))

    with store.reading() as session:
        old = [profiles.get(session, profile_id, reader).versions[1].form for reader in (None, owner)]

    assert old == [ProfileForm(headline=FORM.headline), FORM]


def test_evidence_opens_to_those_who_may_see_its_case(store: Store, unit: str, owner: Actor) -> None:
    file = add_file(store, owner, unit)
    hidden = add_file(store, owner, unit, digest="d" * 64)
    other = make_person(store, role=Role.ENTERPRISE, email="e@example.com", organisation_id=_another(store))
    form = replace(FORM, cases=(Case("公开的案例", evidence=(file.id,)),))
    profile_id = put(store, owner, unit, form)

    def opened(reader: Actor | None, file_id: str, of: str = profile_id) -> bool:
        try:
            with store.reading() as session:
                evidence.get(session, reader, of, file_id)
        except NotFound:
            return False
        return True

    assert [opened(reader, file.id) for reader in (None, other, owner)] == [False, True, True]
    assert [opened(reader, hidden.id) for reader in (None, other, owner)] == [False, False, True]
    assert [opened(owner, file.id, "unknown"), opened(owner, "unknown")] == [False, False]
    put(store, owner, unit, replace(form, visibility={"evidence": Visibility.PUBLIC}))
    assert opened(None, file.id)


def test_a_reader_sees_where_and_in_what_a_supplier_works_as_far_as_it_may(
    store: Store, unit: str, owner: Actor
) -> None:
    form = replace(FORM, sectors=("林业",), region="江苏省", visibility={"sectors": Visibility.MEMBERS})
    profile_id = put(store, owner, unit, form)
    member = make_person(store, role=Role.ENTERPRISE, email="e@example.com", organisation_id=_another(store))

    with store.reading() as session:
        seen = [profiles.get(session, profile_id, reader).card.sectors for reader in (None, member, owner)]

    assert seen == [(), ("林业",), ("林业",)]


def test_an_office_opens_files_of_published_versions_alone(store: Store, unit: str, owner: Actor) -> None:
    file, drafted = add_file(store, owner, unit), add_file(store, owner, unit, digest="d" * 64)
    form = replace(FORM, cases=(Case("案例", evidence=(file.id,)),))
    profile_id = put(store, owner, unit, form)
    put(store, owner, unit, replace(form, cases=()))
    organiser = make_person(store, email="o@example.com", region="江苏省")

    with store.reading() as session:
        assert evidence.get(session, organiser, profile_id, file.id).id == file.id
        with pytest.raises(NotFound):
            evidence.get(session, organiser, profile_id, drafted.id)


def test_a_case_cannot_name_the_file_of_another_profile(store: Store, unit: str, owner: Actor) -> None:
    other_unit = _another(store)
    other = make_person(store, role=Role.OPC, email="e@example.com", organisation_id=other_unit)
    file = add_file(store, other, other_unit)

    with pytest.raises(Invalid) as refusal:
        save(store, owner, unit, replace(FORM, cases=(Case("借来的", evidence=(file.id,)),)))
    with pytest.raises(NotAllowed):
        add_file(store, owner, other_unit)

    assert list(refusal.value.fields) == ["cases"]


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"<html>", "a.pdf"), (b"MZ\x90", "a.png"), (PDF, "a.png"), (b"\x89PNG\r\n\x1a\n", "a.jpg"), (b"", "a.pdf")],
)
def test_media_type_refuses_other_kinds_and_wrong_names(head: bytes, name: str) -> None:
    with pytest.raises(Invalid):
        media_type(head, name)


def test_media_type_goes_by_content() -> None:
    found = [media_type(PDF, "A.PDF"), media_type(b"\xff\xd8\xff\xe0", "b.jpeg")]

    assert found == ["application/pdf", "image/jpeg"]


def test_safe_name_leaves_no_folder_and_no_trick() -> None:
    long = safe_name("名" * 300 + ".pdf")

    assert [safe_name("../../etc/合同.pdf"), safe_name("c:\\x\\a\u202egpj.pdf"), safe_name("/")] == [
        "合同.pdf",
        "agpj.pdf",
        "文件",
    ]
    assert (len(long), long[-4:]) == (120, ".pdf")


def test_a_check_stands_while_its_case_stays_as_it_was(store: Store, unit: str, owner: Actor) -> None:
    profile_id = put(store, owner, unit, FORM)
    organiser = make_person(store, email="o@example.com", region="江苏省")
    digest = checks.digest(FORM.cases[0])
    for _ in range(2):
        with store.writing() as session:
            checks.confirm(
                session, organiser, profile_id, case_digest=digest, note="已看验收单", now=NOW, new_id=NEW_ID
            )

    with store.reading() as session:
        found = checks.of_profile(session, profile_id)
    changed = replace(FORM.cases[0], result="准确率99%")

    assert {key: (one.checked_by, one.note) for key, one in found.items()} == {digest: ("陈科长", "已看验收单")}
    assert checks.digest(changed) not in found


def test_a_check_is_the_organisers_and_of_a_published_case(store: Store, unit: str, owner: Actor) -> None:
    profile_id = put(store, owner, unit, FORM)
    organiser = make_person(store, email="o@example.com", region="江苏省")
    digest = checks.digest(FORM.cases[0])

    def confirm(actor: Actor, case_digest: str, note: str = "已看合同") -> None:
        with store.writing() as session:
            checks.confirm(session, actor, profile_id, case_digest=case_digest, note=note, now=NOW, new_id=NEW_ID)

    with pytest.raises(NotAllowed):
        confirm(owner, digest)
    with pytest.raises(Conflict):
        confirm(organiser, checks.digest(Case("没有发布的")))
    with pytest.raises(Invalid):
        confirm(organiser, digest, note=" ")
    confirm(organiser, digest)
    with store.writing() as session:
        checks.withdraw(session, organiser, profile_id, case_digest=digest, now=NOW)
    with store.reading() as session:
        assert checks.of_profile(session, profile_id) == {}


def test_a_visit_marks_what_came_since_the_one_before(store: Store, unit: str, owner: Actor) -> None:
    profile_id = put(store, owner, unit, FORM)

    def visit(minutes: int) -> object:
        now = NOW + timedelta(minutes=minutes)
        with store.writing() as session:
            before, is_due = visits.last(session, owner, profile_id, now=now)
            visits.note(session, owner, profile_id, now=now)
            return before, is_due

    told = [visit(minutes) for minutes in (0, 10, 60, 70)]

    assert told == [(None, True), (None, False), (NOW, True), (NOW, False)]


def test_erase_leaves_nothing_of_the_form_and_what_lists_say(store: Store, unit: str, owner: Actor) -> None:
    file = add_file(store, owner, unit)
    profile_id = put(store, owner, unit, replace(FORM, cases=(Case("案例", evidence=(file.id,)),)))
    save(store, owner, unit, replace(FORM, headline="还没发布"), since=FORM)

    with store.writing() as session:
        digests = erasing.erase(session, owner, organisation_id=unit, now=LATER)

    with store.reading() as session:
        page = profiles.get(session, profile_id, owner)
        assert (digests, evidence.unused(session, digests)) == (["c" * 64], ["c" * 64])
        assert (page.current, page.versions, session.exec(select(ProfileVersion)).all()) == (None, (), [])
        assert (list(profiles.documents(session)), profiles.count(session)) == ([], 0)
        assert changes.since(session, 0, limit=9)[-1].operation == "gone"
        assert audit.history(session, "profile", profile_id)[-1].action == "profile.erased"
        assert drafts.get(session, owner, unit).form == ProfileForm(region="江苏省")
    put(store, owner, unit, FORM)
    with store.reading() as session:
        assert profiles.count(session) == 1


def test_erase_keeps_the_rows_of_others_lists(store: Store) -> None:
    publish(store, make_person(store), [make_capability()])
    with store.reading() as session:
        (card,) = profiles.search(session, ProfileFilter()).rows
    owner = make_person(store, role=Role.OPC, organisation_id=card.organisation_id, email="p@example.com")
    put(store, owner, card.organisation_id, FORM)

    with store.writing() as session:
        erasing.erase(session, owner, organisation_id=card.organisation_id, now=LATER)

    with store.reading() as session:
        (left,) = profiles.search(session, ProfileFilter()).rows
    assert left.headline == "树木病害识别"


def test_erase_is_for_owners(store: Store, unit: str, owner: Actor, colleague: Actor) -> None:
    put(store, owner, unit, FORM)

    with pytest.raises(NotAllowed), store.writing() as session:
        erasing.erase(session, colleague, organisation_id=unit, now=LATER)


def test_the_database_refuses_to_alter_a_version(store: Store, unit: str, owner: Actor) -> None:
    put(store, owner, unit, FORM)

    with pytest.raises(Exception, match="written once"), store.writing() as session:
        session.execute(text("UPDATE profile_version SET headline = 'x'"))


def test_a_form_survives_its_record() -> None:
    form = replace(FORM, visibility={"cases": Visibility.PRIVATE}, founded_year=2024)

    assert forms.of_record(forms.as_record(form)) == form


def test_what_is_matched_stands_on_the_page_line_by_line(store: Store, unit: str, owner: Actor) -> None:
    put(store, owner, unit, FORM)

    with store.reading() as session:
        (record,) = profiles.documents(session)

    assert record.offers == ("病虫害识别\n园林管养单位\n手机照片\n病害名称和位置\n小程序和月报",)
    assert (record.cases, record.filings) == (
        ("植物园巡检\n识别46种病害\n准确率91%",),
        ("算法备案 网信算备110000001号",),
    )


def test_a_plain_text_case_stays_as_it_was() -> None:
    assert [case("短的案例").text, case("长" * 500).text, Filing(note="资质甲级").text] == [
        "短的案例",
        "长" * 500,
        "资质甲级",
    ]


def test_clean_draft_keeps_rows_where_they_are() -> None:
    form = ProfileForm(skills=("甲", "", "甲", ""), offers=(Offer(""), Offer(" 乙 "), Offer("")))

    drafted, published = rules.clean_draft(form), rules.clean(form)

    assert (drafted.skills, drafted.offers) == (("甲", "", "甲"), (Offer(""), Offer("乙")))
    assert (published.skills, published.offers) == (("甲",), (Offer("乙"),))


@pytest.mark.parametrize("field", ["headline", "price_text", "region"])
def test_a_text_of_500_characters_is_refused_with_its_length(field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.require_storable(replace(FORM, **{field: "字" * 500}))  # type: ignore[arg-type]

    assert list(refusal.value.fields) == [field]


def test_emoji_scripts_and_unseen_characters_are_kept_or_dropped(store: Store, unit: str, owner: Actor) -> None:
    form = replace(FORM, headline="识别\x00🌳<script>alert(1)</script>", description="第一行\r\n第二行")

    put(store, owner, unit, form)

    with store.reading() as session:
        kept = drafts.get(session, owner, unit).published
    assert (kept.headline, kept.description) == ("识别🌳<script>alert(1)</script>", "第一行\n第二行")


def test_completeness_names_the_weightiest_step_left() -> None:
    empty, full = completeness.measure(ProfileForm()), completeness.measure(FORM)

    assert (empty.percent, empty.next.field if empty.next else None) == (0, "headline")
    assert (full.percent, full.next.field if full.next else None) == (67, "description")


def _another(store: Store) -> str:
    with store.writing() as session:
        return _make(session)


def _make(session: Session) -> str:
    return organisations.find_or_create(
        session, name="另一家", uscc=None, region="", kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
    ).id


def test_a_blank_form_says_where_the_unit_is_registered(store: Store, unit: str, owner: Actor) -> None:
    with store.reading() as session:
        before = drafts.get(session, owner, unit)
    after = save(store, owner, unit, replace(before.form, headline="看图识病"), since=before.form)

    assert (before.form.region, before.is_ahead) == ("江苏省", False)
    assert (after.form.region, after.form.headline, after.is_ahead) == ("江苏省", "看图识病", True)
