"""Making a round on pages: begun from a need in two clicks, written by several, looked at as the public will."""

import re
from html import unescape

from starlette.testclient import TestClient

from marketplace.rounds.making import texts
from marketplace.rounds.words import RoundState
from tests.web import round_office
from tests.web.conftest import Market
from tests.web.round_office import Office, begin, colleague, make_office, own_item

SENT_TO = (
    *(
        "/draft",
        "/draft/autosave",
        "/draft/guide",
        "/draft/choices",
        "/people",
        "/people/aaaaaaaaaaaaaaaa/end",
        "/review",
    ),
    *("/approval/hand-in", "/approval/approve", "/approval/back", "/key", "/key/test", "/again"),
    *("/addendum", "/addendum/begin", "/addendum/drop", "/stop/suspend", "/stop/resume", "/stop/cancel", "/stop/fail"),
)
"""Every address of a round that a form of its making is sent to."""


def read(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("location"))
    return unescape(answer.text)


def form(office: Office, token: str, **fields: str) -> dict[str, str]:
    """What a page that has just been opened sends."""
    actor = office.actors["需求方"]
    text = office.read(lambda session: texts.get(session, actor, office.round_id))
    return {"csrf_token": token, "_version": str(text.version), "_page": "bbbbbbbbbbbbbbbb", **fields}


def test_a_need_becomes_a_draft_in_two_clicks(market: Market) -> None:
    office = make_office(market)
    item = own_item(office)
    with market.client() as client:
        token = office.enter(client, "需求方")
        offered = read(client, f"/items/{item.id}")
        chosen = read(client, f"/rounds/new?item={item.id}")
        begun = client.post("/rounds/new", data={"csrf_token": token, "procedure": "challenge", "item": item.id})
        office.round_id = begun.headers["location"].split("/")[2]
        page = read(client, begun.headers["location"])
        own = read(client, "/rounds/mine")
        office.enter(client, "OPC")
        refused = read(client, f"/items/{item.id}")
    assert f'href="/rounds/new?item={item.id}"' in offered
    assert "发起揭榜" not in refused
    assert chosen.count("以此类型起草") == 6
    assert begun.status_code == 303
    assert item.title in page
    assert 'name="track-1-question"' in page
    assert office.row().state is RoundState.DRAFT
    assert "正在起草" in own
    assert item.title in own


def test_those_who_publish_for_no_unit_are_told_what_to_do(market: Market) -> None:
    office = make_office(market)
    item = own_item(office)
    with market.client() as client:
        for title in ("专家", "监督", "审批甲"):
            token = office.enter(client, title)
            assert client.get("/rounds/new").status_code == 403, title
            sent = client.post("/rounds/new", data={"csrf_token": token, "procedure": "challenge", "item": item.id})
            assert sent.status_code == 403, title
        client.cookies.clear()
        assert client.get("/rounds/new").status_code == 303


def test_the_form_saves_what_it_shows_and_an_unticked_box(market: Market) -> None:
    office = begin(make_office(market))
    with market.client() as client:
        token = office.enter(client, "需求方")
        assert 'name="condition-1-hard"' in read(client, office.page("/draft"))
        sent = form(office, token, **{"condition-1-text": "注册地在福建省内", "funds_source": "专项资金"})
        answer = client.post(office.page("/draft"), data=sent)
        body = office.read(lambda session: texts.get(session, office.actors["需求方"], office.round_id)).body
    assert answer.headers["location"] == office.page("/draft?done=saved")
    assert body["condition-1-hard"] == ""
    assert body["asks_price"] == ""
    assert body["condition-2-text"] == "有同类项目经验"
    assert body["title"] == "行道树健康巡查揭榜挂帅"


def test_rows_are_added_and_removed_without_a_script(market: Market) -> None:
    office = begin(make_office(market))
    with market.client() as client:
        token = office.enter(client, "需求方")
        shown = {"condition-1-text": "注册地在福建省内", "condition-2-text": "有同类项目经验"}
        added = client.post(office.page("/draft"), data=form(office, token, **shown, then="add:condition"))
        longer = read(client, added.headers["location"])
        dropped = client.post(office.page("/draft"), data=form(office, token, **shown, then="drop:condition-1"))
        body = office.read(lambda session: texts.get(session, office.actors["需求方"], office.round_id)).body
    assert added.headers["location"] == office.page("/draft?more=condition-3#condition-3")
    assert 'name="condition-3-text"' in longer
    assert dropped.status_code == 303
    assert (body["condition-1-text"], body["condition-2-text"]) == ("", "有同类项目经验")


def test_what_several_write_at_once_waits_for_a_choice(market: Market) -> None:
    office = begin(make_office(market))
    colleague(office, "副手")
    with market.client() as client:
        token = office.enter(client, "需求方")
        mine = form(office, token, title="行道树病害识别揭榜挂帅")
        theirs = {**mine, "_page": "cccccccccccccccc", "title": "行道树倒伏预警揭榜挂帅"}
        assert client.post(office.page("/draft"), data=mine).status_code == 303
        theirs["csrf_token"] = office.enter(client, "副手")
        clash = client.post(office.page("/draft"), data=theirs)
        page = unescape(clash.text)
        chosen = client.post(
            office.page("/draft/choices"), data={"csrf_token": theirs["csrf_token"], "choice-title": "1", "_page": "d"}
        )
        body = office.read(lambda session: texts.get(session, office.actors["需求方"], office.round_id)).body
    assert clash.status_code == 409
    assert "行道树病害识别揭榜挂帅" in page
    assert "行道树倒伏预警揭榜挂帅" in page
    assert chosen.status_code == 303
    assert body["title"] == "行道树倒伏预警揭榜挂帅"


def test_autosave_answers_with_the_version_and_tells_clashes(market: Market) -> None:
    office = begin(make_office(market))
    address = office.page("/draft/autosave?page=bbbbbbbbbbbbbbbb")
    with market.client() as client:
        token = office.enter(client, "需求方")
        sent = {**form(office, token), "_changed": "price_ceiling", "price_ceiling": "九十"}
        answer = client.post(address, data=sent)
        other = {**sent, "price_ceiling": "80"}
        clash = client.post(office.page("/draft/autosave?page=cccccccccccccccc"), data=other)
    assert answer.status_code == 200
    assert answer.json()["errors"] == {"price_ceiling": "请填写以万元为单位的数字，例如 90 或 12.5；没有的留空。"}
    assert answer.json()["version"] == int(sent["_version"]) + 1
    assert clash.status_code == 409
    assert clash.json() == {"link": office.page("/draft?see=clashes"), "kept": True}


def test_what_is_missing_stands_beside_the_form_with_the_computed_deadline(market: Market) -> None:
    office = begin(make_office(market), fields={"title": "行道树健康巡查揭榜挂帅", "summary": "短"})
    with market.client() as client:
        token = office.enter(client, "需求方")
        page = read(client, office.page("/draft"))
        whole = {**form(office, token), **round_office.notice_fields(office)}
        guide = client.post(office.page("/draft/guide"), data=whole, headers={"hx-request": "true"})
        marked = read(client, office.page("/draft?see=faults"))
    assert "公告内容已经写全" not in page
    assert 'href="#bidders"' in page
    assert "还差 2 名审批人" in page
    assert 'id="bidders-error"' not in page
    assert 'id="bidders-error"' in marked
    assert "公告内容已经写全" in guide.text
    assert re.search(r"按程序类型推算为 \d{4}-\d\d-\d\d 17:30", unescape(guide.text))
    assert unescape(guide.text).count('class="course-step') == 6


def test_the_preview_shows_the_notice_as_the_public_will_see_it(market: Market) -> None:
    office = begin(make_office(market))
    with market.client() as client:
        office.enter(client, "需求方")
        page = read(client, office.page("/preview"))
    for words in (
        "这是预览，还没有公开",
        "巡查全市三万株行道树",
        "病害识别率不低于 88%",
        "注册地在福建省内",
        "90 万元",
    ):
        assert words in page, words
    assert "申报条件" in page
    assert "去掉一个最高分和一个最低分" in page


def test_a_draft_is_nobody_elses_to_see(market: Market) -> None:
    office = begin(make_office(market), fields={"title": "雀鸣专项", "summary": "别人看不见的摘要，雀鸣二号。"})
    pages = ("/draft", "/preview", "/people", "/review", "/approval", "/key", "/addendum", "/stop")
    with market.client() as client:
        for title in ("OPC", "专家", "管理员"):
            token = office.enter(client, title)
            for rest in pages:
                answer = client.get(office.page(rest))
                assert answer.status_code == 404, (title, rest, answer.status_code)
                assert "雀鸣" not in answer.text, (title, rest)
            for rest in SENT_TO:
                sent = {"csrf_token": token, "_version": "2", "title": "改", "number": "1", "reason": "改"}
                answer = client.post(office.page(rest), data=sent)
                assert answer.status_code == 404, (title, rest, answer.status_code)
                assert "雀鸣" not in answer.text, (title, rest)
        office.enter(client, "OPC")
        assert "雀鸣" not in client.get("/rounds/mine").text


def test_an_organiser_of_the_region_reads_a_draft_and_does_not_write_it(market: Market) -> None:
    office = begin(make_office(market))
    with market.client() as client:
        token = office.enter(client, "审批甲")
        page = read(client, office.page("/draft"))
        sent = client.post(office.page("/draft"), data=form(office, token, title="改"))
    assert "您只能查看这份草稿" in page
    assert "核对并送审" not in page
    assert sent.status_code == 403


def test_a_text_that_was_handed_in_meanwhile_takes_nothing_and_shows_what_was_typed(market: Market) -> None:
    office = round_office.appoint(begin(make_office(market)))
    with market.client() as client:
        token = office.enter(client, "需求方")
        sent = form(office, token, summary="改过的摘要，说清要解决什么问题。")
        round_office.hand_in(office)
        answer = client.post(office.page("/draft"), data=sent)
        shown = client.get(office.page("/draft"))
    assert answer.status_code == 409
    assert "改过的摘要，说清要解决什么问题。" in answer.text
    assert shown.headers["location"] == office.page()


def test_the_rounds_that_wait_for_somebody_come_first(market: Market) -> None:
    office = round_office.appoint(begin(make_office(market)))
    round_office.hand_in(office)
    with market.client() as client:
        office.enter(client, "审批甲")
        approver = read(client, "/rounds/mine")
        office.enter(client, "开启甲")
        opener = read(client, "/rounds/mine")
        office.enter(client, "需求方")
        issuer = read(client, "/rounds/mine")
        office.enter(client, "专家")
        refused = client.get("/rounds/mine")
    assert "等您审批" in approver
    assert office.page("/approval") in approver
    assert "等您设置口令" in opener
    assert office.page("/key") in opener
    assert "等您" not in issuer.split("<main", 1)[1].split("<table", 1)[1]
    assert "进行中" in issuer
    assert refused.status_code == 403
