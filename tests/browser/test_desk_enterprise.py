"""The enterprise's desk: a need written, published, amended, paused, closed with its outcome."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.windows import Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-enterprise")]


def test_post_amend_pause_and_close_a_need(open_window: OpenWindow, way: Way) -> None:
    title = f"排水管道视频缺陷判读（{way.name}）"
    window = open_window(way)
    window.sign_in("需求方")
    window.go("/needs")
    window.follow("发布需求")
    window.pick(re.compile("技术攻关"))
    window.press("开始填写")

    window.fill(title=title, situation="每年要看四百公里管道检测视频。", contact_phone="13900001234")
    window.main.get_by_label("要点，第 1 行").fill("排水管道缺陷检出率不低于 93%")
    window.fill(budget_max="60")
    if way.has_scripts:
        window.main.locator("#contact_name").fill("陈需求")
        window.main.locator("#contact_name").blur()
        expect(window.main.locator("[data-autosave-mark]")).to_have_text(re.compile(r"已保存 \d\d:\d\d"))
        expect(window.main.locator("#guide")).to_contain_text("管探士")
    else:
        window.press("保存草稿")
        expect(window.main.locator("#title")).to_have_value(title)
        expect(window.main.locator("#guide")).to_contain_text("管探士")
    window.press("核对并发布")
    expect(window.main).to_contain_text("排水管道缺陷检出率不低于 93%")
    window.press("发布需求")
    expect(window.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(window.main).to_contain_text("不超过 60 万元")

    window.press("修改")
    window.fill(budget_max="45")
    window.press("核对修改并发布")
    expect(window.main.locator(".diff del")).to_contain_text("60")
    expect(window.main.locator(".diff ins")).to_contain_text("45")
    window.press("发布修改")
    expect(window.main).to_contain_text("不超过 45 万元")

    window.press("暂停")
    expect(window.main).to_contain_text("已暂停")
    window.press("恢复公开")
    window.follow("关闭并登记结果")
    window.press("关闭需求")
    expect(window.main.get_by_role("alert").first).to_be_visible()
    window.pick(re.compile("平台以外"))
    window.fill(supplier_name="江海管道检测有限公司", amount="42", signed_on="2026-11-02")
    window.pick("把结果公开在需求页面上")
    window.press("关闭需求")
    expect(window.main).to_contain_text("已关闭")
    expect(window.main).to_contain_text("江海管道检测有限公司")
    expect(window.main).to_contain_text("42 万元")
