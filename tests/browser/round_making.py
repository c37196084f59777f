"""How a round comes about in the story: from a need to the hour of its publication, questions, an addendum."""

import re
from datetime import timedelta
from typing import Final

from playwright.sync_api import expect

from marketplace.kernel.chinese_time import BEIJING
from marketplace.rounds.rules.notice_forms import TIME_FORM
from tests.browser.hands import PDF
from tests.browser.round_people import Cast

NEED: Final = "泵站轴承异响提前预警"
POSTS: Final = (
    ("approver", "主办方"),
    ("approver", "审批人"),
    ("opener_a", "主办方"),
    ("opener_b", "开启人"),
    ("keeper", "监督"),
    ("checker", "审查人"),
    ("checker", "开启人"),
    ("objections", "监督"),
)
NOTICE: Final = {
    "track-1-question": "在不停机的前提下，提前发现泵组轴承的早期损伤，把预警推给当班人员，并说明依据。",
    "track-1-indicators": "轴承故障提前 72 小时预警\n每座泵站误报每月不超过 2 次",
    "bidders": "依法登记的一人公司（OPC）或个人，接受联合申报。",
    "condition-1-text": "未被列入失信被执行人名单",
    "condition-1-proof": "信用中国网站的查询结果截图",
    "condition-2-text": "能在 3 座泵站现场安装测试，每座不少于 30 天",
    "condition-2-proof": "实施方案中的测试安排",
    "paper-1-title": "实施方案",
    "funds_source": "2027 年设备更新专项，已批复",
    "ownership": "集团取得永久使用权；算法和软件归揭榜方。",
    "contact_name": "陈需求",
    "contact_phone": "13900001234",
    "objection_name": "集团纪检监察室",
    "objection_phone": "0000-12345699",
}


def begin(cast: Cast, title: str) -> None:
    """A need of this story's own becomes a round: two clicks from its page."""
    issuer = cast["需求方"]
    issuer.go("/needs")
    issuer.follow(NEED)
    issuer.press("以此为底稿再发一条")
    issuer.fill(title=title, contact_phone="13900001234")
    issuer.press("核对并发布")
    issuer.press("发布需求")
    issuer.follow("发起揭榜")
    issuer.press(re.compile("以此类型起草.*揭榜挂帅"))
    cast.round_id = issuer.path.split("/")[2]
    expect(issuer.main.locator("#title")).to_have_value(title)


def write(cast: Cast) -> None:
    """The notice is written; what it lacks stands beside it until it lacks nothing."""
    issuer = cast["需求方"]
    publish = (cast.clock() + timedelta(days=1)).astimezone(BEIJING).replace(hour=9, minute=0)
    expect(issuer.main.locator("#guide")).to_contain_text("还差 2 名审批人")
    issuer.press(re.compile("再加一个条件"))
    issuer.fill(**NOTICE, publish_at=publish.strftime(TIME_FORM))
    issuer.main.locator("#condition-1-hard").check()
    issuer.main.locator("#condition-2-hard").check()
    issuer.main.locator("#paper-1-required").check()
    issuer.press("保存草稿")
    expect(issuer.main.locator("#guide")).to_contain_text("公告内容已经写全")
    issuer.press("预览")
    expect(issuer.main).to_contain_text("这是预览，还没有公开")


def appoint(cast: Cast) -> None:
    """Everybody is appointed by name."""
    issuer = cast["需求方"]
    issuer.go(f"{cast.base}/people")
    for post, title in POSTS:
        person = issuer.main.locator(f"#post-{post}")
        person.locator("select").select_option(cast.actor(title).account_id)
        issuer.press(re.compile("^指定"), within=person)
    expect(issuer.main).not_to_contain_text("送审之前还差")


def hand_in(cast: Cast) -> None:
    """The review is put down, and the draft handed in."""
    issuer = cast["需求方"]
    issuer.go(f"{cast.base}/review")
    issuer.pick("通过")
    issuer.fill(reviewer="临川市市场监督管理局", reviewed_on=f"{cast.clock():%Y-%m-%d}")
    issuer.main.locator("#evidence").set_input_files(
        {"name": "公平竞争审查意见.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    issuer.press("登记审查意见")
    issuer.go(f"{cast.base}/draft")
    issuer.press("核对并送审")
    issuer.press("送审")
    expect(issuer.main).to_contain_text("公告全文")


def set_up_key(cast: Cast, title: str) -> str:
    """A holder lets its passphrase be made, sees it once and types it; gives the passphrase."""
    holder = cast[title]
    holder.go("/rounds/mine")
    holder.follow(re.compile("^设置并核对口令"), within=cast.line(holder, "等您设置口令"))
    holder.press("生成口令")
    passphrase = holder.main.locator(".passphrase").inner_text()
    if title == "监督":
        holder.fill(passphrase=passphrase[:-1])
        holder.press("核对口令")
        expect(holder.main.locator("#passphrase-error")).to_contain_text("您输入了 15 个")
    holder.fill(passphrase=passphrase.lower().replace("-", " "))
    holder.press("核对口令")
    expect(holder.main).to_contain_text("您的口令已经核对")
    return passphrase


def approve(cast: Cast, title: str) -> None:
    """One of the two approvers reads the notice and approves it."""
    approver = cast[title]
    approver.go("/rounds/mine")
    approver.follow(re.compile("^看公告并审批"), within=cast.line(approver, "等您审批"))
    approver.press(re.compile("^批准第 1 版公告"))


def publish(cast: Cast) -> None:
    """The hour comes, and the clock publishes."""
    publish_at = cast.row.publish_at
    assert publish_at is not None
    issuer = cast["需求方"]
    issuer.go(cast.base)
    expect(issuer.main).to_contain_text("计划发布")
    cast.tick(publish_at)
    issuer.go(cast.base)
    expect(issuer.main).to_contain_text("申报截止")


def ask_and_answer(cast: Cast) -> None:
    """An OPC asks, the issuer answers to everybody."""
    asker, issuer = cast["云图"], cast["需求方"]
    asker.go("/rounds")
    asker.follow(cast.title)
    asker.fill(question="测试泵站的传感器由谁供电？")
    asker.press("提问")
    issuer.go(cast.base)
    issuer.main.locator("textarea[name=answer]").fill("由泵站提供 220V 电源。")
    issuer.press("公开答复")
    expect(issuer.main).to_contain_text("由泵站提供 220V 电源。")


def amend(cast: Cast) -> None:
    """The issuer changes a condition in the open: an addendum with its reason."""
    issuer = cast["需求方"]
    issuer.go(cast.base)
    issuer.follow("修改公告（补遗）")
    issuer.press("起草补遗")
    issuer.main.locator("#condition-2-text").fill("能在 2 座泵站现场安装测试，每座不少于 30 天")
    issuer.press("核对补遗")
    expect(issuer.main.locator(".diff").first).to_contain_text("2")
    issuer.fill(reason="一座测试泵站年底检修，改为两座。")
    issuer.press("发布补遗")
