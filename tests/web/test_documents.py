"""A document says the same as a page, as a Word file and as PDF, whatever it is made of."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from urllib.parse import quote

import docx as word
import pypdfium2
import pytest
from anyio import run
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.kernel.errors import Conflict, NotFound
from tests.web.document_readers import bare, of_docx, of_page, page, pages_of_pdf, right_edge
from tests.web.document_samples import ADDRESS, DIGEST, ISSUER, NOTICE, make_document, make_minutes
from web.commands import checking
from web.documents import answers, fonts
from web.documents.docx import as_docx
from web.documents.model import Annex, Document, Facts, Grid, Heading, Listing, Note, Paragraph, Signature
from web.documents.pdf import as_pdf

needs_font = pytest.mark.skipif(fonts.found() is None, reason="this system has no Chinese font")
HOSTILE = (
    '#panic("x") #sys.inputs $a^2$ *粗* _斜_ @ref <lab> \\ `raw` // 注 /* 注 */ = 标题 - 项 + 项 ~ --- '
    '#import "@preview/x:0.1.0" {{ 7 * 7 }} {% raw %} <script>alert(1)</script> &amp; ]] [[ \' " “”'
)
RIGHT_MARGIN_PT = (210 - 26) * 72 / 25.4 + 1  # a bold sign may stand out by a hair
HEAD = ("编号", "单位", "SHA-256", "报价（元）", "开启结果")


@needs_font
@pytest.mark.parametrize("document", [NOTICE, make_minutes(3)], ids=["notice", "minutes"])
def test_all_forms_say_the_same(document: Document) -> None:
    said = of_page(document)

    assert of_docx(document) == said
    assert "".join(pages_of_pdf(document)) == said


def test_a_notice_says_its_conditions_its_criteria_and_who_signs() -> None:
    said = of_page(NOTICE)

    for part in (
        "二、申报条件（一）基本条件1.在中华人民共和国",
        "（二）能力要求——树冠病害识别率",
        "三、评审办法",
        DIGEST,
        ADDRESS,
    ):
        assert bare(part) in said
    assert said.index("附件：1.申报书格式2.数据安全承诺书") < said.rindex(f"{ISSUER}2026年12月1日公告正文")
    assert "附件1申报书格式一、申报单位基本情况" in said


@needs_font
@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=8, max_size=8))
def test_any_text_is_said_alike(texts: list[str]) -> None:
    one, two, three, four, five, six, seven, eight = texts
    document = make_document(
        Heading(one),
        Paragraph(two),
        Facts(((three, four),)),
        Grid((five, "乙"), ((six, seven),), caption=eight),
        Listing((one, two), numbered=True),
        Signature((three,), signers=(four,)),
        title=five,
    )

    assert of_docx(document) == of_page(document)
    assert as_pdf(document).startswith(b"%PDF")


@needs_font
@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("甲乙丙，。（）“”1aB #$\\*_@<>`/=~[]{}\n", max_size=40), min_size=3, max_size=3))
def test_signs_of_mark_up_are_said_alike(texts: list[str]) -> None:
    one, two, three = texts
    document = make_document(Paragraph(one), Grid(("甲", "乙"), ((two, three),)), Listing((three, one)), title=two)

    assert "".join(pages_of_pdf(document)) == of_docx(document) == of_page(document)


@needs_font
def test_mark_up_in_a_text_is_said_and_never_obeyed() -> None:
    document = Document(
        "公告", HOSTILE, HOSTILE, HOSTILE, None,
        (
            Heading(HOSTILE), Paragraph(HOSTILE), Facts(((HOSTILE, HOSTILE),)), Grid((HOSTILE,), ((HOSTILE,),), caption=HOSTILE),
            Listing((HOSTILE,)), Note(HOSTILE), Signature((HOSTILE,), signers=(HOSTILE,)),
        ),
        subtitle=HOSTILE, annexes=(Annex(HOSTILE, (Paragraph(HOSTILE),)),),
    )  # fmt: skip
    said = of_page(document)

    assert said.count(bare(HOSTILE)) == 18
    assert "<script>" not in page(document)
    assert of_docx(document) == said
    assert "".join(pages_of_pdf(document)) == said


@needs_font
def test_a_long_table_repeats_its_head_on_every_page() -> None:
    document = make_minutes(60)
    pages = [text for text in pages_of_pdf(document) if re.search(r"B\d{3}", text)]
    tables = word.Document(io.BytesIO(as_docx(document))).tables

    assert len(pages) > 3
    assert [bare("".join(HEAD)) in text for text in pages] == [True] * len(pages)
    assert [f"B{at:03}" in "".join(pages) for at in range(1, 61)] == [True] * 60
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in tables[1].rows] == [True] + [False] * 60


@needs_font
def test_a_digest_in_a_narrow_column_stays_whole_and_on_the_sheet() -> None:
    document = make_minutes(1)
    digest = re.search(r"[0-9a-f]{64}", of_page(document))

    assert digest is not None
    assert digest[0] in "".join(pages_of_pdf(document))
    assert right_edge(document) <= RIGHT_MARGIN_PT


@needs_font
def test_a_row_longer_than_a_page_loses_nothing() -> None:
    long = "".join(f"第{at}条承诺。" for at in range(900))
    document = make_document(Grid(("内容",), ((long,),)), Facts((("说明", long),)))

    # The head comes again on every page.
    assert "".join(pages_of_pdf(document)).replace("内容", "").count(long) == 2


@needs_font
def test_a_very_long_title_is_whole_and_on_the_sheet() -> None:
    document = make_document(Paragraph("正文。"), title="关于行道树健康巡查" * 60 + "w" * 300)

    assert "".join(pages_of_pdf(document)) == of_docx(document) == of_page(document)
    assert right_edge(document) <= RIGHT_MARGIN_PT


@needs_font
def test_blocks_that_say_nothing_leave_no_trace() -> None:
    nothing = (
        Heading(""),
        Paragraph(" \n "),
        Facts(()),
        Grid((), ()),
        Listing(("", " ")),
        Note(""),
        Signature(("",), ("",)),
    )
    document = make_document(*nothing, Heading("唯一"), *nothing)

    assert [(label, block) for label, block in document.body] == [("一、", Heading("唯一"))]
    assert of_page(document) == of_docx(document) == "".join(pages_of_pdf(document)) == "标题一、唯一"


def test_a_table_without_rows_says_that_there_are_none() -> None:
    document = make_document(Grid(("编号", "单位"), ()))

    assert of_page(document) == of_docx(document) == "标题编号单位（无）"


@needs_font
def test_the_same_document_gives_the_same_bytes() -> None:
    assert as_pdf(NOTICE) == as_pdf(NOTICE)
    assert as_docx(NOTICE) == as_docx(NOTICE)
    with zipfile.ZipFile(io.BytesIO(as_docx(NOTICE))) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in packed.namelist()


@needs_font
def test_the_metadata_name_the_document_and_its_issuer() -> None:
    about = word.Document(io.BytesIO(as_docx(NOTICE))).core_properties
    of_pdf = pypdfium2.PdfDocument(as_pdf(NOTICE)).get_metadata_dict()
    title = NOTICE.title.replace("\n", "")

    assert (about.title, about.author, about.subject, about.comments) == (title, ISSUER, "公告", "")
    assert about.created == about.modified == datetime(2026, 12, 1, tzinfo=UTC)
    assert (of_pdf["Title"], of_pdf["Author"], of_pdf["Subject"]) == (title, ISSUER, "公告")
    assert of_pdf["CreationDate"].startswith("D:20261201")


@needs_font
def test_the_sheet_is_that_of_the_standard() -> None:
    made = word.Document(io.BytesIO(as_docx(NOTICE)))
    (section,) = made.sections
    sizes = [
        round(side.mm) for side in (section.page_width, section.page_height, section.top_margin, section.left_margin)
    ]
    normal = made.styles["Normal"]

    assert sizes == [210, 297, 37, 28]
    assert [round(points) for points in pypdfium2.PdfDocument(as_pdf(NOTICE))[0].get_size()] == [595, 842]
    assert [part.style.name for part in made.paragraphs if part.style.name.startswith("Heading")][:3] == [
        "Heading 1",
        "Heading 1",
        "Heading 2",
    ]
    assert (normal.font.size.pt, normal.element.rPr.rFonts.get(qn("w:eastAsia"))) == (16, "仿宋")
    for footer in (section.footer, section.even_page_footer):
        assert footer._element.find(f".//{qn('w:fldSimple')}").get(qn("w:instr")) == "PAGE"


@needs_font
def test_letters_may_come_from_a_font_of_their_own() -> None:
    font = fonts.require(fonts.found())
    mixed = as_pdf(NOTICE, find=lambda: replace(font, latin="Libertinus Serif"))

    assert (b"LibertinusSerif" in mixed, b"LibertinusSerif" in as_pdf(NOTICE)) == (True, False)


def test_without_a_chinese_font_the_pdf_is_refused_and_the_doctor_hints() -> None:
    with pytest.raises(Conflict) as refused:
        as_pdf(NOTICE, find=lambda: None)

    assert (refused.value.code, refused.value.message) == ("no_font", fonts.NO_FONT)
    assert list(checking.hints(lambda: None)) == [checking.Finding("提示", "no_font", "PDF", fonts.NO_FONT)]
    assert list(checking.hints(lambda: fonts.Font("甲", "甲", "甲", "甲", ""))) == []


@needs_font
@pytest.mark.parametrize(
    ("suffix", "media_type", "starts"), [("pdf", "application/pdf", b"%PDF"), ("docx", "officedocument", b"PK")]
)
def test_a_download_bears_the_chinese_name(suffix: str, media_type: str, starts: bytes) -> None:
    answer = run(answers.download, NOTICE, suffix)
    name = quote(f"关于行道树健康巡查与倒伏预警项目公开征集揭榜单位的公告.{suffix}")

    assert answer.body.startswith(starts)
    assert media_type in answer.headers["content-type"]
    assert (
        answer.headers["content-disposition"] == f"attachment; filename=\"document.{suffix}\"; filename*=UTF-8''{name}"
    )


def test_a_download_of_another_format_is_not_found() -> None:
    with pytest.raises(NotFound) as refused:
        run(answers.download, NOTICE, "exe")

    assert refused.value.code == "format_missing"


@pytest.mark.parametrize(
    ("title", "name"),
    [('../a\\b:"c"\n<d>', "abcd.pdf"), ("。" * 200, "。" * answers.LONGEST_NAME + ".pdf"), ("/", "公告.pdf")],
)
def test_a_file_name_is_safe_everywhere(title: str, name: str) -> None:
    assert answers.file_name(make_document(title=title), "pdf") == name


def test_a_page_is_semantic() -> None:
    html = unescape(page(make_minutes(2)))

    assert re.findall(r"<(h1|h2|caption|dl|th scope=\"col\")", html).count('th scope="col"') == 5
    assert (html.count("<h1"), html.count("<caption"), html.count("<dl")) == (1, 1, 1)
    assert date(2026, 12, 18) == make_minutes(0).dated
