"""With the keyboard alone: a need is published, and a request for contact answered."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.hands import Hand
from tests.browser.windows import Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-opc")]

MOST_TABS = 120
WIDE = Way(1280, has_scripts=True)


def reach(page: Page, target: Locator) -> None:
    """Go with the tabulator to something, which then shows that it has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("(one) => one === document.activeElement"):
            break
    expect(target).to_be_focused()
    drawn = target.evaluate(
        "(one) => { const is = getComputedStyle(one); return is.outlineStyle !== 'none' || is.boxShadow !== 'none'; }"
    )
    assert drawn, "the focus cannot be seen"


def enter(page: Page, target: Locator) -> None:
    """Reach something and press Enter, which leads to another page."""
    reach(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, target: Locator, text: str) -> None:
    """Reach a field and write into it."""
    reach(page, target)
    page.keyboard.insert_text(text)


def test_publish_a_need_and_answer_a_request(open_window: OpenWindow) -> None:
    window = open_window(WIDE)
    page, main = window.page, window.main
    owner = window.sign_ins["需求方"]
    window.go("/sign-in")
    write(page, main.locator("#email"), owner.email)
    write(page, main.locator("#password"), owner.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    window.go("/needs/new")
    reach(page, main.get_by_role("radio").first)
    page.keyboard.press("Space")
    enter(page, main.get_by_role("button", name="开始填写"))
    write(page, main.locator("#title"), "只用键盘发布的需求")
    write(page, main.locator("#situation"), "值守人员每周巡听一次。")
    write(page, main.get_by_label("要点，第 1 行"), "漏报每年不超过一次")
    reach(page, main.locator("#budget_negotiable"))
    page.keyboard.press("Space")
    write(page, main.locator("#contact_phone"), "13900001234")
    enter(page, main.get_by_role("button", name="核对并发布"))
    enter(page, main.get_by_role("button", name="发布需求"))
    expect(page.get_by_role("heading", level=1)).to_have_text("只用键盘发布的需求")

    supplier = window.sign_ins["OPC"]
    opc = Hand(window.address, supplier.email, supplier.password)
    profile = opc.find("/profile", r'href="/opcs/(\w+)"')
    asked = {"message": "想来现场看一看。", "name": "周一人", "phone": "13800005678"}
    dealing = opc.send("/dealings/new", act="contact", item=window.path.rsplit("/", 1)[1], profile=profile, **asked)
    opc.client.close()
    window.go("/dealings")
    enter(page, main.locator(f'a[href="{dealing}"]'))
    enter(page, main.get_by_role("link", name="同意，互通联系方式"))
    enter(page, main.get_by_role("button", name="同意", exact=True))
    expect(main).to_contain_text("已同意。双方现在可以查看彼此的联系方式。")
