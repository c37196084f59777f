"""What a document is before it has a form: numbers of headings, plain texts, widths of columns, fonts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.document_readers import of_page
from tests.web.document_samples import make_document
from web.documents import fonts, measures, model, plain
from web.documents.model import Annex, Grid, Heading, Paragraph


def test_headings_and_items_are_numbered_as_official_documents_are() -> None:
    blocks = (
        Heading("甲"),
        Heading("乙", 2),
        Heading("丙", 2),
        Heading("丁"),
        Heading("戊", 2),
        Heading("己", is_numbered=False),
    )

    assert [label for label, _ in make_document(*blocks).body] == ["一、", "（一）", "（二）", "二、", "（一）", ""]
    assert [model.numeral(at) for at in (1, 10, 11, 20, 35, 99, 100)] == [
        "一",
        "十",
        "十一",
        "二十",
        "三十五",
        "九十九",
        "100",
    ]


def test_one_annex_has_no_number() -> None:
    assert "附件：承诺书附件承诺书正文" in of_page(make_document(annexes=(Annex("承诺书", (Paragraph("正文"),)),)))


def test_a_grid_refuses_rows_of_another_width() -> None:
    for wrong in ({"rows": (("1",),)}, {"rows": (), "alignments": ("left",)}):
        given: dict[str, Any] = wrong
        with pytest.raises(ValueError, match="2 columns"):
            Grid(("甲", "乙"), **given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 甲 \t 乙\r\n\n丙\u2028丁 ", "甲 乙\n\n丙\n丁"),
        ("\x00甲\x1b\u202e乙\u2066\u200b\ufeff\u00ad\ud800\ufffe", "甲乙"),
        ("\u3000\u3000首行缩进　中间", "首行缩进　中间"),
    ],
)
def test_plain_text_holds_what_every_form_can_show(text: str, expected: str) -> None:
    assert plain.made(text) == expected


@given(st.lists(st.lists(st.text(max_size=80), min_size=3, max_size=3), max_size=5))
def test_columns_share_the_whole_width(rows: list[list[str]]) -> None:
    measured = measures.grid(Grid(("编号", "单位", "说明"), tuple(map(tuple, rows))))  # type: ignore[arg-type]

    assert sum(measured.shares) == pytest.approx(1)
    assert min(measured.shares) > 0.05


def test_fonts_of_offices_come_before_free_ones_and_letters_with_them() -> None:
    chosen = fonts.chosen({"FangSong", "SimSun", "SimHei", "KaiTi", "Times New Roman", "Noto Serif CJK SC"})

    assert chosen == fonts.Font("FangSong", "Noto Serif CJK SC", "SimHei", "KaiTi", "Times New Roman")
    assert fonts.chosen({"WenQuanYi Zen Hei", "Times New Roman"}) == fonts.Font(
        *["WenQuanYi Zen Hei"] * 4, "Times New Roman"
    )
    assert fonts.chosen({"DejaVu Sans", "Times New Roman"}) is None
