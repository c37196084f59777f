"""Figures of small markets counted by hand: years as they run in Beijing, sub-regions, and nothing counted twice."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fields import ListKind
from marketplace.accounts.words import Role
from marketplace.figures import achieved, events, targets
from marketplace.figures.rules.landing import Contract, contracts, landed
from marketplace.figures.rules.periods import this_year, years
from marketplace.figures.rules.places import lies_in
from marketplace.figures.views import EventForm, Figure, TargetForm
from marketplace.figures.words import EventKind, Measure, Per, Span
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.policies.views import PolicyStatus
from tests.marketplace.market import NEW_ID, NOW, REGION, make_draft, make_person, publish

YANCHENG = "江苏省/盐城市"
COUNTY = f"{REGION}/澄江区"
LAST_SECOND = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)
"""23:59:59 on New Year's Eve in Beijing."""
MIDNIGHT = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)


def make_event(
    *, title: str = "场景对接会", held_on: date = date(2026, 11, 1), kind: EventKind = EventKind.MATCHING
) -> EventForm:
    """An event that is stated in full."""
    return EventForm(kind, title, held_on, "临川市会展中心", "临川市数据局", 60, "签到表 12 号")


def make_target(
    *, measure: Measure = Measure.SCENARIOS, per: Per = Per.CITY, value: int = 3, quote: str = "每年开放场景不少于3个"
) -> TargetForm:
    """A target of an organiser's own."""
    return TargetForm(
        measure, per, Span.YEARLY, 2026, 2027, value, "临川市行动计划", "第三条", quote, "", PolicyStatus.IN_FORCE
    )


def figure(store: Store, measure: Measure, *, region: str = REGION, year: int = 2026) -> Figure:
    """One figure of a region and a year."""
    with store.reading() as session:
        return achieved.figure(session, targets.goals(session, region), measure, year=year)


def titles(found: Figure) -> list[str]:
    """The rows that were counted."""
    return [row.title for row in found.rows]


def test_shipped_targets_of_yancheng_say_what_the_draft_says(store: Store) -> None:
    with store.writing() as session:
        first, second = targets.load(session, now=NOW), targets.load(session, now=NOW)
        city, county = targets.goals(session, YANCHENG), targets.goals(session, f"{YANCHENG}/亭湖区")

    assert (first, second) == (8, 0)
    assert {(one.form.measure, one.form.span, one.form.value, one.form.clause) for one in city.targets} == {
        (Measure.SCENARIOS, Span.YEARLY, 30, "四（七）推动场景有序开放"),
        (Measure.EVENTS, Span.TOTAL, 100, "三（五）完善OPC社区服务"),
        (Measure.COMMUNITIES, Span.TOTAL, 10, "一、总体要求"),
        (Measure.OPCS, Span.TOTAL, 300, "一、总体要求"),
    }
    assert {(one.form.measure, one.form.value, one.form.clause) for one in county.targets} == {
        (Measure.SCENARIOS, 20, "附件1 三（六）场景对接"),
        (Measure.LANDED, 5, "附件1 三（六）场景对接"),
        (Measure.ORDERED, 1_000_000_000, "附件1 三（六）场景对接"),
        (Measure.EVENTS, 10, "附件1 三（七）生态活动"),
    }
    assert {one.form.status for one in (*city.targets, *county.targets)} == {PolicyStatus.DRAFT}


def test_a_region_without_targets_has_none_until_it_adopts_some(store: Store) -> None:
    organiser = make_person(store)
    with store.writing() as session:
        targets.load(session, now=NOW)
    with store.reading() as session:
        before = targets.goals(session, REGION)
    with store.writing() as session:
        adopted = targets.adopt(session, organiser, REGION, reference=YANCHENG, now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        county = targets.goals(session, COUNTY)
    with store.writing() as session:
        targets.drop(session, organiser, REGION, now=NOW)
        dropped = targets.goals(session, REGION)

    assert (before.targets, before.reference) == ((), None)
    assert (adopted.reference, len(adopted.targets)) == (YANCHENG, 4)
    assert {one.form.value for one in county.targets} == {20, 5, 1_000_000_000, 10}
    assert (dropped.targets, dropped.reference) == ((), None)


def test_own_targets_outweigh_adopting_and_need_their_source(store: Store) -> None:
    organiser = make_person(store)
    with store.writing() as session:
        targets.load(session, now=NOW)
        own = targets.enter(session, organiser, REGION, form=make_target(), now=NOW, new_id=NEW_ID)
    with pytest.raises(Conflict, match="自己的目标"), store.writing() as session:
        targets.adopt(session, organiser, REGION, reference=YANCHENG, now=NOW, new_id=NEW_ID)
    with pytest.raises(Invalid) as wrong, store.writing() as session:
        targets.enter(session, organiser, REGION, form=make_target(quote=" ", value=0), now=NOW, new_id=NEW_ID)
    with store.reading() as session:
        goals = targets.goals(session, REGION)

    assert goals.targets == (own,)
    assert set(wrong.value.fields) == {"quote", "value"}


def test_nobody_enters_targets_or_events_of_another_region(store: Store) -> None:
    stranger = make_person(store, region="江西省/抚州市", email="fuzhou@example.com")
    opc = make_person(store, role=Role.EXPERT, email="zhuanjia@example.com")
    for actor in (stranger, opc):
        with pytest.raises(NotAllowed), store.writing() as session:
            targets.enter(session, actor, REGION, form=make_target(), now=NOW, new_id=NEW_ID)
        with pytest.raises(NotAllowed), store.writing() as session:
            events.enter(session, actor, REGION, form=make_event(), now=NOW, new_id=NEW_ID)


def test_a_shipped_target_is_not_withdrawn(store: Store) -> None:
    organiser = make_person(store, region=YANCHENG)
    with store.writing() as session:
        targets.load(session, now=NOW)
        shipped = targets.of_region(session, YANCHENG)[0]
    with pytest.raises(Conflict, match="随产品提供"), store.writing() as session:
        targets.withdraw(session, organiser, shipped.id, now=NOW)


def test_scenarios_count_once_in_the_year_they_first_appeared_in_beijing(store: Store) -> None:
    organiser = make_person(store)
    old = make_draft("旧年最后一秒", list_kind=ListKind.SCENARIO, row=4)
    new = make_draft("新年零点", list_kind=ListKind.SCENARIO, row=5)
    demand = make_draft("不是场景", row=6)
    first = publish(store, organiser, [old, demand], now=LAST_SECOND)
    publish(store, organiser, [old, new, demand], series_id=first.card.series_id, now=MIDNIGHT)

    assert titles(figure(store, Measure.SCENARIOS, year=2026)) == ["旧年最后一秒"]
    assert titles(figure(store, Measure.SCENARIOS, year=2027)) == ["新年零点"]
    assert figure(store, Measure.SCENARIOS, year=2026).rows[0].on == date(2026, 12, 31)


def test_scenarios_of_a_county_are_those_that_lie_there(store: Store) -> None:
    organiser = make_person(store)
    publish(
        store,
        organiser,
        [
            make_draft("区里一", list_kind=ListKind.SCENARIO, region="临川市澄江区", row=4),
            make_draft("区里二", list_kind=ListKind.SCENARIO, region="澄江区滨江路", row=5),
            make_draft("别的区", list_kind=ListKind.SCENARIO, region="临川市东乡区", row=6),
            make_draft("没写", list_kind=ListKind.SCENARIO, region=None, row=7),
        ],
    )

    assert titles(figure(store, Measure.SCENARIOS, region=COUNTY)) == ["区里一", "区里二"]
    assert figure(store, Measure.SCENARIOS).value == 4
    assert figure(store, Measure.SCENARIOS, region="江西省").value == 0


def test_events_count_in_their_year_and_not_once_withdrawn(store: Store) -> None:
    organiser = make_person(store)
    later = datetime(2027, 1, 2, tzinfo=UTC)
    with store.writing() as session:
        for title, day in (("除夕", date(2026, 12, 31)), ("元旦", date(2027, 1, 1)), ("误登", date(2026, 5, 1))):
            events.enter(
                session, organiser, COUNTY, form=make_event(title=title, held_on=day), now=later, new_id=NEW_ID
            )
        wrong = next(one for one in events.visible_to(session, organiser).rows if one.form.title == "误登")
        events.withdraw(session, organiser, wrong.id, number=1, now=later)

    assert titles(figure(store, Measure.EVENTS, year=2026)) == ["除夕"]
    assert titles(figure(store, Measure.EVENTS, year=2027)) == ["元旦"]
    assert titles(figure(store, Measure.EVENTS, region=COUNTY, year=2026)) == ["除夕"]
    assert figure(store, Measure.EVENTS, region=f"{REGION}/东乡区", year=2026).value == 0


def test_two_who_amend_an_event_do_not_overwrite_each_other(store: Store) -> None:
    organiser = make_person(store)
    with store.writing() as session:
        entered = events.enter(session, organiser, REGION, form=make_event(), now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        events.amend(session, organiser, entered.id, number=1, form=make_event(title="更名"), now=NOW)
    with pytest.raises(Conflict, match="有人改过"), store.writing() as session:
        events.amend(session, organiser, entered.id, number=1, form=make_event(title="慢一步"), now=NOW)
    with store.reading() as session:
        written = [one.form.title for one in events.versions(session, organiser, entered.id)]

    assert written == ["更名", "场景对接会"]


def test_events_are_hidden_from_organisers_of_other_regions(store: Store) -> None:
    organiser = make_person(store)
    stranger = make_person(store, region="江西省/抚州市", email="fuzhou@example.com")
    with store.writing() as session:
        entered = events.enter(session, organiser, REGION, form=make_event(), now=NOW, new_id=NEW_ID)
    with pytest.raises(NotFound), store.reading() as session:
        events.get(session, stranger, entered.id)


def test_an_event_that_is_still_to_come_is_not_entered(store: Store) -> None:
    organiser = make_person(store)
    with pytest.raises(Invalid) as wrong, store.writing() as session:
        events.enter(session, organiser, REGION, form=make_event(held_on=date(2026, 11, 21)), now=NOW, new_id=NEW_ID)

    assert set(wrong.value.fields) == {"held_on"}


def test_a_contract_that_both_sides_confirmed_outweighs_what_the_owner_told() -> None:
    march, may = date(2026, 3, 1), date(2026, 5, 1)
    signed = [Contract("a", "甲", 100, may, "双方"), Contract("a", "乙", 50, march, "双方")]
    told = [Contract("a", "甲", 100, may, "单方"), Contract("b", "丙", 0, march, "单方")]

    every = contracts(signed, told)

    assert [(one.item_id, one.opc_name, one.amount_fen) for one in every] == [
        ("a", "乙", 50),
        ("b", "丙", 0),
        ("a", "甲", 100),
    ]
    assert [(one.item_id, one.on) for one in landed(every)] == [("a", march), ("b", march)]


@pytest.mark.parametrize(
    ("stated", "home", "wanted", "expected"),
    [
        (None, REGION, REGION, True),
        (None, COUNTY, REGION, True),
        ("福建省临川市澄江区", REGION, COUNTY, True),
        ("澄江区", REGION, COUNTY, True),
        ("临川市", REGION, COUNTY, False),
        ("澄江区", "江西省/抚州市", COUNTY, False),
        (None, "福建省/临川市新区", REGION, False),
        ("", "", "", True),
        (None, "临川市澄江区", REGION, True),
        ("临川市澄江区", "临川市", COUNTY, True),
        ("澄江区", "抚州市", COUNTY, False),
        (None, "", REGION, False),
    ],
)
def test_what_lies_in_a_region(stated: str | None, home: str, wanted: str, expected: bool) -> None:
    assert lies_in(stated, home, wanted) is expected


@given(st.datetimes(min_value=datetime(2021, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_moment_lies_in_its_year_alone(moment: datetime) -> None:
    period = years(this_year(moment), this_year(moment))

    assert period.opens_at <= moment < period.closes_at
    assert 0 < period.gone(moment) <= 1


def test_the_counties_of_a_city_are_shown_with_their_targets_and_what_they_achieved(store: Store) -> None:
    """What the city set for each county holds for both; a county's own target comes in its place."""
    organiser = make_person(store)
    make_person(store, region=COUNTY, email="chengjiang@example.com")
    dongxiang = make_person(store, region=f"{REGION}/东乡区", email="dongxiang@example.com")
    make_person(store, region=f"{COUNTY}/滨江街道", email="jiedao@example.com")
    with store.writing() as session:
        targets.enter(session, organiser, REGION, form=make_target(per=Per.COUNTY, value=2), now=NOW, new_id=NEW_ID)
        own = make_target(measure=Measure.EVENTS, value=5)
        targets.enter(session, dongxiang, f"{REGION}/东乡区", form=own, now=NOW, new_id=NEW_ID)
    publish(store, organiser, [make_draft("区里", list_kind=ListKind.SCENARIO, region="临川市澄江区", row=4)])

    with store.reading() as session:
        found = achieved.of_counties(session, REGION, year=2026)
        elsewhere = achieved.of_counties(session, "江西省/抚州市", year=2026)
        later = achieved.of_counties(session, REGION, year=2029)

    assert [(one.region, one.measure, one.value, one.target and one.target.form.value) for one in found] == [
        (f"{REGION}/东乡区", Measure.EVENTS, 0, 5),
        (COUNTY, Measure.SCENARIOS, 1, 2),
    ]
    assert (elsewhere, later) == ([], [])
