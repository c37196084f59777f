"""The check of conflicts that stands by itself: an organiser pastes two lists and reads who may judge whom."""

from html import unescape

from tests.web.conftest import Market
from web.pages.experts import checking


def test_the_examples_are_checked_and_every_hit_says_why(market: Market) -> None:
    with market.client() as client:
        page = client.get("/conflicts").text
        sent = {"experts": checking.EXAMPLE_EXPERTS, "bids": checking.EXAMPLE_BIDS, "issuer": "示例大学"}
        found = client.post("/conflicts", data=sent)
        said = unescape(found.text)

    assert "检查回避" in page
    assert found.status_code == 200
    assert "应当回避 1 对，需要人工判断 1 对，未发现情形 0 对" in said
    for reason in (
        "发布单位的工作人员</strong>：现任职单位“示例大学”是活动的发布单位。",
        "专家申报的亲属关系：何木在“示例园林科技有限公司”。",
        "电话相同</strong>：与“示例视觉工作室”登记的电话相同。",
        "曾任“示例园林科技有限公司”的顾问。",
    ):
        assert reason in said, reason
    # What was typed stays in the form, so that a line can be mended and checked again.
    assert checking.EXAMPLE_BIDS in said


def test_what_cannot_be_read_is_named_by_its_line_and_nothing_is_lost(market: Market) -> None:
    with market.client() as client:
        wrong = client.post("/conflicts", data={"experts": "姓名：陈果\n生日：1980", "bids": ""})
        many = client.post(
            "/conflicts",
            data={"experts": "\n\n".join(f"姓名：甲{n}" for n in range(100)), "bids": "\n\n".join(["名称：乙"] * 21)},
        )

    assert (wrong.status_code, many.status_code) == (422, 422)
    said = unescape(wrong.text)
    assert "第 2 行：“生日”不是可用的项目" in said
    assert "请填写至少一家申报单位" in said
    assert "生日：1980" in said
    assert f"超过 {checking.MOST_PAIRS}" in many.text
