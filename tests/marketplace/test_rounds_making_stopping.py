"""Standing still with the time kept, ending before time by two, failing for want of bids by the clock and by hand."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import manifests, rounds
from marketplace.rounds.bidding import submissions
from marketplace.rounds.checking import corrections, objections
from marketplace.rounds.making import stopping
from marketplace.rounds.words import BidState, Post, RoundEvent, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.round_acts import (
    DAY,
    HOUR,
    INSTANT,
    OPENS,
    amend,
    done,
    judge,
    opened_round,
    refused,
    seal,
    state_of,
    told,
    turn,
)
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene

LATER = PUBLISH_AT + DAY
ODD = LATER + timedelta(seconds=7, microseconds=250_001)


def suspend(store: Store, scene: Scene, actor: Actor, *, now: datetime, reason: str = "系统检修") -> None:
    """Stop the round's clocks."""
    with store.writing() as session:
        stopping.suspend(session, actor, scene.round_id, reason=reason, now=now, new_id=NEW_ID)


def resume(store: Store, scene: Scene, actor: Actor, *, now: datetime, reason: str = "检修完成") -> None:
    """Let them run again."""
    with store.writing() as session:
        stopping.resume(session, actor, scene.round_id, reason=reason, now=now, new_id=NEW_ID)


def cancel(store: Store, scene: Scene, approver: int, *, now: datetime = LATER, reason: str = "预算取消") -> RoundState:
    """Let one of the approvers ask for the end."""
    with store.writing() as session:
        who = scene.approvers[approver]
        return stopping.cancel(session, who, scene.round_id, reason=reason, now=now, new_id=NEW_ID)


def test_standing_still_keeps_the_time_that_was_left_and_says_so_in_a_notice(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语", email="yi@example.com")
    handed = market.make_bid(store, scene, bidder)
    second = market.make_bidder(store, "云图", email="er@example.com")
    draft = market.begin_bid(store, scene, second)
    version = market.fill(store, scene, second, draft)
    approver, supervisor = scene.approvers[0], scene.posts[Post.KEEPER]

    for actor, kind in ((scene.issuer, NotAllowed), (scene.checkers[0], NotAllowed), (bidder, NotAllowed)):
        with pytest.raises(kind):
            suspend(store, scene, actor, now=LATER)
    with refused("no_reason"):
        suspend(store, scene, supervisor, now=LATER, reason=" ")
    with refused("reason_long", Invalid):
        suspend(store, scene, supervisor, now=LATER, reason="长" * 1001)
    with refused("not_suspended"):
        resume(store, scene, approver, now=LATER)
    suspend(store, scene, supervisor, now=ODD)
    with refused("suspended"):
        suspend(store, scene, approver, now=ODD)

    left = DEADLINE - ODD
    # Nothing moves, however long it stands still.
    for at in (DEADLINE, DEADLINE + 30 * DAY):
        assert market.tick(store, scene, now=at) is RoundState.OPEN
    assert market.row_of(store, scene).next_check is None
    with refused("suspended"):
        market.submit(store, scene, second, draft, version=version, arrived=ODD)
    with refused("suspended"), store.writing() as session:
        submissions.withdraw(session, bidder, handed.bid_id, arrived=ODD, now=ODD)
    with refused("suspended"):
        market.begin_bid(store, scene, market.make_bidder(store, "三", email="san@example.com"), now=ODD)

    back = ODD + 3 * DAY + timedelta(microseconds=1)
    resume(store, scene, approver, now=back)
    row = market.row_of(store, scene)
    assert row.deadline is not None
    # Never less than what was left, and at most the rest of a minute more: notices speak in minutes.
    assert timedelta() <= row.deadline - (back + left) < timedelta(minutes=1)
    assert (row.deadline.second, row.deadline.microsecond) == (0, 0)
    assert (row.suspended_at, row.suspend_reason, row.remaining_seconds) == (None, "", None)
    with store.reading() as session:
        page = rounds.get(session, None, scene.round_id, now=back)
        assert page.notice is not None
        assert (page.notice.number, page.notice.notice.deadline) == (2, row.deadline)
        assert "系统" in page.versions[-1].reason or "检修完成" in page.versions[-1].reason
        assert [told(session, bidder.account_id, words) for words in ("已中止", "已恢复")] == [1, 1]
    # Nothing but the hour moved: bids stand.
    assert state_of(store, handed.bid_id) is BidState.SUBMITTED
    market.submit(store, scene, second, draft, version=version, arrived=row.deadline - INSTANT)
    assert market.tick(store, scene, now=row.deadline - INSTANT) is RoundState.OPEN
    assert market.tick(store, scene, now=row.deadline) is RoundState.SEALED


def test_an_addendum_after_a_stop_need_not_move_the_deadline_again(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    suspend(store, scene, scene.approvers[0], now=ODD)
    resume(store, scene, scene.approvers[0], now=ODD + DAY)
    standing = market.row_of(store, scene).deadline

    assert amend(store, scene, {"terms": "补充"}, now=ODD + 2 * DAY) == 3
    assert market.row_of(store, scene).deadline == standing


def test_who_let_a_round_go_on_may_still_ask_for_its_end(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    suspend(store, scene, scene.approvers[0], now=LATER)
    resume(store, scene, scene.approvers[0], now=LATER + HOUR)

    assert cancel(store, scene, 0, now=LATER + HOUR) is RoundState.OPEN
    assert cancel(store, scene, 1, now=LATER + HOUR) is RoundState.CANCELLED


def test_a_stop_at_the_last_instant_loses_nobody_that_instant(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    version = market.fill(store, scene, bidder, bid_id)
    suspend(store, scene, scene.approvers[0], now=DEADLINE - INSTANT)
    resume(store, scene, scene.approvers[0], now=DEADLINE + DAY)

    handed = market.submit(store, scene, bidder, bid_id, version=version, arrived=DEADLINE + DAY)
    assert handed.number == 1


def test_windows_of_correction_stand_still_with_their_round(store: Store, tmp_path: Path) -> None:
    scene, bidders, handed = opened_round(store, tmp_path, "木语视觉")
    with store.writing() as session:
        ends = corrections.ask(
            session, scene.checkers[0], handed[0].bid_id, "c1", reason="不清", hours=24, now=OPENS, new_id=NEW_ID
        )

    def answer(at: datetime) -> None:
        with store.writing() as session:
            corrections.answer(session, bidders[0], handed[0].bid_id, text="已补", arrived=at, now=at)

    suspend(store, scene, scene.posts[Post.KEEPER], now=OPENS + HOUR)
    with refused("suspended"):
        answer(OPENS + 2 * HOUR)
    assert market.tick(store, scene, now=ends + DAY) is RoundState.ELIGIBILITY
    assert state_of(store, handed[0].bid_id) is BidState.CORRECTION_REQUESTED
    resume(store, scene, scene.posts[Post.KEEPER], now=OPENS + HOUR + 10 * DAY)
    assert market.row_of(store, scene).next_check == ends + 10 * DAY
    with refused("window_past"):
        answer(ends + 10 * DAY)
    answer(ends + 10 * DAY - INSTANT)
    assert market.row_of(store, scene).notice_number == 1


def test_two_approvers_end_a_round_and_its_bids_go_back_sealed(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语", email="yi@example.com")
    handed = market.make_bid(store, scene, bidder)

    with refused("no_reason"):
        cancel(store, scene, 0, reason=" ")
    assert cancel(store, scene, 0) is RoundState.OPEN
    assert cancel(store, scene, 0) is RoundState.OPEN  # the same person twice is one person
    with pytest.raises(NotAllowed), store.writing() as session:
        stopping.cancel(session, scene.issuer, scene.round_id, reason="x", now=LATER, new_id=NEW_ID)
    suspend(store, scene, scene.approvers[0], now=LATER)
    assert cancel(store, scene, 1) is RoundState.CANCELLED
    with refused("not_in_this_state"):
        cancel(store, scene, 1)

    assert state_of(store, handed.bid_id) is BidState.RETURNED
    row = market.row_of(store, scene)
    assert (row.ended_at, row.end_reason, row.suspended_at, row.next_check) == (LATER, "预算取消", None, None)
    assert market.tick(store, scene, now=DEADLINE) is RoundState.CANCELLED
    with store.reading() as session:
        assert told(session, bidder.account_id, "已终止") == 1
        assert done(session, "round", scene.round_id)[-3:] == ["cancel_asked", "suspended", "cancelled"]
        assert submissions.receipt(session, bidder, handed.bid_id, 1).sha256
    with refused("not_sealed"):
        turn(store, scene, Post.OPENER_A)


def test_the_end_is_asked_for_again_once_the_notice_is_another(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    assert cancel(store, scene, 0) is RoundState.OPEN
    amend(store, scene, {"terms": "补充"}, now=LATER)

    assert cancel(store, scene, 1) is RoundState.OPEN
    assert cancel(store, scene, 0) is RoundState.CANCELLED


def test_before_publication_it_ends_in_silence_and_for_nobody_else_to_see(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    with refused("round_missing", NotFound), store.writing() as session:
        stopping.cancel(session, scene.table.opc, scene.round_id, reason="x", now=NOW, new_id=NEW_ID)
    with refused("not_in_this_state"):
        cancel(store, scene, 0, now=NOW)
    market.hand_in(store, scene)
    assert [cancel(store, scene, n, now=NOW) for n in (0, 1)] == [RoundState.INTERNAL_REVIEW, RoundState.CANCELLED]
    with refused("round_missing", NotFound), store.reading() as session:
        rounds.get(session, None, scene.round_id, now=NOW)


def test_the_clock_fails_a_round_with_too_few_bids_as_it_seals(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path, procedure="contest", notice={**market.NOTICE, "track-1-title": "巡查"})
    bidders = [market.make_bidder(store, name, email=f"{name}@example.com") for name in ("yi", "er")]
    handed = [market.make_bid(store, scene, one) for one in bidders]

    ends = market.row_of(store, scene).deadline
    assert ends is not None
    assert market.tick(store, scene, now=ends - INSTANT) is RoundState.OPEN
    assert market.tick(store, scene, now=ends) is RoundState.FAILED
    assert market.tick(store, scene, now=ends) is RoundState.FAILED
    row = market.row_of(store, scene)
    assert (row.sealed_at, row.ended_at, row.next_check) == (ends, ends, None)
    assert "少于公告规定的 3 份" in row.end_reason
    assert {state_of(store, one.bid_id) for one in handed} == {BidState.RETURNED}
    with store.reading() as session:
        manifest, _ = manifests.get(session, scene.round_id)
        assert len(manifest.entries) == 2
        assert told(session, bidders[0].account_id, "流榜") == 1
    with refused("not_sealed"):
        turn(store, scene, Post.OPENER_A)


def test_after_the_opening_an_organiser_fails_it_only_once_everything_is_judged(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path, procedure="contest", notice={**market.NOTICE, "track-1-title": "巡查"})
    bidders = [market.make_bidder(store, name, email=f"{name}@example.com") for name in ("yi", "er", "san")]
    bids = [market.make_bid(store, scene, one).bid_id for one in bidders]
    organiser, ends = scene.table.organiser, market.row_of(store, scene).deadline
    assert ends is not None

    def fail(actor: Actor = organiser) -> None:
        with store.writing() as session:
            stopping.fail_by_hand(session, actor, scene.round_id, now=ends, new_id=NEW_ID)

    seal(store, scene, at=ends)
    with refused("enough_bids"):
        fail()
    turn(store, scene, Post.OPENER_A, now=ends)
    turn(store, scene, Post.KEEPER, now=ends)
    assert judge(store, scene, bids[0], is_eligible=False, now=ends) is BidState.INELIGIBLE
    with refused("unjudged_bids"):
        fail()
    for bid_id in bids[1:]:
        judge(store, scene, bid_id, now=ends)
    with store.writing() as session:
        objections.file(session, bidders[0], bids[0], text="我司注册于福州。", now=ends, new_id=NEW_ID)
    with refused("objections_open"):
        fail()
    with store.reading() as session:
        page = rounds.get(session, organiser, scene.round_id, now=ends)
        assert {event: getattr(reason, "code", "") for event, reason in page.may.items()} == {
            RoundEvent.FAIL: "objections_open"
        }
    with store.writing() as session:
        taker = scene.posts[Post.OBJECTIONS]
        objections.decide(session, taker, bids[0], is_upheld=False, answer="证照所载不符。", now=ends, new_id=NEW_ID)
    for wrong in (scene.issuer, scene.posts[Post.KEEPER]):
        with refused("not_yours_to_move", NotAllowed):
            fail(wrong)
    with refused("not_of_the_round", NotAllowed):
        fail(bidders[0])
    fail()
    assert market.row_of(store, scene).state is RoundState.FAILED
    # What was opened stays as it was judged.
    assert [state_of(store, one) for one in bids] == [BidState.INELIGIBLE, BidState.ELIGIBLE, BidState.ELIGIBLE]
