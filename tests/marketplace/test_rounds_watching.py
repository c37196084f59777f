"""For the supervisor: signals with evidence and an innocent explanation, never a verdict; the whole file with proof."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from marketplace.experts.rules.facts import Team, Unit
from marketplace.kernel import events
from marketplace.kernel.db import Store
from marketplace.kernel.errors import NotFound
from marketplace.rounds import dossiers, watching
from marketplace.rounds.rules import signals as rules
from marketplace.rounds.rules.signals import Edit, Kind, Marked, Paper
from marketplace.rounds.words import Post
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.round_acts import opened_round, refused

ONE = (
    "我们以车载相机沿街拍摄行道树，在端侧完成病害识别，把可疑植株的位置和照片传回园林平台，由养护班组复核，复核结果再用于改进模型。"
    * 2
)
OTHER = (
    "本工作室以无人机低空航拍林带，用多光谱影像估计长势，结合气象预报推算倒伏风险，向值班人员推送预警，并定期出具分析报告供研究。"
    * 2
)
NOTICE = "巡查全市三万株行道树，识别病害，预警倒伏。"
AT = datetime(2026, 12, 9, 9, 0, tzinfo=UTC)


def paper(bid: str, text: str, **files: str) -> Paper:
    return Paper(bid, f"单位{bid}", text, {f"{name}.pdf": digest for name, digest in files.items()})


def test_near_identical_bids_are_told_with_the_passage_and_the_notices_own_words_do_not_count() -> None:
    copied = ONE.replace("园林平台", "城管平台")
    (found,) = rules.alike_texts([paper("b1", ONE), paper("b2", OTHER), paper("b3", copied)], NOTICE)

    assert (found.kind, found.subjects) == (Kind.ALIKE_TEXTS, ("b1", "b3"))
    assert "我们以车载相机沿街拍摄行道树" in found.evidence[0]
    assert found.innocent.startswith("可能")
    assert list(rules.alike_texts([paper("b1", ONE), paper("b2", ONE)], ONE)) == []
    assert list(rules.alike_texts([paper("b1", "同样的短句。"), paper("b2", "同样的短句。")], NOTICE)) == []


def test_the_same_file_in_two_bids_is_told_once() -> None:
    papers = [paper("b1", "", a="x", b="y"), paper("b2", "", c="x"), paper("b3", "", d="z")]
    (found,) = rules.same_files(papers)

    assert (found.subjects, found.evidence) == (
        ("b1", "b2"),
        ("内容完全相同的附件：“单位b1”的《a.pdf》、“单位b2”的《c.pdf》。",),
    )


def test_shared_contacts_and_people_of_different_units_are_told() -> None:
    one = Unit(
        "甲", people=("王平",), phones=("13911112222",), emails=("a@jia.cn",), bank_accounts=("6222020200112233445",)
    )
    two = Unit("乙", legal_representative="王平", phones=("139-1111-2222",), emails=("b@yi.cn",))
    three = Unit("丙", people=("李安",), phones=("13933334444",), emails=("c@qq.com",))
    four = Unit("丁", phones=("13955556666",), emails=("d@qq.com",), bank_accounts=("6222 0202 0011 2233 445",))
    found = list(rules.shared({"b1": Team(one), "b2": Team(two), "b3": Team(three), "b4": Team(four)}))

    assert [(signal.kind, signal.subjects) for signal in found] == [
        (Kind.SHARED_CONTACTS, ("b1", "b2")),
        (Kind.SHARED_PEOPLE, ("b1", "b2")),
        (Kind.SHARED_CONTACTS, ("b1", "b4")),
    ]
    assert found[0].evidence == ("“甲”与“乙”登记的电话相同：139****2222。",)
    assert found[2].evidence == ("“甲”与“丁”登记的银行账号相同。",)
    # A unit that is a partner in two bids shares everything with itself, which is no signal.
    assert list(rules.shared({"b1": Team(one), "b2": Team(three, (one,))})) == []


def test_the_same_winner_is_told_from_the_third_time_on() -> None:
    assert list(rules.same_winner("b1", "甲", "园林中心", ["一", "二"])) == []
    (found,) = rules.same_winner("b1", "甲", "园林中心", ["一", "二", "三"])
    assert found.evidence == ("“甲”在“园林中心”的活动中已 3 次中选：一、二、三。",)


def sheet(expert: str, bid: str, *marks: int) -> Marked:
    points = tuple(Fraction(one) for one in marks)
    return Marked(expert, bid, bid[-1], points, sum(points, Fraction(0)))


def test_patterns_of_sheets_are_told_and_ordinary_ones_are_not() -> None:
    far = [sheet("专家 1", "b1", 40, 50), sheet("专家 2", "b1", 35, 45), sheet("专家 3", "b1", 20, 30)]
    found = list(rules.sheet_patterns(far))
    assert [(one.kind, one.subjects) for one in found] == [(Kind.FAR_SHEET, ("b1", "专家 3"))]
    # 90 and 80: the mean of the others is 85, and 85 less 50 is 35.
    assert found[0].evidence == ("专家 3给 1 号申报 50 分，其他专家平均 85.0 分，相差 35.0 分。",)

    flat = [sheet("专家 1", f"b{n}", 40, 40) for n in range(4)]
    other = [sheet("专家 2", f"b{n}", 30 + 3 * n, 40) for n in range(4)]
    assert [one.kind for one in rules.sheet_patterns([*flat, *other])] == [Kind.FLAT_SHEETS]
    twin = [replace(one, expert="专家 3") for one in other]
    assert [(one.kind, one.subjects) for one in rules.sheet_patterns([*other, *twin])] == [
        (Kind.SAME_SHEETS, ("专家 2", "专家 3"))
    ]
    assert list(rules.sheet_patterns(other)) == []


@pytest.mark.parametrize(("minutes", "number"), [(31, 0), (30, 1), (1, 1), (-5, 1)])
def test_what_changed_in_the_last_half_hour_is_told(minutes: int, number: int) -> None:
    edit = Edit("b1", "替换了申报。", AT, AT + timedelta(minutes=minutes))
    assert len(list(rules.late_edits([edit]))) == number


def test_only_the_supervisor_reads_signals_and_only_after_the_opening(store: Store, tmp_path: Path) -> None:
    scene, bidders, _ = opened_round(store, tmp_path, "木语视觉", "接线员工作室")
    supervisor = scene.posts[Post.KEEPER]
    with store.reading() as session:
        found = watching.of(session, supervisor, scene.round_id)
    # Both bids of the test say the same and name the same person to be asked.
    assert {one.kind for one in found} >= {Kind.SHARED_CONTACTS, Kind.SHARED_PEOPLE, Kind.SAME_FILES}
    assert all(one.innocent and one.evidence for one in found)
    for person in (scene.issuer, scene.table.organiser, scene.checkers[0], bidders[0]):
        with store.reading() as session, refused("no_signals", NotFound):
            watching.of(session, person, scene.round_id)


def test_marks_are_no_signal_before_they_are_frozen(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    for number, c1 in enumerate((40, 40, 40, 40, 2)):
        market.mark(store, panel, panel.expert(number), panel.bids[0], market.marks(c1))
    with store.reading() as session:
        found = watching.of(session, panel.scene.posts[Post.KEEPER], panel.scene.round_id)
    assert Kind.FAR_SHEET not in {one.kind for one in found}


def test_the_file_of_a_round_holds_everything_in_order_with_proof(store: Store, tmp_path: Path) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    objection_id = acts.object_to(store, panel, panel.bidders[1])
    with store.reading() as session:
        found = dossiers.get(session, panel.scene.posts[Post.KEEPER], panel.scene.round_id)
        chain = events.of_chain(session, "round", panel.scene.round_id)
    positions = [one.event.position for one in found.seen]
    assert positions == sorted(positions)
    assert {one.position for one in chain} <= set(positions)
    assert {one.event.aggregate for one in found.seen} == {"round", "bid", "objection"}
    assert found.seen[-1].event.aggregate_id == objection_id
    assert [one.kind for one in found.proofs] == ["notice", "manifest", "minutes", "draw", "scores", "publicity"]
    for person in (panel.scene.issuer, panel.bidders[0], panel.expert(0)):
        with store.reading() as session, refused("no_dossier", NotFound):
            dossiers.get(session, person, panel.scene.round_id)
