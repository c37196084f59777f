"""What a file's name tells about the list it continues."""

import pytest

from web.reviewing import issue_number


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
