"""Where a round and its bids meet: a notice that changed meanwhile, a track that cannot go, drafts of a round that ends."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict
from marketplace.rounds.bid_tables import Bid, BidDraft
from marketplace.rounds.bidding import submissions
from marketplace.rounds.checking import corrections
from marketplace.rounds.making import addenda, stopping
from marketplace.rounds.words import BidState, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_acts import open_bids
from tests.marketplace.round_market import DEADLINE, NOTICE, PUBLISH_AT

TRACKS = {
    **NOTICE,
    "track-1-title": "病害识别",
    "track-2-title": "倒伏预警",
    "track-2-question": "预警倒伏。",
    "track-2-indicators": "10 分钟内预警",
}
LATER = PUBLISH_AT + timedelta(days=1)


def test_a_draft_is_not_handed_in_under_a_notice_that_nobody_saw(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    version = market.fill(store, scene, bidder, bid_id)
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=LATER, new_id=NEW_ID)
    market.write(store, scene.issuer, scene.round_id, {"terms": "数据不得带出内网。"}, now=LATER)
    with store.writing() as session:
        text = addenda.get(session, scene.issuer, scene.round_id, now=LATER).text
        addenda.publish(
            session, scene.issuer, scene.round_id, version=text.version, reason="补充", now=LATER, new_id=NEW_ID
        )

    def hand_in(seen: int) -> None:
        with store.writing(durable=True) as session:
            submissions.submit(
                session,
                bidder,
                bid_id,
                version=version,
                seen_notice=seen,
                arrived=LATER,
                now=LATER,
                files=scene.files,
                new_id=NEW_ID,
            )

    with pytest.raises(Conflict, match="公告刚有修改"):
        hand_in(1)
    with store.reading() as session:
        assert session.get_one(Bid, bid_id).state is BidState.DRAFT
    hand_in(2)
    with store.reading() as session:
        assert session.get_one(Bid, bid_id).state is BidState.SUBMITTED


def test_an_addendum_cannot_take_a_track_from_under_its_bids(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path, procedure="contest", notice=TRACKS)
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=LATER, new_id=NEW_ID)
    gone = {"track-2-title": "", "track-2-question": "", "track-2-indicators": ""}
    market.write(store, scene.issuer, scene.round_id, gone, now=LATER)
    with store.reading() as session:
        found = addenda.get(session, scene.issuer, scene.round_id, now=LATER)

    assert found.against is not None
    assert (found.against.code, "倒伏预警" in found.against.message) == ("incomplete", True)


def test_drafts_lapse_and_are_erased_when_their_round_is_cancelled(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    for approver in scene.approvers:
        with store.writing() as session:
            stopping.cancel(session, approver, scene.round_id, reason="预算取消", now=LATER, new_id=NEW_ID)

    with store.reading() as session:
        assert session.get_one(Bid, bid_id).state is BidState.LAPSED
        assert session.exec(select(BidDraft)).all() == []


def test_a_window_stays_open_while_an_answer_that_came_in_time_is_under_way(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.make_bid(store, scene, bidder).bid_id
    market.tick(store, scene, now=DEADLINE)
    open_bids(store, scene)
    checker = scene.checkers[0]
    with store.writing() as session:
        until = corrections.ask(
            session, checker, bid_id, "c1", reason="看不清", hours=24, now=DEADLINE + timedelta(hours=2), new_id=NEW_ID
        )

    assert market.tick(store, scene, now=until, being_admitted=1) is RoundState.ELIGIBILITY
    with store.reading() as session:
        assert session.get_one(Bid, bid_id).state is BidState.CORRECTION_REQUESTED
    market.tick(store, scene, now=until)
    with store.reading() as session:
        assert session.get_one(Bid, bid_id).state is BidState.OPENED
