"""docs/security.md keeps its word: every requirement of levels 1 and 2 once, every test it names there to be run."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parent / "docs" / "security.md"
SAID = ("满足", "不适用", "未做")

# OWASP ASVS 5.0.0: how many requirements each section has, and which of them belong to level 3 alone.
SECTIONS = """
1.1:2 1.2:10 1.3:12 1.4:3 1.5:3 2.1:3 2.2:3 2.3:5 2.4:2 3.1:1 3.2:3 3.3:5 3.4:8 3.5:8 3.6:1 3.7:5 4.1:5 4.2:5 4.3:2
4.4:4 5.1:1 5.2:6 5.3:3 5.4:3 6.1:3 6.2:12 6.3:8 6.4:6 6.5:8 6.6:4 6.7:2 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:3 7.6:2
8.1:4 8.2:4 8.3:3 8.4:2 9.1:3 9.2:4 10.1:2 10.2:3 10.3:5 10.4:16 10.5:5 10.6:2 10.7:3 11.1:4 11.2:5 11.3:5 11.4:4
11.5:2 11.6:2 11.7:2 12.1:5 12.2:2 12.3:5 13.1:4 13.2:6 13.3:4 13.4:7 14.1:2 14.2:8 14.3:3 15.1:5 15.2:5 15.3:7 15.4:4
16.1:1 16.2:5 16.3:4 16.4:3 16.5:4 17.1:2 17.2:8 17.3:2
"""
LEVEL_3 = """
1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 3.6.1 3.7.3 3.7.4 3.7.5 4.1.4 4.1.5
4.2.2 4.2.3 4.2.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3 6.3.5 6.3.6 6.3.7 6.3.8 6.4.5 6.4.6 6.5.6 6.5.7 6.5.8 6.6.4 6.7.1 6.7.2
7.5.3 8.1.3 8.1.4 8.2.4 8.3.2 8.3.3 8.4.2 10.2.3 10.3.5 10.4.12 10.4.13 10.4.14 10.4.15 10.4.16 11.1.3 11.1.4 11.2.4
11.2.5 11.3.4 11.3.5 11.5.2 11.6.2 11.7.1 11.7.2 12.1.4 12.1.5 12.3.5 13.1.2 13.1.3 13.1.4 13.2.6 13.3.3 13.3.4 13.4.6
13.4.7 14.2.5 14.2.6 14.2.7 14.2.8 15.1.4 15.1.5 15.2.4 15.2.5 15.4.1 15.4.2 15.4.3 15.4.4 16.5.4 17.1.2 17.2.5 17.2.6
17.2.7 17.2.8
"""


class Line(NamedTuple):
    """One requirement as the document answers it."""

    number: str
    asked: str
    said: str
    why: str


def asked_for() -> list[str]:
    """The numbers of levels 1 and 2, in the standard's order."""
    counted = [each.split(":") for each in SECTIONS.split()]
    every = [f"V{section}.{number}" for section, count in counted for number in range(1, int(count) + 1)]
    assert len(every) == 345
    beyond = {f"V{number}" for number in LEVEL_3.split()}
    assert beyond < set(every)
    return [number for number in every if number not in beyond]


def answered() -> list[Line]:
    """The lines of the document's tables."""
    rows = re.findall(r"^\| (V\d+\.\d+\.\d+) \| (.*?) \| (.*?) \| (.*?) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    return [Line(*row) for row in rows]


def named(text: str) -> list[str]:
    """The tests that a text names."""
    return re.findall(r"`([\w/]+\.py::\w+)`", text)


@cache
def collected(path: str) -> frozenset[str]:
    """The tests of a file that the runner finds."""
    file = TESTS / path
    if not file.name.startswith("test_") or not file.is_file():
        return frozenset()
    body = ast.parse(file.read_text("utf-8")).body
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def test_every_requirement_of_levels_1_and_2_is_answered_once_and_in_order() -> None:
    assert [line.number for line in answered()] == asked_for()
    assert len(asked_for()) == 253


def test_every_line_says_one_of_three_things_and_why() -> None:
    for line in answered():
        assert line.said in SAID, line
        assert line.asked.strip(), line
        assert line.why.strip(), line


def test_every_test_that_is_named_is_there_to_be_run() -> None:
    missing = [
        each for each in named(DOCUMENT.read_text("utf-8")) if each.split("::")[1] not in collected(each.split("::")[0])
    ]

    assert missing == []


def test_what_is_not_done_is_listed_before_the_tables() -> None:
    text = DOCUMENT.read_text("utf-8")
    listed = re.findall(r"^- \*\*(V[\d.]+)\*\* ", text.split("尚未做到\n", 1)[1].split("\n## ", 1)[0], re.MULTILINE)

    assert listed == [line.number for line in answered() if line.said == "未做"]


def test_the_sum_at_the_top_is_that_of_the_tables() -> None:
    sums = [sum(line.said == said for line in answered()) for said in SAID]

    assert f"满足 {sums[0]}，不适用 {sums[1]}，未做 {sums[2]}" in DOCUMENT.read_text("utf-8")


def test_what_is_met_names_a_test_or_the_section_that_describes_it() -> None:
    bare = [line.number for line in answered() if line.said == "满足" and not named(line.why) and "第" not in line.why]

    assert bare == []


def test_how_to_report_is_said_at_the_root() -> None:
    text = (TESTS.parent / "SECURITY.md").read_text("utf-8")

    assert "48 小时" in text
    assert "docs/security.md" in text
