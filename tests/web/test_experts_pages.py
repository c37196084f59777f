"""The pages of the expert pool: what people type is never lost, what is refused says what to do, contacts stay hidden."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from marketplace.accounts import accounts
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.tables import Account
from marketplace.experts.tables import PoolExpert
from marketplace.experts.words import ExpertState
from marketplace.kernel.jobs import TakenJob
from tests.web.conftest import Market
from tests.web.test_leaving import enter
from web import jobs

REGION: Final = "福建省/临川市"
WORDS: Final = {
    "region": REGION,
    "title": "教授级高级工程师",
    "fields": ["technology", "law"],
    "specialities": "主持过城市排水管网普查，熟悉管道缺陷识别。",
    "phone": "0000-6831246",
}
EMPLOYER: Final = {"tie-0-kind": "employed", "tie-0-unit": "临川大学", "tie-0-since": "2019-09-01"}
PASSWORD: Final = "eleven quiet herons wade"


@contextmanager
def desk(market: Market, title: str) -> Iterator[TestClient]:
    """Somebody signed in, whose forms carry their token."""
    with market.client() as client:
        token = enter(client, market, title)
        client.headers["x-csrf-token"] = token
        yield client


def entry(market: Market, state: ExpertState, *, name: str = "") -> str:
    """The id of the demo's first expert in a state, or of the one of a name."""
    with market.installation.store.reading() as session:
        query = select(PoolExpert, Account).where(PoolExpert.state == state, Account.id == PoolExpert.account_id)
        return next(row.id for row, account in session.exec(query) if name in account.name)


def shown(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def ticked(text: str) -> list[str]:
    """The terms that are ticked on a form."""
    return re.findall(r'name="terms"\s+type="checkbox"\s+value="([^"]+)"\s+checked', text)


def version(text: str) -> str:
    """The version that a form carries."""
    return re.findall(r'name="_version" value="(\d+)"', text)[0]


def test_terms_are_proposed_ticked_and_then_handed_in(market: Market) -> None:
    with desk(market, "OPC") as client:
        first = client.post("/expert/apply", data={**WORDS, **EMPLOYER})
        proposed = ticked(first.text)
        sent = client.post("/expert/apply", data={**WORDS, **EMPLOYER, "shown": proposed, "terms": proposed[:1]})
        page = client.get(sent.headers["location"])

    assert (first.status_code, "排水管网" in proposed, sent.status_code) == (200, True, 303)
    assert 'value="临川大学"' in first.text
    assert "待主办方决定" in page.text
    assert f"专长词 {proposed[0]} 电话" in shown(page.text)


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(market: Market) -> None:
    bad = {**WORDS, "fields": [], "phone": "无", "specialities": "评审", "tie-0-kind": "employed", "tie-0-uscc": "9135"}
    with desk(market, "OPC") as client:
        answer = client.post("/expert/apply", data={**bad, "tie-0-unit": "临川大学", "relation-0-until": "去年"})

    assert answer.status_code == 422
    for field in ("fields", "phone", "tie-0-uscc", "relation-0-kind", "relation-0-until"):
        assert f'href="#{field}"' in answer.text, field
    for typed in ("教授级高级工程师", "临川大学", "9135"):
        assert typed in answer.text, typed


def test_an_application_names_its_employers_or_says_that_there_are_none(market: Market) -> None:
    words = {**WORDS, "specialities": "长期参加评审。"}
    with desk(market, "OPC") as client:
        lacking = client.post("/expert/apply", data=words)
        sent = client.post("/expert/apply", data={**words, "has_no_employer": "yes"})
        again = client.post("/expert/apply", data={**words, "has_no_employer": "yes"})

    assert (lacking.status_code, "近三年没有任职单位”" in lacking.text) == (422, True)
    assert (sent.status_code, again.status_code) == (303, 409)
    assert "已在这个专家库里" in again.text


def test_a_stale_form_shows_what_stands_there_and_keeps_what_was_typed(market: Market) -> None:
    own = entry(market, ExpertState.LISTED, name="吴专家")
    words = {**WORDS, "specialities": "长期参加评审。"}
    with desk(market, "专家") as client:
        seen = version(client.get(f"/expert/{own}/edit").text)
        faster = client.post(f"/expert/{own}/edit", data={**words, "title": "研究员", "_version": seen})
        slower = client.post(f"/expert/{own}/edit", data={**words, "title": "院长", "_version": seen})
        settled = client.post(f"/expert/{own}/edit", data={**words, "title": "院长", "_version": version(slower.text)})
        page = client.get(f"/experts/{own}")

    assert (faster.status_code, slower.status_code, settled.status_code) == (303, 409, 303)
    assert "现在的内容：研究员" in shown(slower.text)
    assert 'value="院长"' in slower.text
    assert "研究员" in page.text
    assert "改动记录" in page.text


def test_the_office_decides_and_a_refusal_without_a_reason_keeps_the_choice(market: Market) -> None:
    applied = entry(market, ExpertState.APPLIED)
    with desk(market, "主办方") as client:
        seen = version(client.get(f"/experts/{applied}").text)
        lacking = client.post(f"/experts/{applied}/decide", data={"event": "refuse", "_version": seen})
        none = client.post(f"/experts/{applied}/decide", data={"_version": seen})
        listed = client.post(f"/experts/{applied}/decide", data={"event": "list", "_version": seen})
        page = client.get(f"/experts/{applied}")

    assert (lacking.status_code, 'id="event-refuse"' in lacking.text) == (422, True)
    assert re.search(r'value="refuse"\s+checked', lacking.text)
    assert (none.status_code, "请选择一项决定" in none.text) == (422, True)
    assert (listed.status_code, "在库" in page.text) == (303, True)


def test_terms_pauses_and_ends_of_the_office_say_what_is_wrong(market: Market) -> None:
    own = entry(market, ExpertState.LISTED, name="吴专家")
    with desk(market, "主办方") as client:
        seen = version(client.get(f"/experts/{own}").text)
        term = {"starts_on": "2027-01-01", "ends_on": "2026-01-01", "most_at_once": "many", "_version": seen}
        wrong = [
            client.post(f"/experts/{own}/term", data=term),
            client.post(f"/experts/{own}/term", data={**term, "most_at_once": "3"}),
            client.post(f"/experts/{own}/pause", data={"pause_reason": ""}),
            client.post(f"/experts/{own}/leave", data={"leave_reason": "短"}),
        ]
        stale = client.post(f"/experts/{own}/term", data={**term, "ends_on": "", "most_at_once": "3", "_version": "1"})
        paused = client.post(f"/experts/{own}/pause", data={"pause_reason": "连续两次未按时评审"})
        again = client.post(f"/experts/{own}/pause", data={"pause_reason": "连续两次未按时评审"})

    told = [re.findall(r'<a href="#(\w+)">', one.text) for one in wrong]
    assert [one.status_code for one in wrong] == [422] * 4
    assert [one[-1] for one in told] == ["most_at_once", "ends_on", "pause_reason", "leave_reason"]
    assert 'value="2026-01-01"' in wrong[1].text
    assert (stale.status_code, paused.status_code, again.status_code) == (409, 303, 409)
    assert "有变化" in stale.text


def test_ties_and_relations_are_added_ended_and_struck_out(market: Market) -> None:
    own = entry(market, ExpertState.LISTED, name="吴专家")
    with desk(market, "专家") as client:
        wrong = client.post(f"/experts/{own}/ties", data={"tie-kind": "employed", "tie-since": "明年"})
        lacking = client.post(f"/experts/{own}/relations", data={"relation-kind": "friend"})
        added = client.post(f"/experts/{own}/ties", data={"tie-kind": "director", "tie-unit": "青屿管网科技有限公司"})
        page = client.get(f"/experts/{own}").text
        tie = re.findall(r"/ties/(\w{16})\">已结束或有误<span[^>]*>：青屿管网科技有限公司", page)[0]
        early = client.post(f"/experts/{own}/ties/{tie}/end", data={"until": "2100-01-01"})
        ended = client.post(f"/experts/{own}/ties/{tie}/end", data={"until": "2026-01-31"})
        bare = client.post(f"/experts/{own}/ties/{tie}/strike", data={"reason": ""})
        struck = client.post(f"/experts/{own}/ties/{tie}/strike", data={"reason": "登记错了，是另一家公司"})
        after = client.get(f"/experts/{own}").text
        over = client.get(f"/experts/{own}/ties/{tie}").text

    assert [one.status_code for one in (wrong, lacking, early, bare)] == [422] * 4
    assert 'href="#tie-since"' in wrong.text
    assert 'href="#relation-person"' in lacking.text
    assert [one.status_code for one in (added, ended, struck)] == [303] * 3
    assert "<del>青屿管网科技有限公司</del>" in re.sub(r"\s+", "", after)
    assert "登记错了，是另一家公司" in after
    assert "只能查看" in over


def test_only_the_expert_reads_its_whole_bank_account(market: Market) -> None:
    own = entry(market, ExpertState.LISTED, name="吴专家")
    seen = {}
    for title in ("专家", "主办方", "监督", "管理员"):
        with desk(market, title) as client:
            answer = client.get(f"/experts/{own}")
            seen[title] = (answer.status_code, "6222 0214" in answer.text, "0000-6831246" in answer.text)

    assert seen == {
        "专家": (200, True, True),
        "主办方": (200, False, True),
        "监督": (200, False, True),
        "管理员": (404, False, False),
    }


def test_the_list_is_filtered_and_says_where_nobody_fits(market: Market) -> None:
    with desk(market, "主办方") as client:
        ending = shown(client.get("/experts?ending=yes").text)
        found = shown(client.get("/experts?term=合同&field=law").text)
        nobody = shown(client.get("/experts?q=没有这个人").text)

    assert ("方远志" in ending, "吴专家" in ending, "还有 40 天到期" in ending) == (True, False, True)
    assert ("顾砚秋" in found, "吴专家" in found) == (True, False)
    assert "没有符合条件的专家" in nobody


def test_an_invitation_of_a_stranger_leads_to_an_own_password_and_the_form(market: Market) -> None:
    with desk(market, "主办方") as client:
        wrong = client.post("/experts/invite", data={"email": "x", "name": "", "region": "临川市"})
        foreign = client.post(
            "/experts/invite", data={"email": "n@new.example", "name": "何新", "region": "江西省抚州市"}
        )
        sent = client.post("/experts/invite", data={"email": "n@new.example", "name": "何新", "region": "临川市"})
        twice = client.post("/experts/invite", data={"email": "n@new.example", "name": "何新", "region": "临川市"})
    with market.installation.store.writing() as session:
        account_id = accounts.find_by_email(session, "n@new.example") or ""
        hashed = passwords.make(PASSWORD)
        accounts.set_password(
            session, account_id, password_hash=hashed, actor_id=account_id, now=market.installation.clock()
        )
    with market.client() as client:
        client.post("/sign-in", data={"email": "n@new.example", "password": PASSWORD})
        home, mine = client.get("/"), client.get("/expert")
        page = client.get(re.findall(r"/experts/\w{16}", mine.text)[0])

    assert (wrong.status_code, foreign.status_code, sent.status_code, twice.status_code) == (422, 403, 303, 409)
    assert "邀请您加入专家库" in home.text
    assert "已邀请，待接受" in mine.text
    assert ("填写专家信息" in page.text, "接受邀请</button>" in page.text) == (True, False)


def test_the_job_reminds_of_terms_that_run_out(market: Market) -> None:
    installation = market.installation
    with desk(market, "主办方") as client:
        before = client.get("/messages").text
        jobs.run(installation, TakenJob("j" * 16, "remind_experts", {}, 1, installation.clock()))
        jobs.run(installation, TakenJob("j" * 16, "remind_experts", {}, 1, installation.clock()))
        after = client.get("/messages").text

    assert (before.count("方远志的专家聘期"), after.count("方远志的专家聘期还有 40 天到期")) == (0, 1)


def test_nothing_that_an_expert_writes_is_mark_up(market: Market) -> None:
    hostile = "<script>alert(1)</script>"
    words = {**WORDS, "title": hostile, "specialities": f"评审{hostile}", "tie-0-kind": "paid", "tie-0-unit": hostile}
    with desk(market, "OPC") as client:
        sent = client.post("/expert/apply", data={**words, "relation-0-kind": "friend", "relation-0-person": hostile})
    with desk(market, "主办方") as client:
        pages = [client.get(address).text for address in (sent.headers["location"], "/experts", "/messages")]

    assert sent.status_code == 303
    assert [one.count("<script>alert") for one in pages] == [0, 0, 0]
    assert pages[0].count("&lt;script&gt;alert(1)") >= len(("title", "specialities", "tie", "relation"))


@pytest.mark.parametrize("title", ["OPC", "需求方", "管理员"])
def test_the_pool_is_the_offices(market: Market, title: str) -> None:
    with desk(market, title) as client:
        answers = [client.get("/experts").status_code, client.get("/experts/invite").status_code]
        own = client.get("/expert").status_code

    assert (answers, own) == ([403, 403], 200)
