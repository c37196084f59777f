"""Workbooks and texts built in memory, cell by cell, as offices lay them out."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.fields import Draft, ListKind
from ingest.pipeline import read_list

Value = str | int | float | None

HEADER = ("序号", "需求名称", "需求简介", "需求单位", "预算（万元）", "完成时限", "联系人", "联系电话")
ROWS: tuple[tuple[Value, ...], ...] = (
    (1, "燃煤锅炉能效优化", "在不停机的情况下降低能耗", "临川锅炉有限公司", 80, "2026年6月底前", "张三", 13800001234),
    (
        2,
        "轴承表面缺陷检测",
        "用图像识别代替人工目检",
        "澄江轴承有限公司",
        "不超过50",
        "合同签订后8个月内",
        "李四",
        "0591-87654321",
    ),
    (3, "仓库库位智能推荐", "减少找货时间", "东湖物流有限公司", "面议", "2026年", "王五", "13900001111"),
)
TITLES = ["燃煤锅炉能效优化", "轴承表面缺陷检测", "仓库库位智能推荐"]


def make_workbook(**sheets: Sequence[Sequence[Value]]) -> Workbook:
    """A workbook with the given sheets, each a list of rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return book


def only_sheet(book: Workbook) -> Worksheet:
    """The first sheet of a workbook."""
    return book.worksheets[0]


def as_bytes(book: Workbook) -> bytes:
    """The workbook as a file."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def drafts_of(book: Workbook, *, name: str = "清单.xlsx", kind: ListKind | None = None) -> list[Draft]:
    """The drafts that a workbook is read into."""
    return list(read_list(as_bytes(book), name=name, kind=kind).drafts)


def as_csv(rows: Sequence[Sequence[Value]], *, separator: str = ",") -> str:
    """Rows as text, cells quoted where they must be."""

    def cell(value: Value) -> str:
        words = "" if value is None else str(value)
        return f'"{words}"' if separator in words or "\n" in words else words

    return "".join(separator.join(map(cell, row)) + "\r\n" for row in rows)
