"""People ranked by what they know: the trade before its words, each with its own words, whoever else is in the pool."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import mean
from typing import Any, Final

import pytest

from matching import files, metrics, sources
from matching.documents import Fit, Need, Profile
from matching.engine import Engine
from matching.specialists import Specialists
from tests.matching.small_market import NEEDS, PROFILES

DRAINAGE: Final = Need(
    id="r1",
    title="排水管道缺陷智能识别揭榜挂帅",
    description="城区排水管道内窥检测视频靠人工判读，效率低。要求自动识别破裂、渗漏、错口、树根侵入等缺陷，并给出修复建议。",
    requirements=("缺陷识别准确率不低于 90%", "每公里视频处理时间不超过 10 分钟", "按行业标准输出缺陷等级"),
)
FUNERALS: Final = Need(id="r2", title="宠物殡葬礼仪服务数字化", description="为宠物殡葬门店提供预约和告别仪式策划。")
INSPECTOR: Final = Profile(
    id="inspector",
    name="",
    headline="高级工程师",
    description="从事排水管道检测十五年，负责 CCTV 内窥检测、管道缺陷判读和健康评估。",
    skills=("排水管道", "管道检测"),
)
ACCOUNTANT: Final = Profile(
    id="accountant", name="", headline="注册会计师", description="财务审计、预算评审和软件成本度量。", skills=("审计",)
)
COPIER: Final = Profile(
    id="copier",
    name="",
    headline="高级会计师",
    description="财务审计，审计过城市排水管道缺陷智能识别、管道机器人巡检等信息化项目的资金使用和造价。",
    skills=("审计", "排水管道"),
)
POOL: Final = (ACCOUNTANT, COPIER, INSPECTOR)
IDS: Final = frozenset(one.id for one in POOL)
HERE: Final = Path(__file__).parent


@cache
def market() -> Engine:
    """A small market, whose words tell what is rare."""
    engine = Engine.open(None)
    engine.apply([*NEEDS, *PROFILES])
    return engine


def test_who_inspects_drains_stands_before_who_audits_and_before_who_copies_the_notice() -> None:
    ranked = Specialists(market()).rank(DRAINAGE, POOL, known=IDS)
    assert [(one.id, one.fit) for one in ranked] == [
        ("inspector", Fit.FITTING),
        ("copier", ranked[1].fit),
        ("accountant", Fit.NONE),
    ]
    assert ranked[0].score > 90
    assert ranked[1].score < 60


def test_each_place_is_explained_by_the_persons_own_words_verbatim() -> None:
    first, *_, last = Specialists(market()).rank(DRAINAGE, POOL, known=IDS)
    assert {one.requirement for one in first.evidence} <= {DRAINAGE.title, *DRAINAGE.requirements}
    assert first.evidence[0].requirement == DRAINAGE.title
    for one in first.evidence:
        fields = {"headline": INSPECTOR.headline, "description": INSPECTOR.description}
        text = fields.get(one.statement.source) or INSPECTOR.skills[int(one.statement.source[7:-1])]
        assert text[one.statement.start : one.statement.end] == one.statement.text
    assert "排水管道" in first.shared
    assert (last.evidence, last.shared) == ((), ())


def test_nobody_fits_where_nobody_knows_the_trade() -> None:
    assert {one.fit for one in Specialists(market()).rank(FUNERALS, POOL, known=IDS)} == {Fit.NONE}


def test_a_score_does_not_hang_on_who_else_is_in_the_pool() -> None:
    alone = Specialists(market()).rank(DRAINAGE, [INSPECTOR], known=[])
    crowd = [
        replace(INSPECTOR, id=f"like-{n}", description=f"{INSPECTOR.description}另有 {n} 项成果。") for n in range(40)
    ]
    among = Specialists(market()).rank(DRAINAGE, [*crowd, *POOL], known=[])
    assert [one for one in among if one.id == "inspector"] == list(alone)


def test_everybody_is_ranked_however_large_the_pool() -> None:
    many = [replace(ACCOUNTANT, id=f"{n:04}") for n in range(320)]
    ranked = Specialists(market()).rank(DRAINAGE, [*many, INSPECTOR], known=[])
    assert len(ranked) == 321
    assert ranked[0].id == "inspector"
    assert [one.id for one in ranked[1:]] == [one.id for one in many]


def test_no_kind_of_work_is_foreign_to_somebody_who_knows_the_trade() -> None:
    teacher = replace(INSPECTOR, id="teacher", headline="培训师", description=f"培训。{INSPECTOR.description}")
    ranked = Specialists(market()).rank(DRAINAGE, [teacher], known=[])
    assert ranked[0].fit is Fit.FITTING


def test_what_changed_is_read_anew_and_what_left_is_forgotten() -> None:
    specialists = Specialists(market())
    before = specialists.rank(DRAINAGE, POOL, known=IDS)
    moved = replace(ACCOUNTANT, description=INSPECTOR.description)
    after = specialists.rank(DRAINAGE, [moved, INSPECTOR], known=IDS)
    assert [one.fit for one in before if one.id == "accountant"] == [Fit.NONE]
    assert [one.fit for one in after] == [Fit.FITTING, Fit.FITTING]
    assert specialists.held() == {"accountant", "inspector"}
    specialists.rank(DRAINAGE, [INSPECTOR], known=["inspector"])
    assert specialists.held() == {"inspector"}


def test_people_of_another_pool_stay_until_they_leave_theirs() -> None:
    specialists = Specialists(market())
    specialists.rank(DRAINAGE, [INSPECTOR], known=IDS)
    specialists.rank(DRAINAGE, [ACCOUNTANT], known=IDS)
    assert specialists.held() == {"accountant", "inspector"}


def test_an_empty_pool_and_an_empty_market_are_answered() -> None:
    assert Specialists(market()).rank(DRAINAGE, [], known=[]) == ()
    ranked = Specialists(Engine.open(None)).rank(DRAINAGE, POOL, known=IDS)
    assert [one.id for one in ranked] == ["inspector", "copier", "accountant"]


def test_the_markets_own_index_learns_nothing_of_the_people() -> None:
    engine = Engine.open(None)
    engine.apply([*NEEDS, *PROFILES])
    keys, asked = engine.keys(), sources.digest(sources.dump(INSPECTOR))
    before = engine.rank_profiles(DRAINAGE, blockers=False)
    Specialists(engine).rank(DRAINAGE, POOL, known=IDS)
    assert engine.keys() == keys
    assert asked not in engine.keys().values()
    assert engine.rank_profiles(DRAINAGE, blockers=False) == before
    assert engine.search_profiles("内窥检测") == []


def lines(name: str) -> list[Mapping[str, Any]]:
    """The lines of a file of the judged pool."""
    return [json.loads(line) for line in (HERE / "specialists" / name).read_text(encoding="utf-8").splitlines()]


def test_a_judged_pool_of_thirty_is_ranked_as_a_person_ranks_it() -> None:
    engine = Engine.open(None)
    engine.apply(
        [*files.read_needs(HERE / "judged/demands.jsonl"), *files.read_profiles(HERE / "judged/capabilities.jsonl")]
    )
    people = [
        Profile(one["id"], "", one["title"], one["specialities"], tuple(one["terms"])) for one in lines("experts.jsonl")
    ]
    specialists, gains, first, found, told = Specialists(engine), [], [], [], {0: 0, 1: 0, 2: 0}
    for line in lines("rounds.jsonl"):
        need = Need(line["id"], line["title"], line["description"], tuple(line["requirements"]))
        ranked = specialists.rank(need, people, known=[])
        grades = [2 if one.id in line["of_the_trade"] else int(one.id in line["near"]) for one in ranked]
        for grade, one in zip(grades, ranked, strict=True):
            told[grade] += one.fit is not Fit.NONE
        if any(grades):
            gains.append(metrics.ndcg(grades, grades))
            first.append(metrics.first_fits(grades))
            found.append(metrics.recall(grades, grades, depth=5))
    assert (len(gains), sum(first), mean(found)) == (9, 8, 1.0)
    assert mean(gains) == pytest.approx(0.950, abs=0.01)
    # Of 15 who know the trade, 13 who are near to it and 272 who are not, so many are called fitting or near.
    assert told == {2: 14, 1: 4, 0: 6}
