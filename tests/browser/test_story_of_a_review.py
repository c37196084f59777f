"""An expert on a tablet declares, fills in a sheet while the network comes and goes, and hands it in; without scripts too."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from marketplace.accounts import accounts
from marketplace.rounds.panels import conflicts, members, recusals
from marketplace.rounds.round_tables import Round
from tests.browser.conftest import Site
from tests.browser.filled import Filled, fill
from tests.browser.windows import HEIGHT, Way, Window, watch

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("story-of-a-review")]

TABLET = 768
SAVED = re.compile(r"已保存 \d\d:\d\d")
SAID = "夜间识别没有实测数据，建议补充第三方检测报告。"


@pytest.fixture(scope="module")
def filled(shared_site: Site) -> Iterator[Filled]:
    """A market in which an expert is invited, and judges."""
    found = fill(shared_site)
    yield found
    for hand in found.hands.values():
        hand.client.close()


def tablet(chromium: Browser, site: Site, *, has_scripts: bool) -> Window:
    """A window that is touched; what its browser complains of is noted."""
    context = chromium.new_context(
        viewport={"width": TABLET, "height": HEIGHT}, locale="zh-CN", has_touch=True, java_script_enabled=has_scripts
    )
    page = context.new_page()
    window = Window(context, page, site.address, site.sign_ins, Way(TABLET, has_scripts=has_scripts))
    watch(page, window.complaints)
    window.sign_in("专家")
    return window


def declare(window: Window) -> None:
    """Answer for every bid that there is nothing, and accept."""
    for choice in window.main.get_by_label("无利害关系", exact=True).all():
        choice.tap()
    window.main.get_by_label(re.compile("我已看过名单")).tap()
    window.press("承诺并接受邀请")


def write(window: Window, name: str, text: str) -> None:
    """Write into a field and leave it."""
    window.main.locator(f"#{name}").tap()
    window.main.locator(f"#{name}").fill(text)
    window.main.locator(f"#{name}").blur()


def test_a_sheet_survives_a_lost_network_and_is_handed_in(chromium: Browser, shared_site: Site, filled: Filled) -> None:
    window = tablet(chromium, shared_site, has_scripts=True)
    window.go("/")
    expect(window.main).to_contain_text("请说明利害关系，答复是否参加")
    window.go(f"/review/{filled.ids['invited round']}")
    declare(window)
    # The sample's expert has its mail where a bidder has it, which the rules leave to the office.
    expect(window.main).to_contain_text("承诺已收到，等待主办方认定")
    settle(shared_site, filled)
    window.go(f"/review/{filled.ids['invited round']}")
    window.page.goto(shared_site.address + str(window.main.locator("a.row-title").first.get_attribute("href")))
    window.look()
    mark, told = window.main.locator("[data-autosave-mark]"), window.main.locator("[data-marks-told]")
    write(window, "mark-c1", "30")
    expect(mark).to_have_text(SAVED)

    window.context.set_offline(True)
    write(window, "mark-c2", "20.5")
    expect(mark).to_contain_text("未保存：网络中断")
    write(window, "mark-c3", "8")
    write(window, "comment-c3", SAID)
    expect(told).to_have_text("已打 3 / 4 项，合计 58.5 分，满分 100 分")
    window.context.set_offline(False)
    expect(mark).to_have_text(SAVED)

    lose_one_answer(window)
    write(window, "mark-c4", "12")
    expect(mark).to_have_text(SAVED)
    window.page.reload()
    window.look()
    kept = {
        name: window.main.locator(f"#{name}").input_value() for name in ("mark-c1", "mark-c2", "mark-c3", "mark-c4")
    }
    assert list(kept.values()) == ["30", "20.5", "8", "12"]
    expect(window.main.locator("#comment-c3")).to_have_value(SAID)
    window.press("提交评分表")
    expect(window.main).to_contain_text("评分表已提交")
    window.follow(re.compile("."), within=window.main.locator("tr", has_text="已提交").first)
    expect(window.main).to_contain_text("70.50")
    window.press("取回修改")
    expect(window.main.locator("#mark-c2")).to_have_value("20.5")
    window.context.close()
    assert [
        one for one in window.complaints if "ERR_INTERNET_DISCONNECTED" not in one and "ERR_FAILED" not in one
    ] == []


def settle(site: Site, filled: Filled) -> None:
    """The office finds nothing in what the rules doubt."""
    store, now = site.installation.store, site.installation.clock()
    with store.writing() as session:
        by_email = {title: accounts.find_by_email(session, site.sign_ins[title].email) for title in ("需求方", "专家")}
        people = {title: accounts.actor(session, one) for title, one in by_email.items() if one is not None}
        unit = session.get_one(Round, filled.ids["invited round"]).organisation_id
        issuer = accounts.actor(session, people["需求方"].account_id, organisation_id=unit)
        member = members.own(session, people["专家"], filled.ids["invited round"])
        for one in conflicts.undecided(session, member.id):
            recusals.decide(
                session,
                issuer,
                member.round_id,
                one.id,
                excludes=False,
                note="公用邮箱，不影响公正。",
                now=now,
                new_id=site.installation.new_id,
            )


def lose_one_answer(window: Window) -> None:
    """Let the next save reach the server, and its answer never come back."""
    lost: list[str] = []

    def swallow(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.request.url)
        route.fetch()
        route.abort()

    window.page.route("**/autosave", swallow)


def test_without_scripts_a_button_saves_and_what_is_missing_is_linked(
    chromium: Browser, shared_site: Site, filled: Filled
) -> None:
    window = tablet(chromium, shared_site, has_scripts=False)
    window.go(f"/review/sheets/{filled.ids['sheet']}")
    window.fill(**{"mark-c1": "20", "mark-c2": "24"})
    window.press("保存", within=window.main.locator(".actions"))
    expect(window.main).to_contain_text("评分表已保存")
    window.press("提交评分表")
    expect(window.main.get_by_role("alert")).to_contain_text("有 3 处需要您改正")
    window.main.get_by_role("alert").get_by_role("link", name=re.compile("进度与交付保障")).click()
    assert window.page.url.endswith("#mark-c3")
    window.fill(**{"comment-c1": SAID, "mark-c3": "12", "mark-c4": "12"})
    window.press("提交评分表")
    expect(window.main).to_contain_text("评分表已提交")
    window.context.close()
    assert window.complaints == []
