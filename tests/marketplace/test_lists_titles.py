"""What a list is called, without what changes from issue to issue."""

import pytest

from ingest.fields import ListKind, Reading, SheetReading
from marketplace.lists.rules import publishing, titles
from tests.marketplace.market import make_draft


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("智慧城市需求清单（2026年第4期）", "智慧城市需求清单"),
        ("青崖市2026年4月待撮合人工智能场景机会清单", "青崖市待撮合人工智能场景机会清单"),
        ("能力清单（第一批）", "能力清单"),
        ("能力清单（第一批，共8个）", "能力清单"),
        ("需求清单（公开版）", "需求清单（公开版）"),
        ("２０２６年度需求汇总表", "需求汇总表"),
        ("2026-04 需求清单", "需求清单"),
        ("需求清单202604", "需求清单"),
        ("征 集 汇 总 表", "征集汇总表"),
        ("（OPC）能力清单", "（OPC）能力清单"),
    ],
)
def test_plain_drops_issue_and_date(title: str, expected: str) -> None:
    assert titles.plain(title) == expected


def _reading(*sheets: SheetReading) -> Reading:
    return Reading("临川市需求清单（2026年第4期）.xlsx", "0" * 64, "xlsx", sheets)


def test_suggested_is_the_title_of_the_first_sheet_with_items() -> None:
    notes = SheetReading("说明", title="填报说明", publisher="某处")
    full = SheetReading(
        "清单", ListKind.DEMAND, drafts=(make_draft(),), title="园林需求清单（第2期）", publisher="园林局"
    )

    reading = _reading(notes, full)

    assert (titles.suggested(reading), publishing.publisher(reading)) == ("园林需求清单", "园林局")


def test_suggested_falls_back_to_the_name_of_the_file() -> None:
    bare = _reading(SheetReading("清单", ListKind.DEMAND, drafts=(make_draft(),)))

    assert (titles.suggested(bare), publishing.publisher(bare)) == ("临川市需求清单", "")
