"""Taking one's data along, and leaving: an account, an organisation."""

import json

import pytest
from starlette.testclient import TestClient

from marketplace.accounts import accounts
from tests.web.conftest import Market


def enter(client: TestClient, market: Market, title: str) -> str:
    """Sign in as a demo account; gives the anti-forgery token."""
    who = market.sign_ins[title]
    assert client.post("/sign-in", data={"email": who.email, "password": who.password}).status_code == 303
    return client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]


def id_of(market: Market, title: str) -> str:
    """The account of a demo sign-in."""
    with market.installation.store.reading() as session:
        found = accounts.find_by_email(session, market.sign_ins[title].email)
    assert found is not None
    return found


def test_own_data_is_downloaded_whole(market: Market) -> None:
    with market.client() as client:
        enter(client, market, "专家")
        page = client.get("/account").text
        answer = client.get("/account/data.json")

    assert 'href="/account/data.json"' in page
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    held = json.loads(answer.text)
    assert held["account"]["email"] == "zhuanjia@demo.example"
    assert {"grants", "memberships", "messages", "acts", "contacts_given", "saved", "looked_at"} <= held.keys()


def test_erasing_asks_first_and_then_ends_everything(market: Market) -> None:
    erased = id_of(market, "专家")
    with market.client() as client:
        token = enter(client, market, "专家")
        asked = client.get("/account/erase")
        done = client.post("/account/erase", data={"csrf_token": token})
        after = client.get("/account")
        who = market.sign_ins["专家"]
        again = client.post("/sign-in", data={"email": who.email, "password": who.password})
        said = client.get(done.headers["location"]).text

    assert "不能。需要时请重新注册" in asked.text
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in?done=erased")
    assert after.headers["location"].startswith("/sign-in")
    assert again.status_code in {401, 403, 422}
    assert "账号已注销" in said
    with market.installation.store.reading() as session:
        assert accounts.names(session, {erased}) == {erased: "已注销用户"}


def test_the_last_administrator_is_told_why_not(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "管理员")
        refused = client.post("/account/erase", data={"csrf_token": token})

    assert refused.status_code == 409
    assert "账号没有注销" in refused.text


def test_somebody_alone_in_an_organisation_is_told(market: Market) -> None:
    with market.client() as client:
        enter(client, market, "OPC")
        asked = client.get("/account/erase").text

    assert "这些单位只有您一人" in asked


@pytest.mark.parametrize("path", ["/account/erase", "/account/data.json"])
def test_a_visitor_is_sent_to_sign_in(market: Market, path: str) -> None:
    with market.client() as client:
        assert client.get(path).headers["location"].startswith("/sign-in")
