"""The lexicon by HTTP: looked into, proposed, decided, in use without a restart; and what the doctor says of it."""

import re
from html import unescape

from sqlmodel import Session, select
from starlette.testclient import TestClient

from marketplace.accounts import accounts, seats
from marketplace.accounts.actors import Actor
from marketplace.accounts.tables import Account
from marketplace.lexicon import entries
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.words import Act, ConceptKind
from tests.web.conftest import Market
from web.commands import checking

ENTRY = {
    "act": "new",
    "names": "腐竹挑晾\n豆皮揭晾",
    "kind": "task",
    "gloss": "按嫩度分开青叶。",
    "parents": "质检",
    "reason": "茶企的需求里常这样写",
    "_version": "0",
}
SECONDS = 60.0


def text_of(page: str) -> str:
    """What a page says, without mark-up."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]+>", "", page.split("<main", 1)[-1])))


def read_text(client: TestClient, token: str, text: str) -> str:
    """What is recognised in a text, as the page says it."""
    answer = client.post("/lexicon/read", data={"csrf_token": token, "text": text})
    assert answer.status_code == 200
    return text_of(answer.text)


def _actor(session: Session, market: Market, title: str) -> Actor:
    """A demo account in the seat that it takes first."""
    account = session.exec(select(Account).where(Account.email == market.sign_ins[title].email)).one()
    seat = seats.of_account(session, account.id)[0]
    unit = seat.organisation
    return accounts.actor(session, account.id, organisation_id=None if unit is None else unit.id)


def test_an_entry_goes_from_proposal_to_use_without_a_restart(market: Market) -> None:
    with market.client() as organiser, market.client() as boss:
        token, other = market.signed_in(organiser, "主办方"), market.signed_in(boss, "管理员")
        before = read_text(organiser, token, "春茶的豆皮揭晾")
        refused = organiser.post("/lexicon/entries/new", data={"csrf_token": token, **ENTRY})
        assert refused.status_code == 422
        assert "“腐竹挑晾”的上位概念“质检”不存在" in text_of(refused.text)
        assert "茶企的需求里常这样写" in refused.text
        made = organiser.post("/lexicon/entries/new", data={"csrf_token": token, **ENTRY, "parents": ""})
        page = made.headers["location"].split("?")[0]
        assert organiser.get(f"{page}/approve").status_code == 403
        asked = text_of(boss.get(f"{page}/approve").text)
        assert "检查通过" in asked
        done = boss.post(f"{page}/approve", data={"csrf_token": other, "_version": "1", "reason": "同意"})
        assert done.headers["location"] == f"{page}?done=approve"
        assert market.installation.index.wait(SECONDS)
        assert "已在匹配中使用" in text_of(organiser.get(page).text)
        assert "腐竹挑晾" not in before
        assert "腐竹挑晾" in read_text(organiser, token, "春茶的豆皮揭晾")
        concept = text_of(organiser.get("/lexicon/concept", params={"name": "腐竹挑晾"}).text)
        assert "由词条加入" in concept
        boss.post(f"{page}/withdraw", data={"csrf_token": other, "_version": "1", "reason": "认错的多"})
        assert market.installation.index.wait(SECONDS)
        assert organiser.get("/lexicon/concept", params={"name": "腐竹挑晾"}).status_code == 404
        assert "认错的多" in text_of(organiser.get(page).text)


def test_a_change_shows_what_it_does_to_the_market(market: Market) -> None:
    with market.client() as organiser, market.client() as boss:
        token = market.signed_in(organiser, "主办方")
        market.signed_in(boss, "管理员")
        change = {"act": "change", "concept": "培训", "names": "过卡重箱", "reason": "试", "_version": "0"}
        made = organiser.post("/lexicon/entries/new", data={"csrf_token": token, **change})
        page = boss.get(made.headers["location"].split("?")[0]).text
        assert "<mark>过卡重箱</mark>" in page
        assert "新识别到的例子" in page


def test_members_find_their_own_entries_alone(market: Market) -> None:
    with market.client() as organiser, market.client() as opc:
        token, own = market.signed_in(organiser, "主办方"), market.signed_in(opc, "OPC")
        made = organiser.post("/lexicon/entries/new", data={"csrf_token": token, **ENTRY, "parents": ""})
        theirs = {**ENTRY, "names": "箬笠编结\n斗笠手作", "parents": ""}
        mine = opc.post("/lexicon/entries/new", data={"csrf_token": own, **theirs})
        assert opc.get(made.headers["location"]).status_code == 404
        assert opc.get(mine.headers["location"]).status_code == 200
        assert ["腐竹挑晾" in opc.get("/lexicon/entries").text, "箬笠编结" in opc.get("/lexicon/entries").text] == [
            False,
            True,
        ]


def test_search_finds_a_concept_by_any_of_its_names_and_says_where_there_is_none(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        assert "建筑信息模型" in text_of(client.get("/lexicon", params={"q": "BIM"}).text)
        assert "词库里没有“没有这样的词”" in text_of(client.get("/lexicon", params={"q": "没有这样的词"}).text)
        assert client.get("/lexicon/concept").headers["location"] == "/lexicon"


def test_the_doctor_is_content_with_entries_and_names_one_that_clashes(market: Market) -> None:
    store, installation = market.installation.store, market.installation
    ask = {"now": installation.clock(), "new_id": installation.new_id}
    with market.client() as client:
        market.signed_in(client, "管理员")
    before = {one.code for one in checking.examine(installation)}
    clash = Content(Act.NEW, "", names=("安装施工队", "施工"), kind=ConceptKind.TASK, gloss="与随产品的词库冲突。")
    with store.writing() as session:
        organiser, boss = (_actor(session, market, title) for title in ("主办方", "管理员"))
        entry_id = entries.propose(session, organiser, clash, reason="试", **ask)
        entries.approve(session, boss, entry_id, version=1, note="", check=lambda _: (), **ask)
    found = {one.code: one for one in checking.examine(installation)}
    assert found.keys() - before == {"lexicon_entry_left_out"}
    assert "名称“施工”属于多个概念" in found["lexicon_entry_left_out"].message
