"""Introductions: how well they are read, that every word is the file's own, and what is refused with which sentence."""

import io
import re
from functools import lru_cache
from itertools import chain

import docx
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.brochures import outline, reading, records
from ingest.brochures.pipeline import LIMITS, read_brochure
from ingest.brochures.values import Brochure, Stated, where
from ingest.errors import Refused
from ingest.formats import Probe
from ingest.grid import Block, Grid, Paragraph, Place
from ingest.grid import text as cell_text
from ingest.limits import Limits
from ingest.readers import recognise
from ingest.values.words import compact
from tests.ingest.introductions.build import build
from tests.ingest.introductions.documents import DOCUMENTS
from tests.ingest.introductions.scoring import Score, score

BY_NAME = {document.name: document for document in DOCUMENTS}
FILES = [(document.name, kind) for document in DOCUMENTS for kind in document.formats]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this very process, which is quicker; that another gives the same is a test of its own."""
    monkeypatch.setenv("JIEBANG_GUARDED", "1")


@lru_cache
def built(name: str, kind: str) -> bytes:
    return build(BY_NAME[name], kind)


@lru_cache
def read(name: str, kind: str) -> Brochure:
    return read_brochure(built(name, kind), name=f"{name}.{kind}")


def said(brochure: Brochure) -> list[str]:
    """Every text that a brochure states."""
    texts = [one.text for _, one in brochure.stated]
    for offer in brochure.offers:
        texts += [offer.what, offer.for_whom, offer.given, offer.made, offer.deliverable]
    for case in brochure.cases:
        texts += [case.title, case.client, case.period, case.done, case.result]
    return [line for words in texts for line in words.split("\n") if line]


def words_of(blocks: list[Block]) -> str:
    """Everything that a reader hands over, without white space and the stars of Markdown."""
    found = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        else:
            found += [cell_text(cell) for cell in chain.from_iterable(block.rows)]
            found += [line.text for line in block.otherwise]
    return re.sub(r"\s|\*\*", "", "".join(found))


@pytest.mark.parametrize(("name", "kind"), FILES, ids=[f"{name}.{kind}" for name, kind in FILES])
def test_a_known_introduction_is_read_as_a_person_reads_it(name: str, kind: str) -> None:
    found = score(read(name, kind), BY_NAME[name].gold, name)

    assert (found.wrong, found.f1()) == ([], 1.0)


@pytest.mark.parametrize(("name", "kind"), FILES, ids=[f"{name}.{kind}" for name, kind in FILES])
def test_every_text_is_a_piece_of_the_file_and_tells_no_contact(name: str, kind: str) -> None:
    data = built(name, kind)
    reader = recognise(Probe(data, name, LIMITS))
    assert reader is not None
    whole = words_of(list(reader.read(data, name=name, limits=LIMITS)))
    texts = said(read(name, kind))

    assert [words for words in texts if re.sub(r"\s", "", words) not in whole] == []
    assert [words for words in texts if re.search(r"1[36-9]\d[ -]?\d{4}[ -]?\d{4}|@|0591-", words)] == []


def test_places_say_where_something_stands() -> None:
    paged, rows = read("columns", "columns.pdf"), read("quality", "docx")
    plain = read("one-paragraph", "txt")

    assert [where(one.place, paged.format) for one in paged.not_offered] == ["第 1 页，第 14 段", "第 1 页，第 15 段"]
    assert [where(one.place, rows.format) for one in rows.cases] == ["表 3 第 2 行", "表 3 第 3 行", "表 3 第 4 行"]
    assert plain.name is not None
    assert where(plain.name.place, plain.format) == "第 1 行"


def test_a_passage_is_what_stands_at_the_place() -> None:
    brochure = read("quality", "html")

    assert (
        brochure.cases[0].passage
        == "1 | 轴承外圈划痕检测 | 盐阜轴承厂 | 2023.4 | 三相机拍摄，在线判别划痕和磕碰 | 漏检率 0.3%"
    )
    assert all(compact(one.text) in compact(one.passage) for _, one in brochure.stated)


def test_two_columns_are_read_one_after_the_other() -> None:
    statements = [compact(one.text) for one in read("columns", "columns.pdf").statements]

    assert statements == [
        compact("审查规则1,800条，覆盖采购、租赁、劳动三类合同"),
        compact("系统部署在客户内网，文件不出企业"),
    ]


def test_a_record_gives_the_brochure_back() -> None:
    brochure = read("quality", "docx")

    assert records.of_record(records.to_record(brochure)) == brochure


def test_a_process_of_its_own_gives_the_same_and_tells_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    here = read_brochure(built("orchard", "pdf"), name="a.pdf")
    monkeypatch.delenv("JIEBANG_GUARDED")
    told: list[tuple[int, int]] = []
    apart = read_brochure(built("orchard", "pdf"), name="a.pdf", told=lambda done, of: told.append((done, of)))

    assert (apart, told) == (here, [(1, 1)])


POLICY = "\n".join(
    [
        "关于印发《一人公司扶持办法》的通知",
        "各县（区）人民政府，市政府各部门：",
        "现将《办法》印发给你们，请认真贯彻执行。",
        *(f"第{number}条 本办法所称一人公司，依照有关规定认定。" for number in "一二三四五六"),
    ]
)
NEEDS = "需求清单\n" + "\n".join(
    f"{number}、需求名称：管网检测 {number}\n需求单位：临川市水务集团\n拟解决的问题：管网漏损定位\n预算金额：30 万元"
    for number in range(1, 5)
)


@pytest.mark.parametrize(
    ("data", "name", "code", "words"),
    [
        (b"", "a.docx", "empty", "文件是空的"),
        (POLICY.encode(), "a.txt", "not_an_introduction", "通知或政策"),
        (NEEDS.encode(), "a.txt", "not_an_introduction", "需求清单"),
        ("今天天气很好，适合出门散步。\n".encode(), "a.txt", "not_an_introduction", "没有从文件里读到"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "encrypted",
            "加了密码",
        ),
        (b"%PDF-1.7\nbroken", "a.pdf", "damaged", "损坏"),
        (b"\x00\x01\x02\x03" * 200, "a.txt", "binary", "认不出"),
    ],
    ids=["empty", "policy", "needs", "small talk", "locked", "broken", "binary"],
)
def test_what_introduces_nobody_is_refused_with_what_to_do(data: bytes, name: str, code: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        read_brochure(data, name=name)

    assert (refused.value.problem.code, "请" in refused.value.problem.message) == (code, True)


def test_a_workbook_is_no_introduction() -> None:
    from openpyxl import Workbook

    book, target = Workbook(), io.BytesIO()
    book.active.append(["公司简介", "我们做检测"])
    book.save(target)

    with pytest.raises(Refused, match="表格文件"):
        read_brochure(target.getvalue(), name="a.xlsx")


def test_a_book_is_no_introduction() -> None:
    written, target = docx.Document(), io.BytesIO()
    for number in range(30):
        written.add_paragraph(f"我们提供第 {number} 项服务。")
    written.save(target)

    with pytest.raises(Refused, match="介绍文件请控制在二十页左右"):
        read_brochure(target.getvalue(), name="a.docx", limits=Limits(paragraphs=20))


def test_what_is_not_stated_is_not_there() -> None:
    text = "盐城木语视觉科技有限公司简介\n\n公司简介\n\n我们帮园林单位识别病虫害，团队近10人。\n"
    brochure = read_brochure(text.encode(), name="a.txt")

    # A name is no address, "近10人" is no number, and nobody says since when.
    assert (brochure.region, brochure.team_size, brochure.founded_year) == (None, None, None)
    assert (brochure.cases, brochure.prices) == ((), ())


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("团队现有 12 人", 12),
        ("团队规模：三人", 3),
        ("人数：3-5人", None),
        ("团队 10 余人", None),
        ("服务 300 人次", None),
        ("一支 4 人的小团队", 4),
    ],
)
def test_only_an_exact_number_of_people_is_one(line: str, number: int | None) -> None:
    brochure = read_brochure(f"公司简介\n我们做检测服务。{line}。\n\n{line}\n".encode(), name="a.txt")

    assert (brochure.team_size.number if brochure.team_size else None) == number


def of_text(*lines: str) -> Brochure:
    return read_brochure("\n".join(lines).encode(), name="a.txt")


def texts(found: tuple[Stated, ...]) -> list[str]:
    return [one.text for one in found]


def test_honours_are_no_filings_and_a_filing_keeps_its_number() -> None:
    brochure = of_text(
        *("【荣誉】", "2024年全市创业大赛二等奖", "2023年获评优秀服务商", "高新技术企业"),
        *("【备案】", "语音合成算法备案，备案编号：网信算备110000000000000000001号", "2025年入选服务商名单"),
    )

    assert texts(brochure.filings) == ["高新技术企业", "语音合成算法备案，备案编号：网信算备110000000000000000001号"]


@pytest.mark.parametrize(
    ("line", "is_declined"),
    [
        ("不出具鉴定意见，也不做身份鉴定。", True),
        ("硬件安装我们不做。", True),
        ("我们不代客户投标。", True),
        ("不做设备改造也能联网采集。", False),
        ("不接触设备就可以测出温度。", False),
        ("不需要安装软件，手机可以直接打开。", False),
    ],
)
@pytest.mark.parametrize("heading", ["【服务项目】", "【我们的能力】", "【公司简介】"])
def test_what_is_declined_is_found_under_any_heading(heading: str, line: str, is_declined: bool) -> None:
    brochure = of_text("【公司简介】", "我们做检测服务。", heading, "设备温度巡检，每天一次。", line)
    told = [*texts(brochure.description), *texts(brochure.statements), *(one.what for one in brochure.offers)]

    assert (texts(brochure.not_offered) == [line.rstrip("。")]) is is_declined
    assert any(line.rstrip("。") in one for one in told) is not is_declined


def test_what_can_be_done_is_an_offer_only_where_no_services_are_named() -> None:
    can = ("🌿 我们能做什么", "把一册教材拆成图谱", "把一张试卷变成练习")
    alone = of_text("🌿 公司简介", "我们做教研。", *can)
    beside = of_text("🌿 公司简介", "我们做教研。", *can, "🌿 服务项目", "1、图谱整理")

    assert [one.what for one in alone.offers] == ["把一册教材拆成图谱", "把一张试卷变成练习"]
    assert ([one.what for one in beside.offers], texts(beside.statements)) == (
        ["图谱整理"],
        ["把一册教材拆成图谱", "把一张试卷变成练习"],
    )


def test_a_served_area_is_no_seat_and_a_label_no_description() -> None:
    brochure = of_text("【公司简介】", "我们做巡检。", "服务区域：青海、甘肃", "擅长线路：高海拔线路", "总部：西宁")

    assert (brochure.region and brochure.region.text, texts(brochure.description)) == ("西宁", ["我们做巡检。"])


def test_a_case_falls_apart_at_the_labels_within_it() -> None:
    brochure = of_text(
        "【项目案例】",
        "案例一：录音清理",
        "客户：某县司法局。为调解室定制方言模型。成果：补齐笔录 400 份。",
        "案例二：订餐热线，2024年，把订餐改成打电话。成效：订餐比例升到 47%。",
    )

    assert [(one.title, one.client, one.year, one.done, one.result) for one in brochure.cases] == [
        ("录音清理", "某县司法局", None, "为调解室定制方言模型。", "补齐笔录 400 份。"),
        ("订餐热线", "", 2024, "把订餐改成打电话。", "订餐比例升到 47%。"),
    ]


def test_the_foot_of_a_paper_and_a_number_in_groups_say_nothing() -> None:
    brochure = of_text(
        *(
            "【服务项目】",
            "1、合同审查",
            "急件请拨 0755-8000-9182，晚上也有人接。",
            "【价格】",
            "每日问安电话：每位老人每月 49 元",
        ),
        "© 2025 某公司 本材料不构成法律意见",
    )

    assert ([one.what for one in brochure.offers], texts(brochure.prices)) == (
        ["合同审查"],
        ["每日问安电话：每位老人每月 49 元"],
    )


SLIDE = """
#set page(width: 960pt, height: 540pt, margin: 50pt)
#set text(font: "Noto Sans CJK SC", size: 20pt)
#text(size: 32pt)[公司简介]

我们做港口调度，为码头和车队安排集卡进出，也替货代核对单证并且把每一张都存档备查留痕以便以后随时查找。

#text(size: 32pt)[项目案例]
#grid(columns: (1fr, 1fr), column-gutter: 40pt, row-gutter: 12pt,
  [闸口排队优化], [单证自动核对],
  [客户：东港某车队], [时间：2024年],
  [内容：为集卡上线动态预约并且把每一辆车的到港时间提前一天告诉司机], [内容：接管三单核对])

#text(size: 32pt)[核心能力]
- 识别船期、堆场和闸口的排队情况，按照每五分钟一次的节奏把所有集卡的预约重新排列一遍再发送给司机。
"""


def test_cards_of_a_slide_are_read_one_after_the_other_and_points_to_their_end() -> None:
    data = typst.compile(SLIDE.encode())
    brochure = read_brochure(data, name="a.pdf")

    first, second = brochure.cases
    assert (first.title, first.client, second.title, second.year) == (
        "闸口排队优化",
        "东港某车队",
        "单证自动核对",
        2024,
    )
    assert compact(first.done) == "为集卡上线动态预约并且把每一辆车的到港时间提前一天告诉司机"
    assert [compact(one)[-9:] for one in texts(brochure.statements)] == ["列一遍再发送给司机"]


PIECES = st.sampled_from(
    [
        *"公司服务案例：；，。、（）()1234.·●【】|：",
        "公司简介",
        "典型案例",
        "技能：",
        "2024年",
        "为某医院",
        "搭建系统",
        "提升 30%",
        "一、",
        "1. ",
        "**",
        "13800001234",
        "\n",
    ]
)
LINES = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(LINES, st.one_of(st.none(), st.integers(1, 9)), st.one_of(st.none(), st.integers(1, 3))), max_size=12
    ),
    st.lists(st.lists(LINES, min_size=2, max_size=2), max_size=4),
)
def test_any_paragraphs_are_read_and_nothing_is_made_up(
    lines: list[tuple[str, int | None, int | None]], rows: list[list[str]]
) -> None:
    blocks: list[Block] = [
        Paragraph(words, number, page, level) for number, (words, level, page) in enumerate(lines, 1)
    ]
    if rows:
        places = tuple(Place(number + 1) for number in range(len(rows)))
        blocks.insert(len(blocks) // 2, Grid(name=None, rows=[list(row) for row in rows], places=places))

    brochure = reading.read(outline.chapters(blocks), file="a", digest="", format_name="docx")

    whole = words_of(blocks)
    assert [words for words in said(brochure) if re.sub(r"\s|\*\*", "", words) not in whole] == []
    assert [words for words in said(brochure) if re.search(r"(?<!\d)13800001234(?!\d)", words)] == []


def test_the_scorer_counts_what_is_missed_and_what_is_invented() -> None:
    brochure, gold = read("labels", "md"), {**BY_NAME["labels"].gold, "skills": ["语音识别", "合成"], "team_size": 5}
    found = score(brochure, gold, "labels")

    assert (found.f1("skills"), found.f1("team_size"), found.f1("sectors")) == (2 / 5, 0.0, 1.0)
    assert score(None, gold, "labels").f1() == 0.0
    assert Score().f1() == 1.0
