"""What a hit says for itself: refusals, figures and names in common; and what a search finds."""

from dataclasses import replace

import pytest

from matching.documents import Verdict
from tests.matching.small_market import NEEDS, PROFILES, open_engine


@pytest.mark.parametrize(
    ("text", "needs", "profiles"),
    [
        ("量子引力波识别", [], []),
        ("<script>", [], []),
        ("船", ["N3"], ["P4"]),
        ("12345", ["N2"], ["P3", "P2"]),
        ("会议纪要", ["N4"], ["P5"]),
        ("焊", [], []),
    ],
)
def test_search_finds_only_what_holds_enough_of_the_words(text: str, needs: list[str], profiles: list[str]) -> None:
    engine = open_engine()
    assert [id_ for id_, _ in engine.search_needs(text)] == needs
    assert [id_ for id_, _ in engine.search_profiles(text)] == profiles


def test_rank_says_who_refuses_in_words_what_is_asked() -> None:
    engine = open_engine()
    refusing = replace(PROFILES[0], id="P7", description=PROFILES[0].description + "只出方案，不做软件，不驻场。")
    engine.apply([refusing])
    hits = {hit.id: hit for hit in engine.rank_profiles(replace(NEEDS[0], title="车间智能排产与插单重排")).hits}
    assert [(each.code, each.message) for each in hits["P7"].blockers] == [("refused", "对方写明不承接：「不做软件」")]
    assert hits["P7"].verdict is not Verdict.STRONG
    assert not any("不做软件" in each.statement.text for each in hits["P7"].evidence)
    assert hits["P1"].blockers == ()


def test_rank_holds_figures_against_the_requirement() -> None:
    need = replace(NEEDS[0], requirements=("插单重排不超过3分钟", "插单重排不超过1分钟"))
    engine = open_engine()
    hit = engine.rank_profiles(need).hits[0]
    quoted = {each.requirement: each.statement.text for each in hit.evidence}
    assert quoted["插单重排不超过3分钟"] == "按设备、模具、物料和交期自动排产，插单后两分钟重排"
    assert "两分钟" not in quoted.get("插单重排不超过1分钟", "")
    assert need.title not in hit.gaps


def test_rank_names_what_stands_in_the_asking_text() -> None:
    engine = open_engine()
    for need in NEEDS:
        said = "\n".join([need.title, need.description]).lower()
        for hit in engine.rank_profiles(need).hits:
            assert [name for name in hit.shared if name not in said or len(name) < 2] == []
