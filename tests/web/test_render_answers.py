"""What the application answers where something is pressed twice, has expired, is too long or is only asked about."""

import io
import re

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Market
from tests.web.test_path import LIST, upload, version_of


def press(client: TestClient, token: str, intake: str, version: str) -> tuple[int, str, str]:
    """Confirm an intake as a new list."""
    data = {"csrf_token": token, "version": version, "series": "new", "title": "青崖市场景机会清单"}
    data["checked"] = "yes"
    answer = client.post(f"{intake}/confirm", data=data)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_confirm_pressed_twice_says_so_and_leads_to_the_edition(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = upload(client, token, LIST)
        version = version_of(client, intake)
        _, edition, _ = press(client, token, intake, version)

        status, _, told = press(client, token, intake, version)

        assert status == 409
        assert re.search(r"您已在 \d\d:\d\d 发布过，没有重复发布。", told)
        assert f'href="{edition.split("?")[0]}"' in told
        assert "已发布，第 1 期" in client.get(edition).text
        again = client.get(f"{intake}/confirm")
        assert (again.status_code, again.headers["location"]) == (303, intake)


def test_cleared_title_is_asked_for_and_never_filled_in_silently(market: Market) -> None:
    with market.client() as client:
        token = market.signed_in(client, "主办方")
        intake = upload(client, token, LIST)

        first = client.get(intake).text
        answer = client.get(f"{intake}/confirm", params={"series": "new", "title": "", "publisher": "", "number": "1"})

        assert "处需要您改正" not in first
        assert answer.status_code == 422
        assert "请给新清单起一个名称" in answer.text
        assert "请填写发布单位" in answer.text


def test_expired_sign_in_tells_that_the_form_was_not_sent(market: Market) -> None:
    with market.client() as client:
        answer = client.post("/intakes", headers={"referer": "http://testserver/intakes?page=2"})

        assert answer.headers["location"] == "/sign-in?next=%2Fintakes%3Fpage%3D2&expired=1"
        assert "登录已过期，刚才的内容没有提交，请登录后重新操作。" in client.get(answer.headers["location"]).text


def test_expired_sign_in_never_leads_to_another_site(market: Market) -> None:
    with market.client() as client:
        answer = client.post("/intakes", headers={"referer": "https://elsewhere.example/trap"})

        assert answer.headers["location"] == "/sign-in?next=%2F&expired=1"


def test_forbidden_page_names_the_account(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")

        told = client.get("/intakes").text

        assert "这个页面只供主办方使用" in told
        assert "您的账号是OPC · 街眼视觉科技（临川）有限公司；需要权限请联系管理员。" in told
        assert "当前登录：周一人 · 代表街眼视觉科技（临川）有限公司（负责人）" in told


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("主办方", "/board"),
        ("需求方", "/needs"),
        ("OPC", "/opportunities"),
        ("监督", "/audit"),
        ("管理员", "/administration"),
    ],
)
def test_sign_in_leads_to_where_the_work_begins(market: Market, title: str, path: str) -> None:
    who = market.sign_ins[title]
    with market.client() as client:
        answer = client.post("/sign-in", data={"email": who.email, "password": who.password})

        assert answer.headers["location"] == path


def test_opc_finds_its_own_profile_on_the_first_page(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")

        link = re.search(r'href="(/opcs/\w+)">我的画像', client.get("/").text)

        assert link is not None
        assert client.get(link[1]).status_code == 200


@pytest.mark.parametrize("path", ["/search", "/lists/scenario"])
def test_search_of_more_than_200_characters_says_how_many_may_be(market: Market, path: str) -> None:
    with market.client() as client:
        answer = client.get(path, params={"q": "长" * 201})

        assert answer.status_code == 422
        assert "搜索词最多 200 个字" in answer.text


@pytest.mark.parametrize("path", ["/", "/lists/scenario", "/lists/scenario.csv", "/nowhere", "/health"])
def test_head_answers_like_get_without_a_body(market: Market, path: str) -> None:
    with market.client() as client:
        head, full = client.head(path), client.get(path)

        assert (head.status_code, head.headers["content-type"], head.content) == (
            full.status_code,
            full.headers["content-type"],
            b"",
        )


def test_workbook_holds_numbers_dates_and_places(market: Market) -> None:
    with market.client() as client:
        book = openpyxl.load_workbook(io.BytesIO(client.get("/lists/demand.xlsx").content))
        head, *rows = book.active.iter_rows(values_only=True)
        column = {name: [row[place] for row in rows] for place, name in enumerate(head)}

        assert {type(value) for value in column["预算上限（元）"]} <= {int, float, type(None)}
        assert any(value for value in column["预算上限（元）"])
        assert all(hasattr(value, "year") for value in column["公布日期"])
        places = column["来源（文件/工作表/行）"]
        listed = [place for place in places if re.fullmatch(r".+\.(xlsx|csv)( / .+)? / 第 \d+ 行", place)]
        # The sample's enterprise typed one need itself.
        assert sorted(set(places) - set(listed)) == ["单位在线发布"]


def test_edition_is_downloaded_as_it_was_published(market: Market) -> None:
    with market.client() as client:
        edition = re.search(r'href="(/editions/\w+)"', client.get("/editions").text)
        assert edition is not None

        page = client.get(edition[1]).text
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"{edition[1]}.xlsx").content))
        lines = client.get(f"{edition[1]}.csv").content.decode("utf-8-sig").count("第4期）.xlsx")

        total = re.search(r"共 (\d+) 条", page)
        assert total is not None
        gone = sum(1 for row in book.active.iter_rows(values_only=True) if row[1] == "不再列入")
        assert book.active.max_row - 1 - gone == int(total[1])
        assert lines == book.active.max_row - 1
