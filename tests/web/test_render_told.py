"""What pages tell of changes, of searches and of matches, before any template: pure values in, pure values out."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ingest.fields import Draft, ListKind
from marketplace.lists.views import FieldChange
from matching.documents import Blocker, Evidence, Hit, Ranking, Statement, Verdict
from web.pages import changes, wording
from web.pages.changes import Line
from web.pages.matches import answers, snippets
from web.pages.matches.answers import Subject

NOW = datetime(2026, 11, 20, 12, 52, tzinfo=UTC)


def test_lines_tell_both_ends_of_a_budget_as_one() -> None:
    found = changes.lines(
        [FieldChange("budget_min", "450000.00", "600000.00"), FieldChange("budget_max", "600000.00", None)]
    )
    assert found == (Line("budget", "45 万元至 60 万元", "不低于 60 万元"),)


def test_lines_tell_one_end_by_its_own_name_where_the_other_is_unknown() -> None:
    assert changes.lines([FieldChange("budget_max", "1200000.00", "900000.00")]) == (
        Line("budget_max", "120 万元", "90 万元"),
    )


def test_lines_tell_the_whole_budget_where_the_other_end_is_known() -> None:
    now = Draft("a.xlsx", 4, ListKind.DEMAND, "巡查", budget_min=Decimal(200_000), budget_max=Decimal(420_000))
    assert changes.lines([FieldChange("budget_max", "350000.00", "420000.00")], now=now) == (
        Line("budget", "20 万元至 35 万元", "20 万元至 42 万元"),
    )


def test_lines_tell_a_budget_that_became_negotiable() -> None:
    now = Draft("a.xlsx", 4, ListKind.DEMAND, "巡查", budget_negotiable=True)
    changed = [FieldChange("budget_max", "350000.00", None), FieldChange("budget_negotiable", None, "面议")]
    assert changes.lines(changed, now=now) == (Line("budget", "不超过 35 万元", "面议"),)


def test_lines_tell_both_days_of_a_period_as_one() -> None:
    found = changes.lines(
        [FieldChange("period_start", None, "2026-06-01"), FieldChange("period_end", "2026-09-30", "2026-12-31")]
    )
    assert found == (Line("period", "2026年9月30日前", "2026年6月1日至 2026年12月31日"),)


def test_lines_tell_the_public_only_that_a_contact_changed() -> None:
    changed = [FieldChange("contact_name", "林工", "王工"), FieldChange("contact_phone", "139****1234", "138****5678")]
    assert changes.lines(changed) == (Line("contact", note="联系方式已更新"),)
    assert changes.lines(changed, in_full=True) == (
        Line("contact_name", "林工", "王工"),
        Line("contact_phone", "139****1234", "138****5678"),
    )


def test_lines_never_show_a_change_that_looks_the_same_on_both_sides() -> None:
    masked = FieldChange("contact_phone", "139****1234", "139****1234")
    assert changes.lines([masked], in_full=True) == (Line("contact", note="联系方式已更新"),)


def test_passage_gives_the_sentence_that_says_most_with_its_words_marked() -> None:
    texts = ["全市已测管道412公里。请对破裂、变形等缺陷自动定级。", "排水管道缺陷检出率不低于93%"]
    assert snippets.passage("排水管道缺陷检测", texts) == Markup("<mark>排水管道缺陷检</mark>出率不低于93%")


def test_passage_is_nothing_where_no_text_names_the_search() -> None:
    assert snippets.passage("量子引力波", ["行道树巡查", ""]) is None


def test_passage_cuts_a_long_sentence_round_the_word() -> None:
    said = snippets.passage("无人机", ["前" * 100 + "无人机" + "后" * 100])
    assert said == Markup("…" + "前" * 20 + "<mark>无人机</mark>" + "后" * 67 + "…")


@given(st.text(max_size=30), st.text(max_size=60))
def test_passage_marks_up_nothing_of_its_own(asked: str, text: str) -> None:
    said = snippets.passage(asked, [text])
    assert said is None or "<" not in said.replace("<mark>", "").replace("</mark>", "")


def hit(key: str, *, score: float, gaps: tuple[str, ...] = (), evidence: tuple[Evidence, ...] = ()) -> Hit:
    """A hit that may be shown."""
    return Hit(key, score, Verdict.STRONG, evidence, gaps, (Blocker("region", "须在临川市"),))


def test_shown_puts_what_is_past_after_everything_else() -> None:
    ranking = Ranking("q", "match", (hit("a", score=90), hit("b", score=80), hit("c", score=70)))
    subjects = {key: Subject(key, "/", "", is_past=key == "a") for key in "abc"}
    assert [(one.name, one.unfolded) for one in answers.shown(ranking, subjects)] == [
        ("b", True),
        ("c", True),
        ("a", True),
    ]


def test_shown_puts_the_title_first_and_calls_it_the_core() -> None:
    statement = Statement("拍叶判病", "headline", 0, 4)
    found = hit("a", score=90, gaps=("识别率 88%", "一句说明"), evidence=(Evidence("行道树巡查", statement, 0.9),))
    subject = Subject("甲", "/", "", ("识别率 88%",), need="行道树巡查")
    (answer,) = answers.shown(Ranking("q", "match", (found,)), {"a": subject})
    assert [(point.requirement, point.is_core, point.number) for point in answer.points] == [
        ("行道树巡查", True, None),
        ("识别率 88%", False, 1),
        ("一句说明", False, None),
    ]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 20, 12, 40, tzinfo=UTC), "20:40"),
        (datetime(2026, 11, 19, 15, 59, tzinfo=UTC), "11月19日 23:59"),
    ],
)
def test_clock_says_the_day_only_where_it_is_another(moment: datetime, said: str) -> None:
    assert wording.clock(moment, NOW) == said


def test_shown_puts_what_a_hard_condition_stands_against_last_and_offers_a_team_where_it_is_too_small() -> None:
    small = Blocker("team_size", "需求要求团队不少于3人，该供给方为2人。")
    hits = (
        Hit("a", 97, Verdict.STRONG, blockers=(small,)),
        Hit("b", 60, Verdict.POSSIBLE),
        Hit("c", 50, Verdict.POSSIBLE, blockers=(small, Blocker("price", "贵"))),
    )
    subjects = {key: Subject(key, "/", "") for key in "abc"}
    assert [
        (one.name, one.verdict, one.team_lifts) for one in answers.shown(Ranking("q", "match", hits), subjects)
    ] == [
        ("b", "possible", False),
        ("a", "blocked", True),
        ("c", "blocked", False),
    ]


@pytest.mark.parametrize(
    ("asked", "said", "grade"),
    [
        ("箱号识别准确率不低于98%", "识别准确率 99.2%，处理 12 万箱", "met"),
        ("箱号识别准确率不低于98%", "识别准确率 91%", "short"),
        ("箱号识别准确率不低于98%", "也替理货、船代做单单核对", "named"),
        ("箱号识别准确率不低于98%", None, "gap"),
        ("提供巡检报告", "每月出一份巡检报告", "met"),
        ("支持 3 种箱型", "集装箱验残", "named"),
    ],
)
def test_a_figure_that_is_asked_for_is_met_by_a_figure_alone(asked: str, said: str | None, grade: str) -> None:
    assert answers.Point(asked, 1, said).grade == grade


def test_points_are_counted_as_the_need_numbers_them() -> None:
    statement = Statement("拍叶判病", "headline", 0, 4)
    found = Hit("a", 90, Verdict.STRONG, (Evidence("行道树巡查", statement, 0.9),), ("识别率 88%", "提供台账"))
    subject = Subject("甲", "/", "", ("识别率 88%", "提供台账"), need="行道树巡查")
    (answer,) = answers.shown(Ranking("q", "match", (found,)), {"a": subject})
    assert answer.grades == {"met": 0, "short": 0, "named": 0, "gap": 2, "all": 2}


def test_points_that_changed_are_told_one_by_one() -> None:
    old = "准确率不低于98%；提供台账；三天内交付；现场培训"
    new = "提供台账；准确率不低于99%；现场培训；数据不出厂区"
    assert changes.points(old, new) == (
        changes.Point(2, "准确率不低于98%", "准确率不低于99%"),
        changes.Point(4, None, "数据不出厂区"),
        changes.Point(3, "三天内交付", None),
    )
