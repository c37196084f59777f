"""The interface for programs: what anybody may read, walked, matched, tagged, limited and refused."""

import re

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Market


def get(client: TestClient, path: str, **params: str | int) -> dict:  # type: ignore[type-arg]
    """Read one answer."""
    answer = client.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 200, answer.text
    found: dict = answer.json()  # type: ignore[type-arg]
    return found


def walk(client: TestClient, path: str, **params: str | int) -> list[dict]:  # type: ignore[type-arg]
    """Every row of a list, page by page."""
    rows, cursor = [], ""
    while True:
        page = get(client, path, cursor=cursor, **params)
        rows += page["items"]
        if page["next_cursor"] is None:
            return rows
        cursor = page["next_cursor"]


def test_walks_meet_every_row_once(market: Market) -> None:
    with market.client() as client:
        for path in ("/items", "/profiles", "/editions"):
            ids = [row["id"] for row in walk(client, path, size=7)]

            assert len(ids) == len(set(ids))
            assert ids == [row["id"] for row in walk(client, path, size=100)]
        assert len(walk(client, "/items", kind="capability", size=100)) > 0


def test_items_are_filtered_and_told_whole_with_masked_contacts(market: Market) -> None:
    with market.client() as client:
        found = walk(client, "/items", kind="demand", budget_to=1_000_000, size=50)
        assert {row["kind"] for row in found} == {"demand"}

        whole = get(client, f"/items/{found[0]['id']}")
        assert whole["contact"]["masked"]
        assert not re.search(r"1[3-9]\d{9}", str(whole))
        assert whole["requirements"]


def test_words_find_the_best_first_and_page_on(market: Market) -> None:
    with market.client() as client:
        first = get(client, "/items", q="停车位", size=1)
        second = get(client, "/items", q="停车位", size=1, cursor=first["next_cursor"])

        assert len(first["items"]) == 1
        assert not {row["id"] for row in first["items"]} & {row["id"] for row in second["items"]}


def test_matches_quote_the_suppliers_own_words(market: Market) -> None:
    with market.client() as client:
        items = walk(client, "/items", kind="scenario", size=100)
        ranked = [get(client, f"/items/{row['id']}/matches") for row in items[:4]]

        assert any(one["verdict"] == "match" for one in ranked)
        hits = [hit for one in ranked for hit in one["hits"]]
        assert {hit["verdict"] for hit in hits} <= {"strong", "possible"}
        assert get(client, f"/profiles/{hits[0]['id']}")["name"] == hits[0]["name"]


def test_match_ranks_a_text_of_either_side_and_keeps_nothing(market: Market) -> None:
    with market.client() as client:
        need = {"need": {"title": "行道树病虫害识别", "requirements": ["识别率不低于 88%"]}, "top": 3}
        suppliers = client.post("/api/v1/match", json=need).json()
        needs = client.post("/api/v1/match", json={"profile": {"headline": "合同审查", "skills": ["法律文书"]}}).json()

        assert (suppliers["query"], len(suppliers["hits"])) == ("query", 3)
        assert needs["hits"][0]["name"]


@pytest.mark.parametrize(
    "body", [{}, {"need": {}}, {"need": {"title": "甲"}, "profile": {"headline": "乙"}}, {"need": {"name": "甲"}}]
)
def test_match_says_what_is_wrong_with_a_question(market: Market, body: dict[str, object]) -> None:
    with market.client() as client:
        answer = client.post("/api/v1/match", json=body)

        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "invalid"
        assert answer.json()["errors"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/items/unknown", 404, "item_missing"),
        ("/profiles/unknown", 404, "profile_missing"),
        ("/editions/unknown", 404, "edition_missing"),
        ("/nowhere", 404, "no_such_address"),
        ("/items?cursor=!", 400, "bad_cursor"),
        ("/items?cursor=WzFd", 400, "bad_cursor"),
        ("/items?size=0", 422, "invalid"),
        ("/items?kind=other", 422, "invalid"),
        ("/items?sector=%00", 422, "invalid"),
    ],
)
def test_refusals_are_problems_with_a_stable_code(market: Market, path: str, status: int, code: str) -> None:
    with market.client() as client:
        answer = client.get(f"/api/v1{path}")
        told = answer.json()

        assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["request_id"] == answer.headers["x-request-id"]


def test_who_has_an_answer_already_is_told_only_that(market: Market) -> None:
    with market.client() as client:
        tag = client.get("/api/v1/editions").headers["etag"]
        again = client.get("/api/v1/editions", headers={"If-None-Match": tag})

        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_limits_are_told_and_kept(market: Market) -> None:
    with market.client() as client:
        first = client.get("/api/v1/editions")
        assert first.headers["ratelimit-limit"] == "120"
        left = int(first.headers["ratelimit-remaining"])
        for _ in range(left):
            last = client.get("/api/v1/editions?size=0")
        over = client.get("/api/v1/editions")

        assert last.headers["ratelimit-remaining"] == "0"
        assert (over.status_code, over.json()["code"]) == (429, "too_many_requests")
        assert 1 <= int(over.headers["retry-after"]) <= 60


def test_foreign_token_opens_nothing_and_a_cookie_is_no_token(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        answer = client.get("/api/v1/items", headers={"Authorization": "Bearer jb_unknown"})

        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_interface_is_explained_on_a_page_without_anything_foreign(market: Market) -> None:
    with market.client() as client:
        described = client.get("/api/v1/openapi.json").json()
        page = client.get("/docs")

        assert described["openapi"].startswith("3.1")
        assert page.status_code == 200
        assert "https://" not in page.text.replace("https://json", "")
        assert all(f"GET /api/v1{path}" in page.text for path, told in described["paths"].items() if "get" in told)
