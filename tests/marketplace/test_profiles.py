"""Profiles: one per organisation, written, read and searched."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.kernel import audit, changes
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.profiles import profiles
from marketplace.profiles.entries import Case, Filing
from marketplace.profiles.rules.summary import head_count, split_sectors
from marketplace.profiles.views import ProfileFilter, ProfileForm, ProfilePage, ProfileRecord
from tests.marketplace.market import NEW_ID, NOW, make_capability, make_person, publish

LATER = NOW + timedelta(days=1)
FORM = ProfileForm(
    headline="手机拍叶判病虫害",
    description="两人团队，专做园林病虫害识别。",
    skills=("图像识别", "小程序"),
    sectors=("智慧园林", "绿色低碳"),
    cases=(Case("某植物园巡检"),),
    not_offered=("不做硬件",),
    team_size=2,
    region="福建省临川市",
    price_text="3 万元起",
    filings=(Filing(note="算法备案"),),
)


def make_organisation(store: Store, name: str = "木语视觉科技有限公司", *, region: str = "福建省/临川市") -> str:
    with store.writing() as session:
        return organisations.find_or_create(
            session, name=name, uscc=None, region=region, kind=OrganisationKind.COMPANY, now=NOW, new_id=NEW_ID
        ).id


def put(
    store: Store, actor: Actor, organisation_id: str, form: ProfileForm = FORM, *, version: int | None = None
) -> ProfilePage:
    with store.writing() as session:
        return profiles.put(
            session, actor, organisation_id=organisation_id, form=form, version=version, now=NOW, new_id=NEW_ID
        )


def make_owner(store: Store, organisation_id: str, *, email: str = "opc@example.com") -> Actor:
    return make_person(store, role=Role.OPC, organisation_id=organisation_id, region="", email=email, name="周一人")


def names(store: Store, wanted: ProfileFilter | None = None) -> list[str]:
    with store.reading() as session:
        return [card.name for card in profiles.search(session, wanted or ProfileFilter()).rows]


def test_put_writes_a_version_with_who_and_when(store: Store) -> None:
    organisation_id = make_organisation(store)
    owner = make_owner(store, organisation_id)

    page = put(store, owner, organisation_id)

    assert page.current is not None
    assert (page.current.number, page.current.form, page.current.written_by, page.current.written_at) == (
        *(1, FORM),
        *("周一人", NOW),
    )
    with store.reading() as session:
        assert [entry.action for entry in audit.history(session, "profile", page.id)] == ["profile.written"]
        assert [(c.kind, c.subject_id, c.operation) for c in changes.since(session, 0, limit=9)] == [
            ("profile", page.id, "put"),
        ]


def test_put_again_makes_the_next_version_of_the_same_profile(store: Store) -> None:
    organisation_id = make_organisation(store)
    owner = make_owner(store, organisation_id)
    first = put(store, owner, organisation_id)

    second = put(store, owner, organisation_id, replace(FORM, team_size=3))

    assert (second.id, [version.number for version in second.versions]) == (first.id, [2, 1])
    assert [version.form.team_size for version in second.versions] == [3, 2]


def test_put_of_the_same_form_writes_nothing(store: Store) -> None:
    organisation_id = make_organisation(store)
    owner = make_owner(store, organisation_id)
    put(store, owner, organisation_id)
    with store.reading() as session:
        before = changes.head(session)

    page = put(
        store,
        owner,
        organisation_id,
        replace(FORM, headline="  手机拍叶判病虫害 ", skills=("图像识别", "", "小程序", "小程序")),
    )

    with store.reading() as session:
        assert (len(page.versions), changes.head(session)) == (1, before)


def test_put_refuses_a_form_that_was_edited_meanwhile(store: Store) -> None:
    organisation_id = make_organisation(store)
    owner = make_owner(store, organisation_id)
    put(store, owner, organisation_id, version=0)

    with pytest.raises(Conflict) as refusal:
        put(store, owner, organisation_id, replace(FORM, team_size=4), version=0)

    assert refusal.value.code == "profile_moved_on"


def test_put_refuses_a_bad_form_field_by_field(store: Store) -> None:
    organisation_id = make_organisation(store)
    bad = ProfileForm(team_size=0, skills=("x" * 2001,), cases=tuple(Case(str(number)) for number in range(101)))

    with pytest.raises(Invalid) as refusal:
        put(store, make_owner(store, organisation_id), organisation_id, bad)

    assert sorted(refusal.value.fields) == ["cases", "headline", "skills", "team_size"]


def test_put_is_for_the_owner_and_while_unclaimed_an_organiser(store: Store) -> None:
    organisation_id = make_organisation(store)
    people = {
        "owner": make_owner(store, organisation_id),
        "stranger": make_owner(store, make_organisation(store, "另一家"), email="b@example.com"),
        "organiser": make_person(store, email="c@example.com", region="江苏省"),
        "expert": make_person(store, email="d@example.com", role=Role.EXPERT),
        "administrator": make_person(store, email="e@example.com", role=Role.ADMINISTRATOR, region=""),
    }
    with store.reading() as session:
        unclaimed = organisations.get(session, organisation_id)
    claimed = replace(unclaimed, claimed=True)

    writing = [
        [who for who, actor in people.items() if profiles.may_write(actor, organisation)]
        for organisation in (unclaimed, claimed)
    ]

    assert writing == [["owner", "organiser"], ["owner"]]
    with pytest.raises(NotAllowed):
        put(store, people["stranger"], organisation_id)


def test_put_many_writes_the_forms_of_many_and_only_what_changed(store: Store) -> None:
    organiser = make_person(store)
    ids = [make_organisation(store, name) for name in ("甲", "乙")]
    put(store, organiser, ids[0])

    with store.writing() as session:
        written = profiles.put_many(
            session, organiser, {ids[0]: FORM, ids[1]: replace(FORM, team_size=9)}, now=LATER, new_id=NEW_ID
        )
    with store.reading() as session:
        versions = [
            [
                (version.number, version.written_at)
                for version in profiles.get(session, written[organisation_id]).versions
            ]
            for organisation_id in ids
        ]

    assert versions == [[(1, NOW)], [(1, LATER)]]
    assert names(store, ProfileFilter(team_size_from=9)) == ["乙"]


def test_one_organisation_has_one_profile_of_form_and_notes(store: Store) -> None:
    publish(store, make_person(store), [make_capability("树木病害识别", region="福建省临川市")])
    organisation_id = make_organisation(store)

    page = put(store, make_owner(store, organisation_id), organisation_id)

    with store.reading() as session:
        (record,) = profiles.documents(session)
        assert profiles.find(session, organisation_id) == page.id
    assert record == ProfileRecord(
        id=page.id,
        name="木语视觉科技有限公司",
        headline="手机拍叶判病虫害",
        description="两人团队，专做园林病虫害识别。",
        skills=("图像识别", "小程序"),
        sectors=("智慧园林", "绿色低碳"),
        cases=("某植物园巡检",),
        notes=("树木病害识别\n手机拍叶即判46种病虫害。",),
        not_offered=("不做硬件",),
        team_size=2,
        region="福建省临川市",
        price_text="3 万元起",
        filings=("算法备案",),
    )


def test_a_profile_of_notes_alone_is_filled_from_them(store: Store) -> None:
    row = make_capability(
        "树木病害识别", region="江苏省盐城市", sector="智慧园林、绿色低碳", extras={"team_size": "2人"}
    )
    publish(store, make_person(store), [row])

    with store.reading() as session:
        (card,) = profiles.search(session, ProfileFilter()).rows

    assert (card.headline, card.summary, card.sectors, card.region, card.team_size) == (
        *("树木病害识别", "手机拍叶即判46种病虫害。"),
        ("智慧园林", "绿色低碳"),
        *("江苏省盐城市", 2),
    )


@pytest.fixture
def market(store: Store) -> Store:
    organiser = make_person(store)
    for name, sectors, region, size in (
        ("甲", ("智慧园林",), "福建省临川市", 1),
        ("乙", ("智慧园林", "智慧城管"), "江苏省盐城市", 5),
        ("丙", ("绿色低碳",), "江苏省盐城市", 12),
    ):
        form = replace(FORM, headline=f"{name}的能力", sectors=sectors, region=region, team_size=size)
        put(store, organiser, make_organisation(store, name), form)
    make_organisation(store, "没有画像的单位")
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ProfileFilter(), ["丙", "乙", "甲"]),
        (ProfileFilter(sector="智慧园林"), ["乙", "甲"]),
        (ProfileFilter(sector="城管"), ["乙"]),
        (ProfileFilter(region="江苏省盐城市"), ["丙", "乙"]),
        (ProfileFilter(team_size_to=10), ["乙", "甲"]),
        (ProfileFilter(team_size_from=2, team_size_to=10), ["乙"]),
    ],
)
def test_search_filters(market: Store, wanted: ProfileFilter, found: list[str]) -> None:
    assert sorted(names(market, wanted)) == sorted(found)


def test_search_keeps_a_given_order_and_pages_exactly(market: Store) -> None:
    with market.reading() as session:
        by_name = {card.name: card.id for card in profiles.search(session, ProfileFilter()).rows}
        ids = tuple(by_name[name] for name in ("乙", "丙", "甲"))
        page = profiles.search(session, ProfileFilter(ids=ids), page=2, size=2)
        plain = [profiles.search(session, ProfileFilter(), page=number, size=2) for number in (1, 2)]

    assert (names(market, ProfileFilter(ids=ids)), [card.name for card in page.rows], page.total) == (
        *(["乙", "丙", "甲"], ["甲"]),
        3,
    )
    assert [len(part.rows) for part in plain] == [2, 1]


def test_facets_count_profiles_behind_each_value(market: Store) -> None:
    with market.reading() as session:
        facets = profiles.facets(session, ProfileFilter(region="江苏省盐城市"))

    assert facets.sectors == (("智慧园林", 1), ("智慧城管", 1), ("绿色低碳", 1))
    assert facets.regions == (("江苏省盐城市", 2), ("福建省临川市", 1))


def test_count_is_of_profiles_that_say_something(market: Store) -> None:
    with market.reading() as session:
        assert profiles.count(session) == 3


def test_get_refuses_an_unknown_profile(store: Store) -> None:
    with pytest.raises(NotFound), store.reading() as session:
        profiles.get(session, "unknown")


@pytest.mark.parametrize(
    ("text", "number"), [("3人", 3), ("团队 12 名", 12), ("5-8人", None), ("", None), (None, None), ("91350100", None)]
)
def test_head_count_reads_one_number_and_no_range(text: str | None, number: int | None) -> None:
    assert head_count(text) == number


def test_split_sectors_reads_each_sector_once_in_order() -> None:
    assert split_sectors(["智慧园林、绿色低碳", "绿色低碳/智慧城管"]) == ("智慧园林", "绿色低碳", "智慧城管")
