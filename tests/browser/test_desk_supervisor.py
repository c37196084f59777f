"""The supervisor's desk: the log, its verification, the head of a day, and a contact seen for a stated purpose."""

import re
from datetime import timedelta
from itertools import product
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from marketplace.kernel import audit
from marketplace.kernel.chinese_time import BEIJING
from tests.browser.conftest import OpenWindow, Site
from tests.browser.windows import Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-supervisor")]


PLACES = {Way(width, has_scripts=has): place for place, (width, has) in enumerate(product((360, 1920), (True, False)))}


@pytest.fixture(scope="module", autouse=True)
def sealed(shared_site: Site) -> str:
    """Seal this day, as the night does; gives the day."""
    now = shared_site.installation.clock()
    today = now.astimezone(BEIJING).date()
    with shared_site.installation.store.writing() as session:
        audit.seal_day(session, day=today, now=now + timedelta(days=1))
    return today.isoformat()


def test_read_verify_and_see_a_contact_for_a_purpose(open_window: OpenWindow, way: Way, sealed: str) -> None:
    window = open_window(way)
    window.sign_in("监督")
    assert window.path == "/audit"
    window.main.get_by_label("类别").select_option("item")
    window.press("查阅")
    expect(window.main.get_by_role("region", name="查到的留痕").get_by_role("listitem").first).to_be_visible()
    window.follow("经过与凭证")

    window.go("/audit/verify")
    window.press("现在校验")
    expect(window.main).to_contain_text("校验通过")
    window.go("/audit/seals")
    window.go(f"/audit/seals/{sealed}")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("留痕封存证明")
    expect(window.main).to_contain_text("重新计算，相符")
    window.look()

    window.go("/lists/demand")
    # Who has stated a purpose sees the contact for five minutes, so that each way takes another need.
    needs = window.main.locator('h2 a[href^="/items/"], h3 a[href^="/items/"], .row-title[href^="/items/"]')
    window.go(urlsplit(needs.nth(PLACES[way]).get_attribute("href") or "").path)
    window.follow(re.compile("查看联系方式"))
    window.fill(purpose="核实")
    window.press("登记并查看")
    expect(window.main.get_by_role("alert").first).to_be_visible()
    expect(window.main.locator("#purpose")).to_have_value("核实")
    window.main.get_by_label("依据").select_option(index=1)
    purpose = f"核实这条需求的投诉线索（{way.name}）"
    window.fill(purpose=purpose)
    window.press("登记并查看")
    expect(window.main).to_contain_text("已登记，联系方式如下")
    window.go("/unmaskings")
    expect(window.main).to_contain_text(purpose)
