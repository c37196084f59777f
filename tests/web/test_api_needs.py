"""Needs by program: a draft made once, written by version, and published as its own page would."""

from typing import Any

from tests.web.conftest import Market
from tests.web.test_api_writing import make_token

NEEDS = "/api/v1/needs"
WHOLE: dict[str, Any] = {
    "need_type": "采购需求",
    "title": "行道树健康巡查",
    "sector": "智慧园林",
    "situation": "全市行道树靠人工巡查。",
    "problem": "汛期前要知道哪些树可能倒。",
    "requirements": ["树冠病害识别率不低于 88%", "倾斜超限后 10 分钟内预警"],
    "budget_max": "900000.00",
    "contact_name": "林工",
    "contact_phone": "0591-8888123",
}


def test_draft_is_made_once_and_written_only_over_the_version_that_was_read(market: Market) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "需求方"), "read", "needs:write")
        first = client.post(NEEDS, json=WHOLE, headers={**bearer, "Idempotency-Key": "n-1"})
        again = client.post(NEEDS, json=WHOLE, headers={**bearer, "Idempotency-Key": "n-1"})
        draft = first.json()
        address = f"{NEEDS}/{draft['id']}"

        tag = {**bearer, "If-Match": first.headers["etag"]}
        bare = client.patch(address, json={"title": "改名"}, headers=bearer)
        changed = client.patch(address, json={"title": "改名"}, headers=tag)
        late = client.patch(address, json={"title": "晚了"}, headers=tag)

        assert first.status_code == 201, first.text
        assert (again.json()["id"], again.headers["idempotency-replayed"]) == (draft["id"], "true")
        assert draft["fields"]["requirements"] == "\n".join(WHOLE["requirements"])
        assert (bare.status_code, late.status_code) == (428, 412)
        assert changed.json()["fields"] == draft["fields"] | {"title": "改名"}
        assert [line["title"] for line in client.get(NEEDS, headers=bearer).json()["drafts"]].count("改名") == 1


def test_published_draft_is_an_item_that_can_be_paused(market: Market) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "需求方"), "read", "needs:write")
        made = client.post(NEEDS, json=WHOLE, headers=bearer)
        address = f"{NEEDS}/{made.json()['id']}/publish"
        done = client.post(address, headers={**bearer, "If-Match": made.headers["etag"]})
        assert done.status_code == 200, done.text

        item = done.json()["item_id"]
        own = client.get(f"{NEEDS}/published/{item}", headers=bearer)
        paused = client.post(f"{NEEDS}/published/{item}/pause", headers={**bearer, "If-Match": own.headers["etag"]})

        assert client.get(f"/api/v1/items/{item}").json()["source"]["kind"] == "form"
        assert own.json()["state"] == "open"
        assert paused.json()["state"] == "paused"
        assert (
            client.post(
                f"{NEEDS}/published/{item}/resume", headers={**bearer, "If-Match": own.headers["etag"]}
            ).status_code
            == 412
        )
