"""Administrators state the limits of dealings; nobody else does."""

from marketplace.dealings import limits
from tests.web.conftest import Market
from tests.web.test_leaving import enter


def test_limits_are_stated_for_a_region(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "管理员")
        page = client.get("/administration/limits").text
        form = {"csrf_token": token, "region": "福建省", "open_requests": "5", "requests_a_day": "20"}
        wrong = client.post("/administration/limits", data=form | {"ask_again_days": "很久"})
        done = client.post(
            "/administration/limits",
            data=form | {"ask_again_days": "30", "answer_workdays": "5", "team_partners": "4"},
        )

    with market.installation.store.reading() as session:
        held = limits.of(session, "福建省/临川市"), limits.of(session, "江苏省")
    assert 'name="answer_workdays"' in page
    assert (wrong.status_code, 'value="很久"' in wrong.text) == (422, True)
    assert done.status_code == 303
    assert [one.open_requests for one in held] == [5, 20]


def test_others_may_not(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "主办方")
        answers = [
            client.get("/administration/limits").status_code,
            client.post("/administration/limits", data={"csrf_token": token}).status_code,
        ]

    assert answers == [403, 403]
