"""Visitors who search and match without end are asked to wait; whoever is signed in is not, and an operator may say so."""

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Market
from tests.web.test_sign_in import enter
from web.app import create_app

SQLITE = pytest.mark.parametrize("market", ["sqlite"], indirect=True)


def visitor(market: Market, most: int) -> TestClient:
    """A browser of an installation where so many pages a minute are allowed."""
    installation = market.installation
    installation.settings = installation.settings.model_copy(update={"pages_per_address": most})
    return TestClient(create_app(installation, with_worker=False), follow_redirects=False)


def addresses(client: TestClient) -> list[str]:
    """Every kind of page that searches or matches."""
    found = (
        client.get("/api/v1/items").json()["items"][0]["id"],
        client.get("/api/v1/profiles").json()["items"][0]["id"],
    )
    return ["/search?q=管网", "/lists/demand", "/lists/demand.csv", f"/items/{found[0]}", f"/opcs/{found[1]}"]


@SQLITE
def test_a_visitor_that_asks_too_often_is_told_when_to_come_back(market: Market) -> None:
    with visitor(market, 3) as client:
        paths = addresses(client)
        first = [client.get("/search?q=管网").status_code for _ in range(3)]
        over = [client.get(path) for path in paths]
        others = [client.get(path).status_code for path in ("/", "/sign-in", "/editions", "/health")]
        enter(client, market, "OPC")
        signed_in = [client.get(path).status_code for path in paths]

    assert first == [200, 200, 200]
    for answer in over:
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert f"请 {answer.headers['retry-after']} 秒后再试" in answer.text
    assert others == [200] * 4
    assert signed_in == [200] * 5


@SQLITE
def test_nobody_is_counted_where_the_operator_says_so(market: Market) -> None:
    with visitor(market, 0) as client:
        assert {client.get("/lists/demand").status_code for _ in range(10)} == {200}
