"""A newcomer: registers, founds an organisation, hands in evidence, and is verified by the organiser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.filled import PASSWORD, code
from tests.browser.hands import PDF
from tests.browser.windows import Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-newcomer")]


def test_register_found_an_organisation_and_be_verified(open_window: OpenWindow, way: Way, tmp_path: Path) -> None:
    unit = f"丰溪园区运营（{way.name}）有限公司"
    right = code(f"91350100MA{'3' if way.has_scripts else '4'}{way.width:04d}XY")
    licence = tmp_path / "营业执照.pdf"
    licence.write_bytes(PDF)
    newcomer, organiser = open_window(way), open_window(way)
    email = f"new{way.width}{way.has_scripts}@new.example".lower()

    newcomer.go("/")
    newcomer.page.get_by_role("banner").get_by_role("link", name="注册").click()
    newcomer.fill(email=email, name="杨新人", password=PASSWORD, again=PASSWORD)
    newcomer.pick(re.compile("我同意"))
    newcomer.press("提交注册")
    newcomer.follow("去登录")
    newcomer.fill(email=email, password=PASSWORD)
    newcomer.press("登录")
    newcomer.follow("我代表单位发布需求")
    newcomer.fill(name=unit, uscc=right[:-1] + ("1" if right[-1] != "1" else "2"), city="临川市", district="澄江区")
    newcomer.main.get_by_label("单位性质").select_option("company")
    newcomer.main.get_by_label("省（自治区、直辖市）").select_option("福建省")
    newcomer.press("登记")
    expect(newcomer.main).to_contain_text("校验位")
    expect(newcomer.main.locator("#name")).to_have_value(unit)
    newcomer.fill(uscc=right)
    newcomer.press("登记")
    expect(newcomer.page.get_by_role("heading", level=1)).to_have_text(unit)
    expect(newcomer.page.get_by_role("contentinfo")).to_contain_text(f"杨新人 · 代表{unit}（负责人）")

    newcomer.go("/needs")
    newcomer.follow("提交核验材料")
    newcomer.main.locator("input[type=file]").set_input_files(licence)
    newcomer.press("提交核验")
    expect(newcomer.main).to_contain_text("已提交")
    asked = newcomer.path

    organiser.sign_in("主办方")
    organiser.go("/verifications")
    organiser.follow(unit)
    assert organiser.path == asked
    expect(organiser.main).to_contain_text("营业执照.pdf")
    organiser.pick(re.compile("退回补充"))
    organiser.press("提交决定")
    expect(organiser.main.get_by_role("alert").first).to_be_visible()
    organiser.pick(re.compile(r"^\s*通过"))
    organiser.press("提交决定")
    expect(organiser.main).to_contain_text("已通过")

    newcomer.go("/organisations")
    expect(newcomer.main).to_contain_text("已核验")
    newcomer.go("/messages")
    expect(newcomer.main).to_contain_text("核验")
