"""The words and the frame of pages: dates, money, masks of mark-up, addresses, and every template with its values."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from web.dependencies import local_address
from web.pages import render, wording
from web.pages.lists import asking, reviewing
from web.pages.matches import comparing


def test_moment_says_the_beijing_clock_with_its_weekday() -> None:
    assert wording.moment(datetime(2026, 11, 27, 9, 30, tzinfo=UTC)) == "2026年11月27日（周五）17:30"


def test_moment_after_sixteen_utc_is_the_next_day() -> None:
    assert wording.moment(datetime(2026, 12, 31, 16, 5, tzinfo=UTC)) == "2027年1月1日（周五）00:05"


def test_a_period_that_ends_at_midnight_ends_with_its_last_day() -> None:
    # 16:00 in UTC is midnight in Beijing: the 17th is over then.
    assert wording.ending(datetime(2026, 12, 17, 16, 0, tzinfo=UTC)) == "2026年12月17日（周四）24:00"
    assert wording.ending(datetime(2026, 12, 16, 9, 30, tzinfo=UTC)) == "2026年12月16日（周三）17:30"
    assert wording.ending(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "2026年12月31日（周四）24:00"


@pytest.mark.parametrize(
    ("yuan", "said"),
    [
        ("0", "0 元"),
        ("9999.50", "9,999.5 元"),
        ("10000", "1 万元"),
        ("1200000.00", "120 万元"),
        ("1234567.80", "123.46 万元"),
        ("100000000", "1 亿元"),
        ("250000000.00", "2.5 亿元"),
    ],
)
def test_amount_says_the_unit_a_reader_thinks_in(yuan: str, said: str) -> None:
    assert wording.amount(Decimal(yuan)) == said


def test_money_keeps_the_exact_figure_in_its_title() -> None:
    assert wording.money(Decimal("1234567.80")) == Markup(
        '<span class="money" title="1,234,567.80 元">123.46 万元</span>'
    )


def test_budget_says_what_the_list_says() -> None:
    low, high = Decimal(500000), Decimal(900000)
    assert [
        said and said.striptags()
        for said in (
            wording.budget(None, None),
            wording.budget(None, None, negotiable=True),
            wording.budget(None, high),
            wording.budget(low, None),
            wording.budget(low, high),
            wording.budget(high, high),
            wording.budget(None, high, negotiable=True),
        )
    ] == [None, "面议", "不超过 90 万元", "不低于 50 万元", "50 万元至 90 万元", "90 万元", "不超过 90 万元，可面议"]


def test_period_says_what_the_list_says() -> None:
    start, end = date(2026, 6, 1), date(2027, 12, 31)
    assert [
        wording.period(None, None),
        wording.period(start, end),
        wording.period(None, end),
        wording.period(start, None),
        wording.period(None, None, 8),
        wording.period(None, end, 8),
    ] == [
        None,
        "2026年6月1日至 2027年12月31日",
        "2027年12月31日前",
        "2026年6月1日起",
        "工期 8 个月",
        "2027年12月31日前，工期 8 个月",
    ]


def test_days_left_counts_on_the_beijing_calendar() -> None:
    now = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)  # 27 November, half past midnight in Beijing
    assert [wording.days_left(date(2026, 11, day), now) for day in (26, 27, 30)] == [
        "完成期限已过",
        "今天到期",
        "还有 3 天到期",
    ]


def test_highlight_marks_the_longest_words_and_escapes_the_rest() -> None:
    assert wording.highlight("<b>病虫害识别</b>与识别 AI", ["识别", "病虫害识别", "ai", "与"]) == Markup(
        "&lt;b&gt;<mark>病虫害识别</mark>&lt;/b&gt;与<mark>识别</mark> <mark>AI</mark>"
    )


def test_highlight_marks_touching_words_as_one() -> None:
    assert wording.highlight("每户每月0.6次", ["每月", "每户"]) == Markup("<mark>每户每月</mark>0.6次")


@given(st.text(max_size=60), st.lists(st.text(max_size=6), max_size=6))
def test_highlight_never_changes_the_text(text: str, words: list[str]) -> None:
    marked = wording.highlight(text, words)
    bare = str(marked).replace("<mark>", "").replace("</mark>", "")
    assert Markup(bare).unescape() == text


def test_source_names_the_place_in_a_profile() -> None:
    assert [wording.source(name) for name in ("headline", "skills[2]", "notes[0]")] == [
        "一句话介绍",
        "专长第 3 条",
        "清单所载能力第 1 条",
    ]


def test_said_turns_kept_text_into_what_a_page_says() -> None:
    assert [
        wording.said("budget_max", "900000.00"),
        wording.said("period_end", "2026-09-30"),
        wording.said("issuer_type", "institution"),
        wording.said("title", "行道树巡查"),
        wording.said("title", None),
    ] == ["90 万元", "2026年9月30日", "事业单位", "行道树巡查", None]


def test_query_with_leaves_out_what_is_not_set() -> None:
    query = {"q": "短剧", "sector": "文旅"}
    assert [
        render.query_with(query, sector=None),
        render.query_with(query, page=1),
        render.query_with(query, page=2),
        render.query_with({}),
    ] == [
        "?q=%E7%9F%AD%E5%89%A7",
        "?q=%E7%9F%AD%E5%89%A7&sector=%E6%96%87%E6%97%85",
        "?q=%E7%9F%AD%E5%89%A7&sector=%E6%96%87%E6%97%85&page=2",
        "?",
    ]


@pytest.mark.parametrize(
    ("then", "kept"),
    [
        ("/intakes?page=2", "/intakes?page=2"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\\..\\b", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_local_address_keeps_only_this_site(then: str, kept: str) -> None:
    assert local_address(then) == kept


@pytest.mark.parametrize(
    ("text", "money", "problem"),
    [
        ("", (None, None), ""),
        ("50-100", (Decimal(500000), Decimal(1000000)), ""),
        ("-10", (None, Decimal(100000)), ""),
        ("1000-", (Decimal(10000000), None), ""),
        ("很多", (None, None), asking.BUDGET_PROBLEM),
        ("50", (None, None), asking.BUDGET_PROBLEM),
        ("-", (None, None), asking.BUDGET_PROBLEM),
        ("nan-inf", (None, None), asking.BUDGET_PROBLEM),
    ],
)
def test_asked_of_reads_a_budget_or_says_what_is_wrong(text: str, money: asking.Money, problem: str) -> None:
    kind = asking.known_kind("demand")
    asked = asking.asked_of(kind, q="", sector="", region="", budget=text, issuer_type="", page=1)
    assert (asked.money, asked.problem) == (money, problem)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("清单.xlsx", "清单.xlsx"),
        ("C:\\用户\\清单.xlsx", "清单.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("a\x00\nb.csv", "ab.csv"),
        (None, ""),
        ("/", ""),
    ],
)
def test_label_is_never_a_path(sent: str | None, kept: str) -> None:
    assert reviewing.label(sent) == kept


def test_compared_marks_only_what_changed_within_a_long_text() -> None:
    said = comparing.compared(
        "入园货车每天1100台，高峰排到2.4公里，请做到扫码约时段。",
        "入园货车每天1350台，高峰排到3公里，请做到扫码约时段。",
    )
    assert said is not None
    shown = said.replace('<span class="unseen">删去：</span>', "").replace('<span class="unseen">改为：</span>', "")
    assert (
        shown
        == "入园货车每天<del>1100</del><ins>1350</ins>台，高峰排到<del>2.4</del><ins>3</ins>公里，请做到扫码约时段。"
    )


def test_compared_leaves_short_and_unlike_texts_to_stand_side_by_side() -> None:
    assert [
        comparing.compared("90 万元", "120 万元"),
        comparing.compared("独居老人居家跌倒与起居异常", "分布式屋顶光伏热斑巡检影像"),
    ] == [None, None]


@given(
    st.text(alphabet="甲乙丙丁1<&", min_size=12, max_size=40), st.text(alphabet="甲乙丙丁1<&", min_size=12, max_size=40)
)
def test_compared_holds_both_texts(old: str, new: str) -> None:
    said = comparing.compared(old, new)
    if said is None:
        return
    bare = re.sub(r'<span class="unseen">.*?</span>', "", said)
    assert [
        Markup(re.sub(r"</?(del|ins)>", "", re.sub(f"<{other}>.*?</{other}>", "", bare))).unescape()
        for other in ("ins", "del")
    ] == [old, new]
