"""What people put right in a reading: single parts of rows, and what a column is."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import corrections
from ingest.columns.plans import SAID_BY_PERSON
from ingest.columns.roles import Role
from ingest.corrections import PARTS, Correction
from ingest.errors import Refused
from ingest.fields import Draft, IssuerType, ListKind, NeedType, Reading, SheetReading
from ingest.pipeline import read_list
from ingest.records import reading_from_record, reading_to_record

HEAD = "某市需求清单,,,,,,\n填报单位：某市数据局,单位：万元,,,,,\n"
NAMES = "序号,需求名称,需求单位,预算,完成时限,联系人及电话,具体情况\n"
ROWS = (
    "1,泵站异响识别,排水公司,三百,2023117日,张三 13800000001,听声辨障\n"
    "2,,公交集团,200,2026年6月底前,李四,识别疲劳驾驶\n"
    "3,古树巡查,园林中心,120-80,2027年,王五,每月巡查\n"
)


def read(text: str = HEAD + NAMES + ROWS) -> Reading:
    return read_list(text.encode(), name="需求.csv")


def corrected(reading: Reading, row: int, **words: str) -> Reading:
    where = next(draft.where for _sheet, draft in corrections.rows(reading) if draft.row == row)
    return corrections.apply(reading, [Correction(where, Role(part), said) for part, said in words.items()])


def drafts(reading: Reading) -> dict[int, Draft]:
    return {draft.row: draft for draft in reading.drafts}


def codes(reading: Reading) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.row) for problem in reading.problems]


def test_three_problems_are_put_right_one_after_the_other() -> None:
    reading = read()
    assert codes(reading) == [("period_digits", 4), ("no_title", 5), ("money_swapped", 6)]

    reading = corrected(reading, 4, period="2026年11月7日前")
    reading = corrected(reading, 5, title="疲劳驾驶识别")
    reading = corrected(reading, 6, budget="80至120")

    assert codes(reading) == []
    found = drafts(reading)
    assert list(found) == [4, 5, 6]
    assert found[4].period_end == date(2026, 11, 7)
    # A row without a title had everything else already.
    assert (found[5].title, found[5].budget_max, found[5].period_end) == (
        "疲劳驾驶识别",
        Decimal("2000000.00"),
        date(2026, 6, 30),
    )
    # Words without a unit take that above the table.
    assert (found[6].budget_min, found[6].budget_max) == (Decimal("800000.00"), Decimal("1200000.00"))
    assert reading.sheets[0].refused == ()


def test_what_stood_there_stays_and_what_was_put_right_is_marked() -> None:
    draft = drafts(corrected(read(), 4, budget="不超过350万元", contact="钱六 0794-8234567 q@x.cn"))[4]

    assert (draft.budget_min, draft.budget_max) == (None, Decimal("3500000.00"))
    assert (draft.contact_name, draft.contact_phone, draft.contact_email) == ("钱六", "0794-8234567", "q@x.cn")
    assert draft.raw["预算"] == "三百"
    assert draft.corrected == ("budget", "contact")
    assert draft.places["budget_max"] == "D4（人工更正）"
    assert "budget_min" not in draft.places
    assert draft.places["title"] == "B4"


def test_words_that_cannot_be_read_are_a_problem_of_their_own() -> None:
    reading = corrected(read(), 4, budget="0")

    assert drafts(reading)[4].budget_max is None
    assert [code for code, row in codes(reading) if row == 4 and code.startswith("money")] != []


def test_a_part_that_is_emptied_says_nothing_and_a_row_without_a_title_is_refused() -> None:
    reading = corrected(corrected(read(), 4, budget=""), 6, title="")

    assert drafts(reading)[4].budget_max is None
    assert [draft.row for draft in reading.sheets[0].refused] == [5, 6]
    # Who empties a name means it: that is not a fault to mend.
    assert [code for code, row in codes(reading) if row == 6] == ["money_swapped", "left_out"]
    assert list(drafts(reading)) == [4]


def test_an_inherited_unit_gives_way_and_choices_are_read_like_cells() -> None:
    reading = read(HEAD + "序号,需求名称,预算\n1,泵站异响识别,30\n")
    assert drafts(reading)[4].inherited == ("issuer",)

    draft = drafts(
        corrected(reading, 4, issuer="排水公司", issuer_type="国有企业", need_type="技术攻关", list_kind="场景")
    )[4]

    assert (draft.issuer, draft.inherited) == ("排水公司", ())
    assert (draft.issuer_type, draft.need_type) == (IssuerType.SOE, NeedType.RESEARCH)
    assert draft.list_kind is ListKind.SCENARIO


def test_repeats_within_a_file_are_looked_for_anew() -> None:
    reading = read(HEAD + NAMES + "1,甲,排水公司,1,,,\n2,甲,排水公司,2,,,\n")
    assert [code for code, _row in codes(reading)] == ["repeated"]

    assert codes(corrected(reading, 5, title="乙")) == []


def test_corrections_of_rows_that_are_not_there_are_passed_over() -> None:
    reading = read()

    assert corrections.apply(reading, [Correction(("别处", None, None, 99), Role.TITLE, "丁")]) == reading


@pytest.mark.parametrize(
    ("header", "cell", "is_public"),
    [
        ("是否涉密", "是", False), ("是否涉密", "否", True), ("是否涉密", "", True), ("密级", "内部", False), ("密级", "公开", True),
        ("是否公开", "否", False), ("是否公开", "不予公开", False), ("是否公开", "是", True), ("公开属性", "依申请公开", False),
    ],
)  # fmt: skip
def test_a_row_that_says_it_is_not_for_the_public_is_refused(header: str, cell: str, is_public: bool) -> None:
    reading = read(f"需求名称,需求单位,{header}\n甲,乙公司,{cell}\n")

    assert (codes(reading) == []) is is_public
    assert all(code == "not_public" for code, _row in codes(reading))


def test_a_column_is_read_as_somebody_has_said() -> None:
    reading = read()
    layout = str(reading.sheets[0].layout)
    assert drafts(reading)[4].description is None

    again = read_list(
        (HEAD + NAMES + ROWS).encode(), name="需求.csv", mappings={layout: {"具体情况": Role.DESCRIPTION}}
    )

    assert drafts(again)[4].description == "听声辨障"
    column = again.sheets[0].columns[6]
    assert (column.field, column.confidence, column.reason) == ("description", 1.0, SAID_BY_PERSON)
    assert again.sheets[0].layout == layout


def test_what_somebody_has_said_outdoes_an_equally_sure_header() -> None:
    text = "需求名称,项目名称,需求单位\n甲,乙,丙公司\n"
    layout = str(read(text).sheets[0].layout)

    for header, title in (("需求名称", "甲"), ("项目名称", "乙")):
        again = read_list(text.encode(), name="x.csv", mappings={layout: {header: Role.TITLE}})
        assert [draft.title for draft in again.drafts] == [title]


def test_a_layout_is_told_by_its_headers_alone() -> None:
    layout = read().sheets[0].layout

    assert read(HEAD + NAMES + "9,别的,别家,1,,,\n").sheets[0].layout == layout
    assert read(HEAD + NAMES.replace("预算", "金额") + ROWS).sheets[0].layout != layout


def test_a_list_without_a_column_of_names_can_be_helped() -> None:
    text = "预算,需求单位,完成时限\n30万元,丙公司,2026年6月底前\n".encode()
    with pytest.raises(Refused) as refused:
        read_list(text, name="x.csv")

    half = refused.value.reading
    assert half is not None
    assert (half.problems[0].code, list(half.drafts)) == ("no_title_column", [])
    said = {str(half.sheets[0].layout): {"需求单位": Role.TITLE}}
    assert [draft.title for draft in read_list(text, name="x.csv", mappings=said).drafts] == ["丙公司"]


def test_a_reading_with_corrections_can_be_kept() -> None:
    reading = corrected(read(), 4, budget="面议")

    assert reading_from_record(reading_to_record(reading)) == reading


MONEY = st.decimals(min_value=1, max_value=10**9, places=2)
DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


@given(
    low=st.none() | MONEY,
    high=st.none() | MONEY,
    negotiable=st.booleans(),
    start=st.none() | DAYS,
    end=st.none() | DAYS,
)
def test_what_a_part_is_said_to_say_is_read_as_just_that(
    low: Decimal | None, high: Decimal | None, negotiable: bool, start: date | None, end: date | None
) -> None:
    """A row that has no cells of its own for money and time is offered in words that mean the same."""
    low, high = (low, high) if low is None or high is None or low <= high else (high, low)
    start, end = (start, end) if start is None or end is None or start <= end else (end, start)
    draft = Draft(
        "x.csv",
        2,
        ListKind.DEMAND,
        "甲",
        budget_min=low,
        budget_max=high,
        budget_negotiable=negotiable and low is None and high is None,
        period_start=start,
        period_end=end,
        requirements=("识别率不低于九成", "误报率不高于一成"),
    )
    sheet = SheetReading(None, drafts=(draft,))
    reading = Reading("x.csv", "0" * 64, "csv", (sheet,))
    said = [Correction(draft.where, part, corrections.as_said(sheet, draft, part)) for part in PARTS]

    (again,) = corrections.apply(reading, said).drafts

    assert replace(again, corrected=(), places={}) == draft
