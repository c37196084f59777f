"""The administrator's desk: staff invited and granted, settings, working days, an announcement."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.windows import Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-administrator")]

REGION = "福建省/临川市"


def test_look_after_staff_settings_days_and_announcements(open_window: OpenWindow, way: Way) -> None:
    window = open_window(way)
    window.sign_in("管理员")
    assert window.path == "/administration"
    window.follow("账号与授权")
    window.follow("开通工作人员账号")
    window.fill(email=f"qian{way.width}{way.has_scripts}@new.example".lower(), name=f"钱新办{way.name}", region=REGION)
    window.press("开通账号")
    expect(window.main.get_by_role("alert").first).to_be_visible()
    expect(window.main.locator("#name")).to_have_value(f"钱新办{way.name}")
    window.main.get_by_label("角色").select_option("organiser")
    window.press("开通账号")
    expect(window.main).to_contain_text("账号已开通")
    window.main.get_by_text("授予权限", exact=True).click()
    window.main.get_by_label("角色").select_option("expert")
    window.fill(region=REGION)
    window.press("授予")
    expect(window.main).to_contain_text("已授权")
    window.follow(re.compile("^撤销.*专家"))
    window.press("撤销权限")
    expect(window.main).to_contain_text("已撤销")

    window.go("/administration/settings")
    window.fill(phone=f"0000-{way.width:08d}")
    window.press("保存设置")
    expect(window.page.get_by_role("contentinfo")).to_contain_text(f"0000-{way.width:08d}")

    window.go("/workdays")
    window.follow(re.compile("^2026 年"))
    window.follow(re.compile("修改"))
    window.fill(reason=f"核对通知（{way.name}）")
    window.press("核对无误，确认")
    expect(window.main).to_contain_text("2026 年")

    title = f"系统将于周六升级（{way.name}）"
    window.go("/announcements/new")
    window.fill(title=title, text="周六 22:00 起两小时不能登录，请提前保存。")
    window.pick("重要")
    window.press("发布公告")
    expect(window.page.get_by_role("banner")).to_contain_text(title)
    window.follow("撤下")
    window.press("撤下公告")
    expect(window.page.get_by_role("banner")).not_to_contain_text(title)
