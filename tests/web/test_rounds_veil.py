"""Until a round is opened, nobody learns from the log who bids, how many do, or who asked: whoever reads, however it is asked."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.rounds import opening, questions
from marketplace.rounds.bidding import drafts, members
from marketplace.rounds.words import Post, RoundState
from tests.marketplace.market import NEW_ID, make_person
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene, begin_bid, fill, make_bidder, submit, tick
from tests.web.round_stage import Stage, open_scene, playing

OPENED_AT = DEADLINE + timedelta(hours=1)
UNIT = "青木识别科技有限公司"
PARTNER = "海风一人工作室"


def make_bids(store: Store, scene: Scene) -> tuple[Actor, str]:
    """One joint bid that is handed in, one draft that was set aside, one question by the bidder; gives who and which."""
    bidder = make_bidder(store, UNIT, email="qm@example.com")
    partner = make_bidder(store, PARTNER, email="hf@example.com")
    bid_id = begin_bid(store, scene, bidder)
    assert bidder.organisation_id is not None
    with store.writing(acting=(bidder.account_id, bidder.organisation_id)) as session:
        members.ask(session, bidder, bid_id, partner.organisation_id or "", now=PUBLISH_AT, new_id=NEW_ID)
    with store.writing() as session:
        members.answer(session, partner, bid_id, confirms=True, now=PUBLISH_AT)
    submit(store, scene, bidder, bid_id, version=fill(store, scene, bidder, bid_id))
    other = make_bidder(store, "山月数据工作室", email="sy@example.com")
    gone = begin_bid(store, scene, other)
    with store.writing() as session:
        drafts.discard(session, other, gone, now=PUBLISH_AT)
        questions.ask(session, bidder, scene.round_id, "按株还是按照片？", now=PUBLISH_AT, new_id=NEW_ID)
    return bidder, bid_id


def open_bids(store: Store, scene: Scene) -> None:
    assert tick(store, scene, now=DEADLINE) is RoundState.SEALED
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


def exported(stage: Stage, who: Actor) -> list[dict[str, str]]:
    """The lines of the whole log as a file, for a program."""
    return [json.loads(line) for line in stage.get("/audit/export.jsonl", who).text.splitlines()]


def tabled(stage: Stage, who: Actor) -> list[list[str]]:
    """The rows of what concerns bids, as a table."""
    text = stage.get("/audit/export.csv?aggregate=bid", who).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_no_page_of_the_log_says_who_bids_before_the_opening(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    bidder, bid_id = make_bids(store, scene)
    everywhere = make_person(store, role=Role.SUPERVISOR, region="", email="quanguo@example.com", name="全国监督")
    with playing(store, tmp_path) as stage:
        for reader in (everywhere, scene.posts[Post.KEEPER]):
            found = stage.page("/audit?aggregate=bid", reader)
            assert "没有符合条件的留痕" in found
            assert "条没有显示" not in found
            assert "没有符合条件的留痕" in stage.page(f"/audit?aggregate=bid&who={bidder.email}", reader)
            assert "没有符合条件的留痕" in stage.page(f"/audit?action=round.asked&who={bidder.email}", reader)
            assert "没有符合条件的留痕" in stage.page("/audit?aggregate=bid&name=行道树", reader)
            assert tabled(stage, reader) == []
            lines = exported(stage, reader)
            assert [one for one in lines if str(one.get("action", "")).startswith("bid.")] == []
            assert [one for one in lines if one.get("action") == "round.asked"] == []
            life = stage.page(f"/audit/bid/{bid_id}", reader)
            assert UNIT not in life
            assert PARTNER not in life
            assert bidder.name not in life
            assert "有人（开启前不公开）" in life
            assert "校验通过" in life
            told = stage.page(f"/audit/round/{scene.round_id}", reader)
            assert "有人（开启前不公开）" in told
            assert bidder.name not in told


def test_after_the_opening_the_log_says_who_bid_and_who_asked(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    bidder, bid_id = make_bids(store, scene)
    open_bids(store, scene)
    with playing(store, tmp_path) as stage:
        stage.now = OPENED_AT
        reader = scene.posts[Post.KEEPER]
        life = stage.page(f"/audit/bid/{bid_id}", reader)
        assert "提交了活动“行道树健康巡查揭榜挂帅”的申报" in life
        assert UNIT in life
        assert PARTNER in life
        assert "有人（开启前不公开）" not in life
        rows = tabled(stage, reader)
        assert UNIT in {row[2] for row in rows}
        assert {row[4] for row in rows} == {"申报"}
        assert bidder.name in stage.page(f"/audit/round/{scene.round_id}", reader)


def test_a_draft_that_was_set_aside_stays_nobodys_after_the_opening(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    make_bids(store, scene)
    open_bids(store, scene)
    everywhere = make_person(store, role=Role.SUPERVISOR, region="", email="quanguo@example.com", name="全国监督")
    with playing(store, tmp_path) as stage:
        stage.now = OPENED_AT
        assert "山月数据工作室" not in {row[2] for row in tabled(stage, everywhere)}
        assert "bid.draft_discarded" not in {one.get("action") for one in exported(stage, everywhere)}


def test_the_exported_log_of_a_sealed_round_can_still_be_verified(store: Store, tmp_path: Path) -> None:
    scene = open_scene(store, tmp_path)
    make_bids(store, scene)
    everywhere = make_person(store, role=Role.SUPERVISOR, region="", email="quanguo@example.com", name="全国监督")
    with playing(store, tmp_path) as stage:
        lines = exported(stage, everywhere)
        withheld = [one for one in lines if one["type"] == "withheld"]
        assert withheld
        assert {frozenset(one) for one in withheld} == {frozenset({"type", "position", "hash"})}
