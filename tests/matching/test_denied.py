"""A refusal blocks where the need asks for that, and not where it refuses other work."""

from functools import cache

import pytest

from matching.analysis import Analyser
from matching.concepts import load
from matching.denied import Denied
from matching.documents import Need
from matching.text import concepts_of


@cache
def analyser() -> Analyser:
    """An analyser with the shipped lexicon."""
    return Analyser(load())


def denied(need: Need) -> Denied:
    """Hold a need against refusals as the index does, with the concepts that it names."""
    return Denied(analyser(), need, concepts_of(analyser().need(need).terms.numbers))


@pytest.mark.parametrize(
    ("title", "refusal", "blocked"),
    [
        ("深水网箱大黄鱼生物量声呐估测与投喂决策", "不做软件", True),
        ("井下主运皮带纵向撕裂与异物识别", "没有监测系统", True),
        ("后厨视频违规行为智能抓取", "不提供画面分析", True),
        ("后厨视频违规行为智能抓取", "也没有算法", True),
        ("居家独居老人跌倒的非接触预警", "不做智能设备和预警系统", True),
        ("岸桥钢丝绳剩余寿命预测", "不做寿命预测", True),
        ("连锁便利店鲜食订货量预测", "不做寿命预测", False),
        ("车载巡查视频自动发现占道经营", "不含车载设备采购", False),
        ("车载巡查视频自动发现占道经营", "也不派人上路巡查", False),
        ("后厨视频违规行为智能抓取", "不卖摄像头", False),
        ("临川话语音数据采集与标注", "不做软件", False),
    ],
)
def test_blockers_are_refusals_of_what_the_title_asks(title: str, refusal: str, blocked: bool) -> None:
    found = denied(Need("N", title)).blockers(["不收定金", refusal])
    assert [each.message for each in found] == ([f"对方写明不承接：「{refusal}」"] if blocked else [])


def test_blockers_pass_over_what_the_need_does_not_want_either() -> None:
    need = Need("N", "注塑车间用能分析建议", "我们不打算换设备，也不做合同能源管理分成。")
    assert denied(need).blockers(["不搞合同能源分成"]) == ()
