"""The sentences that tell an OPC why it does not score higher, word for word."""

import pytest

from matching.documents import Blocker, Evidence, Hit, Statement, Verdict
from matching.measures import measures
from matching.shortfalls import Short, Shortfalls
from web.pages.matches import answers, reasons
from web.pages.matches.answers import Subject

ASKED = ("识别准确率不低于90%", "接入城市平台", "支持票据识别", "倾斜10分钟内报警")
TAG = Statement("票据识别", "skills[0]", 0, 4)
SILENT = Statement("倾斜后会报警", "description", 0, 6)
SHORT = Statement("识别准确率85%", "description", 0, 8)


def make_hit(*blockers: Blocker) -> Hit:
    """A pair with one gap, one figure missed, one bare tag and one statement without its figure."""
    evidence = (Evidence("行道树巡查", SILENT, 0.5), Evidence(ASKED[2], TAG, 0.4), Evidence(ASKED[3], SILENT, 0.4))
    return Hit("N1", 40.0, Verdict.POSSIBLE, evidence, ASKED[:2], blockers)


def test_said_tells_each_shortfall_in_one_sentence_the_gravest_first() -> None:
    hit = make_hit(
        Blocker("refused", "对方写明不承接：「不做票据识别」"),
        Blocker("team_size", "需求要求团队不少于5人，该供给方为2人。"),
    )
    answer = answers.answer(hit, Subject("行道树巡查", "/items/N1", "", ASKED, need="行道树巡查"))
    short = Short(ASKED[0], SHORT, measures(ASKED[0])[0], measures(SHORT.text)[0])
    told = Shortfalls(("行道树", "倒伏"), (short,), ("培训",))

    assert reasons.said(hit, answer, told) == (
        "您的画像写明不承接：「不做票据识别」，而这条需求要的正是它。",
        "硬性条件不符：需求要求团队不少于5人，您为2人。",
        "需求的名称写的是「行道树」「倒伏」，您的画像没有提到。",
        "您的画像开头写的是培训，这条需求要的不是这一类工作。",
        "要点 1「识别准确率不低于90%」：要求 90%，画像写的是 85%（「识别准确率85%」），没有达到。",
        "要点 2「接入城市平台」：画像里没有写到。",
        "要点 3「支持票据识别」：只有专长标签「票据识别」，没有成句；写清做过什么、用在哪里、结果如何，才是有力的依据。",
        "要点 4「倾斜10分钟内报警」：画像提到了（「倾斜后会报警」），没有写指标。",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("识别准确率不低于90%", "90%"),
        ("10分钟内报警", "10 分钟"),
        ("响应不超过90秒", "1.5 分钟"),
        ("响应不超过200毫秒", "0.2 秒"),
        ("误差不超过0.5米", "0.5 米"),
        ("日处理300件", "300 件"),
    ],
)
def test_figure_is_said_in_the_unit_that_reads_best(text: str, said: str) -> None:
    assert reasons.figure(measures(text)[0]) == said
