"""A whole round, from a need to the end of its formal check, on both databases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace import invariants
from marketplace.accounts.actors import Actor
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict
from marketplace.rounds import manifests, opening, rounds
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import drafts, submissions
from marketplace.rounds.checking import bids, corrections, verdicts
from marketplace.rounds.making import addenda
from marketplace.rounds.sealing import verification
from marketplace.rounds.sealing.receipts import Receipt
from marketplace.rounds.words import BidState, Fate, Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene

HOUR = timedelta(hours=1)
INSTANT = timedelta(milliseconds=1)
LATER = PUBLISH_AT + timedelta(days=1)
OPENS = DEADLINE + HOUR


@dataclass(frozen=True)
class Story:
    """Three bids of one round: one that stands, one that was withdrawn, one that was never confirmed again."""

    scene: Scene
    bidder: Actor
    kept: str
    gone: str
    unsure: str
    receipt: Receipt


@pytest.fixture
def path(store: Store, tmp_path: Path) -> Story:
    scene = market.open_round(store, tmp_path)
    first = market.make_bidder(store, "木语视觉", email="yi@example.com")
    second = market.make_bidder(store, "接线员工作室", email="er@example.com")
    third = market.make_bidder(store, "云图巡检", email="san@example.com")
    kept, gone, unsure = (market.make_bid(store, scene, one).bid_id for one in (first, second, third))
    with store.reading() as session:
        receipt = submissions.receipt(session, first, kept, 1)
    with store.writing() as session:
        submissions.withdraw(session, second, gone, arrived=PUBLISH_AT + HOUR, now=PUBLISH_AT + HOUR)
    _amend(store, scene)
    with store.writing(durable=True) as session:
        submissions.reconfirm(session, first, kept, number=2, arrived=LATER + HOUR, now=LATER + HOUR)
    return Story(scene, first, kept, gone, unsure, receipt)


def test_an_addendum_tells_what_it_changes_field_by_field(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)

    assert _amend(store, scene) == [("c2", "有同类项目经验", "有两个同类项目经验")]
    with store.reading() as session:
        assert [one.number for one in rounds.get(session, None, scene.round_id, now=LATER).versions] == [1, 2]


def test_the_manifest_accounts_for_every_receipt(store: Store, path: Story) -> None:
    _seal(store, path.scene)
    with store.reading() as session:
        manifest, _digest = manifests.get(session, path.scene.round_id)
        states = {bid.id: bid.state for bid in session.exec(select(Bid))}

    assert {one.bid_id: one.fate for one in manifest.entries} == {
        path.kept: Fate.LIVE,
        path.gone: Fate.WITHDRAWN,
        path.unsure: Fate.LAPSED,
    }
    assert states == {
        path.kept: BidState.SUBMITTED,
        path.gone: BidState.WITHDRAWN,
        path.unsure: BidState.LAPSED,
    }
    checks = verification.verify(path.receipt, file_digest=path.receipt.sha256, manifest=manifest)
    assert [one.code for one in checks if not one.passed] == []


def test_two_keys_open_and_the_minutes_say_what_was_found(store: Store, path: Story) -> None:
    _seal(store, path.scene)
    assert _turn(store, path.scene, Post.KEEPER) is False
    assert _turn(store, path.scene, Post.OPENER_A) is True
    with store.reading() as session:
        said, _ = opening.minutes(session, path.scene.round_id)
        _manifest, digest = manifests.get(session, path.scene.round_id)
        seen = bids.get(session, path.scene.checkers[0], path.kept)

    assert said["manifest_digest"] == digest
    assert [one["post"] for one in said["openers"]] == ["opener_a", "keeper"]
    lines = [(one["organisation"], one["amount_fen"], one["failure"]) for one in said["bids"]]
    assert lines == [("木语视觉", 86_500_000, "")]
    assert seen.answers["texts"]["plan"] == market.BID["plan"]
    assert [one["name"] for one in seen.attachments] == ["实施方案.pdf"]


def test_two_checkers_and_a_correction_lead_to_the_review(store: Store, path: Story) -> None:
    _seal(store, path.scene)
    for post in (Post.OPENER_B, Post.OPENER_A):
        _turn(store, path.scene, post)
    one, other = path.scene.checkers
    with store.writing() as session:
        until = corrections.ask(
            session, one, path.kept, "c1", reason="营业执照不清晰", hours=24, now=OPENS, new_id=NEW_ID
        )
    assert until == OPENS + timedelta(hours=24)
    assert market.tick(store, path.scene, now=until - INSTANT) is RoundState.ELIGIBILITY
    with store.writing() as session:
        corrections.answer(session, path.bidder, path.kept, text="已重传", arrived=until - INSTANT, now=until)
    for checker, state in ((one, BidState.OPENED), (other, BidState.ELIGIBLE)):
        assert _pass(store, path, checker, now=until) is state
    with store.writing() as session:
        verdicts.send_to_review(session, one, path.scene.round_id, now=until)

    assert market.row_of(store, path.scene).state is RoundState.REVIEW
    with store.reading() as session:
        assert rounds.get(session, None, path.scene.round_id, now=until).bids == 1
        assert audit.verify(session) == []
        assert list(invariants.check(session)) == []


def _amend(store: Store, scene: Scene) -> list[tuple[str, str | None, str | None]]:
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=LATER, new_id=NEW_ID)
    market.write(store, scene.issuer, scene.round_id, {"condition-2-text": "有两个同类项目经验"}, now=LATER)
    with store.writing() as session:
        found = addenda.get(session, scene.issuer, scene.round_id, now=LATER)
        addenda.publish(
            session,
            scene.issuer,
            scene.round_id,
            version=found.text.version,
            reason="条件不明确",
            now=LATER,
            new_id=NEW_ID,
        )
    return [(one.field, one.old, one.new) for one in found.changes]


def _seal(store: Store, scene: Scene) -> None:
    assert market.tick(store, scene, now=DEADLINE - INSTANT) is RoundState.OPEN
    assert market.tick(store, scene, now=DEADLINE, being_admitted=1) is RoundState.OPEN
    assert market.tick(store, scene, now=DEADLINE) is RoundState.SEALED
    assert market.tick(store, scene, now=DEADLINE) is RoundState.SEALED


def _turn(store: Store, scene: Scene, post: Post) -> bool:
    identity, person = scene.identities[post], scene.posts[post]
    with store.writing() as session:
        return opening.turn(session, person, scene.round_id, identity, files=scene.files, now=OPENS, new_id=NEW_ID)


def _pass(store: Store, path: Story, checker: Actor, *, now: datetime) -> BidState:
    for condition in ("c1", "c2"):
        with store.writing() as session:
            bids.find(session, checker, path.kept, condition, is_met=True, evidence="", now=now)
    with store.writing() as session:
        return verdicts.give(session, checker, path.kept, is_eligible=True, now=now, new_id=NEW_ID)


def test_submit_counts_the_hour_of_arrival(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    version = market.fill(store, scene, bidder, bid_id)

    for late in (DEADLINE, DEADLINE + INSTANT):
        with pytest.raises(Conflict, match="申报已经截止"):
            market.submit(store, scene, bidder, bid_id, version=version, arrived=late)
    given = market.submit(
        store, scene, bidder, bid_id, version=version, arrived=DEADLINE - INSTANT, now=DEADLINE + HOUR
    )

    assert given.received_at == DEADLINE - INSTANT
    with store.reading() as session:
        assert not drafts.get(session, bidder, bid_id).has_draft
