"""Each format of documents: what its reader hands over, built here piece by piece."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from ingest.errors import Refused
from ingest.fields import RUNNING_TEXT, Draft, ListKind
from ingest.grid import Grid, Paragraph, Span
from ingest.limits import DEFAULT
from ingest.pipeline import read_list
from ingest.readers import docx as docx_reader
from ingest.readers import html, readers, suffixes

HEADER = ("序号", "需求名称", "需求单位", "预算（万元）")
ROWS = (("1", "灌溉渠道淤积巡查", "青禾灌区管理处", "30"), ("2", "粮仓温湿度远传", "青禾粮油公司", "面议"))


def table(rows: tuple[tuple[str, ...], ...]) -> Callable[[Document], None]:
    """Adds a table with these cells."""

    def add(document: Document) -> None:
        made = document.add_table(len(rows), len(rows[0]))
        for row, words in zip(made.rows, rows, strict=True):
            for cell, word in zip(row.cells, words, strict=True):
                cell.text = word

    return add


def words(text: str) -> Callable[[Document], None]:
    """Adds a paragraph."""

    def add(document: Document) -> None:
        document.add_paragraph(text)

    return add


def word_file(*parts: Callable[[Document], None]) -> bytes:
    """A Word document of some parts."""
    document = docx.Document()
    for part in parts:
        part(document)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def drafts(data: bytes, name: str) -> list[Draft]:
    """What is read out of a file."""
    return list(read_list(data, name=name).drafts)


def test_every_reader_is_found_and_none_takes_what_another_does() -> None:
    assert [one.format for one in readers()] == ["docx", "pdf", "picture", "xls", "xlsx", "html", "text"]
    assert set(suffixes()) == {
        "docx",
        "pdf",
        "png",
        "jpg",
        "jpeg",
        "xls",
        "xlsx",
        "html",
        "htm",
        "csv",
        "tsv",
        "txt",
        "md",
    }


def test_a_word_table_is_read_with_the_lines_above_it() -> None:
    data = word_file(words("青禾县需求清单"), words("单位：万元"), table((HEADER, *ROWS)), words("填表人：某某"))
    found = drafts(data, "a.docx")

    assert [(one.title, one.row, one.table, one.list_kind) for one in found] == [
        ("灌溉渠道淤积巡查", 2, None, ListKind.DEMAND),
        ("粮仓温湿度远传", 3, None, ListKind.DEMAND),
    ]
    assert found[0].places["title"] == "B2"
    assert found[0].budget_max == 300_000


def test_tables_of_a_document_are_told_apart_by_their_number() -> None:
    other = (("联系人", "电话", "职务"), ("王某", "0599-5550000", "科长"))
    data = word_file(table(other), words("二、需求清单"), table((HEADER, *ROWS)))
    found = drafts(data, "a.docx")

    assert {one.where for one in found} == {(None, 2, None, 2), (None, 2, None, 3)}
    assert found[0].places["title"] == "表2 B2"


def test_cards_are_one_list_though_each_is_a_table() -> None:
    cards = [
        table((("需求名称", title), ("需求单位", unit), ("需求描述", "现状与痛点"), ("联系人", "某某")))
        for title, unit in (("渠道巡查", "青禾灌区"), ("粮仓远传", "青禾粮油"))
    ]
    found = drafts(word_file(*cards), "a.docx")

    assert [(one.title, one.issuer, one.where) for one in found] == [
        ("渠道巡查", "青禾灌区", (None, 1, None, 1)),
        ("粮仓远传", "青禾粮油", (None, 2, None, 1)),
    ]


def test_a_word_table_is_read_as_it_is_seen() -> None:
    """Merged cells, content controls, struck out and moved text, hidden words, numbers that Word counts."""
    document = docx.Document()
    made = document.add_table(3, 2)
    made.cell(0, 0).merge(made.cell(1, 0)).text = "合并"
    made.cell(0, 1).text = "甲"
    run = made.cell(1, 1).paragraphs[0].add_run("乙")
    hidden = made.cell(1, 1).paragraphs[0].add_run("看不见")
    hidden.font.hidden = True
    struck = parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="x"><w:r><w:delText>删去</w:delText></w:r></w:del>')
    added = parse_xml(f'<w:ins {nsdecls("w")} w:id="2" w:author="x"><w:r><w:t>补上</w:t></w:r></w:ins>')
    run._r.addnext(struck)
    struck.addnext(added)
    made.cell(2, 0).paragraphs[0].style = document.styles["List Number"]
    made.cell(2, 0).paragraphs[0].add_run("丙")
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent><w:r><w:t>丁</w:t></w:r></w:sdtContent></w:sdt>")
    made.cell(2, 1).paragraphs[0]._p.append(control)
    stream = BytesIO()
    document.save(stream)
    (grid,) = docx_reader.read(stream.getvalue(), name="a.docx", limits=DEFAULT)

    assert isinstance(grid, Grid)
    assert grid.rows == [["合并", "甲"], ["", "乙补上"], ["1.丙", "丁"]]
    assert grid.spans == (Span(0, 0, 1, 0),)


def test_a_row_struck_out_is_no_row() -> None:
    document = docx.Document()
    table((HEADER, *ROWS))(document)
    row = document.tables[0].rows[2]._tr
    row.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="9" w:author="x"/>'))
    stream = BytesIO()
    document.save(stream)

    assert [one.title for one in drafts(stream.getvalue(), "a.docx")] == [ROWS[0][1]]
    assert row.tag == qn("w:tr")


def test_a_page_is_read_as_a_browser_shows_it() -> None:
    page = """<html><head><title>标题</title></head><body><nav><p>导航</p></nav>
    <!-- <table><tr><td>旧表</td></tr></table> --><table><tr><td><p>前言</p>
    <table><tr><th rowspan=2>甲</th><th colspan=2>乙</th></tr><tr><th>丙</th><th>丁<br>戊</th></tr></table></td></tr></table>
    <p style="display:none">藏着</p><ol start="3"><li>三</li><li>四</li></ol><dl><dt>需求单位</dt><dd>某局<br>某处</dd></dl></body></html>"""
    blocks = html.read(page.encode(), name="a.html", limits=DEFAULT)

    assert [one.text for one in blocks if isinstance(one, Paragraph)] == [
        "标题", "前言", "3. 三", "4. 四", "需求单位：某局", "某处",
    ]  # fmt: skip
    (grid,) = [one for one in blocks if isinstance(one, Grid)]
    assert grid.rows == [["甲", "乙", ""], ["", "丙", "丁\n戊"]]
    assert set(grid.spans) == {Span(0, 0, 1, 0), Span(0, 1, 0, 2)}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_saved_as_a_workbook_is_read_by_what_it_is(encoding: str) -> None:
    cells = "".join(f"<tr>{''.join(f'<td>{word}</td>' for word in row)}</tr>" for row in (HEADER, *ROWS))
    page = f'<html><head><meta charset="{encoding}"></head><body><table>{cells}</table></body></html>'

    assert [one.title for one in drafts(page.encode(encoding), "清单.xls")] == [row[1] for row in ROWS]


def test_markdown_has_tables_and_numbered_items_side_by_side() -> None:
    lines = [
        "# 青禾县供需清单", "", "## 一、需求清单", "",
        "| " + " | ".join(HEADER) + " |", "|---|---|---|--:|", *("| " + " | ".join(row) + " |" for row in ROWS),
        "", "## 二、场景清单", "",
        "1. **场景名称**：渠首闸门远控", "   场景单位：青禾灌区", "   预算：50万元",
        "2. 场景名称：粮库无人值守", "   场景单位：青禾粮油", "   预算：面议",
    ]  # fmt: skip
    found = drafts("\n".join(lines).encode(), "a.md")

    assert [(one.title, one.list_kind, one.issuer) for one in found] == [
        ("灌溉渠道淤积巡查", ListKind.DEMAND, "青禾灌区管理处"),
        ("粮仓温湿度远传", ListKind.DEMAND, "青禾粮油公司"),
        ("渠首闸门远控", ListKind.SCENARIO, "青禾灌区"),
        ("粮库无人值守", ListKind.SCENARIO, "青禾粮油"),
    ]
    assert (found[2].table, found[2].places["title"]) == (RUNNING_TEXT, "第12段")


def test_numbered_items_of_a_text_keep_what_stands_under_their_labels() -> None:
    text = """某县技术需求汇总
    一、种植业
    1.需求名称：油茶果机械化
    采收
    需求单位：某县油茶公司；意向金额：不超过30万元
    需求描述：花果同期，
    机械易伤花。
    主要技术指标：
    （1）采净率不低于85%；
    （2）落花率不高于8%。
    2.需求名称：林下药材监测
    需求单位：某县合作联社
    联系人：张三 联系电话：0599-5550001
    二、报名方式
    1.请于3月底前报送。
    填表人：李四  电话：0599-5550009"""
    first, second = drafts(text.encode(), "a.txt")

    assert (first.title, first.issuer, first.sector) == ("油茶果机械化采收", "某县油茶公司", "种植业")
    assert first.description == "花果同期，机械易伤花。"
    assert first.requirements == ("采净率不低于85%", "落花率不高于8%")
    assert first.budget_max == 300_000
    assert (second.title, second.contact_name, second.contact_phone) == ("林下药材监测", "张三", "0599-5550001")


POLICY = """关于支持一人公司发展的若干措施
一、总体要求
坚持市场主导、政府引导，推动人工智能创新应用。
二、主要任务
（一）开放应用场景。每年发布一批场景需求，支持首试首用。（牵头单位：市工业和信息化局）
（二）加强资金支持。对符合条件的项目给予最高50万元补助。（牵头单位：市财政局）
（三）完善服务体系。建立能力清单和需求清单对接机制。（牵头单位：市数据局）
三、保障措施
本措施自2026年1月1日起施行，有效期三年。联系人：王某，联系电话：0599-5550000。
"""


@pytest.mark.parametrize("name", ["a.txt", "a.docx"])
def test_a_policy_is_no_list_though_it_is_numbered_and_names_units(name: str) -> None:
    data = POLICY.encode() if name == "a.txt" else word_file(*(words(line) for line in POLICY.splitlines()))
    with pytest.raises(Refused) as refused:
        read_list(data, name=name)

    assert refused.value.problem.code == "no_header"


def test_pictures_are_refused_where_recognition_is_off() -> None:
    scan = Path(__file__).parent / "lists" / "39_court_scenes_scan.png"
    with pytest.raises(Refused, match="没有开启文字识别") as refused:
        read_list(scan.read_bytes(), name=scan.name, limits=type(DEFAULT)(recognition=False))

    assert refused.value.problem.code == "no_recognition"
