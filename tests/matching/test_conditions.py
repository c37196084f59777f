"""Hard conditions block only where the need states them and the profile says otherwise."""

from decimal import Decimal

import pytest

from matching.conditions import blockers, ceiling, lowest_price, states_any
from matching.documents import Blocker, Need, Profile


def need(description: str, **fields: object) -> Need:
    """A need with a description."""
    return Need("N", "排产", description, **fields)  # type: ignore[arg-type]  # fields of a need


def profile(**fields: object) -> Profile:
    """A profile with some fields."""
    return Profile("P", "排得快", **fields)  # type: ignore[arg-type]  # fields of a profile


@pytest.mark.parametrize(
    ("asked", "offered", "expected"),
    [
        (
            need("仅限江苏企业。"),
            profile(region="广东深圳"),
            [Blocker("region", "需求限定在江苏，该供给方所在地为广东深圳。")],
        ),
        (need("仅限江苏企业。"), profile(region="江苏苏州"), []),
        (need("仅限江苏企业。"), profile(), []),
        (need("江苏企业优先。"), profile(region="广东深圳"), []),
        (
            need("团队不少于5人。"),
            profile(team_size=2),
            [Blocker("team_size", "需求要求团队不少于5人，该供给方为2人。")],
        ),
        (
            need("团队不超过10人。"),
            profile(team_size=12),
            [Blocker("team_size", "需求要求团队不超过10人，该供给方为12人。")],
        ),
        (need("替代不少于5名检查员。"), profile(team_size=2), []),
        (
            need("须通过等保三级。"),
            profile(filings=("算法备案",)),
            [Blocker("filing", "需求要求等保三级，该供给方登记的备案与资质为算法备案。")],
        ),
        (need("须通过等保三级。"), profile(filings=("等保三级",)), []),
        (need("须通过等保三级。"), profile(), []),
        (
            need("", budget_text="不超过60万元"),
            profile(price_text="80万元起"),
            [Blocker("price", "需求最高限价60万元，该供给方报价为80万元起。")],
        ),
        (need("", budget_text="60万元"), profile(price_text="80万元起"), []),
        (need("", budget_text="不超过60万元"), profile(price_text="15-90万元"), []),
        (need("", budget_text="不超过60万元"), profile(price_text="90万元/库"), []),
        (need("", budget_text="不超过60万元"), profile(price_text="面议"), []),
    ],
)
def test_blockers_are_stated_conditions_not_met(asked: Need, offered: Profile, expected: list[Blocker]) -> None:
    assert list(blockers(asked, offered)) == expected
    assert states_any(asked) or not expected


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("不超过60万元", Decimal(600_000)),
        ("45万—70万元以内", Decimal(700_000)),
        ("财政评审价为准，预估90万元", None),
        (None, None),
    ],
)
def test_ceiling_is_the_highest_amount_where_it_is_a_limit(text: str | None, amount: Decimal | None) -> None:
    assert ceiling(need("", budget_text=text)) == amount


def test_lowest_price_takes_the_unit_of_the_second_amount() -> None:
    assert lowest_price(profile(price_text="15-30万元")) == Decimal(150_000)
