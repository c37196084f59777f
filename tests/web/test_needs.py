"""The enterprise's desk: writing a need together, publishing it, and what others see of it."""

import re

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from marketplace.accounts.tables import Account, Organisation
from tests.web.conftest import Market

ISSUER = "澄江水务集团有限公司"
NEED = {
    "need_type": "采购需求",
    "title": "泵站振动听诊与轴承故障预警",
    "sector": "智慧水务",
    "region": "福建省临川市",
    "situation": "三十座泵站靠人每周听一次。",
    "problem": "坏了才知道，停水半天。",
    "requirements": ["轴承故障提前 72 小时预警", "误报每月不超过 2 次"],
    "budget_max": "60",
    "budget_max_unit": "wan",
    "period_end": "2027-09-30",
    "contact_name": "陈工",
    "contact_phone": "13912345678",
    "contact_email": "chen@shuiwu.example",
}


def verify(market: Market, *, verified: bool = True) -> None:
    with market.installation.store.writing() as session:
        unit = session.exec(select(Organisation).where(Organisation.name == ISSUER)).one()
        unit.verified_at = market.installation.clock() if verified else None
        session.add(unit)


def begin(client: TestClient, token: str, need_type: str = "采购需求") -> str:
    answer = client.post("/needs/new", data={"csrf_token": token, "need_type": need_type})
    assert answer.status_code == 303
    return str(answer.headers["location"])


def form_of(client: TestClient, token: str, at: str, **changed: object) -> dict[str, object]:
    page = client.get(at).text
    version = re.search(r'name="_version" value="(\d+)"', page)
    opened = re.search(r'name="_page" value="(\w+)"', page)
    assert version
    assert opened
    return {"csrf_token": token, "_version": version[1], "_page": opened[1], **NEED, **changed}


def publish(client: TestClient, token: str, **changed: object) -> str:
    at = begin(client, token)
    saved = client.post(at, data=form_of(client, token, at, **changed, then="publish"))
    assert (saved.status_code, saved.headers["location"]) == (303, f"{at}/publish")
    asked = client.get(f"{at}/publish").text
    assert "公开的全部内容" in asked
    version = re.search(r'name="_version" value="(\d+)"', asked)
    assert version is not None
    done = client.post(f"{at}/publish", data={"csrf_token": token, "_version": version[1]})
    assert done.status_code == 303
    again = client.post(f"{at}/publish", data={"csrf_token": token, "_version": version[1]})
    assert (again.status_code, again.headers["location"]) == (303, at)
    return str(done.headers["location"]).split("?")[0]


def test_publish_shows_the_need_with_its_source_and_finds_it(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = publish(client, token)
        page = client.get(f"{at}?done=published").text
        found = client.get("/lists/demand", params={"q": NEED["title"]}).text
        home = client.get("/needs").text

    assert ("单位在线发布" in page, "轴承故障提前 72 小时预警" in page, "已发布" in page) == (True, True, True)
    assert (at in found, at in home) == (True, True)


def test_a_large_budget_is_reminded_of_public_procurement(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        shown = []
        for most in ("90", "100"):
            at = begin(client, token)
            client.post(at, data=form_of(client, token, at, budget_min="", budget_max=most))
            shown.append("预算较大，请注意采购方式" in client.get(f"{at}/publish").text)

    assert shown == [False, True]


def test_unverified_units_keep_the_draft_and_are_told_the_way(market: Market) -> None:
    verify(market, verified=False)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = begin(client, token)
        client.post(at, data=form_of(client, token, at))
        page = client.get(f"{at}/publish").text
        forced = client.post(f"{at}/publish", data={"csrf_token": token, "_version": "2"})

    assert ("/verifications/new" in page, "暂时不能发布" in page, forced.status_code) == (True, True, 403)


def test_an_anonymous_need_gives_its_unit_away_nowhere(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = publish(client, token, anonymous="yes")
        own = client.get(at).text
    item_id = at.rsplit("/", 1)[1]
    with market.client() as visitor:
        shown = [
            visitor.get(at).text,
            visitor.get("/lists/demand", params={"q": NEED["title"]}).text,
            visitor.get("/lists/demand.csv", params={"q": NEED["title"]}).text,
            visitor.get("/search", params={"q": NEED["title"]}).text,
            visitor.get("/").text,
        ]
    rows = [line for line in shown[2].splitlines() if item_id in line]

    assert "实际单位：" + ISSUER in own
    assert (len(rows), "某" in rows[0], ISSUER in rows[0], "陈需求" in rows[0]) == (1, True, False, False)
    hidden = (ISSUER, "陈需求", "shuiwu.example", "****5678", "13912345678")
    assert [word for word in hidden if word in shown[0]] == []
    with market.client() as client:
        market.signed_in(client, "OPC")
        seen = client.get(at).text
    assert [word for word in hidden if word in seen] == []


def test_own_name_in_the_text_is_refused_for_anonymous_needs(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = begin(client, token)
        data = form_of(client, token, at, anonymous="yes", situation=f"{ISSUER}的泵站。", then="publish")
        client.post(at, data=data)
        asked = client.get(f"{at}/publish")

    assert (asked.status_code, "写出了贵单位的名称" in asked.text) == (422, True)


def test_two_pages_merge_other_fields_and_show_both_of_the_same(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = begin(client, token)
        one, two = form_of(client, token, at), form_of(client, token, at)
        headers = {"x-csrf-token": token, "accept": "application/json"}

        def autosave(form: dict[str, object], **values: str) -> tuple[int, dict[str, object]]:
            data = {"_version": form["_version"], "_changed": list(values), **values}
            answer = client.post(f"{at}/autosave?page={form['_page']}", data=data, headers=headers)
            return answer.status_code, answer.json()

        first = autosave(one, title="甲的名称")
        other = autosave(two, sector="水务")
        same = autosave(two, title="乙的名称")
        both = client.get(str(same[1]["link"])).text
        page = client.get(at).text
        chosen = client.post(f"{at}/choices", data={"csrf_token": token, "_page": "p", "choice-title": "1"})
        after = client.get(at).text
        history = client.get(f"{at}/history").text

    assert (first[0], other[0], same[0]) == (200, 200, 409)
    assert same[1] == {"link": f"{at}?see=clashes", "kept": True}
    assert ("甲的名称" in both.split('id="clashes"')[1], "乙的名称" in both.split('id="clashes"')[1]) == (True, True)
    assert ("甲的名称" in page, "乙的名称" in page, 'value="水务"' in page) == (True, True, True)
    assert (chosen.status_code, 'value="乙的名称"' in after, "甲的名称" in history) == (303, True, True)


def test_other_units_learn_nothing_of_a_draft(market: Market) -> None:
    with market.client() as client:
        at = begin(client, market.signed_in(client, "需求方"))
    with market.client() as client:
        token = market.signed_in(client, "OPC")
        answers = [
            client.get(at).status_code,
            client.post(at, data={"csrf_token": token, "_version": "1", "title": "x"}).status_code,
            client.post(f"{at}/preview", data={"csrf_token": token, "title": "x"}).status_code,
            client.post(f"{at}/publish", data={"csrf_token": token, "_version": "1"}).status_code,
            client.get(f"{at}/history").status_code,
        ]
        desk = client.get("/needs").status_code

    assert (answers, desk) == ([404] * 5, 403)


@pytest.mark.parametrize("words", ["长" * 500, "<script>alert(1)</script>", "😀泵站\x00\ud800"])
def test_whatever_is_typed_is_kept_and_never_runs(market: Market, words: str) -> None:
    words = words.encode("utf-8", "ignore").decode()
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = begin(client, token)
        texts = dict.fromkeys(("title", "sector", "situation", "problem", "conditions", "decider"), words)
        saved = client.post(at, data=form_of(client, token, at, **texts))
        page = client.get(at).text

    assert (saved.status_code, "<script>alert" in page) == (303, False)
    assert page.count(words.replace("\x00", "").replace("<", "&lt;").replace(">", "&gt;")) >= 6


def test_amend_shows_what_changes_and_keeps_the_old_version(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = publish(client, token)
        item_id = at.rsplit("/", 1)[1]
        draft = client.post(f"/needs/{item_id}/amend", data={"csrf_token": token}).headers["location"]
        client.post(draft, data=form_of(client, token, draft, budget_max="80"))
        asked = client.get(f"{draft}/publish").text
        version = re.search(r'name="_version" value="(\d+)"', asked)
        assert version
        client.post(f"{draft}/publish", data={"csrf_token": token, "_version": version[1]})
        page = client.get(at).text

    assert ("60 万元" in asked, "80 万元" in asked) == (True, True)
    assert ("历次变化" in page, "2 个版本" in page) == (True, True)


def test_pause_resume_and_close_with_an_outcome(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = publish(client, token)
        needs = at.replace("/items/", "/needs/")
        client.post(f"{needs}/pause", data={"csrf_token": token})
        paused = client.get(at).text
        listed = client.get("/lists/demand", params={"q": NEED["title"]}).text
        client.post(f"{needs}/resume", data={"csrf_token": token})
        wrong = client.post(f"{needs}/close", data={"csrf_token": token, "deal": "other", "supplier_name": "外地公司"})
        closed = client.post(
            f"{needs}/close",
            data={
                "csrf_token": token,
                "deal": "other",
                "supplier_name": "外地公司",
                "amount": "58",
                "amount_unit": "wan",
                "signed_on": "2026-11-01",
                "is_public": "yes",
            },
        )
        again = client.post(f"{needs}/close", data={"csrf_token": token, "deal": "none", "reason": "x"})
    with market.client() as visitor:
        page = visitor.get(at).text

    assert ("已暂停" in paused, at in listed) == (True, False)
    assert (wrong.status_code, "外地公司" in wrong.text, "签约日期" in wrong.text) == (422, True, True)
    assert (closed.status_code, again.status_code) == (303, 409)
    assert ("外地公司" in page, "58 万元" in page) == (True, True)


def test_a_preview_says_what_is_missing_and_who_answers(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = begin(client, token)
        data = form_of(
            client, token, at, title="排水管道检测视频缺陷自动判读，提升效率", requirements=["自动判读管道缺陷"]
        )
        answer = client.post(f"{at}/preview", data=data, headers={"x-csrf-token": token, "hx-request": "true"})

    assert (answer.status_code, "“提升效率”" in re.sub(r"<[^>]+>", "", answer.text)) == (200, True)
    assert ("还缺：由谁拍板" in answer.text, "/opcs/" in answer.text) == (True, True)


def test_who_typed_a_need_is_told_to_its_unit_and_the_organisers_alone(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        with market.installation.store.reading() as session:
            name = session.exec(select(Account.name).where(Account.email == market.sign_ins["需求方"].email)).one()
        at = publish(client, token)
        own = client.get(at).text.split("<main")[1]
        client.post("/sign-out", data={"csrf_token": token})
        visitor = client.get(at).text.split("<main")[1]
        market.signed_in(client, "OPC")
        supplier = client.get(at).text.split("<main")[1]
    with market.client() as client:
        market.signed_in(client, "主办方")
        organiser = client.get(at).text.split("<main")[1]

    assert ("单位在线发布" in visitor, NEED["contact_name"] in visitor) == (True, True)
    assert [f"{name}填写" in page for page in (own, visitor, supplier, organiser)] == [True, False, False, True]


def test_the_review_shows_everything_that_becomes_public_as_it_will_look(market: Market) -> None:
    verify(market)
    told = {"budget_source": "2027 年专项", "acceptance": "抽十座盲测", "conditions": "开放接口", "decider": "设备部"}
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = begin(client, token)
        client.post(at, data=form_of(client, token, at, **told, then="publish"))
        asked = client.get(f"{at}/publish").text.split("<main")[1]
        client.post(at, data=form_of(client, token, at, **told, anonymous="yes", situation="靠人听。"))
        nameless = client.get(f"{at}/publish").text.split("<main")[1]

    for words in (*told.values(), ISSUER, "陈工", "139****5678", "c***@shuiwu.example", "1. 轴承故障提前 72 小时预警"):
        assert words in asked
    assert ("13912345678" in asked, "陈工" in nameless, "匿名发布，不公开" in nameless) == (False, False, True)


def test_a_paused_need_neither_counts_down_nor_invites(market: Market) -> None:
    verify(market)
    with market.client() as client:
        token = market.signed_in(client, "需求方")
        at = publish(client, token)
        item = at.removeprefix("/items/")
        client.post("/sign-out", data={"csrf_token": token})
        opened = client.get(at).text
        token = market.signed_in(client, "需求方")
        client.post(f"/needs/{item}/pause", data={"csrf_token": token})
        client.post("/sign-out", data={"csrf_token": token})
        paused = client.get(at).text

    assert [("到期" in page, "登录后对接" in page) for page in (opened, paused)] == [(True, True), (False, False)]


def test_the_desk_says_what_waits_and_which_need_is_signed(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "需求方")
        page = client.get("/needs").text

    assert "1 个联系请求等您答复" in page
    assert len(re.findall(r'href="/needs/\w+/close\?dealing=\w+">已签约，关闭并登记结果', page)) == 1
