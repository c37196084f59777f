"""Plain list files of any length, as an office would fill in a template."""

import random
from pathlib import Path

from tests.benchmarks.texts import Texts

HEADER = (
    "序号",
    "需求名称",
    "需求简介",
    "主要技术指标",
    "需求单位",
    "企业性质",
    "行业领域",
    "所在地",
    "预算（万元）",
    "完成时限",
    "需求类型",
    "联系人",
    "联系电话",
    "邮箱",
    "合作方式",
    "支撑条件",
    "备注",
    "信用代码",
    "从业人数",
    "资质",
)
_DIFFERENT = 500
"""Rows that differ in every word; longer lists repeat them under other titles, since writing is not what is measured."""


def write(file: Path, *, rows: int) -> None:
    """Write one sheet of demands: a title, a header of twenty columns, `rows` rows."""
    from openpyxl import Workbook

    texts = Texts(random.Random(20261120))
    bodies = [_cells(texts) for _ in range(min(rows, _DIFFERENT))]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("需求清单")
    sheet.append(["临川市人工智能需求清单"])
    sheet.append(list(HEADER))
    for number in range(1, rows + 1):
        title, *others = bodies[number % len(bodies)]
        sheet.append([number, f"{title}（{number}号）", *others])
    book.save(file)


def _cells(texts: Texts) -> list[str | int]:
    need = texts.need()
    choose = texts.random.choice
    return [
        need.title,
        need.description,
        "；".join(need.requirements),
        need.issuer,
        choose(("国有企业", "民营企业", "事业单位", "政府机关")),
        need.sector,
        need.region.replace("/", ""),
        need.budget_wan,
        f"2027年{texts.random.randint(1, 12)}月底前",
        choose(("采购需求", "技术攻关")),
        choose("周吴郑王冯陈褚卫") + choose("敏磊静伟娜强"),
        f"139{texts.random.randint(10_000_000, 99_999_999)}",
        f"a{texts.random.randint(1000, 9999)}@example.com",
        choose(("委托开发", "联合攻关", "采购服务")),
        choose(("提供历史数据与试点场地", "开放接口文档", "安排专人对接")),
        choose(("可分期实施", "可先行试点", "需现场踏勘")),
        "",
        texts.random.randint(20, 900),
        choose(("", "三年内有同类案例")),
    ]
