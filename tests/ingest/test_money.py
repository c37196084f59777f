"""Every rule that lists.md states for money, typed by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.values import money
from ingest.values.money import Bound, Money

WAN = Decimal(10_000)
YI = Decimal(100_000_000)


def yuan(lowest: str | None, highest: str | None) -> Money:
    return Money(Decimal(lowest) if lowest else None, Decimal(highest) if highest else None)


@pytest.mark.parametrize(
    ("words", "unit", "expected"),
    [
        ("50", WAN, yuan("500000.00", "500000.00")),
        ("50.5", WAN, yuan("505000.00", "505000.00")),
        ("1.2", YI, yuan("120000000.00", "120000000.00")),
        ("５０", WAN, yuan("500000.00", "500000.00")),
        ("1,200", WAN, yuan("12000000.00", "12000000.00")),
        ("1,200,000元", WAN, yuan("1200000.00", "1200000.00")),
        ("￥500,000.50", Decimal(1), yuan("500000.50", "500000.50")),
        ("¥50万", None, yuan("500000.00", "500000.00")),
        ("人民币50万元", None, yuan("500000.00", "500000.00")),
        ("50万元人民币", None, yuan("500000.00", "500000.00")),
        ("50 万元", WAN, yuan("500000.00", "500000.00")),
        ("500000元", WAN, yuan("500000.00", "500000.00")),
        ("3亿元", WAN, yuan("300000000.00", "300000000.00")),
        ("1亿2000万元", None, yuan("120000000.00", "120000000.00")),
        ("3千万", None, yuan("30000000.00", "30000000.00")),
        ("2百万元", None, yuan("2000000.00", "2000000.00")),
        ("伍拾万元整", None, yuan("500000.00", "500000.00")),
        ("人民币壹佰贰拾万元整", None, yuan("1200000.00", "1200000.00")),
        ("三百二十万元", None, yuan("3200000.00", "3200000.00")),
        ("总投资约三百二十万元", None, yuan("3200000.00", "3200000.00")),
        ("十万元", None, yuan("100000.00", "100000.00")),
        ("约80万元", None, yuan("800000.00", "800000.00")),
        ("80万元左右", None, yuan("800000.00", "800000.00")),
        ("2.5元/㎡", WAN, yuan("2.50", "2.50")),
        ("3台设备共60万元", WAN, yuan("600000.00", "600000.00")),
        ("2026年预算60万元", WAN, yuan("600000.00", "600000.00")),
        ("50万元（含税）", None, yuan("500000.00", "500000.00")),
    ],
)
def test_read_gives_both_ends_of_a_plain_sum(words: str, unit: Decimal | None, expected: Money) -> None:
    assert money.read(words, unit) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("不超过50", yuan(None, "500000.00")),
        ("不超过50万元", yuan(None, "500000.00")),
        ("50万元以内", yuan(None, "500000.00")),
        ("50万以内", yuan(None, "500000.00")),
        ("50（万元）以内", yuan(None, "500000.00")),
        ("≤50", yuan(None, "500000.00")),
        ("<=50万元", yuan(None, "500000.00")),
        ("上限50万元", yuan(None, "500000.00")),
        ("最高限价80万元", yuan(None, "800000.00")),
        ("最高不超过80万元", yuan(None, "800000.00")),
        ("不高于80万元", yuan(None, "800000.00")),
        ("80万元以下", yuan(None, "800000.00")),
        ("控制在80万元内", yuan(None, "800000.00")),
        ("不低于50万元", yuan("500000.00", None)),
        ("不少于50万元", yuan("500000.00", None)),
        ("≥50", yuan("500000.00", None)),
        ("50万元起", yuan("500000.00", None)),
        ("5万元/套起", yuan("50000.00", None)),
        ("50万元以上", yuan("500000.00", None)),
        ("超过50万元", yuan("500000.00", None)),
    ],
)
def test_read_gives_one_end_where_a_word_sets_a_bound(words: str, expected: Money) -> None:
    assert money.read(words, WAN) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("30-50", yuan("300000.00", "500000.00")),
        ("30—50万元", yuan("300000.00", "500000.00")),
        ("30～50万", yuan("300000.00", "500000.00")),
        ("30至50万元", yuan("300000.00", "500000.00")),
        ("30万-50万", yuan("300000.00", "500000.00")),
        ("30万元到50万元", yuan("300000.00", "500000.00")),
        ("8000万-1.2亿元", yuan("80000000.00", "120000000.00")),
        ("50万元以上，100万元以下", yuan("500000.00", "1000000.00")),
        ("不低于50万元，不超过80万元", yuan("500000.00", "800000.00")),
        ("30~50万元/年", yuan("300000.00", "500000.00")),
        ("三十到五十万元", yuan("300000.00", "500000.00")),
        ("三千万至一亿元", yuan("30000000.00", "100000000.00")),
    ],
)
def test_read_gives_both_ends_of_a_range(words: str, expected: Money) -> None:
    assert money.read(words, WAN) == expected


@pytest.mark.parametrize("words", ["面议", "价格面议", "协商确定", "双方洽谈", "待商议"])
def test_read_calls_a_sum_negotiable(words: str) -> None:
    assert money.read(words, WAN) == Money(negotiable=True)


@pytest.mark.parametrize("words", ["", " ", "/", "—", "-", "无", "待定", "暂未确定", "暂定", "未定", "N/A"])
def test_read_finds_nothing_where_nothing_is_said(words: str) -> None:
    stated = money.read(words, WAN)
    assert (stated.lowest, stated.highest, stated.negotiable) == (None, None, False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("500万元，其中财政资金200万元", yuan("5000000.00", "5000000.00")),
        ("500万元（其中：设备300万元，软件200万元）", yuan("5000000.00", "5000000.00")),
        ("总投资500万元，包括设备300万元", yuan("5000000.00", "5000000.00")),
        ("单价3万元，总价12万元", yuan("120000.00", "120000.00")),
    ],
)
def test_read_leaves_part_sums_out(words: str, expected: Money) -> None:
    assert money.read(words, WAN) == expected


@pytest.mark.parametrize(
    ("words", "warning"),
    [
        ("0", "money_not_positive"),
        ("-50", "money_not_positive"),
        ("负50万元", "money_not_positive"),
        ("99999999999", "money_absurd"),
        ("NaN", "money_unread"),
        ("30%", "money_unread"),
        ("详见附件", "money_unread"),
        ("50万美元", "money_foreign"),
        ("一期50万元二期80万元三期20万元", "money_several"),
    ],
)
def test_read_warns_and_keeps_nothing_of_what_cannot_be(words: str, warning: str) -> None:
    assert money.read(words, WAN) == Money(warning=warning)


def test_read_swaps_a_range_the_wrong_way_round() -> None:
    expected = Money(Decimal("500000.00"), Decimal("1000000.00"), warning="money_swapped")
    assert money.read("100-50", WAN) == expected


def test_read_warns_where_no_unit_is_known() -> None:
    assert money.read("500000", None) == Money(Decimal("500000.00"), Decimal("500000.00"), warning="money_no_unit")


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("预算（万元）", WAN),
        ("榜额(亿元)", YI),
        ("悬赏金额/万元", WAN),
        ("最高限价（元）", Decimal(1)),
        ("预期投入\n（单位：万元）", WAN),
        ("预算", None),
    ],
)
def test_header_unit_reads_what_a_header_names(header: str, unit: Decimal | None) -> None:
    assert money.header_unit(header) == unit


@pytest.mark.parametrize(
    ("header", "bound"),
    [
        ("最高限价（万元）", Bound.AT_MOST),
        ("预算上限", Bound.AT_MOST),
        ("起步价", Bound.AT_LEAST),
        ("预算", Bound.EXACT),
    ],
)
def test_header_bound_reads_what_a_header_names(header: str, bound: Bound) -> None:
    assert money.header_bound(header) == bound


def test_read_takes_the_bound_of_the_header_for_a_plain_number() -> None:
    assert money.read("80", WAN, Bound.AT_MOST) == yuan(None, "800000.00")


sums = st.decimals(min_value="0.01", max_value="99999999", places=2)


@given(amount=sums)
def test_read_gives_back_any_sum_in_yuan(amount: Decimal) -> None:
    assert money.read(f"{amount:,}元") == Money(amount, amount)


@given(amount=sums)
def test_read_takes_full_width_digits_for_half_width_ones(amount: Decimal) -> None:
    wide = f"{amount}".translate(str.maketrans("0123456789.", "０１２３４５６７８９．"))
    assert money.read(wide, WAN) == money.read(f"{amount}", WAN)


@given(
    amount=sums,
    unit=st.sampled_from([("元", Decimal(1)), ("万元", WAN), ("亿元", YI)]),
    header=st.sampled_from([None, WAN, YI]),
)
def test_a_unit_means_the_same_wherever_it_stands_and_the_nearest_one_counts(
    amount: Decimal, unit: tuple[str, Decimal], header: Decimal | None
) -> None:
    word, factor = unit
    whole = (amount * factor).quantize(Decimal("0.01"))
    in_cell = money.read(f"{amount}{word}", header)
    in_header = money.read(f"{amount}", money.header_unit(f"预算（{word}）"))
    assert in_cell == in_header
    assert in_cell == (Money(whole, whole) if whole <= money.ABSURD else Money(warning="money_absurd"))


@given(low=sums, high=sums)
def test_read_orders_any_range(low: Decimal, high: Decimal) -> None:
    stated = money.read(f"{low}-{high}", Decimal(1))
    assert (stated.lowest, stated.highest) == (min(low, high), max(low, high))


@given(words=st.text(alphabet="零〇一二两三四五六七八九十百千万亿壹拾佰仟點点几半多0123.", max_size=12))
def test_numerals_that_nobody_could_say_are_not_read(words: str) -> None:
    for cell in (words, f"{words}元", f"约{words}万元"):
        money.read(cell, WAN)


@pytest.mark.parametrize("words", ["八千十八十一", "四千三亿〇"])
def test_a_wrongly_made_numeral_is_a_warning(words: str) -> None:
    assert money.read(f"{words}元").warning == "money_unread"


@given(words=st.text())
def test_read_never_fails(words: str) -> None:
    stated = money.read(words, WAN)
    assert all(end is None or 0 < end <= money.ABSURD for end in (stated.lowest, stated.highest))


@pytest.mark.parametrize(
    ("words", "unit", "lowest", "highest", "warning"),
    [
        ("大约三十到五十左右", WAN, "300000.00", "500000.00", "money_about"),
        ("约80", WAN, "800000.00", "800000.00", "money_about"),
        ("30-50上下", WAN, "300000.00", "500000.00", "money_about"),
        ("大约三十到五十左右", None, "30.00", "50.00", "money_no_unit"),
        ("大约三十到五十万元左右", WAN, "300000.00", "500000.00", None),
        ("合约价80", WAN, "800000.00", "800000.00", None),
        ("30-50", WAN, "300000.00", "500000.00", None),
    ],
)
def test_read_marks_a_vague_sum_that_names_no_unit(
    words: str, unit: Decimal | None, lowest: str, highest: str, warning: str | None
) -> None:
    assert money.read(words, unit) == Money(Decimal(lowest), Decimal(highest), warning=warning)
