"""The organiser's desk: what waits, an edition of posted needs released with a partner, the figures."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.windows import Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-organiser")]

NEED = "泵站轴承异响提前预警"


def test_release_an_edition_and_read_the_figures(open_window: OpenWindow, way: Way) -> None:
    title = f"临川市水务需求汇编（{way.name}）"
    window = open_window(way)
    window.sign_in("主办方")
    assert window.path == "/board"
    expect(window.page.get_by_role("heading", level=1)).to_have_text("主办方工作台")
    window.follow(re.compile("^单位核验"), within=window.page.get_by_role("navigation", name="我的工作"))
    window.go("/board")

    window.follow("汇编或联合发布")
    window.fill(title=title)
    box = window.main.get_by_label(re.compile(NEED))
    if box.count():
        box.first.check()
    window.press("提交，请各单位确认")
    window.follow("下一步：正式发布")
    window.press("正式发布")
    expect(window.main).to_contain_text(title)

    window.go("/figures")
    expect(window.main.locator("svg[role=img]").first).to_be_visible()
    expect(window.main.get_by_role("table").first).to_be_visible()
    window.follow(re.compile("^计入哪些"))
    window.go("/figures")
    with window.page.expect_download() as waiting:
        window.main.get_by_role("link", name="下载 CSV").click()
    assert waiting.value.suggested_filename.endswith(".csv")
