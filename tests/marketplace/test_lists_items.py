"""Reading and searching items."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ingest.fields import IssuerType, ListKind
from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import NotAllowed, NotFound
from marketplace.lists import items
from marketplace.lists.views import Contact, ItemFilter, ItemRecord
from marketplace.lists.words import SourceKind
from tests.marketplace.market import NOW, REGION, make_capability, make_draft, make_person, publish

LATER = NOW + timedelta(days=30)
TREE = make_draft("行道树健康巡查", row=4, issuer_type=IssuerType.INSTITUTION)
LAMP = make_draft(
    "智慧路灯",
    row=5,
    sector="智慧城管",
    region="临川市云溪区",
    issuer="临川城投",
    issuer_type=IssuerType.SOE,
    budget_min=Decimal("500000.00"),
    budget_max=None,
)
PLANT = make_draft("零碳园区", row=6, list_kind=ListKind.SCENARIO, budget_min=None, budget_max=None, sector="绿色低碳")


@pytest.fixture
def market(store: Store) -> Store:
    publish(store, make_person(store), [TREE, LAMP, PLANT, make_capability(region="江苏盐城")])
    return store


def found(store: Store, wanted: ItemFilter | None = None, *, page: int = 1, size: int = 20) -> list[str]:
    with store.reading() as session:
        return [card.title for card in items.search(session, wanted or ItemFilter(), page=page, size=size).rows]


def id_of(store: Store, title: str) -> str:
    with store.reading() as session:
        return next(card.id for card in items.search(session, ItemFilter()).rows if card.title == title)


def test_search_shows_the_newest_edition_first_in_the_order_of_its_lines(market: Store) -> None:
    assert found(market) == ["行道树健康巡查", "智慧路灯", "零碳园区", "树木病害识别"]


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (ItemFilter(kind=ListKind.SCENARIO), ["零碳园区"]),
        (ItemFilter(sector="智慧"), ["行道树健康巡查", "智慧路灯", "树木病害识别"]),
        (ItemFilter(region="临川市云溪区"), ["智慧路灯"]),
        (ItemFilter(region="临川市"), ["行道树健康巡查", "智慧路灯", "零碳园区"]),
        (ItemFilter(region="云溪区"), []),
        (ItemFilter(issuer_type=IssuerType.SOE), ["智慧路灯"]),
        (ItemFilter(kind=ListKind.DEMAND, budget_from=Decimal(900000)), ["行道树健康巡查"]),
        (ItemFilter(kind=ListKind.DEMAND, budget_from=Decimal(900001)), []),
        (ItemFilter(kind=ListKind.DEMAND, budget_to=Decimal(499999)), []),
        (ItemFilter(kind=ListKind.DEMAND, budget_to=Decimal(500000)), ["智慧路灯"]),
        (ItemFilter(kind=ListKind.SCENARIO, budget_to=Decimal(1)), []),
        (ItemFilter(sector="%"), []),
    ],
)
def test_search_filters(market: Store, wanted: ItemFilter, titles: list[str]) -> None:
    assert found(market, wanted) == titles


def test_search_keeps_a_given_order_and_leaves_out_what_the_filter_does(market: Store) -> None:
    ids = tuple(id_of(market, title) for title in ("零碳园区", "智慧路灯", "行道树健康巡查"))

    in_order = found(market, ItemFilter(ids=(*ids, "unknown", ids[0])))
    second_page = found(market, ItemFilter(ids=ids), page=2, size=2)
    filtered = found(market, ItemFilter(ids=ids, kind=ListKind.DEMAND))

    assert in_order == ["零碳园区", "智慧路灯", "行道树健康巡查"]
    assert (second_page, filtered) == (["行道树健康巡查"], ["智慧路灯", "行道树健康巡查"])
    assert found(market, ItemFilter(ids=())) == []


def test_search_pages_exactly(market: Store) -> None:
    with market.reading() as session:
        pages = [items.search(session, ItemFilter(), page=number, size=3) for number in (1, 2, 3)]

    assert [[card.title for card in page.rows] for page in pages] == [
        ["行道树健康巡查", "智慧路灯", "零碳园区"],
        ["树木病害识别"],
        [],
    ]
    assert [(page.total, page.pages, page.has_next, page.has_previous) for page in pages[:2]] == [
        (4, 2, True, False),
        (4, 2, False, True),
    ]


def test_closed_items_are_found_only_when_asked_for(store: Store) -> None:
    organiser = make_person(store)
    first = publish(store, organiser, [TREE, LAMP])
    publish(store, organiser, [LAMP], series_id=first.card.series_id, now=LATER)

    assert (found(store), found(store, ItemFilter(state=None))) == (["智慧路灯"], ["行道树健康巡查", "智慧路灯"])


def test_facets_count_under_the_other_filters(market: Store) -> None:
    with market.reading() as session:
        facets = items.facets(session, ItemFilter(kind=ListKind.DEMAND, sector="智慧城管"))

    assert facets.sectors == (("智慧园林", 1), ("智慧城管", 1))
    assert (facets.regions, facets.issuer_types) == ((("临川市云溪区", 1),), (("soe", 1),))


def test_counts_and_newest_speak_of_open_items(market: Store) -> None:
    with market.reading() as session:
        counts, newest = items.counts(session), items.newest(session, limit=2)

    assert counts == {"scenario": 1, "demand": 2, "capability": 1}
    assert [card.title for card in newest] == ["行道树健康巡查", "智慧路灯"]


def test_documents_are_open_needs_with_amounts_in_yuan(market: Store) -> None:
    with market.reading() as session:
        records = {record.title: record for record in items.documents(session)}
        some = [r.title for r in items.documents(session, [records["智慧路灯"].id, "unknown"])]

    assert sorted(records) == ["智慧路灯", "行道树健康巡查", "零碳园区"]
    assert some == ["智慧路灯"]
    assert records["智慧路灯"] == ItemRecord(
        id=records["智慧路灯"].id,
        title="智慧路灯",
        description="巡查全市行道树，识别病害并预警倒伏。",
        requirements=("病害识别率不低于88%",),
        list_kind="demand",
        sector="智慧城管",
        region="临川市云溪区",
        budget_min=Decimal("500000.00"),
        budget_max=None,
        period_start=None,
        period_end=LAMP.period_end,
        duration_months=None,
        issuer="临川城投",
        issuer_type="soe",
    )


def test_get_shows_every_fact_with_its_source_and_masks_the_contact(market: Store) -> None:
    with market.reading() as session:
        page = items.get(session, id_of(market, "行道树健康巡查"), named=True)
        public = items.get(session, id_of(market, "行道树健康巡查"))

    assert (public.source.written_by, {version.written_by for version in public.versions}) == ("", {""})
    assert (page.description, page.requirements, page.version) == (TREE.description, TREE.requirements, 1)
    assert page.contact == Contact("周敏", "139****1234", "z***@example.com", masked=True)
    source = page.source
    assert (source.kind, source.file_name, source.sheet, source.row, source.written_by, source.written_at) == (
        *(SourceKind.FILE, "三张清单.xlsx", "需求清单", 4),
        *("陈科长", NOW),
    )
    assert (source.places, source.raw) == ({"title": "B4"}, {"需求名称": "行道树健康巡查", "联系电话": "139****1234"})
    assert (page.card.number, page.edition.number) == (1, 1)


def test_get_refuses_an_unknown_item(store: Store) -> None:
    with pytest.raises(NotFound), store.reading() as session:
        items.get(session, "unknown")


def test_reveal_contact_shows_it_to_organisers_and_logs_who_looked(market: Store) -> None:
    organiser = make_person(market, email="lin@example.com", region="福建省")
    item_id = id_of(market, "行道树健康巡查")

    with market.writing() as session:
        contact = items.reveal_contact(session, organiser, item_id, now=LATER)
    with market.reading() as session:
        (entry,) = audit.history(session, "item", item_id)

    assert contact == Contact("周敏", "13912341234", "zhoumin@example.com", masked=False)
    assert (entry.action, entry.actor_id, entry.at) == ("item.contact_revealed", organiser.account_id, LATER)


@pytest.mark.parametrize(
    ("role", "region"), [(Role.ORGANISER, "江苏省"), (Role.SUPERVISOR, REGION), (Role.EXPERT, REGION)]
)
def test_reveal_contact_is_refused_to_others_and_logs_nothing(market: Store, role: Role, region: str) -> None:
    person = make_person(market, email="x@example.com", role=role, region=region)
    item_id = id_of(market, "行道树健康巡查")

    with pytest.raises(NotAllowed), market.writing() as session:
        items.reveal_contact(session, person, item_id, now=LATER)
    with market.reading() as session:
        assert audit.history(session, "item", item_id) == []
        assert items.may_reveal(session, person, item_id) is False


def test_facets_count_for_a_region_what_choosing_it_gives(store: Store) -> None:
    regions = ("临川市", "临川市澄江区", "福建省/临川市", "澄江区", "全市", "滨江路沿线")
    rows = [make_draft(f"需求{row}", row=row, region=region) for row, region in enumerate(regions, start=4)]
    publish(store, make_person(store), rows)

    with store.reading() as session:
        offered = items.facets(session, ItemFilter()).regions
        chosen = {region: items.search(session, ItemFilter(region=region)).total for region, _number in offered}

    assert offered == (("临川市", 2), ("临川市澄江区", 1), ("澄江区", 1), ("福建省临川市", 1))
    assert chosen == dict(offered)


def test_search_takes_a_range_as_a_range_and_one_limit_as_that_amount(store: Store) -> None:
    stated = [("区间", 50, 150), ("上限", None, 200), ("下限", 80, None), ("面议", None, None)]
    rows = [
        make_draft(
            title,
            row=row,
            budget_min=None if low is None else Decimal(low),
            budget_max=None if high is None else Decimal(high),
            budget_negotiable=title == "面议",
        )
        for row, (title, low, high) in enumerate(stated, start=4)
    ]
    publish(store, make_person(store), rows)

    bands = [(None, 100), (100, 180), (200, None), (151, 199)]
    told = [
        found(store, ItemFilter(budget_from=low and Decimal(low), budget_to=high and Decimal(high)))
        for low, high in bands
    ]

    assert told == [["区间", "下限"], ["区间"], ["上限"], []]


def test_no_view_of_an_item_shows_a_number_that_stands_in_its_words(store: Store) -> None:
    number = "１３９１２３４５６７８"
    words = f"请致电{number}"
    tree = make_draft(
        words,
        description=words,
        requirements=(words,),
        contact_name=words,
        extras={"remarks": words},
        raw={"备注": words},
    )
    publish(store, make_person(store), [tree])
    with store.reading() as session:
        (card,) = items.newest(session, limit=1)
        page = items.get(session, card.id)
        (record,) = items.documents(session)

    told = [str(page.card), str(page), str(record), str(card)]

    assert ["３９１２３４５" in text for text in told] == [False] * 4
    assert [text.count("１３９****５６７８") > 0 for text in told] == [True] * 4
