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


def test_need_is_closed_once_with_its_outcome(market: Market) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "需求方"), "read", "needs:write")
        made = client.post(NEEDS, json=WHOLE, headers=bearer)
        tag = {**bearer, "If-Match": made.headers["etag"]}
        item = client.post(f"{NEEDS}/{made.json()['id']}/publish", headers=tag).json()["item_id"]
        address = f"{NEEDS}/published/{item}"
        profile = client.get("/api/v1/profiles").json()["items"][0]
        ending = {"deal": "profile", "profile_id": profile["id"], "amount": "480000.00", "signed_on": "2026-01-05"}
        read = {**bearer, "If-Match": client.get(address, headers=bearer).headers["etag"]}

        bare = client.post(f"{address}/close", json=ending, headers=bearer)
        lacking = client.post(f"{address}/close", json={"deal": "profile"}, headers=read)
        closed = client.post(f"{address}/close", json=ending, headers={**read, "Idempotency-Key": "c-1"})
        again = client.post(f"{address}/close", json=ending, headers={**read, "Idempotency-Key": "c-1"})
        late = client.post(f"{address}/close", json=ending, headers=read)
        now = {**bearer, "If-Match": closed.headers["etag"]}
        twice = client.post(f"{address}/close", json=ending, headers=now)
        shown = client.get(address, headers=bearer)

    assert (bare.status_code, late.status_code) == (428, 412)
    assert (lacking.status_code, lacking.headers["content-type"]) == (422, "application/problem+json")
    assert sorted(lacking.json()["errors"]) == ["profile_id", "signed_on"]
    assert closed.status_code == 200, closed.text
    assert {name: closed.json()["outcome"][name] for name in ("deal", "supplier", "amount", "signed_on")} == {
        "deal": "profile",
        "supplier": profile["name"],
        "amount": "480000.00",
        "signed_on": "2026-01-05",
    }
    assert (again.json(), again.headers["idempotency-replayed"]) == (closed.json(), "true")
    assert (twice.status_code, twice.json()["code"]) == (409, "need_closed")
    assert (shown.json()["state"], shown.headers["etag"]) == ("closed", closed.headers["etag"])


def test_dealings_and_teams_are_read_by_their_own_organisation_alone(market: Market) -> None:
    with market.client() as client, market.client() as other:
        csrf, own = market.signed_in(client, "需求方"), market.signed_in(other, "OPC")
        need, plain = make_token(client, csrf, "dealings:read"), make_token(client, csrf, "read")
        supplier = make_token(other, own, "dealings:read")
        first = client.get("/api/v1/dealings", params={"size": 2}, headers=need)
        rest = client.get("/api/v1/dealings", params={"size": 2, "cursor": first.json()["next_cursor"]}, headers=need)
        signed = client.get("/api/v1/dealings", params={"stage": "signed"}, headers=need).json()["items"]
        whole = client.get(f"/api/v1/dealings/{signed[0]['id']}", headers=need)
        theirs = other.get(f"/api/v1/dealings/{signed[0]['id']}", headers=supplier)
        fresh = client.get(
            f"/api/v1/dealings/{signed[0]['id']}", headers={**need, "If-None-Match": whole.headers["etag"]}
        )
        narrow = client.get("/api/v1/dealings", headers=plain)
        wrong = client.get("/api/v1/dealings", params={"stage": "dancing"}, headers=need)
        page = other.post(
            "/teams/new",
            data={"csrf_token": own, "name": "管网联合体", "purpose": "检测加平台"},
        )
        team_id = page.headers["location"].split("?")[0].rpartition("/")[2]
        teams = other.get("/api/v1/teams", headers=supplier).json()["items"]
        team = other.get(f"/api/v1/teams/{team_id}", headers=supplier).json()
        foreign = client.get(f"/api/v1/teams/{team_id}", headers=need)

    seen = [*first.json()["items"], *rest.json()["items"]]
    assert (len(first.json()["items"]), len({one["id"] for one in seen}), rest.json()["next_cursor"]) == (2, 3, None)
    assert [one["moved_at"] for one in seen] == sorted((one["moved_at"] for one in seen), reverse=True)
    assert (signed[0]["side"], signed[0]["signed"], theirs.json()["side"]) == ("need", "480000.00", "opc")
    assert [note["event"] for note in whole.json()["notes"]][:2] == ["confirm", "sign"]
    assert fresh.status_code == 304
    assert (narrow.status_code, narrow.json()["code"]) == (403, "scope_missing")
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, "application/problem+json")
    assert ([one["id"] for one in teams], teams[0]["place"]) == ([team_id], "lead")
    assert (team["members"][0]["place"], team["place"], foreign.status_code) == ("lead", "lead", 404)
