"""Likely repeats by HTTP: found by a job after publishing, decided on the desk, seen on pages and by programs."""

import re
from collections.abc import Sequence

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from marketplace.invariants import check
from marketplace.kernel import jobs
from marketplace.kernel.tables import Job
from marketplace.lists import items
from marketplace.lists.item_tables import Item
from marketplace.lists.repeat_tables import RepeatFinding
from marketplace.lists.repeats import findings
from marketplace.lists.words import Relation
from matching import refresh
from tests.web.conftest import Market
from web.pages.lists import beside
from web.worker import SlowWorker

ALIKE = ("闸口集装箱箱体残损与箱号自动识别", "过卡重箱、空箱残损视觉判别（闸口无人化配套）")
"""Two lines of the sample lists that ask the same firm's gate for the same thing."""
FILE = """需求名称,需求单位,需求详情,预算（万元）,完成时限,联系人,联系电话
闸口集装箱残损与箱号识别,临川港集装箱码头有限公司,东闸口日过箱2300只，自动识别箱号、铅封，并把凹陷、破洞、锈穿、门杆变形残损拍照定位,120,2027年5月31日前,张三,13900001111
智慧路灯节能控制,临川市城市照明所,按车流和天气调光，节电三成,50,2027年6月底前,李四,13900002222
路灯按车流天气调光节能,临川市城市照明所,按车流和天气调光，节电三成,50,2027年6月底前,李四,13900002222
"""


def find(market: Market) -> tuple[str, str]:
    """Let the worker compare everything; gives the ids of the two alike lines, the lower first."""
    worker = SlowWorker(market.installation)
    while worker.step():
        pass
    with market.installation.store.reading() as session:
        rows = session.exec(select(Item.id).where(Item.title.in_(ALIKE))).all()  # type: ignore[attr-defined]
        first, second = sorted(rows)
        return first, second


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def decide(client: TestClient, pair: Sequence[str], **told: str) -> int:
    """Send a decision from the page of a pair; gives the status."""
    address = f"/repeats/{pair[0]}/{pair[1]}"
    page = client.get(address).text
    sent = {"csrf_token": token_of(page), "version": "0", **told}
    return client.post(address, data=sent).status_code


def titles(client: TestClient, path: str) -> set[str]:
    """Which of the two alike lines a page names."""
    page = client.get(path)
    assert page.status_code == 200, path
    return {title for title in ALIKE if title in page.text}


def test_a_job_finds_the_pair_and_the_desk_shows_it_with_its_reason(market: Market) -> None:
    pair = find(market)
    with market.installation.store.reading() as session:
        row = session.get(RepeatFinding, pair)
        ended = {job.state.value for job in session.exec(select(Job).where(Job.kind == findings.JOB))}
        left = findings.count_unseen(session)
    with market.client() as client:
        market.signed_in(client, "主办方")
        desk, board = client.get("/repeats").text, client.get("/board").text
        beside_page = client.get(f"/repeats/{pair[1]}/{pair[0]}").text

    assert row is not None
    assert (ended, left) == ({"done"}, 0)
    assert all(title in desk for title in ALIKE)
    assert row.reason in desk
    assert f'href="/repeats/{pair[0]}/{pair[1]}"' in desk
    assert re.search(r'href="/repeats">疑似重复待处理</a>\s*<span class="waits-number">1<', board)
    assert row.reason in beside_page
    assert "临川市数据局" in beside_page
    assert "临港集团" in beside_page
    assert beside_page.count(">不同</span>") >= 3


def test_what_was_not_compared_yet_is_said(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        before = client.get("/repeats").text
        find(market)
        after = client.get("/repeats").text

    assert ("还有新的条目没有比对" in before, "还有新的条目没有比对" in after) == (True, False)


def test_a_merge_is_asked_about_then_seen_everywhere_and_taken_back(market: Market) -> None:
    pair = find(market)
    away, main = pair
    with market.client() as client:
        market.signed_in(client, "主办方")
        first = client.post(
            f"/repeats/{away}/{main}",
            data={
                "csrf_token": token_of(client.get("/repeats/" + "/".join(pair)).text),
                "relation": "merged",
                "version": "0",
                "reason": "同一个闸口",
            },
        )
        asked = client.get(first.headers["location"]).text
        unchosen = decide(client, pair, relation="merged", is_asked="1")
        done = decide(client, pair, relation="merged", is_asked="1", main=main, reason="同一个闸口")
        again = decide_again(client, pair)
        own = {at: titles(client, at) for at in (f"/repeats/{away}/{main}", "/repeats/decided")}
    with market.client() as client:
        own |= {at: titles(client, at) for at in ("/lists/scenario", "/lists/demand")}
        searched = "".join(client.get(f"/search?q={title}").text for title in ALIKE)
        pages = {one: client.get(f"/items/{one}").text for one in pair}
        programs = client.get(f"/api/v1/items/{away}").json(), client.get(f"/api/v1/items/{main}").json()
        listed = {one["id"] for one in client.get(f"/api/v1/items?q={ALIKE[0]}").json()["items"]}
        matches = client.get(f"/api/v1/items/{away}/matches").json()
    with market.installation.store.reading() as session:
        names = {one: items.get(session, one).card.title for one in pair}
        faults = list(check(session))

    assert (first.status_code, unchosen, done, again) == (303, 422, 303, 409)
    assert 'name="main"' in asked
    assert "同一个闸口" in asked
    assert own[f"/repeats/{away}/{main}"] == set(ALIKE)
    assert own["/repeats/decided"] == set(ALIKE)
    assert own["/lists/scenario"] | own["/lists/demand"] == {names[main]}
    assert (f"/items/{main}" in searched, f"/items/{away}" in searched) == (True, False)
    assert f'这条需求已并入<a href="/items/{main}">《{names[main]}》</a>' in pages[away]
    assert "匹配的 OPC" not in pages[away]
    assert f'<a href="/items/{away}">{names[away]}</a>' in pages[main]
    assert "2 处" in pages[main]
    assert (programs[0]["merged_into"], programs[1]["merged_into"]) == (main, None)
    assert (away in listed, main in listed, matches["verdict"]) == (False, True, "none")
    assert not refresh.compare(market.installation.engine, market.installation.store)
    assert faults == []
    with market.client() as client:
        market.signed_in(client, "主办方")
        token = token_of(client.get(f"/repeats/{away}/{main}").text)
        back = client.post(f"/repeats/{away}/{main}/take-back", data={"csrf_token": token, "version": "1"})
        shown = titles(client, "/lists/scenario") | titles(client, "/lists/demand")
        told = client.get(back.headers["location"]).text

    assert (back.status_code, shown) == (303, set(ALIKE))
    assert "已撤回" in told
    assert "以前的决定" in told
    assert not refresh.compare(market.installation.engine, market.installation.store)


def decide_again(client: TestClient, pair: Sequence[str]) -> int:
    """Decide from a page that was opened before."""
    address = f"/repeats/{pair[0]}/{pair[1]}"
    token = token_of(client.get(address).text)
    return client.post(address, data={"csrf_token": token, "relation": "same", "version": "0"}).status_code


def test_linked_items_lead_to_each_other(market: Market) -> None:
    pair = find(market)
    with market.client() as client:
        market.signed_in(client, "主办方")
        nothing = decide(client, pair)
        done = decide(client, pair, relation="same")
        waiting = titles(client, "/repeats")
    with market.client() as client:
        pages = [client.get(f"/items/{one}").text for one in pair]
        listed = titles(client, "/lists/scenario") | titles(client, "/lists/demand")

    assert (nothing, done, waiting, listed) == (422, 303, set(), set(ALIKE))
    assert [f'href="/items/{other}"' in page for page, other in zip(pages, reversed(pair), strict=True)] == [True] * 2
    assert all("另见" in page for page in pages)


@pytest.mark.parametrize("title", ["监督", "需求方"])
def test_others_look_or_know_of_nothing(market: Market, title: str) -> None:
    pair = find(market)
    with market.client() as client:
        token = market.signed_in(client, title)
        page = client.get(f"/repeats/{pair[0]}/{pair[1]}")
        sent = {"csrf_token": token, "relation": "distinct", "version": "0"}
        statuses = [
            client.get("/repeats").status_code,
            page.status_code,
            client.post(f"/repeats/{pair[0]}/{pair[1]}", data=sent).status_code,
            client.get(f"/repeats/{pair[0]}/{pair[1]}/merge").status_code,
        ]

    assert statuses == ([200, 200, 403, 403] if title == "监督" else [403, 404, 404, 404])
    assert "怎样处理" not in page.text


def test_a_file_on_its_way_in_is_compared_with_what_is_published_and_with_itself(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        sent = {"csrf_token": token, "region": "福建省/临川市"}
        answer = client.post("/intakes", data=sent, files={"file": ("补充清单.csv", FILE.encode("utf-8-sig"))})
        intake = answer.headers["location"]
        review = client.get(intake).text
        link = re.search(rf'href="({intake}/repeats[^"]*)"', review)
        assert link is not None
        page = client.get(link[1]).text
        discarded = client.post(
            f"{intake}/discard",
            data={
                "csrf_token": token,
                "version": re.search(r'name="version" value="(\d+)"', client.get(f"{intake}/discard").text)[1],
            },  # type: ignore[index]
        )
        after = client.get(f"{intake}/repeats")
    with market.client() as client:
        market.signed_in(client, "监督")
        supervisor = client.get(f"{intake}/repeats").status_code

    assert "这份文件中有 1 条疑似与已发布的条目重复。" in page
    assert "这份文件里有 1 对疑似写了两遍" in page
    assert all(title in page for title in (*ALIKE[:1], "智慧路灯节能控制", "路灯按车流天气调光节能"))
    assert "13900001111" not in page
    assert (discarded.status_code, after.status_code, after.headers["location"]) == (303, 303, intake)
    assert supervisor == 303


def test_the_series_that_a_file_continues_is_no_repeat_of_it(market: Market) -> None:
    def series_of(session: Session) -> str:
        return str(session.exec(select(Item.series_id).where(Item.title == ALIKE[1])).one())

    with market.installation.store.reading() as session:
        series = series_of(session)
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        sent = {"csrf_token": token, "region": "福建省/临川市"}
        only = "\n".join(FILE.splitlines()[:2])
        answer = client.post("/intakes", data=sent, files={"file": ("补充清单.csv", only.encode("utf-8-sig"))})
        intake = answer.headers["location"]
        new, continued = (titles(client, f"{intake}/repeats?series={chosen}") for chosen in ("new", series))

    assert (new, continued) == (set(ALIKE), {ALIKE[0]})


def test_the_worker_goes_on_until_everything_is_compared(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "AT_ONCE", 30)
    with market.installation.store.writing() as session:
        while job := jobs.take(session, worker="before", now=market.installation.clock()):
            jobs.finish(session, job.id, worker="before", now=market.installation.clock())
        findings.ask(session, now=market.installation.clock(), new_id=market.installation.new_id)
    pair = find(market)
    with market.installation.store.reading() as session:
        assert session.get(RepeatFinding, pair) is not None
        assert findings.count_unseen(session) == 0


def test_rows_differ_where_both_state_something_else() -> None:
    left = {"title": "智慧路灯", "budget": "50 万元", "remarks": "可分期", "sector": "照 明"}
    right = {"title": "路灯节能", "region": "澄江区", "sector": "照明"}
    found = [(row.field, row.left, row.right, row.differs) for row in beside.rows(left, right)]

    assert found == [
        ("title", "智慧路灯", "路灯节能", True),
        ("sector", "照 明", "照明", False),
        ("region", None, "澄江区", False),
        ("budget", "50 万元", None, False),
        ("remarks", "可分期", None, False),
    ]
    assert set(beside.RELATIONS) == set(Relation)
    assert [beside.sureness(score) for score in (0.7, 0.85, 1.0)] == ["可能", "很可能", "很可能"]
