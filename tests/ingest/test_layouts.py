"""Layouts of lists.md, section 2: what makes lists hard."""

from datetime import date
from decimal import Decimal

import pytest

from ingest.fields import ListKind, Severity
from ingest.pipeline import read_list
from tests.ingest.lists_in_memory import (
    HEADER,
    ROWS,
    TITLES,
    Value,
    as_bytes,
    as_csv,
    drafts_of,
    make_workbook,
    only_sheet,
)


def titles(drafts: list) -> list[str]:
    return [draft.title for draft in drafts]


def test_read_list_reads_every_field_of_a_plain_sheet() -> None:
    first = drafts_of(make_workbook(需求清单=[HEADER, *ROWS]))[0]
    assert (
        first.file, first.sheet, first.row, first.list_kind, first.title, first.description, first.issuer,
        first.budget_min, first.budget_max, first.budget_negotiable, first.period_start, first.period_end,
        first.contact_name, first.contact_phone, first.inherited,
    ) == (
        "清单.xlsx", "需求清单", 2, ListKind.DEMAND, "燃煤锅炉能效优化", "在不停机的情况下降低能耗", "临川锅炉有限公司",
        Decimal("800000.00"), Decimal("800000.00"), False, None, date(2026, 6, 30),
        "张三", "13800001234", (),
    )  # fmt: skip


def test_read_list_names_the_cell_of_every_field() -> None:
    second = drafts_of(make_workbook(需求清单=[HEADER, *ROWS]))[1]
    assert dict(second.places) == {
        "title": "B3", "description": "C3", "issuer": "D3", "budget_max": "E3", "duration_months": "F3",
        "contact_name": "G3", "contact_phone": "H3",
    }  # fmt: skip


def test_read_list_keeps_the_cells_as_they_stood() -> None:
    rows = [("需求\n名称", "单位", "预算"), ("智能\n巡检 ", "东湖物流", 12.5)]
    draft = drafts_of(make_workbook(需求=rows))[0]
    assert (draft.title, dict(draft.raw)) == (
        "智能巡检",
        {"需求名称": "智能\n巡检 ", "单位": "东湖物流", "预算": "12.5"},
    )


def test_read_list_takes_unit_and_issuer_from_the_lines_above() -> None:
    rows: list[tuple[Value, ...]] = [
        ("临川市2026年第二批场景清单",),
        ("填报单位：临川市工业和信息化局", None, None, "单位：亿元"),
        ("序号", "场景名称", "场景描述", "预算"),
        (1, "智慧停车", "空位引导", 1.5),
    ]
    book = make_workbook(Sheet1=rows)
    only_sheet(book).merge_cells("A1:D1")
    draft = drafts_of(book)[0]
    assert (draft.list_kind, draft.issuer, draft.inherited, draft.places["issuer"], draft.budget_max, draft.row) == (
        ListKind.SCENARIO, "临川市工业和信息化局", ("issuer",), "A2", Decimal("150000000.00"), 4,
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "填报单位：澄江区科技局        填报日期：2026年3月1日       单位：万元",
        "填报单位（盖章）：澄江区科技局  金额单位：万元",
        "发布单位：澄江区科技局；（单位：万元）",
    ],
)
def test_read_list_reads_a_line_that_holds_issuer_date_and_unit(line: str) -> None:
    draft = drafts_of(make_workbook(需求清单=[(line,), ("需求名称", "预算"), ("智能巡检", 50)]))[0]
    assert (draft.issuer, draft.budget_max) == ("澄江区科技局", Decimal("500000.00"))


def test_read_list_prefers_the_items_own_unit() -> None:
    rows = [("填报单位：澄江区科技局",), ("需求名称", "需求单位"), ("智能巡检", "东湖物流")]
    draft = drafts_of(make_workbook(需求清单=rows))[0]
    assert (draft.issuer, draft.inherited) == ("东湖物流", ())


def test_read_list_understands_two_header_levels_with_merged_cells() -> None:
    book = make_workbook(
        榜单=[
            ("序号", "榜题名称", "发榜单位", None, "预算（万元）", None, "联系方式", None),
            (None, None, "名称", "性质", "最低", "最高", "姓名", "电话"),
            (1, "无人机巡线", "临川电力公司", "国有企业", 10, 30, "张三", 13800001234),
        ]
    )
    sheet = only_sheet(book)
    for block in ("A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:H1"):
        sheet.merge_cells(block)
    reading = read_list(as_bytes(book), name="榜单.xlsx")
    draft = next(reading.drafts)
    assert reading.sheets[0].header_rows == (1, 2)
    assert (
        draft.title, draft.issuer, draft.issuer_type, draft.budget_min, draft.budget_max, draft.contact_name,
        draft.contact_phone,
    ) == (
        "无人机巡线", "临川电力公司", "soe", Decimal("100000.00"), Decimal("300000.00"), "张三", "13800001234",
    )  # fmt: skip


def test_read_list_lets_a_cell_overrule_the_side_of_its_column() -> None:
    rows = [
        ("需求名称", "最低预算（万元）", "最高预算（万元）"),
        ("智能巡检", "不超过90万元", None),
        ("库位推荐", "10-30", None),
        ("无人机巡线", 10, 30),
    ]
    assert [(draft.budget_min, draft.budget_max) for draft in drafts_of(make_workbook(需求=rows))] == [
        (None, Decimal("900000.00")),
        (Decimal("100000.00"), Decimal("300000.00")),
        (Decimal("100000.00"), Decimal("300000.00")),
    ]


def test_read_list_understands_groups_above_the_header() -> None:
    book = make_workbook(
        场景=[
            ("场景信息", None, None, "单位信息", None, "联系信息", None),
            ("场景名称", "场景描述", "实施地点", "单位名称", "单位性质", "联系人", "联系电话"),
            ("智慧停车", "空位引导", "澄江区", "东湖物流", "民营企业", "张三", "13800001234"),
        ]
    )
    for block in ("A1:C1", "D1:E1", "F1:G1"):
        only_sheet(book).merge_cells(block)
    draft = drafts_of(book)[0]
    assert (draft.title, draft.region, draft.issuer, draft.issuer_type, draft.contact_phone) == (
        "智慧停车", "澄江区", "东湖物流", "private", "13800001234",
    )  # fmt: skip


def test_read_list_understands_two_header_levels_of_a_csv() -> None:
    rows = [
        ("需求名称", "需求单位", "联系方式", "", "预算（万元）", ""),
        ("", "", "姓名", "电话", "下限", "上限"),
        ("智能巡检", "东湖物流", "张三", "13800001234", "10", "30"),
    ]
    draft = next(read_list(as_csv(rows).encode(), name="需求.csv").drafts)
    assert (draft.contact_name, draft.contact_phone, draft.budget_min, draft.budget_max) == (
        "张三", "13800001234", Decimal("100000.00"), Decimal("300000.00"),
    )  # fmt: skip


def test_read_list_takes_the_sector_from_sub_headings() -> None:
    book = make_workbook(
        需求清单=[HEADER, ("（一）绿色低碳（2项）",), ROWS[0], ROWS[1], ("（二）智慧物流（1项）",), (1, *ROWS[2][1:])]
    )
    for block in ("A2:H2", "A5:H5"):
        only_sheet(book).merge_cells(block)
    assert [(draft.title, draft.sector, draft.places["sector"]) for draft in drafts_of(book)] == [
        (TITLES[0], "绿色低碳", "A2"),
        (TITLES[1], "绿色低碳", "A2"),
        (TITLES[2], "智慧物流", "A5"),
    ]


def test_read_list_carries_merged_cells_down() -> None:
    book = make_workbook(
        需求=[
            ("行业", "需求名称", "需求单位", "联系人", "联系电话"),
            ("智能制造", "甲需求项目", "临川机械", "张三", "13800001234"),
            (None, "乙需求项目", "临川机械", None, None),
            (None, "丙需求项目", "东湖物流", "李四", "13900001111"),
        ]
    )
    for block in ("A2:A4", "D2:D3", "E2:E3"):
        only_sheet(book).merge_cells(block)
    assert [
        (draft.sector, draft.contact_name, draft.contact_phone, draft.places["sector"]) for draft in drafts_of(book)
    ] == [
        ("智能制造", "张三", "13800001234", "A2"),
        ("智能制造", "张三", "13800001234", "A2"),
        ("智能制造", "李四", "13900001111", "A2"),
    ]


def test_read_list_leaves_blank_cells_blank_where_nothing_is_merged() -> None:
    rows = [("行业", "需求名称", "需求单位"), ("智能制造", "甲需求项目", "临川机械"), (None, "乙需求项目", "临川机械")]
    assert [draft.sector for draft in drafts_of(make_workbook(需求=rows))] == ["智能制造", None]


def test_read_list_joins_the_rows_of_one_merged_title() -> None:
    book = make_workbook(
        需求=[
            ("需求名称", "需求单位", "拟解决的关键问题"),
            ("智能巡检", "东湖物流", "识别率不低于95%"),
            (None, None, "支持夜间作业"),
            ("库位推荐", "东湖物流", "减少找货时间"),
        ]
    )
    for block in ("A2:A3", "B2:B3"):
        only_sheet(book).merge_cells(block)
    assert [(draft.title, draft.requirements) for draft in drafts_of(book)] == [
        ("智能巡检", ("识别率不低于95%", "支持夜间作业")),
        ("库位推荐", ("减少找货时间",)),
    ]


@pytest.mark.parametrize(
    "row",
    [
        ("合计", None, None, None, 130),
        (None, "合计", None, None, 130),
        ("小计（2项）", None, None, None, 130),
        ("注：以上金额均为估算。",),
        ("备注：联系人信息仅供对接使用。",),
        ("填表人：赵六", None, None, "审核人：钱七"),
        ("填报单位（盖章）：", None, None, "日期：2026年3月1日"),
        ("示例", "某某需求", "某某简介", "某某公司", 10, "2026年", "某某", "13800000000"),
        (0, "示例：智能巡检需求", "某某简介", "某某公司", 10),
        ("例", "某某需求", "某某简介", "某某公司"),
        HEADER,
        (4,),
        (None, " ", "　"),
    ],
)
def test_read_list_passes_over_rows_that_are_no_items(row: tuple[Value, ...]) -> None:
    book = make_workbook(需求清单=[HEADER, *ROWS, row])
    assert titles(drafts_of(book)) == TITLES


def test_read_list_passes_over_hints_and_column_numbers_below_the_header() -> None:
    hints = (
        "",
        "（必填，不超过30字）",
        "（必填）",
        "（与营业执照一致）",
        "（选填）",
        "（选填）",
        "（必填）",
        "（必填）",
    )
    book = make_workbook(需求清单=[HEADER, (1, 2, 3, 4, 5, 6, 7, 8), hints, *ROWS])
    assert titles(drafts_of(book)) == TITLES


def test_read_list_passes_over_prepared_rows_without_a_problem() -> None:
    reading = read_list(as_bytes(make_workbook(需求清单=[HEADER, *ROWS, (4,), (5,), (6,)])), name="清单.xlsx")
    assert (titles(list(reading.drafts)), reading.problems) == (TITLES, ())


def test_read_list_rejects_a_row_without_a_name() -> None:
    row = (4, None, "降低能耗", "临川锅炉有限公司", 80, None, "张三", None)
    reading = read_list(as_bytes(make_workbook(需求清单=[HEADER, *ROWS, row])), name="清单.xlsx")
    found = [
        (problem.severity, problem.code, problem.sheet, problem.row, problem.column) for problem in reading.problems
    ]
    assert (titles(list(reading.drafts)), found) == (TITLES, [(Severity.REJECT, "no_title", "需求清单", 5, "B")])


def test_read_list_skips_hidden_sheets_and_instructions() -> None:
    book = make_workbook(填写说明=[("一、请如实填写。",)], 需求清单=[HEADER, *ROWS], 字典=[HEADER, ROWS[0]])
    book.worksheets[2].sheet_state = "hidden"
    reading = read_list(as_bytes(book), name="清单.xlsx")
    assert [sheet.ignored for sheet in reading.sheets] == ["填写说明或选项，不是清单", None, "隐藏的工作表，没有读取"]
    assert titles(list(reading.drafts)) == TITLES


def test_read_list_tells_the_kinds_of_several_sheets() -> None:
    book = make_workbook(
        场景项目=[("项目名称", "业主单位"), ("智慧停车", "临川城投")],
        企业需求=[("项目名称", "单位名称"), ("智能巡检", "东湖物流")],
        能力清单=[("单位名称", "能力名称", "参考报价"), ("一人科技", "缺陷检测模型定制", "5万元/套起")],
    )
    assert [
        (draft.list_kind, draft.title, draft.issuer, draft.budget_min, draft.budget_max) for draft in drafts_of(book)
    ] == [
        (ListKind.SCENARIO, "智慧停车", "临川城投", None, None),
        (ListKind.DEMAND, "智能巡检", "东湖物流", None, None),
        (ListKind.CAPABILITY, "缺陷检测模型定制", "一人科技", Decimal("50000.00"), None),
    ]


@pytest.mark.parametrize(
    ("sheet", "file", "header", "kind"),
    [
        ("Sheet1", "待撮合人工智能场景机会清单.xlsx", "项目名称", ListKind.SCENARIO),
        ("Sheet1", "企业技术需求.xlsx", "项目名称", ListKind.DEMAND),
        ("Sheet1", "OPC能力清单.xlsx", "项目名称", ListKind.CAPABILITY),
        ("Sheet1", "附件1.xlsx", "场景名称", ListKind.SCENARIO),
        ("Sheet1", "附件1.xlsx", "榜题名称", ListKind.DEMAND),
        ("Sheet1", "附件1.xlsx", "产品名称", ListKind.CAPABILITY),
        ("Sheet1", "三张清单（场景、需求、能力）.xlsx", "需求名称", ListKind.DEMAND),
    ],
)
def test_read_list_tells_the_kind_by_title_then_by_columns(sheet: str, file: str, header: str, kind: ListKind) -> None:
    book = make_workbook(**{sheet: [(header, "单位名称", "所在地"), ("智能巡检", "东湖物流", "临川市")]})
    assert [draft.list_kind for draft in drafts_of(book, name=file)] == [kind]


def test_read_list_takes_a_list_of_no_kind_for_demands_and_says_so() -> None:
    book = make_workbook(Sheet1=[("项目名称", "单位名称", "所在地"), ("智能巡检", "东湖物流", "临川市")])
    reading = read_list(as_bytes(book), name="附件1.xlsx")
    assert [draft.list_kind for draft in reading.drafts] == [ListKind.DEMAND]
    assert [problem.code for problem in reading.problems] == ["kind_assumed"]


def test_read_list_follows_the_kind_that_a_person_names() -> None:
    drafts = drafts_of(make_workbook(需求清单=[HEADER, *ROWS]), kind=ListKind.SCENARIO)
    assert {draft.list_kind for draft in drafts} == {ListKind.SCENARIO}


def test_read_list_reads_two_tables_of_one_sheet() -> None:
    book = make_workbook(
        Sheet1=[
            ("一、场景清单",),
            ("场景名称", "业主单位", "实施地点"),
            ("智慧停车", "临川城投", "澄江区"),
            (),
            ("二、能力清单",),
            ("单位名称", "能力名称", "典型案例"),
            ("一人科技", "缺陷检测模型定制", "临川轴承厂目检"),
        ]
    )
    assert [
        (draft.list_kind, draft.title, draft.issuer, draft.row, dict(draft.extras)) for draft in drafts_of(book)
    ] == [
        (ListKind.SCENARIO, "智慧停车", "临川城投", 3, {}),
        (ListKind.CAPABILITY, "缺陷检测模型定制", "一人科技", 7, {"cases": "临川轴承厂目检"}),
    ]


def test_read_list_reads_dates_and_serial_numbers() -> None:
    book = make_workbook(
        需求=[("需求名称", "有效开始时间", "有效结束时间"), ("智能巡检", 46023, 46203), ("库位推荐", None, None)]
    )
    sheet = only_sheet(book)
    sheet["B3"], sheet["C3"] = date(2026, 3, 1), date(2026, 12, 31)
    assert [(draft.period_start, draft.period_end) for draft in drafts_of(book)] == [
        (date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 3, 1), date(2026, 12, 31)),
    ]


def test_read_list_reads_a_date_shown_as_a_month_as_that_month() -> None:
    book = make_workbook(需求=[("需求名称", "完成时限"), ("智能巡检", None)])
    only_sheet(book)["B2"] = date(2026, 6, 1)
    only_sheet(book)["B2"].number_format = 'yyyy"年"m"月"'
    draft = drafts_of(book)[0]
    assert (draft.period_start, draft.period_end) == (date(2026, 6, 1), date(2026, 6, 30))


def test_read_list_reads_a_number_shown_with_its_unit() -> None:
    book = make_workbook(需求=[("需求名称", "预算"), ("智能巡检", 50)])
    only_sheet(book)["B2"].number_format = '0"万元"'
    assert drafts_of(book)[0].budget_max == Decimal("500000.00")


def test_read_list_takes_requirements_from_both_kinds_of_column() -> None:
    rows = [
        ("需求名称", "拟解决的关键问题", "考核指标", "备注", "支撑条件"),
        ("智能巡检", "1.识别率低；2.误报多", "①识别率≥95%②误报≤1%", "急", "提供场地"),
    ]
    draft = drafts_of(make_workbook(需求=rows))[0]
    assert (draft.requirements, draft.description, dict(draft.extras)) == (
        ("识别率低", "误报多", "识别率≥95%", "误报≤1%"),
        None,
        {"remarks": "急", "support": "提供场地"},
    )


def test_read_list_passes_over_partners_and_application_deadlines() -> None:
    rows = [("需求名称", "合作单位", "申报截止时间", "需求单位"), ("智能巡检", "某大学", "2026年5月1日", "东湖物流")]
    draft = drafts_of(make_workbook(需求=rows))[0]
    assert (draft.issuer, draft.period_start, draft.period_end) == ("东湖物流", None, None)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("政府榜", "government"),
        ("国有企业", "soe"),
        ("央企", "soe"),
        ("民营企业", "private"),
        ("高校", "institution"),
        ("企业榜", "other"),
    ],
)
def test_read_list_reads_who_stands_behind_an_item(words: str, kind: str) -> None:
    assert drafts_of(make_workbook(榜单=[("榜题名称", "榜单类型"), ("智能巡检", words)]))[0].issuer_type == kind


@pytest.mark.parametrize(
    ("words", "kind"), [("技术攻关", "技术攻关"), ("采购", "采购需求"), ("场景验证", "场景验证"), ("其他", None)]
)
def test_read_list_reads_the_type_of_a_need(words: str, kind: str | None) -> None:
    assert drafts_of(make_workbook(需求=[("需求名称", "需求类型"), ("智能巡检", words)]))[0].need_type == kind


def test_read_list_says_why_it_took_a_column_for_what() -> None:
    rows = [
        ("需求名称", "需求描叙说明", "神秘列"),
        ("智能巡检", "夜间巡检", "13800001234"),
        ("库位推荐", "少找货", "13900001234"),
    ]
    columns = read_list(as_bytes(make_workbook(需求=rows)), name="清单.xlsx").sheets[0].columns
    assert [(column.column, column.field) for column in columns] == [
        ("A", "title"), ("B", "description"), ("C", "contact_phone"),
    ]  # fmt: skip
    assert columns[2].reason == "内容像联系电话"
    assert columns[2].confidence < columns[0].confidence == 1.0


def test_read_list_reads_cards_of_one_item_each() -> None:
    book = make_workbook(
        需求=[
            ("企业技术需求表",),
            ("需求名称", "智能巡检", "需求单位", "东湖物流"),
            ("需求简介", "夜间巡检", None, None),
            ("预算（万元）", 50, "联系电话", "13800001234"),
            (),
            ("需求名称", "库位推荐", "需求单位", "临川仓储"),
            ("需求简介", "减少找货时间", None, None),
            ("预算（万元）", "面议", "联系电话", "13900001234"),
        ]
    )
    assert [
        (
            draft.row,
            draft.title,
            draft.issuer,
            draft.description,
            draft.budget_max,
            draft.contact_phone,
            draft.places["issuer"],
        )
        for draft in drafts_of(book)
    ] == [
        (2, "智能巡检", "东湖物流", "夜间巡检", Decimal("500000.00"), "13800001234", "D2"),
        (6, "库位推荐", "临川仓储", "减少找货时间", None, "13900001234", "D6"),
    ]


def test_read_list_takes_a_sub_heading_above_the_header() -> None:
    rows = [
        ("临川市企业需求清单",),
        ("（一）绿色低碳（1项）",),
        ("序号", "需求名称", "需求单位"),
        (1, "余热回收", "临川锅炉"),
        ("（二）智慧物流（1项）",),
        ("序号", "需求名称", "需求单位"),
        (1, "库位推荐", "东湖物流"),
    ]
    assert [(draft.title, draft.sector) for draft in drafts_of(make_workbook(Sheet1=rows))] == [
        ("余热回收", "绿色低碳"),
        ("库位推荐", "智慧物流"),
    ]


def test_read_list_passes_over_the_title_typed_again_on_every_page() -> None:
    title = "临川市企业需求清单（2026年第二批）"
    rows = [(title,), HEADER, ROWS[0], (title,), ("单位：万元",), HEADER, ROWS[1], ROWS[2]]
    drafts = drafts_of(make_workbook(Sheet1=rows))
    assert [(draft.title, draft.sector) for draft in drafts] == [(name, None) for name in TITLES]


@pytest.mark.parametrize(
    "row",
    [
        ("续表",),
        ("(续上表)",),
        (None, "接上页"),
        (None, None, None, "【续表二】"),
        ("表2（续）",),
        ("（续表）", None, None, None, None, None, None, "单位：万元"),
    ],
)
def test_read_list_passes_over_the_mark_of_a_table_that_runs_on(row: tuple[Value, ...]) -> None:
    book = make_workbook(需求清单=[HEADER, ("（一）绿色低碳",), ROWS[0], row, HEADER, ROWS[1], ROWS[2]])
    for block in ("A2:H2", *(("A4:H4",) if len(row) == 1 else ())):
        only_sheet(book).merge_cells(block)
    reading = read_list(as_bytes(book), name="清单.xlsx")
    assert [(draft.title, draft.sector) for draft in reading.drafts] == [(name, "绿色低碳") for name in TITLES]
    assert reading.problems == ()


def test_read_list_goes_on_with_a_sub_heading_that_is_continued() -> None:
    rows = [HEADER, ("（一）绿色低碳（2项）",), ROWS[0], ("（一）绿色低碳（2项）（续）",), ROWS[1]]
    assert [draft.sector for draft in drafts_of(make_workbook(需求=rows))] == ["绿色低碳", "绿色低碳"]


@pytest.mark.parametrize("ditto", ["同上", "（同上）", " 同 上\n", "同前", "〃"])
def test_read_list_repeats_the_value_that_a_cell_points_up_to(ditto: str) -> None:
    header = ("序号", "需求名称", "需求单位", "联系人", "联系电话")
    rows: list[tuple[Value, ...]] = [
        (1, "余热回收", "临川锅炉", "张三", 13800001234),
        (2, "管道巡检", "东湖物流", ditto, ditto),
        (3, "库位推荐", ditto, ditto, "13900001111"),
    ]
    drafts = drafts_of(make_workbook(需求=[header, *rows]))
    assert [(draft.issuer, draft.contact_name, draft.contact_phone) for draft in drafts] == [
        ("临川锅炉", "张三", "13800001234"),
        ("东湖物流", "张三", "13800001234"),
        ("东湖物流", "张三", "13900001111"),
    ]
    assert drafts[2].places == {"title": "B4", "issuer": "C3", "contact_name": "D2", "contact_phone": "E4"}


def test_read_list_reads_nothing_where_a_cell_points_up_to_nothing() -> None:
    rows = [("需求名称", "需求单位", "联系人"), ("余热回收", "临川锅炉", "同上"), ("管道巡检", "东湖物流", "同上")]
    assert [draft.contact_name for draft in drafts_of(make_workbook(需求=rows))] == [None, None]


@pytest.mark.parametrize(
    ("words", "issuer"),
    [
        ("自然人:赵六", "赵六"),
        ("团队名称：青禾小组", "青禾小组"),
        ("牵头单位：临川锅炉有限公司", "临川锅炉有限公司"),
        ("临川锅炉有限公司", "临川锅炉有限公司"),
        ("个人：/", None),
    ],
)
def test_read_list_reads_a_unit_without_its_label(words: str, issuer: str | None) -> None:
    assert [draft.issuer for draft in drafts_of(make_workbook(需求=[HEADER, (*ROWS[0][:3], words)]))] == [issuer]


@pytest.mark.parametrize("header", ["适用行业", "适用领域", "面向行业", "主营领域", "覆盖行业"])
def test_read_list_takes_the_trade_that_an_ability_serves_for_its_sector(header: str) -> None:
    rows = [("能力名称", "单位名称", header), ("票据识别", "一人科技", "现代物流")]
    assert [draft.sector for draft in drafts_of(make_workbook(能力清单=rows))] == ["现代物流"]


def test_read_list_tells_kinds_by_the_titles_of_two_tables_of_one_sheet() -> None:
    rows = [
        ("一、场景清单",),
        ("项目名称", "单位名称", "所在地"),
        ("智慧停车", "临川城投", "澄江区"),
        (),
        ("二、企业需求清单",),
        ("项目名称", "单位名称", "预算（万元）"),
        ("智能巡检", "东湖物流", 50),
    ]
    assert [(draft.list_kind, draft.title, draft.sector) for draft in drafts_of(make_workbook(Sheet1=rows))] == [
        (ListKind.SCENARIO, "智慧停车", None),
        (ListKind.DEMAND, "智能巡检", None),
    ]


def test_read_list_tells_kinds_by_sub_headings() -> None:
    rows = [
        ("项目名称", "单位名称"),
        ("一、场景项目",),
        ("智慧停车", "临川城投"),
        ("二、技术需求",),
        ("智能巡检", "东湖物流"),
    ]
    assert [(draft.list_kind, draft.title, draft.sector) for draft in drafts_of(make_workbook(Sheet1=rows))] == [
        (ListKind.SCENARIO, "智慧停车", None),
        (ListKind.DEMAND, "智能巡检", None),
    ]


def test_read_list_follows_nested_sub_headings() -> None:
    rows = [
        HEADER, ("一、澄江区",), ("（一）绿色低碳",), ROWS[0], ("（二）智能制造",), ROWS[1], ("二、东湖区",), ROWS[2],
    ]  # fmt: skip
    assert [(draft.region, draft.sector) for draft in drafts_of(make_workbook(需求=rows))] == [
        ("澄江区", "绿色低碳"),
        ("澄江区", "智能制造"),
        ("东湖区", None),
    ]


def test_read_list_accepts_many_unknown_columns() -> None:
    header = ("序号", "需求名称", "需求单位", "联系电话", "甲列", "乙列", "丙列", "丁列", "戊列", "己列")
    row = (1, "智能巡检", "东湖物流", "13800001234", "a", "b", "c", "d", "e", "f")
    drafts = drafts_of(make_workbook(需求=[header, row]))
    assert [(draft.title, draft.raw["戊列"]) for draft in drafts] == [("智能巡检", "e")]


def test_read_list_reads_a_sheet_that_begins_in_its_middle() -> None:
    book = make_workbook(需求=[])
    sheet = only_sheet(book)
    for column, words in enumerate(("需求名称", "需求单位"), 4):
        sheet.cell(6, column, words)
    sheet.cell(7, 4, "智能巡检")
    sheet.cell(7, 5, "东湖物流")
    draft = drafts_of(book)[0]
    assert (draft.title, draft.row, draft.places["issuer"]) == ("智能巡检", 7, "E7")


def test_read_list_reads_header_words_with_line_breaks_stars_and_hints() -> None:
    header = ("*需 求\n名 称\n（必填）", "联\n系\n人", "预算\n（单位：万元）", "2.需求单位：")
    draft = drafts_of(make_workbook(Sheet1=[header, ("智能巡检", "张三", 50, "东湖物流")]))[0]
    assert (draft.title, draft.contact_name, draft.budget_max, draft.issuer) == (
        "智能巡检", "张三", Decimal("500000.00"), "东湖物流",
    )  # fmt: skip


def test_read_list_reports_a_repeat_within_the_file() -> None:
    reading = read_list(as_bytes(make_workbook(需求清单=[HEADER, *ROWS, (4, *ROWS[0][1:])])), name="清单.xlsx")
    assert [(problem.code, problem.row, problem.severity) for problem in reading.problems] == [
        ("repeated", 5, Severity.TODO)
    ]


def test_read_list_reads_hidden_rows_and_says_so() -> None:
    book = make_workbook(需求清单=[HEADER, *ROWS])
    only_sheet(book).row_dimensions[3].hidden = True
    reading = read_list(as_bytes(book), name="清单.xlsx")
    assert titles(list(reading.drafts)) == TITLES
    assert [(problem.code, problem.row) for problem in reading.problems] == [("hidden_row", 3)]


def test_read_list_checks_credit_codes() -> None:
    rows = [
        ("单位名称", "能力名称", "统一社会信用代码"),
        ("一人科技", "模型定制", "91350100M000100Y43"),
        ("二人科技", "数据标注", "91350100M000100Y44"),
    ]
    reading = read_list(as_bytes(make_workbook(能力清单=rows)), name="清单.xlsx")
    assert [(problem.code, problem.row) for problem in reading.problems] == [("uscc_wrong", 3)]


def test_read_list_keeps_what_a_supplier_asks_in_its_own_words() -> None:
    rows = [
        ("单位名称", "能力名称", "参考报价（元）"),
        ("一人科技", "模型定制", "300元/份起"),
        ("二人科技", "标注", 500),
    ]
    drafts = drafts_of(make_workbook(能力清单=rows))
    assert [(draft.budget_min, draft.budget_max, draft.extras.get("price_text")) for draft in drafts] == [
        (Decimal("300.00"), None, "300元/份起"),
        (Decimal("500.00"), Decimal("500.00"), None),
    ]


@pytest.mark.parametrize(
    "line", ["信息科负责人：王五", "审核人：", "经办人：赵六", "制表：钱七", "联系电话：0591-87654321"]
)
def test_read_list_passes_over_signatures(line: str) -> None:
    book = make_workbook(需求清单=[HEADER, *ROWS, (line, None, None, "签字：", None, "日期：2026年4月1日")])
    reading = read_list(as_bytes(book), name="清单.xlsx")
    assert (titles(list(reading.drafts)), reading.problems) == (TITLES, ())


def test_read_list_says_where_the_header_contradicts_the_chosen_kind() -> None:
    rows = [("场景名称", "场景描述", "开放单位"), ("智能巡检", "人工目检", "东湖物流")]
    reading = read_list(as_bytes(make_workbook(Sheet1=rows)), name="清单.xlsx", kind=ListKind.CAPABILITY)
    assert [(problem.code, problem.severity, problem.message) for problem in reading.problems] == [
        ("kind_contradicted", Severity.TODO, "表头像场景项目，您选的是能力。请核对清单类别。")
    ]
