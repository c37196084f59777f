"""The official documents of rounds: what each says, to whom, and that its files say the same."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel import events
from marketplace.kernel.db import Store
from marketplace.kernel.events import Event
from marketplace.rounds import manifests, opening, openings, rounds
from marketplace.rounds.bidding import submissions
from marketplace.rounds.checking import results, verdicts
from marketplace.rounds.openings import Sight
from marketplace.rounds.sealing import receipts
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import round_market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import BID, DEADLINE, PUBLISH_AT, Scene
from tests.web.pages import said
from tests.web.round_stage import open_scene, playing
from tests.web.test_rounds_public import amend
from web.documents.model import Document, Grid
from web.pages.rounds import papers, records

OPENED_AT = DEADLINE + timedelta(hours=1)
FIRST, SECOND = "青木识别科技有限公司", "海风一人工作室"


def two_bids(store: Store, scene: Scene) -> tuple[Actor, Actor]:
    """Two bids that are handed in."""
    first = round_market.make_bidder(store, FIRST, email="qm@example.com")
    second = round_market.make_bidder(store, SECOND, email="hf@example.com")
    round_market.make_bid(store, scene, first)
    round_market.make_bid(
        store, scene, second, fields={**BID, "price_amount": "79.25"}, at=PUBLISH_AT + timedelta(hours=1)
    )
    return first, second


def open_bids(store: Store, scene: Scene) -> None:
    """Close the round and open its bids."""
    assert round_market.tick(store, scene, now=DEADLINE) is RoundState.SEALED
    for post in (Post.OPENER_A, Post.OPENER_B):
        with store.writing() as session:
            opening.turn(
                session,
                scene.posts[post],
                scene.round_id,
                scene.identities[post],
                files=scene.files,
                now=OPENED_AT,
                new_id=NEW_ID,
            )


def text_of(document: Document) -> str:
    """Everything that a document says."""
    return repr(document)


def test_the_notice_as_a_document_says_what_the_notice_says(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    amend(store, scene, terms="分两期付款。")
    with store.reading() as session:
        page = rounds.get(session, None, scene.round_id, now=PUBLISH_AT)
    document = papers.notice(page)
    text = text_of(document)
    for word in (
        "病害识别率不低于 88%",
        "注册地在福建省内",
        "营业执照载明的住所",
        "实施方案（必交）",
        "90 万元",
        "分两期付款。",
    ):
        assert word in text
    for word in (
        "2026年12月9日（周三）17:30",
        "周敏，0591-12345678",
        "林正，yiyi@example.com",
        page.versions[-1].digest,
    ):
        assert word in text
    assert document.title == "行道树健康巡查揭榜挂帅公告"
    assert document.subtitle == "（含补遗 1）"
    changed = papers.addendum(page, 2)
    assert changed is not None
    (grid,) = [one for one in changed.blocks if isinstance(one, Grid)]
    assert grid.rows == (("其他约定", "（没有）", "分两期付款。"),)
    assert "按提问补充" in text_of(changed)
    assert papers.addendum(page, 1) is None


def test_the_files_of_a_notice_and_an_addendum_can_be_taken_along(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    amend(store, scene, terms="分两期付款。")
    path = f"/rounds/{scene.round_id}"
    with playing(store, tmp_path) as stage:
        for address in (f"{path}/notice.docx", f"{path}/versions/2.docx"):
            answer = stage.get(address)
            assert answer.status_code == 200
            assert "分两期付款。" in said(answer)
        assert stage.get(f"{path}/notice.pdf").content.startswith(b"%PDF-")
        assert stage.get(f"{path}/notice.odt").status_code == 404
        assert "分两期付款。" in stage.page(f"{path}/notice")


def test_the_minutes_tell_names_to_insiders_prices_to_bidders_and_neither_to_others(
    store: Store, tmp_path: Path
) -> None:
    scene = open_scene(store, tmp_path)
    first, second = two_bids(store, scene)
    outsider = round_market.make_bidder(store, "山月数据工作室", email="sy@example.com")
    path = f"/rounds/{scene.round_id}"
    with playing(store, tmp_path) as stage:
        stage.now = DEADLINE - timedelta(hours=1)
        assert stage.get(f"{path}/minutes").status_code == 404
        open_bids(store, scene)
        stage.now = OPENED_AT
        digest = _minutes_digest(store, scene)
        for who in (scene.issuer, scene.checkers[0], scene.posts[Post.KEEPER]):
            page = stage.page(f"{path}/minutes", who)
            assert all(word in page for word in (FIRST, SECOND, "86.5", "79.25", "开启甲", digest))
        for who, own, foreign in ((first, FIRST, SECOND), (second, SECOND, FIRST)):
            for address in ("minutes", "minutes.docx"):
                page = said(stage.get(f"{path}/{address}", who)).split("</header>", 1)[-1].split("<footer", 1)[0]
                assert "86.5" in page
                assert "79.25" in page
                assert [word for word in (foreign, "开启甲", digest) if word in page] == []
            with store.reading() as session:
                seen = openings.get(session, who, scene.round_id, now=OPENED_AT)
            assert seen.sight is Sight.PRICES
            assert [one.organisation for one in seen.bids if one.is_own] == [own]
            assert [one.organisation for one in seen.bids if not one.is_own] == [""]
        for reader in (None, outsider):
            for address in ("minutes", "minutes.docx", "manifest", "manifest.json", ""):
                page = said(stage.get(f"{path}/{address}".rstrip("/"), reader))
                hidden = (FIRST, SECOND, "86.5", "79.25", "8650000", "7925000", "开启甲", digest)
                assert [word for word in hidden if word in page] == [], (address, reader)


def _minutes_digest(store: Store, scene: Scene) -> str:
    with store.reading() as session:
        return opening.minutes(session, scene.round_id)[1]


def test_the_results_of_the_check_name_rule_and_reason_for_insiders_alone(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    first, _second = two_bids(store, scene)
    open_bids(store, scene)
    path = f"/rounds/{scene.round_id}/eligibility"
    at = OPENED_AT + timedelta(days=1)
    with store.reading() as session:
        page = rounds.get(session, scene.issuer, scene.round_id, now=at)
        before = records.results(page, results.of(session, scene.checkers[0], scene.round_id))
        bids = {one.organisation: one.bid_id for one in results.of(session, scene.issuer, scene.round_id)}
    assert before.subtitle == "（尚未全部完成）"
    for checker in scene.checkers:
        for unit, ground in ((FIRST, {}), (SECOND, {"condition": "c1", "reason": "执照载明的住所在外省"})):
            with store.writing() as session:
                verdicts.give(session, checker, bids[unit], is_eligible=not ground, now=at, new_id=NEW_ID, **ground)
    with store.reading() as session:
        document = records.results(page, results.of(session, scene.checkers[0], scene.round_id))
    (grid,) = [one for one in document.blocks if isinstance(one, Grid)]
    assert [row[1:] for row in grid.rows] == [
        (FIRST, "通过", "—", "—"),
        (SECOND, "不通过", "注册地在福建省内", "执照载明的住所在外省"),
    ]
    with playing(store, tmp_path) as stage:
        stage.now = at
        for who in (scene.issuer, scene.checkers[0], scene.posts[Post.KEEPER]):
            assert "执照载明的住所在外省" in stage.page(path, who)
            assert "执照载明的住所在外省" in said(stage.get(f"{path}.docx", who))
        assert stage.get(path).headers["location"].startswith("/sign-in")
        for address in (path, f"{path}.docx", f"{path}.pdf"):
            assert stage.get(address, first).status_code == 404


def test_the_manifest_is_handed_out_byte_by_byte(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    two_bids(store, scene)
    path = f"/rounds/{scene.round_id}/manifest"
    with playing(store, tmp_path) as stage:
        assert stage.get(path).status_code == 404
        assert stage.get(f"{path}.json").status_code == 404
        assert round_market.tick(store, scene, now=DEADLINE) is RoundState.SEALED
        stage.now = DEADLINE
        with store.reading() as session:
            _manifest, digest = manifests.get(session, scene.round_id)
        assert hashlib.sha256(stage.get(f"{path}.json").content).hexdigest() == digest
        assert digest in stage.page(path)


def test_anybody_verifies_a_receipt_and_nothing_of_it_is_kept(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    first, _second = two_bids(store, scene)
    with store.reading() as session:
        (bid_id,) = [one.aggregate_id for one in _submitted(session, first)]
        receipt = submissions.receipt(session, first, bid_id, 1)
        sealed = submissions.sealed_file(session, first, bid_id, 1)
    paper = receipts.as_json(receipt).decode()
    with scene.files.open(sealed) as file:
        data = file.read()
    with playing(store, tmp_path) as stage:
        early = stage.post("/verify", receipt=paper)
        assert early.status_code == 200
        assert "活动还没有截止" in early.text
        assert round_market.tick(store, scene, now=DEADLINE) is RoundState.SEALED
        stage.now = DEADLINE
        answer = stage.client.post("/verify", data={"receipt": paper}, files={"file": ("a.age", data)})
        assert "相符 9 项，没有不符" in answer.text
        assert f"/rounds/{scene.round_id}/manifest" in answer.text
        swapped = stage.client.post("/verify", data={"receipt": paper}, files={"file": ("a.age", b"other")})
        assert "有 1 项不符" in swapped.text
        altered = stage.post("/verify", receipt=paper.replace(FIRST, SECOND))
        assert "有 1 项不符" in altered.text
        content = json.loads(stage.get(f"/rounds/{scene.round_id}/manifest.json").content)
        content["entries"].pop()
        forged = {"manifest": ("m.json", json.dumps(content).encode())}
        told = stage.client.post("/verify", data={"receipt": paper}, files=forged)
        assert "与本平台公布的不同" in told.text
        wrong = stage.post("/verify", receipt="不是回执")
        assert (wrong.status_code, "不是回执" in wrong.text) == (422, True)
        assert stage.post("/verify").status_code == 422
        with store.reading() as session:
            assert not [one for one in _events(session) if "verify" in one.action]


def _submitted(session: Session, actor: Actor) -> list[Event]:
    return [one for one in _events(session) if one.action == "bid.submitted" and one.actor_id == actor.account_id]


def _events(session: Session) -> list[Event]:
    return events.following(session, after=0, limit=10_000)
