"""Statements are verbatim; refusals are told apart; a need falls into its points."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.documents import Need, Profile
from matching.statements import claims, requirements

PIECES = st.lists(
    st.sampled_from(
        [
            "做排产",
            "，",
            "。",
            "；",
            "不做硬件",
            "支持OCR 识别",
            "\n",
            " ",
            "不含施工",
            "两周上线",
            "！",
            "不改数据库",
            "仅限江苏",
            "ab",
            ",",
        ]
    ),
    max_size=30,
).map("".join)


def field(profile: Profile, source: str) -> str:
    """The text of the field a source names."""
    name, _, number = source.partition("[")
    value = getattr(profile, name)
    return str(value[int(number.rstrip("]"))] if number else value)


@given(headline=PIECES, description=PIECES, skills=st.lists(PIECES, max_size=3), notes=st.lists(PIECES, max_size=2))
def test_claims_are_verbatim_at_their_offsets(
    headline: str, description: str, skills: list[str], notes: list[str]
) -> None:
    profile = Profile("P", "名", headline, description, tuple(skills), notes=tuple(notes))
    for statement in claims(profile).statements:
        assert field(profile, statement.source)[statement.start : statement.end] == statement.text
        assert statement.text == statement.text.strip() != ""


@given(description=PIECES)
def test_claims_of_one_field_do_not_overlap(description: str) -> None:
    found = claims(Profile("P", "名", description=description)).statements
    assert [each.start for each in found[1:]] == sorted(each.start for each in found[1:])
    assert all(one.end <= two.start for one, two in pairwise(found))


def test_claims_of_a_profile_are_headline_sentences_skills_cases_and_notes() -> None:
    profile = Profile(
        "P",
        "排得快",
        "自动排产",
        "按交期自动排产；插单后两分钟重排。",
        ("APS",),
        ("制造",),
        ("某厂上线",),
        ("单件排序",),
        audience="city",
    )
    assert [(each.source, each.text, each.audience) for each in claims(profile).statements] == [
        ("headline", "自动排产", "city"),
        ("description", "按交期自动排产", "city"),
        ("description", "插单后两分钟重排", "city"),
        ("skills[0]", "APS", "city"),
        ("cases[0]", "某厂上线", "city"),
        ("notes[0]", "单件排序", "city"),
    ]


@pytest.mark.parametrize(
    ("description", "affirmed", "refused"),
    [
        (
            "提供培训课程，不做软件，也不提供问答系统，按天计费。",
            ["提供培训课程", "按天计费"],
            ["不做软件", "也不提供问答系统"],
        ),
        ("负责硬件施工，不含无人值守调控、能耗优化。", ["负责硬件施工"], ["不含无人值守调控、能耗优化"]),
        ("没有跌倒监测产品。全程条码管理。", ["全程条码管理"], ["没有跌倒监测产品"]),
        ("不改数据库结构，不接触原始数据，不含税。", ["不改数据库结构，不接触原始数据，不含税"], []),
        ("仅限江苏客户，做到当天交付。", ["仅限江苏客户，做到当天交付"], []),
        ("现场施工除外，做数据治理。", ["做数据治理"], ["现场施工除外"]),
        ("提供数据治理服务但不承接标注。", ["提供数据治理服务"], ["但不承接标注"]),
    ],
)
def test_claims_tells_refusals_apart(description: str, affirmed: list[str], refused: list[str]) -> None:
    found = claims(Profile("P", "名", description=description))
    assert ([each.text for each in found.statements], list(found.refusals)) == (affirmed, refused)


def test_claims_takes_what_is_not_offered_as_refused() -> None:
    assert claims(Profile("P", "名", "做排产", not_offered=("硬件施工",))).refusals == ("硬件施工",)


def test_claims_quotes_a_long_sentence_by_its_clauses() -> None:
    description = "，".join(["一二三四五六七八九十" * 2] * 4)
    assert [each.end - each.start for each in claims(Profile("P", "名", description=description)).statements] == [
        41,
        41,
    ]


def test_requirements_are_the_list_where_the_need_has_one() -> None:
    assert requirements(Need("N", "排产", "说明。", (" 三分钟重排 ", "", "准确率≥95%"))) == ("三分钟重排", "准确率≥95%")


def test_requirements_are_title_and_sentences_otherwise_metrics_kept() -> None:
    need = Need("N", "车间排产", "订单变动频繁。要求插单后三分钟内重排；准确率不低于95%。好。")
    assert requirements(need) == ("车间排产", "订单变动频繁", "要求插单后三分钟内重排", "准确率不低于95%")


@pytest.mark.parametrize(
    ("sentence", "affirmed", "refused"),
    [
        ("卖渔网渔具，不做软件，不测鱼", ["卖渔网渔具"], ["不做软件", "不测鱼"]),
        ("只卖带子和配件，没有监测系统", ["只卖带子和配件"], ["没有监测系统"]),
        ("只管装和修，不提供画面分析，也没有算法", ["只管装和修"], ["不提供画面分析", "也没有算法"]),
        ("不做红外诊断，热斑问题请组件厂看", [], ["不做红外诊断", "热斑问题请组件厂看"]),
        ("营销外呼不接，催收不接", [], ["营销外呼不接", "催收不接"]),
        ("自主导航开发做不了", [], ["自主导航开发做不了"]),
        ("不收果，不卖农药，当天发货", ["当天发货"], ["不收果", "不卖农药"]),
        ("盘查、填报不在业务范围内", [], ["盘查、填报不在业务范围内"]),
        ("一个盒子带16路，不占专线", ["一个盒子带16路，不占专线"], []),
        ("过车不停，漏检2.4%", ["过车不停，漏检2.4%"], []),
        ("不做土建，不停机切换", ["不停机切换"], ["不做土建"]),
    ],
)
def test_claims_takes_a_denial_over_the_commas_next_to_it(
    sentence: str, affirmed: list[str], refused: list[str]
) -> None:
    found = claims(Profile("P", "名", description=sentence))
    assert ([each.text for each in found.statements], list(found.refusals)) == (affirmed, refused)
