"""The OPC's desk: its profile, and a dealing from the first contact to the confirmed contract."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.windows import Way, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-opc")]

NEED = "泵站轴承异响提前预警"


def test_write_the_profile_and_win_a_contract(open_window: OpenWindow, way: Way) -> None:
    opc, owner = open_window(way), open_window(way)
    opc.sign_in("OPC")
    _write_profile(opc, f"泵站轴承听诊（{way.name}）")

    opc.go("/opportunities")
    expect(opc.page.get_by_role("heading", level=1)).to_have_text("能争取的需求")
    owner.sign_in("需求方")
    title = _post(owner, way)
    opc.go(f"/search?q={title}")
    opc.follow(title)
    opc.press("收藏")
    opc.follow(re.compile("请求联系|联系"))
    opc.fill(message="我们做过三十座泵站的轴承预警，想来现场看一看。", name="周一人", phone="13800005678")
    opc.press("发出联系请求")
    dealing = opc.path
    expect(opc.main).to_contain_text("联系请求已发出")
    expect(opc.main).not_to_contain_text("13900001234")

    owner.go("/dealings")
    owner.follow(title)
    expect(owner.main).not_to_contain_text("13800005678")
    owner.follow("同意，互通联系方式")
    owner.press("同意")
    owner.press("查看联系方式")
    expect(owner.main).to_contain_text("13800005678")

    opc.go(dealing)
    opc.press("查看联系方式")
    expect(opc.main).to_contain_text("13900001234")
    opc.go(dealing)
    opc.follow("登记签约")
    opc.fill(amount="38", day="2026-11-10")
    opc.press("登记签约")
    expect(opc.main).to_contain_text("签约已登记")
    owner.go(dealing)
    owner.follow("确认签约")
    expect(owner.main).to_contain_text("38 万元")
    owner.press("确认签约")
    expect(owner.main).to_contain_text("签约已确认")


def _write_profile(opc: Window, headline: str) -> None:
    opc.go("/profile/edit")
    opc.fill(headline=headline)
    opc.main.get_by_label("不承接的事，第 1 行").fill("不做泵站土建")
    if opc.way.has_scripts:
        opc.main.locator("#headline").blur()
        expect(opc.main.locator("[data-autosave-mark]")).to_have_text(re.compile(r"已保存 \d\d:\d\d"))
    opc.press("保存，去发布")
    expect(opc.main.locator(".diff").first).to_contain_text("泵站轴承听诊")
    opc.press("发布新版本")
    expect(opc.main).to_contain_text(headline)
    expect(opc.main).to_contain_text("不做泵站土建")


def _post(owner: Window, way: Way) -> str:
    """A need of this story's own, written from an open one."""
    title = f"泵站轴承预警（{way.name}）"
    owner.go("/needs")
    owner.follow(NEED)
    owner.press("以此为底稿再发一条")
    owner.fill(title=title, contact_phone="13900001234")
    owner.press("核对并发布")
    owner.press("发布需求")
    return title
