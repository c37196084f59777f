"""A messy list as an organiser meets it: three problems, put right on the page, published, found, re-issued, undone."""

import re
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

HEAD: Sequence[Sequence[object]] = (
    ("临川市夏季难题需求清单（第1期）",),
    ("填报单位：临川市夏季难题专班", None, None, "单位：万元"),
    ("序号", "需求名称", "需求单位", "预算", "完成时限", "联系人及电话", "具体情况"),
)
PUMP = (
    1,
    "雨水泵站轴承听诊",
    "临川市排水有限公司",
    "三百",
    "2023117日",
    "张三 13800000001",
    "十二座泵站靠人听声判断故障。",
)
BUS = (2, None, "临川市公交集团有限公司", 200, "2027年6月底前", "李四", "司机疲劳驾驶识别，车内摄像头已装。")
TREE = (3, "古樟树倒伏预警", "临川市园林管理中心", "120-80", "2027年", "王五", "一千二百株古树每月巡查一次。")
WELL = (4, "窨井盖位移感知", "临川市城管局", 60, "2027年", "赵六", "井盖移位后十分钟内报警。")
MENDED = (2, "公交司机疲劳驾驶识别", *BUS[2:])


@pytest.fixture(params=["page", "page_without_javascript"])
def any_page(request: pytest.FixtureRequest) -> Page:
    found: Page = request.getfixturevalue(request.param)
    return found


def write(path: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (*HEAD, *rows):
        book.active.append(list(row))
    book.save(path)
    return path


def upload(site: Site, page: Page, file: Path) -> Locator:
    page.goto(f"{site.address}/intakes")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("main").get_by_role("button", name="上传").click()
    expect(page).to_have_url(re.compile(r"/intakes/\w{10,}$"))
    return page.get_by_role("main")


def put_right(page: Page, problem: str, label: str, words: str) -> None:
    """From the list of problems to the row, and back when it is saved."""
    page.get_by_role("listitem").filter(has_text=problem).get_by_role("link", name="更正").click()
    page.get_by_label(label, exact=True).fill(words)
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_role("main")).to_contain_text("已更正")
    page.get_by_role("link", name="返回核对").first.click()


def publish(page: Page) -> Locator:
    page.get_by_role("button", name="下一步：确认发布").click()
    page.get_by_role("main").get_by_role("button", name=re.compile("^(确认)?发布")).click()
    expect(page).to_have_url(re.compile("/editions/"))
    return page.get_by_role("main")


def test_a_messy_list_is_put_right_published_re_issued_and_undone(site: Site, any_page: Page, tmp_path: Path) -> None:
    page = any_page
    site.sign_in(page, "主办方")
    main = upload(site, page, write(tmp_path / "难题.xlsx", PUMP, BUS, TREE))
    expect(main).to_contain_text("3 处")

    put_right(page, "时间是一串没有分隔的数字", "完成期限", "2027年11月7日前")
    put_right(page, "这一行没有名称", "名称", "公交司机疲劳驾驶识别")
    put_right(page, "金额范围前大后小", "预算", "80至120")
    page.locator("summary", has_text="每一列读成了什么").click()
    page.get_by_label("具体情况改为").select_option("说明")
    page.get_by_role("button", name="按此重新读取").click()
    expect(main).to_contain_text("没有发现问题")
    expect(main).to_contain_text("以后这个单位同样表头的文件，都照此读")

    first = publish(page)
    expect(first).to_contain_text("公交司机疲劳驾驶识别")
    page.goto(f"{site.address}/search?q=司机疲劳驾驶")
    page.get_by_role("link", name="公交司机疲劳驾驶识别").first.click()
    expect(main).to_contain_text("车内摄像头已装")
    expect(main).to_contain_text("其中名称经人工更正，与原文件所写不同。")

    again = (3, "古樟树倒伏预警", "临川市园林管理中心", 150, *TREE[4:])
    main = upload(site, page, write(tmp_path / "难题2.xlsx", MENDED, again, WELL))
    expect(main).to_contain_text("由人指定") if page.locator("summary", has_text="每一列").count() else None
    expect(main).to_contain_text("不再列入的条目")
    second = publish(page)
    expect(second.get_by_role("heading", name="有变化（1 条）")).to_be_visible()
    expect(second.get_by_role("heading", name="新增（1 条）")).to_be_visible()
    expect(second.get_by_role("heading", name="不再列入（1 条）")).to_be_visible()
    expect(second).to_contain_text("150 万元")

    page.get_by_role("link", name="恢复上一期内容").click()
    expect(page.get_by_role("main")).to_contain_text("没有变化 1 条，改回原来内容 1 条，重新列入 1 条，不再列入 1 条")
    page.get_by_label("理由").fill("第 2 期误用了内部稿")
    page.get_by_role("button", name="发布第 3 期").click()
    third = page.get_by_role("main")
    expect(third).to_contain_text("第 3 期")
    expect(third).to_contain_text("第 2 期误用了内部稿")
    expect(third).to_contain_text("雨水泵站轴承听诊")
    page.goto(f"{site.address}/search?q=窨井盖位移感知")
    expect(page.get_by_role("main").get_by_role("link", name="窨井盖位移感知")).to_have_count(0)
