"""What somebody writes survives a cut line, an expired sign-in, and a colleague who writes at the same time."""

import re

import pytest
from playwright.sync_api import Response, expect

from tests.browser.conftest import OpenWindow
from tests.browser.windows import Way, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk-enterprise")]

WIDE = Way(1280, has_scripts=True)
PLAIN = Way(1280, has_scripts=False)
SAVED = re.compile(r"已保存 \d\d:\d\d")


def begin(window: Window, title: str) -> str:
    """Begin a need with a name; gives the address of its draft."""
    window.go("/needs/new")
    window.pick(re.compile("采购需求"))
    window.press("开始填写")
    save(window, "title", title)
    expect(window.main.locator("[data-autosave-mark]")).to_have_text(SAVED)
    return window.path


def write(window: Window, name: str, text: str) -> None:
    """Write into a field and leave it."""
    window.main.locator(f"#{name}").fill(text)
    window.main.locator(f"#{name}").blur()


def save(window: Window, name: str, text: str) -> None:
    """Write into a field, leave it, and wait until the server has it."""

    def has_it(answer: Response) -> bool:
        return "/autosave" in answer.url and f"_changed={name}" in (answer.request.post_data or "")

    with window.page.expect_response(has_it):
        write(window, name, text)


def test_text_written_without_a_network_is_saved_when_it_comes_back(open_window: OpenWindow) -> None:
    window = open_window(WIDE)
    window.sign_in("需求方")
    draft = begin(window, "断网时写的需求")
    mark = window.main.locator("[data-autosave-mark]")

    window.context.set_offline(True)
    write(window, "situation", "地下泵房没有信号。")
    expect(mark).to_have_text(re.compile("^未保存：网络中断，恢复后自动重试"))
    window.context.set_offline(False)
    expect(mark).to_have_text(SAVED)

    window.go(draft)
    expect(window.main.locator("#situation")).to_have_value("地下泵房没有信号。")


def test_text_written_after_the_sign_in_expired_stays_and_is_saved_after_the_next(open_window: OpenWindow) -> None:
    window = open_window(WIDE)
    window.sign_in("需求方")
    draft = begin(window, "登录过期时写的需求")
    mark = window.main.locator("[data-autosave-mark]")

    window.context.clear_cookies()
    write(window, "situation", "写到一半登录过期。")
    expect(mark).to_contain_text("登录已过期，您写的内容还在本页")
    expect(window.main.locator("#situation")).to_have_value("写到一半登录过期。")
    with window.context.expect_page() as waiting:
        mark.get_by_role("link").click()
    other = Window(window.context, waiting.value, window.address, window.sign_ins, WIDE)
    other.sign_in("需求方")
    other.page.close()
    window.page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(mark).to_have_text(SAVED)

    window.go(draft)
    expect(window.main.locator("#situation")).to_have_value("写到一半登录过期。")


@pytest.mark.parametrize("way", [WIDE, PLAIN], ids=["with-scripts", "without-scripts"])
def test_two_windows_on_one_need_keep_both_texts(open_window: OpenWindow, way: Way) -> None:
    first, second = open_window(WIDE), open_window(way)
    first.sign_in("需求方")
    second.sign_in("需求方")
    draft = begin(first, f"两个人写的需求（{way.name}）")
    second.go(draft)

    save(first, "situation", "三十座泵站。")
    save(first, "decider", "设备部")
    first.go(draft)
    expect(first.main.locator("#situation")).to_have_value("三十座泵站。")
    if way.has_scripts:
        save(second, "situation", "三十二座泵站。")
        expect(second.main.locator("[data-autosave-mark]")).to_contain_text("有人同时修改，查看两份")
        second.fill(problem="停水两次。")
    else:
        second.fill(situation="三十二座泵站。", problem="停水两次。")
    second.press("保存草稿")

    first.go(draft)
    expect(first.main.locator("#decider")).to_have_value("设备部")
    expect(first.main.locator("#problem")).to_have_value("停水两次。")
    clashes = first.main.locator("#clashes")
    expect(clashes).to_contain_text("三十座泵站。")
    expect(clashes).to_contain_text("三十二座泵站。")
    clashes.get_by_label("三十二座泵站。").check()
    first.press("用选定的写法")
    expect(first.main.locator("#situation")).to_have_value("三十二座泵站。")
    expect(first.main.locator("#clashes")).to_have_count(0)
    first.follow("修改记录")
    expect(first.main).to_contain_text("三十座泵站。")
