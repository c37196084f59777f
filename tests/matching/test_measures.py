"""Figures are read with their unit, kind and direction, and only those of the same quantity are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.measures import Measure, Outcome, held_against, measures, passes


@pytest.mark.parametrize(
    ("requirement", "statement", "outcome"),
    [
        ("日处理能力不少于5万页", "约3000页", Outcome.MISSED),
        ("日处理能力不少于5万页", "一天三千页顶天", Outcome.MISSED),
        ("日处理能力不少于5万页", "单机日处理6.2万页", Outcome.MET),
        ("净空计算误差小于0.2米", "坐标误差2米左右", Outcome.MISSED),
        ("净空计算误差小于0.2米", "净空误差12厘米", Outcome.MET),
        ("漏检率≤0.1%", "门锁杆弯曲漏检2.4%", Outcome.MISSED),
        ("残损漏检率≤3%", "漏检2.4%", Outcome.MET),
        ("倾斜角误差不大于2度", "平均误差1.6°", Outcome.MET),
        ("识别准确率≥90%", "HLB召回93.5%", Outcome.MET),
        ("黄金周可承受3000人同时在线", "压测过4200并发", Outcome.MET),
        ("每公里判读耗时不超过20分钟", "一公里视频GPU跑12分钟", Outcome.MET),
        ("每公里判读耗时不超过20分钟", "一公里跑半小时", Outcome.MISSED),
        ("首字响应不超过1.5秒", "首字响应800毫秒", Outcome.MET),
        ("插单重排不超过3分钟", "插单后两分钟重排", Outcome.MET),
        ("报警延时小于60秒", "19秒喊到对讲机", Outcome.MET),
        ("准确率不低于92%", "误报率3%", Outcome.SILENT),
        ("准确率不低于92%", "退单从10.8%降到4.9%", Outcome.SILENT),
        ("预警提前量不少于36小时", "3秒弹给申请人", Outcome.SILENT),
        ("全程离线", "准确率99%", Outcome.SILENT),
        ("准确率不低于92%", "", Outcome.SILENT),
        ("日处理能力不少于5万页", "山西某市480万页", Outcome.SILENT),
        ("百公里处理不超过6小时", "一公里跑12分钟", Outcome.SILENT),
    ],
)
def test_held_against_compares_the_same_quantity(requirement: str, statement: str, outcome: Outcome) -> None:
    assert held_against(measures(requirement), measures(statement)) is outcome


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("识别率≥99.5%", [Measure("accuracy", "share", "", 99.5, most=False)]),
        ("误差在3毫米以内", [Measure("error", "length", "", 0.003, most=True)]),
        ("响应不超过三分钟", [Measure("delay", "time", "", 180.0, most=True)]),
        ("每天12万页", [Measure("volume", "count 页", "", 120_000.0, most=None)]),
        ("2026年第3期", []),
    ],
)
def test_measures_reads_kind_unit_and_direction(text: str, expected: list[Measure]) -> None:
    assert list(measures(text)) == expected


@given(st.text(max_size=80))
def test_measures_reads_any_text(text: str) -> None:
    assert all(each.value >= 0 for each in measures(text))


@given(limit=st.integers(1, 99), value=st.integers(1, 99))
def test_held_against_follows_the_limit(limit: int, value: int) -> None:
    least = held_against(measures(f"准确率不低于{limit}%"), measures(f"准确率{value}%"))
    most = held_against(measures(f"误报率不超过{limit}%"), measures(f"误报率{value}%"))
    assert (least is Outcome.MET, most is Outcome.MET) == (value >= limit, value <= limit)


@given(minutes=st.integers(1, 500))
def test_passes_whatever_the_unit(minutes: int) -> None:
    (wanted,) = measures(f"响应不超过{minutes}分钟")
    assert passes(wanted, measures(f"响应{minutes * 60}秒")[0].value)
    assert not passes(wanted, measures(f"响应{minutes * 60 + 1}秒")[0].value)
