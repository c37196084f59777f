"""How bids come in, in the story of a round: written, joined, sealed against receipts, taken back, confirmed again."""

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import expect

from tests.browser.hands import PDF
from tests.browser.round_people import Cast
from tests.browser.windows import Window

BID: Final = {
    "plan": "在泵组轴承座加装振动和声学传感器，边缘盒子在站内判断，只把预警和证据片段送出。",
    "schedule": "第一个月装机，第二个月试运行，第三个月验收。",
    "team": "两人，做过三十座泵站的轴承预警。",
    "indicator-1": "已有样本的提前量中位数为 9 天。",
    "indicator-2": "每站每月误报 1.2 次。",
    "condition-c1-answer": "查询结果见附件。",
    "condition-c2-answer": "按测试安排执行。",
    "contact_name": "周一人",
    "contact_phone": "13800005678",
    "price_amount": "52.5",
}


def begin(cast: Cast, title: str) -> Window:
    """Begin a bid from the page of the round."""
    bidder = cast[title]
    bidder.go(cast.base)
    bidder.press("开始申报")
    return bidder


def fill(bidder: Window, **changed: str) -> None:
    """Write everything that the notice asks for, and seal its one paper."""
    bidder.fill(**{**BID, **changed})
    for condition in ("c1", "c2"):
        bidder.main.locator(f"#condition-{condition}-met-yes").check()
    bidder.main.locator("#file-p1").set_input_files(
        {"name": "实施方案.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    bidder.press("上传选择的文件")
    expect(bidder.main).to_contain_text("实施方案.pdf")


def invite(bidder: Window, name: str) -> None:
    """Ask another OPC to take part."""
    bidder.fill(partner=name)
    bidder.press("查找并邀请")
    expect(bidder.main.locator("#partners")).to_contain_text(name)


def answer(cast: Cast, title: str, *, confirms: bool) -> None:
    """An OPC that was asked looks at what it is asked, and answers."""
    asked = cast[title]
    asked.go("/bids")
    asked.follow(cast.title)
    expect(asked.main).to_contain_text("牵头的联合申报")
    asked.press("确认参加" if confirms else "谢绝")


def submit(bidder: Window, folder: Path) -> Path:
    """Look at everything once more, keep one's own copy, hand in; gives the receipt's file."""
    bidder.press("核对并提交")
    bidder.press("提交申报")
    expect(bidder.page.get_by_role("heading", level=1)).to_have_text("申报回执")
    with bidder.page.expect_download() as waiting:
        bidder.main.get_by_role("link", name=re.compile("下载回执")).click()
    found = folder / waiting.value.suggested_filename
    waiting.value.save_as(found)
    return found


def withdraw(cast: Cast, title: str) -> None:
    """Take a bid back."""
    bidder = cast[title]
    bidder.go("/bids")
    bidder.follow(cast.title)
    bidder.follow("撤回申报")
    bidder.press("撤回申报")
    expect(bidder.main).to_contain_text("已撤回")


def reconfirm(cast: Cast, title: str) -> None:
    """Confirm a bid again after the addendum."""
    bidder = cast[title]
    bidder.go("/bids")
    expect(bidder.main).to_contain_text("待重新确认")
    bidder.follow(cast.title)
    expect(bidder.main.locator(".diff").first).to_contain_text("座泵站现场安装测试")
    bidder.press("按修改后的公告确认申报")
    expect(bidder.main).to_contain_text("已重新确认")


def verify(bidder: Window, receipt: Path) -> None:
    """Hold a receipt against the public list of the seals."""
    bidder.go("/verify")
    bidder.main.locator("#receipt_file").set_input_files(receipt)
    bidder.main.get_by_role("button", name="核对", exact=True).click()
    expect(bidder.main).to_contain_text("没有不符")


def come_late(cast: Cast, title: str) -> None:
    """After the deadline a bidder finds out where it stands."""
    bidder = cast[title]
    bidder.go("/bids")
    bidder.follow(cast.title)
    expect(bidder.main).not_to_contain_text("核对并提交")
