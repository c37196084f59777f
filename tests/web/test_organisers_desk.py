"""The organiser's desk by HTTP: who may open it, what a wrong form gives back, and what the files hold."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from ingest.fields import ListKind
from marketplace.accounts.tables import Membership, Organisation
from marketplace.lists.item_tables import Item, ItemPrivate
from marketplace.lists.words import ItemState
from marketplace.profiles.tables import Profile
from tests.web.conftest import Market

PAGES = (
    "/board",
    "/board/dealings",
    "/board/dealings?stage=claimed&overdue=1",
    "/board/introduce",
    "/figures",
    "/figures?year=2025",
    "/figures/targets",
    "/figures/scenarios",
    "/figures/ordered?span=total",
    "/events",
    "/events/new",
    "/releases",
    "/releases/new",
    "/communities/new",
    "/intakes?state=open",
    "/board/disputes",
    "/repeats",
    "/repeats/decided",
)


def test_the_desk_is_the_organisers_alone(market: Market) -> None:
    """Pages of the region's work: the organiser opens them, an enterprise does not, a visitor is sent to sign in."""
    closed = [page for page in PAGES if not page.startswith(("/releases", "/communities"))]
    with market.client() as client:
        visitor = {client.get(page).status_code for page in PAGES}
        market.signed_in(client, "需求方")
        enterprise = {page: client.get(page).status_code for page in closed}
    with market.client() as client:
        market.signed_in(client, "主办方")
        organiser = {page: client.get(page).status_code for page in PAGES}

    assert visitor == {303}
    assert set(enterprise.values()) == {403}
    assert organiser == dict.fromkeys(PAGES, 200)


@pytest.mark.parametrize("region", ["江西省/抚州市", "江苏省/盐城市", "福建省"])
def test_figures_of_other_regions_are_refused(market: Market, region: str) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        answers = {client.get(f"/figures{page}?region={region}").status_code for page in ("", "/targets", "/rows.csv")}

    assert answers == {403}


def test_adopted_targets_are_shown_as_a_draft_of_elsewhere(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        page = client.get("/figures").text
        book = load_workbook(io.BytesIO(client.get("/figures/summary.xlsx").content))

    assert "参照江苏省盐城市的目标（征求意见稿）" in page
    assert "不能作为考核依据" in page
    assert "已公开的场景项目 28 个，年目标 30 个" in page
    assert 'style="' not in page
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[1][:2] == ("已公开的场景项目", "福建省临川市")
    assert rows[1][4:6] == (28, 30)


def test_the_way_to_a_signing_is_a_picture_a_table_and_a_file(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        page = client.get("/figures").text
        table = client.get("/figures/funnel.csv").content.decode("utf-8-sig").splitlines()
        unknown = client.get("/figures/funnel.pdf").status_code

    assert ("从接触到签约" in page, unknown) == (True, 404)
    assert [line.split(",")[0] for line in table] == ["步骤", "开始接触", "介绍或互通联系", "达成意向", "确认签约"]


def test_a_wrong_event_gives_back_what_was_typed(market: Market) -> None:
    typed = {
        "region": "福建省/临川市",
        "kind": "路演",
        "title": "=cmd|' /C calc'!A0 <script>",
        "held_on": "2099-01-01",
        "place": "会展中心",
        "organiser": "临川市数据局",
        "attendance": "很多",
        "evidence": "",
    }
    with market.client() as client:
        typed["csrf_token"] = market.signed_in(client, "主办方")
        answer = client.post("/events/new", data=typed)

    assert answer.status_code == 422
    assert "会展中心" in answer.text
    assert "<script>" not in answer.text.split("<main")[1]
    assert "参加人数请填整数" in answer.text


def test_an_event_is_entered_amended_and_counted(market: Market) -> None:
    event = {
        "region": "福建省/临川市",
        "kind": "培训",
        "title": "发榜实务培训",
        "held_on": "2026-01-05",
        "place": "会展中心",
        "organiser": "临川市数据局",
        "attendance": "30",
        "evidence": "签到表",
    }
    with market.client() as client:
        token = {"csrf_token": market.signed_in(client, "主办方")}
        entered = client.post("/events/new", data=event | token)
        address = entered.headers["location"].split("?")[0]
        amended = client.post(f"{address}/edit", data=event | token | {"title": "揭榜实务培训", "_version": "1"})
        late = client.post(f"{address}/edit", data=event | token | {"title": "慢一步", "_version": "1"})
        rows = client.get("/figures/events?year=2026").text

    assert (entered.status_code, amended.status_code, late.status_code) == (303, 303, 409)
    assert "慢一步" in late.text
    assert "揭榜实务培训" in late.text
    assert "揭榜实务培训" in rows


def test_a_scan_is_attached_and_a_page_in_disguise_is_not(market: Market) -> None:
    with market.client() as client:
        token = {"csrf_token": market.signed_in(client, "主办方")}
        edition = client.get("/editions").text.split('href="/editions/')[1].split('"')[0]
        if "?" in edition or not edition:
            pytest.fail("no edition is listed")
        address = f"/editions/{edition}/appendices"
        disguised = client.post(address, data=token, files={"file": ("盖章.pdf", b"<html>", "application/pdf")})
        kept = client.post(address, data=token, files={"file": ("盖章.pdf", b"%PDF-1.7 x", "application/pdf")})
        page = client.get(f"/editions/{edition}").text
        link = page.split(f'href="{address}/')[1].split('"')[0]
        given = client.get(f"{address}/{link}")

    assert (disguised.status_code, kept.status_code) == (422, 303)
    assert (given.content, given.headers["content-type"]) == (b"%PDF-1.7 x", "application/pdf")
    assert given.headers["content-disposition"].startswith("attachment")


def test_everybody_sees_the_communities_that_were_confirmed(market: Market) -> None:
    with market.client() as client:
        page = client.get("/communities").text
        address = page.split('href="/communities/')[1].split('"')[0]
        shown = client.get("/communities")

    assert shown.status_code == 200
    assert "澄江人工智能 OPC 社区" in page
    assert address


def test_figures_and_files_say_who_stated_and_who_confirmed_a_signing(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        page = client.get("/figures").text
        rows = client.get("/figures/ordered").text
        lines = list(csv.reader(client.get("/figures/rows.csv").content.decode("utf-8-sig").splitlines()))
        summary = list(csv.reader(client.get("/figures/summary.csv").content.decode("utf-8-sig").splitlines()))

    signed = next(line for line in lines if line[0] == "签约金额")
    ordered = next(line for line in summary if line[0] == "签约金额")
    assert "其中：双方确认 1 条，48 万元" in page
    assert "其中：双方确认 1 条，48 万元" in rows
    assert signed[lines[0].index("由谁登记、由谁确认")] == "双方确认"
    assert ordered[summary[0].index("其中（由谁登记、由谁确认）")] == "双方确认 1 条，48 万元"


def test_an_introduction_says_who_is_told_and_whom_to_phone(market: Market) -> None:
    """Nobody of the unit is on the platform: the page says so, and leads to the contact of the list."""
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        with market.installation.store.reading() as session:
            manned = select(Membership.organisation_id)
            need = select(Item.id).join(ItemPrivate, col(ItemPrivate.item_id) == col(Item.id))
            need = need.where(col(ItemPrivate.contact_phone).is_not(None), Item.state == ItemState.OPEN)
            need = need.where(Item.kind == ListKind.DEMAND, col(Item.organisation_id).not_in(manned))
            item = session.exec(need.order_by(col(Item.id))).first()
            profile = session.exec(select(Profile.id).where(col(Profile.organisation_id).in_(manned))).first()
        form = client.get(f"/dealings/new?act=introduce&item={item}&profile={profile}").text
        fields = {"csrf_token": token, "act": "introduce", "item": item, "profile": profile, "message": "建议先谈"}
        made = client.post("/dealings/new", data=fields)
        page = client.get(made.headers["location"]).text

    for text in (form, page):
        assert "双方都会收到提醒" not in text
        assert "不会收到提醒：" in text
        assert "会收到提醒：" in text.replace("不会收到提醒：", "")
        assert f'href="/unmaskings/items/{item}"' in text


def test_an_opc_below_the_floor_is_found_by_name_and_marked_as_the_organisers_judgement(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        with market.installation.store.reading() as session:
            need = Item.state == ItemState.OPEN, Item.kind == ListKind.DEMAND
            items = session.exec(select(Item.id).where(*need).order_by(col(Item.id))).all()
            known = dict(
                session.exec(
                    select(Organisation.name, Profile.id)
                    .join(Profile, col(Profile.organisation_id) == col(Organisation.id))
                    .where(col(Profile.listed).is_(True))
                ).all()
            )
        # Some needs of the sample market fit nobody, which is right; ids are drawn, so that none of them comes first always.
        pages_of = ((one, client.get(f"/board/introduce?item={one}").text) for one in items)
        item, page = next((one, said) for one, said in pages_of if any(f"profile={a}" in said for a in known.values()))
        ids = {name: one for name, one in known.items() if one not in page}
        name = min(ids)
        fitting = next(one for one in known.values() if f"profile={one}" in page)
        found = client.get("/board/introduce", params={"item": item, "name": name[:4]}).text
        none = client.get("/board/introduce", params={"item": item, "name": "没有这家公司"}).text
        pages = {}
        for one in (ids[name], fitting):
            fields = {"csrf_token": token, "act": "introduce", "item": item, "profile": one}
            made = client.post("/dealings/new", data=fields)
            pages[one] = client.get(made.headers["location"]).text
        board = client.get("/board/dealings").text

    assert f"profile={ids[name]}" in found
    assert "介绍依据将写作：主办方自行判断" in found
    assert "没有找到名称里有“没有这家公司”的 OPC" in none
    assert "主办方自行判断，不是系统匹配" in pages[ids[name]]
    assert "系统匹配推荐" in pages[fitting]
    assert board.count("主办方自行判断，不是系统匹配") >= 1


def test_a_citys_page_lists_its_counties_and_gives_them_as_a_file(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")
        page = client.get("/figures").text
        lines = list(csv.reader(client.get("/figures/counties.csv").content.decode("utf-8-sig").splitlines()))

    table = page.split('id="counties"')[1]
    assert "福建省临川市澄江区" in table
    assert {line[1] for line in lines[1:]} == {"福建省临川市澄江区"}
    assert [line[0] for line in lines[1:]] == ["已公开的场景项目", "落地的需求", "签约金额", "举办的活动"]


def test_a_reference_is_dropped_after_its_confirmation_page_alone(market: Market) -> None:
    region = "福建省/临川市"
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        shown = client.get("/figures/targets").text
        asked = client.get(f"/figures/reference/drop?region={region}")
        empty = client.post("/figures/reference", data={"csrf_token": token, "region": region, "reference": ""})
        kept = "现在参照的是" in client.get("/figures/targets").text
        done = client.post("/figures/reference/drop", data={"csrf_token": token, "region": region})
        after = client.get(done.headers["location"]).text
        again = client.get(f"/figures/reference/drop?region={region}").status_code

    assert 'href="/figures/reference/drop?region=' in shown
    assert (asked.status_code, "能否撤回" in asked.text, "江苏省盐城市" in asked.text) == (200, True, True)
    assert (empty.status_code, kept, done.status_code) == (422, True, 303)
    assert "已取消参照" in after
    assert (again, "现在参照的是" in after) == (404, False)
