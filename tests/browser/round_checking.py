"""How bids are opened and checked in the story of a round."""

import re

from playwright.sync_api import expect

from tests.browser.hands import PDF
from tests.browser.round_people import Cast
from tests.browser.windows import Window


def turn(cast: Cast, title: str, passphrase: str) -> None:
    """A holder turns its key."""
    holder = cast[title]
    holder.go("/rounds/mine")
    holder.follow(re.compile("^输入口令开启"), within=cast.line(holder, "等您开启"))
    holder.fill(passphrase=passphrase)
    holder.press(re.compile("^核对口令"))


def to_bid(cast: Cast, title: str, organisation: str) -> Window:
    """A checker goes to a bid from what waits for it."""
    checker = cast[title]
    checker.go("/rounds/mine")
    checker.follow(re.compile("^逐份审查"), within=cast.line(checker, "等您资格审查"))
    checker.follow(organisation)
    return checker


def ask_correction(checker: Window) -> None:
    """Ask the bidder to put something right."""
    checker.main.get_by_text("要求补正", exact=True).click()
    checker.main.locator("#item").select_option(index=1)
    checker.fill(wanted="信用查询结果截图缺查询日期，请重新提供。")
    checker.press("发出补正通知")
    expect(checker.main).to_contain_text("待补正")


def correct(cast: Cast, title: str) -> None:
    """The bidder puts it right."""
    bidder = cast[title]
    bidder.go("/bids")
    expect(bidder.main).to_contain_text("待补正")
    bidder.follow(cast.title)
    bidder.fill(text="附上 12 月 10 日查询的截图。")
    bidder.main.locator("#files").set_input_files(
        {"name": "信用查询结果.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    bidder.press("提交补正")
    expect(bidder.main).to_contain_text("补正已收到")


def judge(checker: Window, *, passes: bool) -> None:
    """Go through the conditions and give one's verdict."""
    for condition, is_met in (("c1", True), ("c2", passes)):
        checker.main.locator(f"#met-{condition}-{'yes' if is_met else 'no'}").check()
        if not is_met:
            checker.fill(**{f"evidence-{condition}": "实施方案里没有测试安排。"})
    checker.press("保存审查记录")
    checker.main.locator(f"#verdict-{'yes' if passes else 'no'}").check()
    if not passes:
        checker.main.locator("#condition").select_option(index=2)
        checker.fill(reason="实施方案没有写明两座泵站的测试安排。")
    checker.press("给出结论")
    expect(checker.main).to_contain_text("结论已记录")


def send_to_review(cast: Cast, title: str) -> None:
    """The formal check ends."""
    checker = cast[title]
    checker.go(f"{cast.base}/check")
    checker.press(re.compile("转入专家评审"))
    expect(checker.main).to_contain_text("已转入专家评审")


def download(window: Window, path: str) -> bytes:
    """Follow a link of the page that gives a file."""
    with window.page.expect_download() as waiting:
        window.main.locator(f'a[href="{path}"]').first.click()
    return waiting.value.path().read_bytes()


def read_papers(cast: Cast, title: str) -> None:
    """Read the official documents of the round, as pages and as files."""
    reader = cast[title]
    for name, said in (
        ("notice", "每座不少于 30 天"),
        ("minutes", "开启人"),
        ("eligibility", "没有写明两座泵站的测试安排"),
    ):
        reader.go(f"{cast.base}/{name}")
        expect(reader.main).to_contain_text(said)
        assert download(reader, f"{cast.base}/{name}.docx").startswith(b"PK"), name
        assert download(reader, f"{cast.base}/{name}.pdf").startswith(b"%PDF"), name
