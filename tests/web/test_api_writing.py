"""Writing by program: a token made on its page, versions that are never overwritten, retries that do nothing twice."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Market

PROFILE = "/api/v1/profile"


def make_token(client: TestClient, csrf: str, *scopes: str) -> dict[str, str]:
    """Make a token on its page; gives the header that carries it."""
    form = {"csrf_token": csrf, "name": "内部系统", "scopes": list(scopes), "days": "30"}
    page = client.post("/account/tokens", data=form)
    assert page.status_code == 201, page.text
    secret = re.search(r"jb_[\w-]{43}", page.text)
    assert secret is not None
    return {"Authorization": f"Bearer {secret[0]}"}


def given(told: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What was read, as it is written back."""
    names = (
        "headline description offers skills sectors cases not_offered team_size region price_text founded_year filings"
    )
    return {
        name: told[name] or ("" if told[name] is None and name in {"region", "price_text"} else told[name])
        for name in names.split()
    } | changes


def test_profile_is_written_only_over_the_version_that_was_read(market: Market) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "OPC"), "read", "profile:write")
        client.cookies.clear()
        read = client.get(PROFILE, headers=bearer)
        body = given(read.json(), headline="程序写入的一句话")

        bare = client.put(PROFILE, json=body, headers=bearer)
        written = client.put(PROFILE, json=body, headers={**bearer, "If-Match": read.headers["etag"]})
        late = client.put(
            PROFILE, json=body | {"headline": "晚了"}, headers={**bearer, "If-Match": read.headers["etag"]}
        )
        foreign = client.put(PROFILE, json=body, headers={**bearer, "If-Match": '"profile-other-1"'})

        assert (bare.status_code, bare.json()["code"]) == (428, "if_match_needed")
        assert written.status_code == 200, written.text
        assert written.json()["headline"] == "程序写入的一句话"
        assert (late.status_code, late.json()["code"]) == (412, "version_moved_on")
        assert foreign.status_code == 412
        assert client.get(PROFILE, headers=bearer).headers["etag"] == written.headers["etag"] != read.headers["etag"]


def test_same_key_gets_the_same_answer_and_writes_once(market: Market) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "OPC"), "read", "profile:write")
        read = client.get(PROFILE, headers=bearer)
        body = given(read.json(), headline="只写一次")
        headers = {**bearer, "If-Match": read.headers["etag"], "Idempotency-Key": "k-1"}

        first = client.put(PROFILE, json=body, headers=headers)
        again = client.put(PROFILE, json=body, headers=headers)
        other = client.put(PROFILE, json=body | {"headline": "另一句"}, headers=headers)

        assert first.status_code == 200, first.text
        assert (again.status_code, again.json(), again.headers["etag"]) == (200, first.json(), first.headers["etag"])
        assert again.headers["idempotency-replayed"] == "true"
        assert "idempotency-replayed" not in first.headers
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_token_does_what_it_was_made_for_and_nothing_else(market: Market) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "OPC"), "read")
        etag = client.get(PROFILE, headers=bearer).headers["etag"]
        answer = client.put(PROFILE, json={"headline": "甲"}, headers={**bearer, "If-Match": etag})

        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
        assert client.get("/account", headers=bearer | {"Cookie": ""}).status_code == 303


def test_cookie_writes_nothing_here(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        answer = client.put(PROFILE, json={"headline": "甲"}, headers={"If-Match": '"x"'})

        assert (answer.status_code, answer.json()["code"]) == (401, "token_needed")


def test_revoked_token_opens_nothing_and_its_secret_is_shown_once(market: Market) -> None:
    with market.client() as client:
        csrf = market.signed_in(client, "OPC")
        bearer = make_token(client, csrf, "read")
        page = client.get("/account/tokens").text
        assert bearer["Authorization"].removeprefix("Bearer ") not in page
        action = re.search(r'action="(/account/tokens/\w+/revoke)"', page)
        assert action is not None

        ended = client.post(action[1], data={"csrf_token": csrf})

        assert ended.headers["location"] == "/account/tokens?done=revoked"
        assert "已停用" in client.get(ended.headers["location"]).text
        assert client.get(PROFILE, headers=bearer).json()["code"] == "token_invalid"


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"scopes": ["read"], "days": "30"}, "请写明这个令牌给谁用"),
        ({"name": "系统", "days": "30"}, "请至少选择一项权限"),
    ],
)
def test_wrong_form_is_shown_again_as_it_was(market: Market, form: dict[str, Any], told: str) -> None:
    with market.client() as client:
        page = client.post("/account/tokens", data={"csrf_token": market.signed_in(client, "OPC"), **form})

        assert page.status_code == 422
        assert told in page.text
        assert 'value="30" selected' in page.text
