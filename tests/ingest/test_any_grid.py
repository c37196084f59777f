"""What must hold for whatever a list looks like."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.errors import Refused
from ingest.fields import Draft, Problem, Reading
from ingest.neutralise import neutralise
from ingest.pipeline import read_list
from ingest.records import reading_from_record, reading_to_record
from ingest.rendering import item_as_json
from tests.ingest.lists_in_memory import HEADER, ROWS, Value, as_bytes, as_csv, make_workbook

GOOD = as_bytes(make_workbook(需求清单=[HEADER, *ROWS]))
FRAGMENTS = st.sampled_from(
    ["需求名称", "序号", "合计", "注：", "（一）绿色（2项）", "50", "不超过", "2026年6月", "13800001234", "面议", "示例", "\n", "", " ", "=1+1", "单位：万元", "填报单位：某局", "1.甲；2.乙"]
)  # fmt: skip
CELLS = st.one_of(st.just(""), FRAGMENTS, st.text(max_size=12))


def outcome(data: bytes) -> Reading | Problem:
    """The reading, or the one problem that the file was refused for; nothing else may be raised."""
    try:
        return read_list(data, name="任意.csv")
    except Refused as refused:
        return refused.problem


def is_foreseen(result: Reading | Problem) -> bool:
    """Whether the outcome is a reading or a refusal that somebody thought of."""
    return isinstance(result, Reading) or (result.code != "unreadable" and result.message.endswith("。"))


def told(drafts: Sequence[Draft]) -> list[dict[str, object]]:
    """Drafts without the places that a shift of rows or columns changes."""
    return [{key: value for key, value in item_as_json(draft).items() if key not in {"row", "raw"}} for draft in drafts]


def drafts_of(rows: Sequence[Sequence[Value]]) -> list[Draft]:
    return list(read_list(as_csv(rows).encode(), name="需求清单.csv").drafts)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=8), max_size=10))
def test_read_list_reads_or_refuses_any_rows(rows: list[list[str]]) -> None:
    assert is_foreseen(outcome(as_csv([HEADER, *rows]).encode()))
    assert is_foreseen(outcome(as_csv(rows).encode()))


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400))
def test_read_list_reads_or_refuses_any_bytes(data: bytes) -> None:
    assert is_foreseen(outcome(data))


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32), count=st.integers(min_value=1, max_value=30))
def test_read_list_reads_or_refuses_a_damaged_workbook(seed: int, count: int) -> None:
    generator = random.Random(seed)
    data = bytearray(GOOD)
    for _ in range(count):
        data[generator.randrange(len(data))] = generator.randrange(256)
    result = outcome(bytes(data))
    assert isinstance(result, Reading) or result.message.endswith("。")


@settings(max_examples=40, deadline=None)
@given(order=st.permutations(range(len(HEADER))))
def test_read_list_does_not_care_for_the_order_of_columns(order: list[int]) -> None:
    shuffled = [[row[column] for column in order] for row in (HEADER, *ROWS)]
    assert told(drafts_of(shuffled)) == told(drafts_of([HEADER, *ROWS]))


@settings(max_examples=40, deadline=None)
@given(
    blank_rows=st.lists(st.integers(min_value=0, max_value=3), max_size=4),
    blank_columns=st.lists(st.integers(min_value=0, max_value=8), max_size=3),
)
def test_read_list_does_not_care_for_blank_rows_and_columns(blank_rows: list[int], blank_columns: list[int]) -> None:
    rows = [list(row) for row in (HEADER, *ROWS)]
    for column in blank_columns:
        for row in rows:
            row.insert(column, "")
    for position in sorted(blank_rows, reverse=True):
        rows.insert(position, [""] * len(rows[0]))
    assert told(drafts_of(rows)) == told(drafts_of([HEADER, *ROWS]))


def test_read_list_tells_the_same_from_a_workbook_and_from_text() -> None:
    from_text = drafts_of([HEADER, *ROWS])
    from_workbook = list(read_list(GOOD, name="需求清单.csv").drafts)
    assert [replace(draft, sheet=None) for draft in from_workbook] == from_text


def test_reading_survives_the_way_through_a_record() -> None:
    reading = read_list(GOOD, name="清单.xlsx")
    assert reading_from_record(reading_to_record(reading)) == reading


def test_item_as_json_has_exactly_the_promised_keys() -> None:
    promised = (
        "file sheet page row list_kind need_type title description issuer issuer_type sector region budget_min budget_max "
        "budget_negotiable period_start period_end duration_months requirements contact_name contact_phone contact_email inherited raw"
    )
    assert list(item_as_json(drafts_of([HEADER, *ROWS])[0])) == promised.split()


@given(cell=st.text())
@example("\x1f=1+1")
@example("\u200b\xa0=1+1")
def test_neutralise_leaves_no_formula(cell: str) -> None:
    safe = neutralise(cell)
    assert not re.match(r"[\s\ufeff\u200b]*[=@＝＠]", safe)
    assert safe in {cell, "'" + cell}


def test_neutralise_marks_formulas_and_leaves_the_rest() -> None:
    cells = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "-5", "+86", "3.5", "普通文字", ""]
    expected = ["'=1+1", "'+cmd|' /C calc'!A0", "'-2+3", "'@SUM(A1)", "'\t=1", "-5", "+86", "3.5", "普通文字", ""]
    assert [neutralise(cell) for cell in cells] == expected
