"""Blank lists to hand out: a workbook or CSV for each of the three lists, made so that it reads back whole."""

import csv as csv_format
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.fields import ListKind

EXAMPLE: Final = "【示例】"
"""Stands before the name of the example's row; the reader leaves such a row out."""
NOTES: Final = "填写说明"
ROWS: Final = 500
"""For how many rows the drop-downs are offered."""
NATURES: Final = ("政府部门", "事业单位", "国有企业", "民营企业", "其他")
NEED_TYPES: Final = ("场景验证", "采购需求", "技术攻关")
SHEETS: Final[Mapping[ListKind, str]] = {
    ListKind.SCENARIO: "场景项目清单",
    ListKind.DEMAND: "需求清单",
    ListKind.CAPABILITY: "能力清单",
}


@dataclass(frozen=True, slots=True)
class BlankColumn:
    """One column: its head, what to write in it, an example, and the words to choose from."""

    head: str
    note: str
    example: str
    choices: tuple[str, ...] = ()
    width: int = 18


def _needs(name: str, example: str, example_points: str) -> tuple[BlankColumn, ...]:
    return (
        BlankColumn(name, "必填。一句话说清要做什么，不写项目编号", example, width=30),
        BlankColumn("需求类型", "场景验证：开放场地或业务供试用；采购需求：要买产品或服务；技术攻关：要解决技术难题", "场景验证", NEED_TYPES),
        BlankColumn("需求描述", "现状、要解决什么问题、在哪里用", "辖区有行道树 3.2 万株，人工巡查一遍要两个月，病虫害和倒伏风险发现不及时。", width=46),
        BlankColumn("技术要求", "可以验收的指标，一条一行（单元格内换行）", example_points, width=40),
        BlankColumn("需求单位", "必填。单位全称", "临川市园林管理中心", width=24),
        BlankColumn("单位性质", "从下拉中选择", "事业单位", NATURES),
        BlankColumn("行业领域", "例如 智慧园林、先进制造、医疗健康", "智慧园林"),
        BlankColumn("实施地点", "写到县（市、区）", "临川市澄江区"),
        BlankColumn("预算（万元）", "写数字或区间，如 90、50-80；商量着办的写 面议", "90", width=14),
        BlankColumn("完成时间", "年月日，如 2027年9月30日", "2027年9月30日", width=16),
        BlankColumn("合作方式", "例如 联合研发、按效果付费、公开采购", "先试用后采购"),
        BlankColumn("支撑条件", "能提供的数据、场地、算力、人员", "提供巡查影像和 200 株样本树"),
        BlankColumn("联系人", "姓名随条目公开；不愿公开的写科室", "王老师", width=12),
        BlankColumn("联系电话", "公开页只显示一部分，全号只给对接的双方", "0794-8000000", width=16),
        BlankColumn("电子邮箱", "选填；公开页只显示一部分", "yuanlin@example.com", width=24),
        BlankColumn("备注", "选填", ""),
    )  # fmt: skip


COLUMNS: Final[Mapping[ListKind, tuple[BlankColumn, ...]]] = {
    ListKind.SCENARIO: _needs("场景名称", "行道树健康巡查与倒伏预警", "树冠病害识别率不低于 88%\n倾斜超限 10 分钟内预警"),
    ListKind.DEMAND: _needs("需求名称", "采购行道树巡查数据服务", "每月出具一次巡查报告\n病害识别率不低于 88%"),
    ListKind.CAPABILITY: (
        BlankColumn("能力名称", "必填。能交付的一项产品或服务", "手机拍叶识别树木病虫害", width=30),
        BlankColumn("能力描述", "输入什么、产出什么、效果如何，写可以核对的数", "拍一张叶片照片，10 秒给出病虫害名称和处置建议，覆盖 46 种，抽检准确率 91%。", width=46),
        BlankColumn("单位名称", "必填。单位全称；个人写姓名", "木语视觉科技有限公司", width=24),
        BlankColumn("统一社会信用代码", "18 位，个人不填", "", width=22),
        BlankColumn("单位性质", "从下拉中选择", "民营企业", NATURES),
        BlankColumn("服务行业", "例如 智慧园林、农业", "智慧园林"),
        BlankColumn("所在地", "写到县（市、区）", "临川市澄江区"),
        BlankColumn("从业人数", "写整数", "2", width=12),
        BlankColumn("典型案例", "为谁做过、做成什么样", "为某市公园养护单位识别病害 1200 株次", width=36),
        BlankColumn("资质", "备案号、证书、知识产权，选填", ""),
        BlankColumn("参考报价（万元）", "写数字或区间，如 3-8；商量着办的写 面议", "3-8", width=16),
        BlankColumn("联系人", "姓名随条目公开；不愿公开的写科室", "李工", width=12),
        BlankColumn("联系电话", "公开页只显示一部分，全号只给对接的双方", "0794-8000001", width=16),
        BlankColumn("电子邮箱", "选填；公开页只显示一部分", "muyu@example.com", width=24),
        BlankColumn("备注", "选填", ""),
    ),
}  # fmt: skip


def heads(kind: ListKind) -> list[str]:
    """The heads of a list's columns."""
    return [column.head for column in COLUMNS[kind]]


def as_csv(kind: ListKind) -> bytes:
    """The heads and the example as CSV with a byte order mark, for those who have no spreadsheet program."""
    written = io.StringIO(newline="")
    writer = csv_format.writer(written)
    writer.writerow(heads(kind))
    writer.writerow([_example(place, column) for place, column in enumerate(COLUMNS[kind], start=1)])
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(kind: ListKind) -> bytes:
    """A workbook: the sheet to fill with heads, comments and drop-downs, and a sheet with notes and an example."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = SHEETS[kind]
    sheet.freeze_panes = "B2"
    wrapped = Alignment(wrap_text=True, vertical="top")
    for place, column in enumerate(COLUMNS[kind], start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        head = sheet.cell(row=1, column=place, value=column.head)
        head.font, head.alignment = Font(bold=True), wrapped
        head.fill = PatternFill("solid", start_color="F1EDE5")
        head.comment = Comment(column.note, "揭榜")
        if column.choices:
            offered = DataValidation(type="list", formula1='"' + ",".join(column.choices) + '"', allow_blank=True)
            offered.error = "请从下拉中选择：" + "、".join(column.choices)
            sheet.add_data_validation(offered)
            offered.add(f"{letter}2:{letter}{ROWS + 1}")
        shown = sheet.cell(row=2, column=place, value=_example(place, column))
        shown.font, shown.alignment = Font(italic=True, color="615A51"), wrapped
    notes = book.create_sheet(NOTES)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 22, 70
    for row in _explained(kind):
        notes.append(row)
    for row in notes.iter_rows():
        for cell in row:
            cell.alignment = wrapped
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _example(place: int, column: BlankColumn) -> str:
    return EXAMPLE + column.example if place == 1 else column.example


def _explained(kind: ListKind) -> Sequence[tuple[str, str]]:
    return (
        (
            "怎么填",
            f"在“{SHEETS[kind]}”表中一行填一条，不要改表头、不要合并单元格。第 2 行是示例，可以删除；不删也不会被导入。",
        ),
        ("填好之后", "整份文件交给主办方，或由主办方在“导入清单”页上传；系统会逐行说明读成了什么、哪里需要补充。"),
        ("", ""),
        ("栏目", "怎么写"),
        *((column.head, column.note) for column in COLUMNS[kind]),
    )
