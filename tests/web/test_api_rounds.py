"""Rounds and bids by program: read by everybody, written by the unit alone, sealed and receipted as by the pages."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import tokens
from marketplace.accounts.words import Standing
from marketplace.kernel.idempotency_tables import KeptAnswer
from marketplace.rounds.making import addenda, texts
from marketplace.rounds.sealing import manifests, receipts
from marketplace.rounds.words import BidState
from tests.marketplace import round_market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT
from tests.web.bid_stage import FIELDS, PDF, PLAN, Stage, stage  # noqa: F401 - a fixture
from web.admission import Admissions

API = "/api/v1"
BEFORE = timedelta(milliseconds=1)


def bearer(on: Stage, actor: Actor, *scopes: str) -> dict[str, str]:
    """A token of somebody's own, as a header."""
    secret = tokens.PREFIX + secrets.token_urlsafe(32)
    with on.store.writing() as session:
        tokens.make(
            session,
            actor,
            secret=secret,
            name="内部系统",
            scopes=list(scopes or (tokens.BIDS_READ, tokens.BIDS_WRITE)),
            days=30,
            now=on.clock.now,
            new_id=NEW_ID,
        )
    return {"Authorization": f"Bearer {secret}"}


def written(on: Stage, headers: dict[str, str]) -> httpx2.Response:
    """A bid that is whole, begun and written by program."""
    begun = on.client.post(f"{API}/rounds/{on.round_id}/bids", json={"track": "t1"}, headers=headers)
    assert begun.status_code == 201, begun.text
    address = f"{API}/bids/{begun.json()['id']}"
    saved = on.client.patch(address, json={"fields": FIELDS}, headers={**headers, "If-Match": begun.headers["etag"]})
    assert saved.status_code == 200, saved.text
    sent = on.client.post(
        f"{address}/files", params={"name": "实施方案.pdf", "paper": "p1"}, content=PDF, headers=headers
    )
    assert sent.status_code == 201, sent.text
    return sent


def test_everybody_reads_a_round_and_nobody_its_bids(stage: Stage) -> None:  # noqa: F811
    stage.hand_in()
    listed = stage.client.get(f"{API}/rounds", params={"state": "open"}).json()["items"]
    shown = stage.client.get(f"{API}/rounds/{stage.round_id}").json()
    early = stage.client.get(f"{API}/rounds/{stage.round_id}/manifest")
    drafts = stage.client.get(f"{API}/rounds", params={"state": "draft"}).json()["items"]

    assert [(one["id"], one["state"], one["state_name"]) for one in listed] == [(stage.round_id, "open", "申报中")]
    assert drafts == []
    assert shown["deadline"] == DEADLINE.isoformat().replace("+00:00", "Z")
    assert shown["notice"]["number"] == 1
    assert shown["notice"]["tracks"][0]["indicators"]
    assert shown["timetable"][0]["ends"] == shown["deadline"]
    assert shown["moves"] == []
    assert "木语视觉" not in str(shown)
    assert (early.status_code, early.json()["code"]) == (404, "no_manifest")
    assert stage.client.get(f"{API}/rounds/{'0' * 16}").status_code == 404


def test_what_may_be_done_is_what_the_machine_says(stage: Stage) -> None:  # noqa: F811
    issuer = bearer(stage, stage.scene.issuer, tokens.READ)
    told = stage.client.get(f"{API}/rounds/{stage.round_id}", headers=issuer).json()["moves"]
    stage.clock.now = DEADLINE
    after = stage.client.get(f"{API}/rounds/{stage.round_id}", headers=issuer).json()["moves"]

    assert {one["event"]: one["allowed"] for one in told} == {"amend": True}
    assert [(one["event"], one["code"]) for one in after] == [("amend", "deadline_past")]
    assert after[0]["message"].startswith("申报已经截止")


def test_a_bid_is_written_and_handed_in_once_against_its_receipt(stage: Stage) -> None:  # noqa: F811
    actor = stage.supplier("木语视觉", "muyu@example.com")
    headers = bearer(stage, actor)
    whole = written(stage, headers)
    bid = whole.json()
    address = f"{API}/bids/{bid['id']}"
    once = {**headers, "If-Match": whole.headers["etag"], "Idempotency-Key": "b-1"}

    bare = stage.client.post(f"{address}/submit", headers=headers)
    stale = stage.client.post(f"{address}/submit", headers={**headers, "If-Match": f'"bid-{bid["id"]}-1"'})
    done = stage.client.post(f"{address}/submit", headers=once)
    again = stage.client.post(f"{address}/submit", headers=once)
    kept = stage.client.get(done.json()["address"], headers=headers)
    after = stage.client.get(address, headers=headers).json()

    assert bid["errors"] == {}
    assert (bid["fields"]["plan"], bid["files"][0]["digest"]) == (PLAN, hashlib.sha256(PDF).hexdigest())
    assert (bare.status_code, stale.status_code, stale.json()["code"]) == (428, 409, "draft_changed")
    assert (done.status_code, again.json(), again.headers["idempotency-replayed"]) == (200, done.json(), "true")
    receipt = receipts.of_json(kept.content)
    assert (receipt.bid_id, receipt.version, receipt.organisation) == (bid["id"], 1, "木语视觉")
    assert (after["state"], after["version"], after["fields"], after["draft_version"]) == ("submitted", 1, {}, 0)
    assert after["versions"][0]["sha256"] == receipt.sha256


def test_one_millisecond_decides_for_programs_too(stage: Stage) -> None:  # noqa: F811
    actor, other = stage.supplier("木语视觉", "muyu@example.com"), stage.supplier("云图巡检科技", "er@example.com")
    stage.clock.now = PUBLISH_AT
    mine, theirs = bearer(stage, actor), bearer(stage, other)
    first, second = written(stage, mine), written(stage, theirs)

    stage.clock.now = DEADLINE - BEFORE
    in_time = stage.client.post(
        f"{API}/bids/{first.json()['id']}/submit", headers={**mine, "If-Match": first.headers["etag"]}
    )
    stage.clock.now = DEADLINE
    late = stage.client.post(
        f"{API}/bids/{second.json()['id']}/submit", headers={**theirs, "If-Match": second.headers["etag"]}
    )

    assert in_time.status_code == 200, in_time.text
    assert (late.status_code, late.json()["code"]) == (409, "deadline_past")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "b-2"}])
def test_the_hour_of_arrival_counts_and_not_that_of_handling(
    stage: Stage,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    key: dict[str, str],
) -> None:
    headers = bearer(stage, stage.supplier("木语视觉", "muyu@example.com"))
    bid = written(stage, headers)
    monkeypatch.setattr(Admissions, "arrived", lambda _self, _wire: DEADLINE - BEFORE)
    stage.clock.now = DEADLINE + timedelta(seconds=3)
    done = stage.client.post(
        f"{API}/bids/{bid.json()['id']}/submit", headers={**headers, **key, "If-Match": bid.headers["etag"]}
    )

    assert done.status_code == 200, done.text
    assert done.json()["received_at"] == (DEADLINE - BEFORE).isoformat().replace("+00:00", "Z")


def test_no_word_of_a_draft_is_kept_for_a_retry(stage: Stage) -> None:  # noqa: F811
    headers = bearer(stage, stage.supplier("木语视觉", "muyu@example.com"))
    bid = written(stage, {**headers, "Idempotency-Key": "w-1"})
    stage.client.post(
        f"{API}/bids/{bid.json()['id']}/submit",
        headers={**headers, "If-Match": bid.headers["etag"], "Idempotency-Key": "w-2"},
    )
    with stage.store.reading() as session:
        kept = [f"{row.body}" for row in session.exec(select(KeptAnswer))]

    assert len(kept) == 1
    assert not any(word in kept[0] for word in (PLAN, "实施方案.pdf", FIELDS["price_amount"]))


def test_an_addendum_is_confirmed_by_its_number(stage: Stage) -> None:  # noqa: F811
    actor, _person, bid_id = stage.hand_in()
    headers = bearer(stage, actor)
    _amend(stage)

    unsettled = stage.client.get(f"{API}/bids/{bid_id}", headers=headers).json()
    wrong = stage.client.post(f"{API}/bids/{bid_id}/reconfirm", json={"number": 1}, headers=headers)
    done = stage.client.post(f"{API}/bids/{bid_id}/reconfirm", json={"number": 2}, headers=headers)

    assert unsettled["state"] == "needs_reconfirm"
    assert (wrong.status_code, wrong.json()["code"]) == (409, "notice_changed")
    assert done.json()["state"] == "submitted"
    assert stage.row(bid_id).notice_number == 2


def test_a_token_reads_and_writes_its_own_unit_s_bids_alone(stage: Stage) -> None:  # noqa: F811
    actor, _person, bid_id = stage.hand_in()
    own = stage.client.get(f"{API}/bids", headers=bearer(stage, actor)).json()["items"]
    others = [
        bearer(stage, stage.supplier("云图巡检科技", "er@example.com")),
        bearer(stage, stage.scene.issuer, tokens.BIDS_READ, tokens.BIDS_WRITE),
    ]
    reader = bearer(stage, stage.member(actor, "he@example.com", standing=Standing.READER), tokens.BIDS_READ)

    assert [(one["id"], one["state"], one["is_joint_member"]) for one in own] == [(bid_id, "submitted", False)]
    for headers in others:
        assert stage.client.get(f"{API}/bids", headers=headers).json()["items"] == []
        for path in (f"/bids/{bid_id}", f"/bids/{bid_id}/receipts/1"):
            assert stage.client.get(API + path, headers=headers).status_code == 404
    assert stage.client.get(f"{API}/bids/{bid_id}", headers=reader).status_code == 200
    answer = stage.client.post(f"{API}/bids/{bid_id}/reconfirm", json={"number": 1}, headers=reader)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert stage.client.get(f"{API}/bids").status_code == 401


def test_what_cannot_be_is_refused_and_nothing_is_lost(stage: Stage) -> None:  # noqa: F811
    headers = bearer(stage, stage.supplier("木语视觉", "muyu@example.com"))
    whole = written(stage, headers)
    address, tag = f"{API}/bids/{whole.json()['id']}", {**headers, "If-Match": whole.headers["etag"]}

    unknown = stage.client.patch(address, json={"fields": {"colour": "red"}}, headers=tag)
    secret = stage.client.patch(address, json={"fields": {"own_key": "AGE-SECRET-KEY-1QQ"}}, headers=tag)
    program = stage.client.post(f"{address}/files", params={"name": "a.exe"}, content=b"MZ", headers=headers)
    empty = stage.client.post(f"{address}/files", params={"name": "a.pdf"}, content=b"", headers=headers)
    gone = stage.client.delete(f"{address}/files/{whole.json()['files'][0]['id']}", headers=headers)

    assert (unknown.status_code, list(unknown.json()["errors"])) == (422, ["colour"])
    assert (secret.status_code, secret.json()["code"]) == (422, "secret_key")
    assert (program.status_code, program.json()["code"]) == (422, "bad_file")
    assert "空文件" in empty.json()["detail"]
    assert gone.json()["files"] == []
    assert gone.json()["fields"]["plan"] == PLAN
    assert gone.json()["errors"]


def test_the_manifest_is_told_as_it_was_frozen(stage: Stage) -> None:  # noqa: F811
    _actor, _person, bid_id = stage.hand_in()
    stage.clock.now = DEADLINE
    round_market.tick(stage.store, stage.scene, now=DEADLINE)
    told = stage.client.get(f"{API}/rounds/{stage.round_id}/manifest").json()
    file = stage.client.get(f"/rounds/{stage.round_id}/manifest.json").content

    assert stage.row(bid_id).state is BidState.SUBMITTED
    assert told["digest"] == hashlib.sha256(file).hexdigest() == manifests.digest(manifests.of_json(file))
    assert [(one["bid_id"], one["version"], one["fate"]) for one in told["entries"]] == [(bid_id, 1, "live")]


def _amend(on: Stage) -> None:
    now: Any = on.clock.now
    issuer, round_id = on.scene.issuer, on.round_id
    with on.store.writing() as session:
        addenda.begin(session, issuer, round_id, now=now, new_id=NEW_ID)
    round_market.write(on.store, issuer, round_id, {"terms": "按月付款。"}, now=now)
    with on.store.writing() as session:
        version = texts.get(session, issuer, round_id).version
        addenda.publish(session, issuer, round_id, version=version, reason="补充付款方式", now=now, new_id=NEW_ID)
