"""Handing in: replacing, withdrawing, taking up again; one live bid; receipts that last; the last instant; reminders."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.rounds import manifests
from marketplace.rounds.bid_tables import Bid, BidVersion
from marketplace.rounds.bidding import drafts, submissions
from marketplace.rounds.bidding.draft_rows import Content
from marketplace.rounds.round_tables import RoundNotice
from marketplace.rounds.sealing import age, contents, receipts, seals, verification
from marketplace.rounds.words import BidState, Fate, Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_acts import (
    DAY,
    HOUR,
    INSTANT,
    amend,
    draft_version,
    refused,
    seal,
    state_of,
    told,
)
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT

LATER = PUBLISH_AT + DAY


def take_up(store: Store, bidder: Actor, bid_id: str, *, content: Content | None = None) -> int:
    """Open a draft again; gives its version."""
    with store.writing() as session:
        drafts.take_up(session, bidder, bid_id, content=content, now=LATER, new_id=NEW_ID)
    return draft_version(store, bidder, bid_id)


def withdraw(store: Store, bidder: Actor, bid_id: str, *, at: datetime = LATER) -> None:
    """Take a bid back."""
    with store.writing() as session:
        submissions.withdraw(session, bidder, bid_id, arrived=at, now=at)


def discard(store: Store, bidder: Actor, bid_id: str) -> None:
    """Erase the open draft."""
    with store.writing() as session:
        drafts.discard(session, bidder, bid_id, now=LATER)


def test_a_receipt_says_what_was_handed_in_and_stays_as_it_was_given(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    stranger = market.make_bidder(store, "别家", email="bie@example.com")
    handed = market.make_bid(store, scene, bidder, at=LATER)

    with store.reading() as session:
        given = submissions.receipt(session, bidder, handed.bid_id, 1)
        row = session.get_one(BidVersion, (handed.bid_id, 1))
        notice = session.get_one(RoundNotice, (scene.round_id, 1))
        assert (given.version, given.received_at, given.organisation) == (1, LATER, "木语视觉")
        assert (given.round_id, given.bid_id, given.notice_digest) == (scene.round_id, handed.bid_id, notice.digest)
        assert receipts.digest(given) == row.receipt_digest
        assert submissions.sealed_file(session, bidder, handed.bid_id, 1) == given.sha256
        for outsider in (stranger, scene.issuer, scene.table.organiser, scene.posts[Post.KEEPER], scene.approvers[0]):
            with refused("bid_missing", NotFound):
                submissions.receipt(session, outsider, handed.bid_id, 1)
            with refused("bid_missing", NotFound):
                submissions.sealed_file(session, outsider, handed.bid_id, 1)
        with refused("version_missing", NotFound):
            submissions.receipt(session, bidder, handed.bid_id, 2)
    with scene.files.open(given.sha256) as file:
        data = file.read()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (given.sha256, given.size_bytes)
    with pytest.raises(DBAPIError), store.writing() as session:
        session.get_one(BidVersion, (handed.bid_id, 1)).size_bytes = 1
    with pytest.raises(DBAPIError), store.writing() as session:
        session.execute(text("DELETE FROM bid_version"))


def test_a_bid_is_replaced_withdrawn_and_taken_up_and_every_version_stays(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.make_bid(store, scene, bidder).bid_id
    with refused("already_handed_in"):
        market.submit(store, scene, bidder, bid_id, version=0)
    with refused("no_open_draft"):
        market.fill(store, scene, bidder, bid_id)

    version = take_up(store, bidder, bid_id)
    assert take_up(store, bidder, bid_id) == version  # what is open is kept
    assert state_of(store, bid_id) is BidState.SUBMITTED
    with refused("incomplete"):
        market.submit(store, scene, bidder, bid_id, version=version)
    discard(store, bidder, bid_id)  # the version that was handed in stands
    assert (state_of(store, bid_id), draft_version(store, bidder, bid_id)) == (BidState.SUBMITTED, 0)
    take_up(store, bidder, bid_id)
    second = market.submit(
        store, scene, bidder, bid_id, version=market.fill(store, scene, bidder, bid_id), arrived=LATER
    )
    assert (second.number, state_of(store, bid_id)) == (2, BidState.SUBMITTED)

    take_up(store, bidder, bid_id)
    withdraw(store, bidder, bid_id)
    assert (state_of(store, bid_id), draft_version(store, bidder, bid_id)) == (BidState.WITHDRAWN, 0)
    with refused("not_in_this_state"):
        withdraw(store, bidder, bid_id)
    kept = Content({"plan": "自己留的副本"})
    take_up(store, bidder, bid_id, content=kept)
    assert state_of(store, bid_id) is BidState.DRAFT
    with store.reading() as session:
        assert drafts.get(session, bidder, bid_id).body == {"plan": "自己留的副本"}
    discard(store, bidder, bid_id)
    assert state_of(store, bid_id) is BidState.WITHDRAWN
    take_up(store, bidder, bid_id)
    third = market.submit(
        store, scene, bidder, bid_id, version=market.fill(store, scene, bidder, bid_id), arrived=LATER + HOUR
    )
    assert third.number == 3
    seal(store, scene)
    with store.reading() as session:
        manifest, _ = manifests.get(session, scene.round_id)
        assert [one.fate for one in manifest.entries] == [Fate.REPLACED, Fate.REPLACED, Fate.LIVE]
        for number in (1, 2, 3):
            held = submissions.receipt(session, bidder, bid_id, number)
            checks = verification.verify(held, file_digest=held.sha256, manifest=manifest)
            assert [one.code for one in checks if not one.passed] == []
    for act in (withdraw, take_up):
        with pytest.raises(Conflict):
            act(store, bidder, bid_id)


def test_what_was_withdrawn_is_told_as_withdrawn_also_where_a_new_draft_lapsed(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder, other = (market.make_bidder(store, name, email=f"{name}@example.com") for name in ("yi", "er"))
    bid_id = market.make_bid(store, scene, bidder).bid_id
    live = market.make_bid(store, scene, other).bid_id
    withdraw(store, bidder, bid_id)
    take_up(store, bidder, bid_id)
    take_up(store, other, live)  # a draft beside a bid that stands goes, the bid stays

    seal(store, scene)

    with store.reading() as session:
        manifest, _ = manifests.get(session, scene.round_id)
        assert {one.bid_id: one.fate for one in manifest.entries} == {bid_id: Fate.WITHDRAWN, live: Fate.LIVE}
        assert (told(session, bidder.account_id, "未生效"), told(session, other.account_id, "未生效")) == (1, 0)
    assert (state_of(store, bid_id), state_of(store, live)) == (BidState.LAPSED, BidState.SUBMITTED)
    assert draft_version(store, other, live) == 0


def test_a_draft_that_was_changed_meanwhile_is_not_handed_in(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    version = market.fill(store, scene, bidder, bid_id)

    with refused("draft_changed"):
        market.submit(store, scene, bidder, bid_id, version=version - 1)
    with pytest.raises(RuntimeError, match="receipts need"), store.writing() as session:
        submissions.submit(
            session,
            bidder,
            bid_id,
            version=version,
            arrived=LATER,
            now=LATER,
            files=scene.files,
            new_id=NEW_ID,
        )
    assert state_of(store, bid_id) is BidState.DRAFT
    with store.reading() as session:
        assert session.exec(select(BidVersion)).all() == []
    own = age.new_identity()
    with store.writing() as session:
        fields = {"own_key": age.recipient_of(own)}
        version = drafts.save(session, bidder, bid_id, fields, version=version, now=LATER).version
    given = market.submit(store, scene, bidder, bid_id, version=version)
    with store.reading() as session, scene.files.open(submissions.sealed_file(session, bidder, bid_id, 1)) as file:
        read_again = contents.unpack(seals.unseal(file.read(), own))
    assert read_again.answers["texts"]["plan"] == market.BID["plan"]  # type: ignore[index]
    assert read_again.price == {"amount_fen": 86_500_000, "note": "含一年维护"}
    assert given.number == 1


def test_the_last_byte_decides_at_every_act_that_has_a_deadline(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder, other = (market.make_bidder(store, name, email=f"{name}@example.com") for name in ("yi", "er"))
    first = market.make_bid(store, scene, bidder).bid_id
    take_up(store, bidder, first)
    version = market.fill(store, scene, bidder, first)
    second = market.make_bid(store, scene, other).bid_id
    after = DEADLINE + HOUR

    for late in (DEADLINE, DEADLINE + INSTANT):
        with refused("deadline_past"):
            market.submit(store, scene, bidder, first, version=version, arrived=late, now=after)
        with refused("deadline_past"), store.writing() as session:
            submissions.withdraw(session, other, second, arrived=late, now=after)
    # Whatever is written down after the deadline counts, where its last byte came before it.
    assert market.tick(store, scene, now=after, being_admitted=2) is RoundState.OPEN
    given = market.submit(store, scene, bidder, first, version=version, arrived=DEADLINE - INSTANT, now=after)
    with store.writing() as session:
        submissions.withdraw(session, other, second, arrived=DEADLINE - INSTANT, now=after)
    assert given.received_at == DEADLINE - INSTANT
    seal(store, scene, at=after)
    with refused("not_open"), store.writing() as session:
        submissions.withdraw(session, bidder, first, arrived=DEADLINE - INSTANT, now=after)
    with store.reading() as session:
        manifest, _ = manifests.get(session, scene.round_id)
        assert (manifest.deadline, manifest.frozen_at) == (DEADLINE, after)


def test_a_unit_has_one_live_bid_on_a_track_and_the_database_says_so_too(store: Store, tmp_path: Path) -> None:
    tracks = {**market.NOTICE, "track-1-title": "巡查"}
    tracks |= {"track-2-title": "养护", "track-2-question": "养护什么。", "track-2-indicators": "覆盖全市"}
    scene = market.open_round(store, tmp_path, procedure="contest", notice=tracks)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    first = market.begin_bid(store, scene, bidder)
    assert market.begin_bid(store, scene, bidder, track="t2") != first

    def insert(state: BidState) -> None:
        with store.writing() as session:
            row = session.get_one(Bid, first)
            session.add(Bid(**{**row.model_dump(), "id": NEW_ID(), "state": state}))

    for state in (BidState.DRAFT, BidState.SUBMITTED, BidState.OPENED, BidState.ELIGIBLE, BidState.INELIGIBLE):
        with pytest.raises(IntegrityError):
            insert(state)
    version = market.fill(store, scene, bidder, first)
    market.submit(store, scene, bidder, first, version=version)
    withdraw(store, bidder, first)
    second = market.begin_bid(store, scene, bidder)
    assert second != first
    with refused("another_live_bid"):
        take_up(store, bidder, first)
    discard(store, bidder, second)
    take_up(store, bidder, first)
    with store.reading() as session:
        states = sorted(bid.state for bid in session.exec(select(Bid).where(Bid.track == "t1")))
    assert states == [BidState.DRAFT]


def test_those_whose_bid_is_not_finished_are_reminded_three_days_one_day_and_two_hours_before(
    store: Store, tmp_path: Path
) -> None:
    scene = market.open_round(store, tmp_path)
    drafting, unsure, done_with = (
        market.make_bidder(store, name, email=f"{name}@example.com") for name in ("cao", "wei", "hao")
    )
    market.begin_bid(store, scene, drafting)
    market.make_bid(store, scene, unsure)
    market.make_bid(store, scene, market.make_bidder(store, "撤", email="che@example.com"))
    amend(store, scene, {"terms": "补充"}, now=LATER)
    market.make_bid(store, scene, done_with, at=LATER)

    def reminded(at: timedelta) -> list[int]:
        for _ in range(2):
            assert market.tick(store, scene, now=DEADLINE - at) is RoundState.OPEN
        with store.reading() as session:
            return [told(session, one.account_id, "即将截止") for one in (drafting, unsure, done_with)]

    assert reminded(3 * DAY + INSTANT) == [0, 0, 0]
    assert market.row_of(store, scene).next_check == DEADLINE - 3 * DAY
    assert reminded(3 * DAY) == [1, 1, 0]
    assert market.row_of(store, scene).next_check == DEADLINE - DAY
    assert reminded(DAY + INSTANT) == [1, 1, 0]
    assert reminded(DAY) == [2, 2, 0]
    assert market.row_of(store, scene).next_check == DEADLINE - 2 * HOUR
    assert reminded(2 * HOUR) == [3, 3, 0]
    assert market.row_of(store, scene).next_check == DEADLINE
    assert reminded(INSTANT) == [3, 3, 0]
