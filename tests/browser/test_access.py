"""Public pages on a tablet, whose width lies between those of every page's test; the keyboard reaches the content."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

TABLET = 768

PATHS = (
    "/",
    "/lists/scenario",
    "/lists/demand?q=识别&issuer_type=soe",
    "/lists/capability",
    "/lists/scenario?q=量子引力波天线阵列",
    "/search?q=识别",
    "/search?q=排水管道缺陷检测",
    "/editions",
    "/sign-in",
    "/kit",
    "/nowhere",
)
FOLLOWED = (("/lists/scenario", "/items/"), ("/lists/capability", "/opcs/"), ("/editions", "/editions/"))


def addresses(site: Site, page: Page) -> list[str]:
    """Every kind of page, with one item, one OPC, one edition and one intake found by their links."""
    found = [site.address + path for path in PATHS]
    for path, prefix in (*FOLLOWED, ("/intakes", "/intakes/")):
        page.goto(site.address + path)
        link = page.get_by_role("main").locator(f'a[href^="{prefix}"]').first.get_attribute("href")
        found.append(f"{site.address}{link}")
    return [*found, f"{site.address}/intakes"]


def test_nothing_scrolls_sideways(site: Site, page: Page) -> None:
    site.sign_in(page, "主办方")
    page.set_viewport_size({"width": TABLET, "height": 900})
    wide = []
    for address in addresses(site, page):
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > TABLET:
            wide.append(address.removeprefix(site.address))

    assert wide == []


def test_first_tab_leads_to_the_content(site: Site, page: Page) -> None:
    page.goto(site.address)

    page.keyboard.press("Tab")

    expect(page.locator(":focus")).to_contain_text("跳到")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.address}/#main")
    expect(page.get_by_role("main")).to_have_attribute("id", "main")
