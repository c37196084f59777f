"""Blank lists read back: what somebody fills in is what an intake finds."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from ingest.errors import Refused
from ingest.fields import IssuerType, ListKind, NeedType
from ingest.pipeline import read_list
from tests.web.conftest import Market
from web.pages.lists import blank_lists

FILLED = {
    ListKind.SCENARIO: {
        "场景名称": "排水管网淤堵识别",
        "需求类型": "技术攻关",
        "需求描述": "管网120公里，汛前排查靠人工下井。",
        "技术要求": "淤堵识别率不低于90%\n单公里排查不超过2小时",
        "需求单位": "澄江水务集团有限公司",
        "单位性质": "国有企业",
        "行业领域": "智慧水务",
        "实施地点": "临川市澄江区",
        "预算（万元）": "50-80",
        "完成时间": "2027年6月30日",
        "合作方式": "按效果付费",
        "支撑条件": "提供管网图",
        "联系人": "孙工",
        "联系电话": "0794-8123456",
        "电子邮箱": "sun@example.com",
        "备注": "汛前完成",
    },
    ListKind.CAPABILITY: {
        "能力名称": "管网视频淤堵识别",
        "能力描述": "输入管道视频，输出淤堵位置和程度。",
        "单位名称": "清管科技工作室",
        "统一社会信用代码": "91350100M000100Y43",
        "单位性质": "民营企业",
        "服务行业": "智慧水务",
        "所在地": "临川市澄江区",
        "从业人数": "3",
        "典型案例": "为某水务公司识别40公里",
        "资质": "软件著作权2项",
        "参考报价（万元）": "3-8",
        "联系人": "赵工",
        "联系电话": "0794-8123457",
        "电子邮箱": "zhao@example.com",
        "备注": "可驻场",
    },
}
FILLED[ListKind.DEMAND] = {
    "需求名称" if name == "场景名称" else name: value for name, value in FILLED[ListKind.SCENARIO].items()
}


def fill(kind: ListKind, *, row: int) -> bytes:
    """Fill the template by hand in one row, as a colleague would."""
    book = load_workbook(io.BytesIO(blank_lists.as_xlsx(kind)))
    sheet = book[blank_lists.SHEETS[kind]]
    for place, head in enumerate(blank_lists.heads(kind), start=1):
        sheet.cell(row=row, column=place, value=FILLED[kind][head])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("row", [2, 3], ids=["over the example", "below the example"])
@pytest.mark.parametrize("kind", [ListKind.SCENARIO, ListKind.DEMAND])
def test_a_filled_list_of_needs_reads_back_whole(kind: ListKind, row: int) -> None:
    (draft,) = read_list(fill(kind, row=row), name="填好的清单.xlsx").drafts

    assert {
        "kind": draft.list_kind,
        "type": draft.need_type,
        "title": draft.title,
        "description": draft.description,
        "requirements": draft.requirements,
        "issuer": draft.issuer,
        "issuer_type": draft.issuer_type,
        "sector": draft.sector,
        "region": draft.region,
        "budget": (draft.budget_min, draft.budget_max),
        "end": draft.period_end,
        "contact": (draft.contact_name, draft.contact_phone, draft.contact_email),
        "extras": dict(draft.extras),
    } == {
        "kind": kind,
        "type": NeedType.RESEARCH,
        "title": "排水管网淤堵识别",
        "description": "管网120公里，汛前排查靠人工下井。",
        "requirements": ("淤堵识别率不低于90%", "单公里排查不超过2小时"),
        "issuer": "澄江水务集团有限公司",
        "issuer_type": IssuerType.SOE,
        "sector": "智慧水务",
        "region": "临川市澄江区",
        "budget": (Decimal("500000.00"), Decimal("800000.00")),
        "end": date(2027, 6, 30),
        "contact": ("孙工", "0794-8123456", "sun@example.com"),
        "extras": {"cooperation": "按效果付费", "support": "提供管网图", "remarks": "汛前完成"},
    }


def test_a_filled_list_of_capabilities_reads_back_whole() -> None:
    (draft,) = read_list(fill(ListKind.CAPABILITY, row=3), name="填好的清单.xlsx").drafts

    assert (
        draft.list_kind,
        draft.title,
        draft.description,
        draft.issuer,
        draft.issuer_type,
        draft.sector,
        draft.region,
        (draft.budget_min, draft.budget_max),
        draft.contact_name,
        dict(draft.extras),
    ) == (
        ListKind.CAPABILITY,
        "管网视频淤堵识别",
        "输入管道视频，输出淤堵位置和程度。",
        "清管科技工作室",
        IssuerType.PRIVATE,
        "智慧水务",
        "临川市澄江区",
        (Decimal("30000.00"), Decimal("80000.00")),
        "赵工",
        {
            "uscc": "91350100M000100Y43",
            "team_size": "3",
            "cases": "为某水务公司识别40公里",
            "qualifications": "软件著作权2项",
            "remarks": "可驻场",
        },
    )


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", list(ListKind))
def test_a_list_with_its_example_alone_is_refused_in_words(kind: ListKind, suffix: str) -> None:
    data = {"xlsx": blank_lists.as_xlsx, "csv": blank_lists.as_csv}[suffix](kind)

    with pytest.raises(Refused) as refused:
        read_list(data, name=f"空白.{suffix}")

    assert refused.value.problem.code == "only_example"


def test_the_example_beside_an_item_is_left_out_with_a_note() -> None:
    reading = read_list(fill(ListKind.DEMAND, row=3), name="填好的清单.xlsx")

    assert [draft.title for draft in reading.drafts] == ["排水管网淤堵识别"]
    assert [problem.code for problem in reading.problems if problem.row == 2] == ["example_row"]


def test_anybody_may_download_the_blank_lists(market: Market) -> None:
    with market.client() as client:
        page = client.get("/blank-lists")
        files = {
            f"{kind}.{suffix}": client.get(f"/blank-lists/{kind}.{suffix}")
            for kind in ListKind
            for suffix in ("xlsx", "csv")
        }
        missing = client.get("/blank-lists/other.xlsx")

    assert page.status_code == 200
    assert {answer.status_code for answer in files.values()} == {200}
    assert missing.status_code == 404
