"""Why a profile does not score higher: things it never names, figures it does not reach, kinds of work nobody asked for."""

from dataclasses import replace

import pytest

from matching.documents import Need, Profile
from matching.engine import Engine
from matching.measures import measures, missed
from matching.shortfalls import alone, shortfalls, supposed
from tests.matching.small_market import NEEDS, PROFILES, lenient, lexicon, open_engine


def test_shortfalls_names_what_the_title_says_and_the_profile_never_does() -> None:
    engine = open_engine()
    floating, meeting = NEEDS[2], PROFILES[4]
    found = shortfalls(engine, floating, meeting, ())
    assert "水库" in "".join(found.unnamed)
    assert shortfalls(engine, NEEDS[0], PROFILES[0], ()).unnamed == ()


def test_shortfalls_tells_a_figure_that_is_not_reached_with_both_figures() -> None:
    need = Need("N9", "树冠病害识别", requirements=("树冠病害识别准确率不低于90%", "接入城市平台"))
    profile = Profile("P9", "拍叶", "树冠病害识别", "树冠病害识别准确率85%。")
    engine = Engine.open(None, lexicon=lexicon(), settings=lenient())
    engine.apply([need, profile])
    (short,) = shortfalls(engine, need, profile, need.requirements).short
    assert (short.requirement, short.statement.text) == (need.requirements[0], "树冠病害识别准确率85%")
    assert (short.asked.value, short.given.value) == (90.0, 85.0)
    reached = replace(profile, description="树冠病害识别准确率92%。")
    assert shortfalls(engine, need, reached, need.requirements).short == ()


def test_shortfalls_tells_kinds_of_work_that_the_need_does_not_ask_for() -> None:
    engine = open_engine()
    teaching = replace(PROFILES[0], headline="车间排产培训", description="面向企业开展排产培训。")
    assert shortfalls(engine, NEEDS[0], teaching, ()).foreign == ("培训",)
    assert shortfalls(engine, NEEDS[0], PROFILES[0], ()).foreign == ()


def test_supposed_scores_a_fuller_copy_and_leaves_the_index_as_it_is() -> None:
    engine = open_engine()
    bare = replace(PROFILES[0], description="按设备和交期排产。", cases=(), skills=())
    now = alone(engine, bare, "N1")
    then = supposed(engine, bare, "N1", ["综合设备、模具、交期自动给出排产，插单后三分钟内重排"])
    assert now is not None
    assert then is not None
    assert then.score > now.score
    assert alone(engine, bare, "N1") == now
    assert alone(engine, bare, "missing") is None


@pytest.mark.parametrize(
    ("asked", "given", "figures"),
    [
        ("识别准确率不低于90%", "准确率85%，另一处准确率70%", [(90.0, 85.0)]),
        ("识别准确率不低于90%", "准确率91%", []),
        ("倾斜10分钟内报警", "报警用时15分钟", [(600.0, 900.0)]),
        ("识别准确率不低于90%", "没有数字", []),
    ],
)
def test_missed_pairs_a_figure_with_the_nearest_that_falls_short(
    asked: str, given: str, figures: list[tuple[float, float]]
) -> None:
    assert [(one.value, other.value) for one, other in missed(measures(asked), measures(given))] == figures
