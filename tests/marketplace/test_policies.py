"""Policies are data."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace import policies
from marketplace.kernel.db import Store
from marketplace.policies.policies import parse, shipped
from marketplace.policies.views import MeasureView, PolicyStatus, PolicyView
from tests.marketplace.market import NOW


def load(store: Store, wanted: list[PolicyView] | None = None) -> int:
    with store.writing() as session:
        return policies.load(session, now=NOW, wanted=wanted)


def by_region(store: Store, region: str, *, on: date | None = None) -> list[PolicyView]:
    with store.reading() as session:
        return policies.by_region(session, region, on=on)


def test_load_writes_the_shipped_policies_once(store: Store) -> None:
    assert (load(store), load(store)) == (6, 0)


def test_shipped_policies_say_how_far_they_have_come() -> None:
    told = {(policy.region, policy.status.value) for policy in parse(shipped())}

    assert told == {
        ("辽宁省/抚顺市/望花区", "征求意见"),
        ("北京市/丰台区", "征求意见"),
        ("北京市/朝阳区", "施行"),
        ("江苏省/盐城市", "征求意见"),
        ("广东省", "施行"),
    }


def test_only_one_region_states_a_head_count() -> None:
    """10 people, and 20 where it is exceptionally good: Chaoyang alone says so."""
    stated = [
        (policy.region, measure.value, measure.unit)
        for policy in parse(shipped())
        for measure in policy.measures
        if measure.topic == "人员规模"
    ]

    assert stated == [("北京市/朝阳区", Decimal(10), "人"), ("北京市/朝阳区", Decimal(20), "人")]


def test_only_one_region_states_exclusions() -> None:
    regions = {policy.region for policy in parse(shipped()) for m in policy.measures if m.topic == "排除情形"}

    assert regions == {"北京市/丰台区"}


def test_a_figure_stands_in_its_quote() -> None:
    missing = [
        measure.quote
        for policy in parse(shipped())
        for measure in policy.measures
        if measure.value is not None and str(measure.value) not in measure.quote
    ]

    assert missing == []


def test_by_region_looks_above_the_nearest_first(store: Store) -> None:
    load(store)
    above = replace(parse(shipped())[0], region="北京市", title="市级政策")
    load(store, [above])

    found = [policy.title for policy in by_region(store, "北京市/朝阳区/某街道")]

    assert found == ["朝阳区关于支持人工智能OPC创新发展的若干措施", "市级政策"]
    assert by_region(store, "") == []


def test_by_region_leaves_out_what_has_ended(store: Store) -> None:
    load(store)
    titles = [
        [policy.ends_on for policy in by_region(store, "江苏省/盐城市", on=day)]
        for day in (date(2028, 12, 31), date(2029, 1, 1))
    ]

    assert titles == [[None, date(2028, 12, 31)], [None]]


def test_load_replaces_a_policy_that_came_into_force(store: Store) -> None:
    load(store)
    (draft,) = by_region(store, "辽宁省/抚顺市/望花区")
    measure = MeasureView("一", "算力", "概要", "原文", Decimal("1.5"), "万元")
    final = replace(draft, status=PolicyStatus.IN_FORCE, starts_on=date(2027, 1, 1), measures=(measure,))

    written = load(store, [final])

    assert (written, by_region(store, "辽宁省/抚顺市/望花区")) == (1, [final])


@pytest.mark.parametrize("text", ["[[policy]]\nregion = 'x'", "[[policy]]\nstatus = '草案'"])
def test_parse_refuses_what_is_incomplete(text: str) -> None:
    with pytest.raises(ValueError, match="lacks"):
        parse(text)
