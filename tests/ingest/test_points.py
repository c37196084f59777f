"""Requirements split into points, typed by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.values import points


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1.识别率不低于95%；2.响应时间小于2秒；3.支持国产化。", ("识别率不低于95%", "响应时间小于2秒", "支持国产化")),
        ("1、甲项\n2、乙项\n3、丙项", ("甲项", "乙项", "丙项")),
        ("1. 甲项。2. 乙项。", ("甲项", "乙项")),
        ("（1）甲项；（2）乙项。", ("甲项", "乙项")),
        ("(1)甲项 (2)乙项", ("甲项", "乙项")),
        ("1）甲项；2）乙项", ("甲项", "乙项")),
        ("①甲项；②乙项；③丙项。", ("甲项", "乙项", "丙项")),
        ("一是提升效率；二是降低成本；三是保证安全。", ("提升效率", "降低成本", "保证安全")),
        ("一、甲项\n二、乙项", ("甲项", "乙项")),
        ("（一）甲项（二）乙项", ("甲项", "乙项")),
        ("技术指标：1.建模精度1.5mm；2.响应0.5秒", ("建模精度1.5mm", "响应0.5秒")),
        ("1.3D建模；2.5G传输", ("3D建模", "5G传输")),
        ("提升效率；降低成本", ("提升效率", "降低成本")),
        ("提升效率\n降低成本", ("提升效率", "降低成本")),
        ("识别率不低于99.5%。支持国产化部署。", ("识别率不低于99.5%", "支持国产化部署")),
        ("• 甲项\n• 乙项", ("甲项", "乙项")),
        ("1.只有一条要求。", ("只有一条要求",)),
        ("只有一条要求", ("只有一条要求",)),
        ("１．甲项；２．乙项", ("甲项", "乙项")),
        ("1.甲项，包括A；B；2.乙项", ("甲项，包括A；B", "乙项")),
        ("误差小于0.1、温度低于1.5度", ("误差小于0.1、温度低于1.5度",)),
        ("", ()),
        ("/", ()),
        ("无", ()),
    ],
)
def test_split_gives_points_without_numbering_and_end_marks(words: str, expected: tuple[str, ...]) -> None:
    assert points.split(words) == expected


@given(
    items=st.lists(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=2, max_size=8), min_size=2, max_size=15, unique=True)
)
def test_split_gives_back_what_was_numbered(items: list[str]) -> None:
    numbered = "；".join(f"{number}.{item}" for number, item in enumerate(items, 1)) + "。"
    assert points.split(numbered) == tuple(items)


@given(words=st.text())
def test_split_never_fails(words: str) -> None:
    assert all(point == point.strip() and point for point in points.split(words))
