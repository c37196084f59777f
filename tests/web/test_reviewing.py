"""An intake under review: what its names tell, what stays behind and what publishing means."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from marketplace.lists.rules.publishing import LeftRow
from tests.web.test_render_pages import make_intake, make_review
from web.pages.lists.reviewing import NEW, NO_PUBLISHER, NO_TITLE, Review, issue_number

NOW = datetime(2026, 11, 20, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("临川市人工智能OPC三张清单（2026年第4期）.xlsx", 4),
        ("需求清单第12期.csv", 12),
        ("需求清单 第 3 期.xlsx", 3),
        ("需求清单.xlsx", 1),
        ("第0期.xlsx", 1),
        ("第一批场景.xlsx", 1),
    ],
)
def test_issue_number_reads_what_the_name_says(name: str, number: int) -> None:
    assert issue_number(name) == number


def test_held_is_what_the_preview_leaves_behind() -> None:
    left = (
        LeftRow(("场景", None, None, 3), "这一行没有名称。"),
        LeftRow(("场景", None, None, 5), "没有名称，不能发布。"),
    )
    review = make_review()
    assert review.preview is not None
    assert replace(review, preview=replace(review.preview, left=left)).held == left


def test_consequences_name_the_publisher_the_kinds_and_the_comparison() -> None:
    said = dict(make_review().consequences(NOW))
    assert (said["以谁的名义发布"], said["会发生什么"], said["与上一期相比"]) == (
        "临川市数据局",
        "1 条内容（场景项目 1 条）作为《临川市三张清单》第 4 期公开。",
        "新增 0 条，有变化 1 条，没有变化 0 条；上一期有而这个文件没有的 1 条将关闭并存档。",
    )


def test_errors_ask_for_what_was_cleared() -> None:
    assert Review(make_intake(), None, NEW, "  ", "").errors == {"title": NO_TITLE, "publisher": NO_PUBLISHER}
