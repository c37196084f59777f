"""The formal check: findings, two checkers alike, corrections once each in a window, objections to somebody else."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import rounds
from marketplace.rounds.checking import bids, corrections, objections, verdicts
from marketplace.rounds.making import appointments
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_acts import (
    DAY,
    HOUR,
    INSTANT,
    OPENS,
    done,
    judge,
    opened_round,
    refused,
    state_of,
    told,
)
from tests.marketplace.round_market import Scene


def find(
    store: Store, checker: Actor, bid_id: str, condition: str = "c1", *, is_met: bool = True, evidence: str = ""
) -> None:
    """Put down what a checker found."""
    with store.writing() as session:
        bids.find(session, checker, bid_id, condition, is_met=is_met, evidence=evidence, now=OPENS)


def give(
    store: Store, checker: Actor, bid_id: str, *, is_eligible: bool, condition: str = "c1", reason: str = "住所在外地。"
) -> BidState:
    """Give a verdict."""
    with store.writing() as session:
        ground = {} if is_eligible else {"condition": condition, "reason": reason}
        return verdicts.give(session, checker, bid_id, is_eligible=is_eligible, **ground, now=OPENS, new_id=NEW_ID)


def ask(
    store: Store,
    checker: Actor,
    bid_id: str,
    condition: str = "c1",
    *,
    hours: int = 24,
    reason: str = "不清",
    now: datetime = OPENS,
) -> datetime:
    """Ask for a correction."""
    with store.writing() as session:
        return corrections.ask(session, checker, bid_id, condition, reason=reason, hours=hours, now=now, new_id=NEW_ID)


def correct(
    store: Store, bidder: Actor, bid_id: str, *, at: datetime, now: datetime | None = None, text: str = "已补"
) -> None:
    """Put something right."""
    with store.writing() as session:
        corrections.answer(session, bidder, bid_id, text=text, arrived=at, now=now or at)


def object_to(store: Store, bidder: Actor, bid_id: str, *, text: str = "我司注册于福州。") -> None:
    """Object to a result."""
    with store.writing() as session:
        objections.file(session, bidder, bid_id, text=text, now=OPENS, new_id=NEW_ID)


def decide(store: Store, taker: Actor, bid_id: str, *, is_upheld: bool, answer: str = "证照所载相符。") -> None:
    """Decide an objection."""
    with store.writing() as session:
        objections.decide(session, taker, bid_id, is_upheld=is_upheld, answer=answer, now=OPENS, new_id=NEW_ID)


def send(store: Store, scene: Scene, actor: Actor | None = None, *, now: datetime = OPENS) -> None:
    """Send the round to review."""
    with store.writing() as session:
        verdicts.send_to_review(session, actor or scene.checkers[0], scene.round_id, now=now)


def test_findings_are_each_checkers_own_and_the_latest_counts(store: Store, tmp_path: Path) -> None:
    scene, (bidder,), (handed,) = opened_round(store, tmp_path, "木语视觉")
    bid_id, (one, other) = handed.bid_id, scene.checkers

    with refused("no_evidence", Invalid):
        find(store, one, bid_id, is_met=False)
    with refused("no_such_condition", Invalid):
        find(store, one, bid_id, "c9")
    for stranger, kind in (
        (scene.issuer, NotAllowed),
        (scene.posts[Post.OBJECTIONS], NotAllowed),
        (bidder, NotAllowed),
    ):
        with pytest.raises(kind):
            find(store, stranger, bid_id)
    find(store, one, bid_id, is_met=False, evidence="执照模糊")
    find(store, one, bid_id)
    find(store, other, bid_id, "c1", is_met=False, evidence="住所在外地")
    find(store, other, bid_id, "c2")
    with store.reading() as session:
        seen = bids.get(session, one, bid_id)
        assert [(f.condition, f.checker, f.is_own, f.is_met) for f in seen.findings if f.condition == "c1"] in (
            [("c1", "审查一", True, True), ("c1", "审查二", False, False)],
            [("c1", "审查二", False, False), ("c1", "审查一", True, True)],
        )
        assert len(seen.findings) == 3
        assert (seen.organisation, seen.may_check, seen.may_decide_objection) == ("木语视觉", True, False)
        for outsider in (bidder, scene.table.opc, scene.posts[Post.OPENER_A]):
            if outsider is not scene.posts[Post.OPENER_A]:
                with pytest.raises(NotFound):
                    bids.get(session, outsider, bid_id)
    judge(store, scene, bid_id)
    with refused("already_judged"):
        find(store, one, bid_id)


def test_it_takes_two_checkers_who_come_to_the_same_result(store: Store, tmp_path: Path) -> None:
    scene, (bidder, _), (first, second) = opened_round(store, tmp_path, "木语视觉", "云图")
    one, other = scene.checkers

    for ground in ({"condition": "c9"}, {"reason": " "}, {"reason": "长" * 1001}):
        with refused("no_ground", Invalid):
            give(store, one, first.bid_id, is_eligible=False, **ground)
    assert give(store, one, first.bid_id, is_eligible=True) is BidState.OPENED
    assert (
        give(store, one, first.bid_id, is_eligible=True) is BidState.OPENED
    )  # one's second verdict is still one's own
    assert give(store, other, first.bid_id, is_eligible=False) is BidState.OPENED  # they do not agree
    with refused("unjudged_bids"):
        send(store, scene)
    with refused("not_a_checker", NotAllowed):
        give(store, scene.issuer, first.bid_id, is_eligible=True)
    assert give(store, one, first.bid_id, is_eligible=False) is BidState.INELIGIBLE
    with refused("not_in_check"):
        give(store, other, first.bid_id, is_eligible=True)
    assert judge(store, scene, second.bid_id) is BidState.ELIGIBLE
    with store.reading() as session:
        assert told(session, bidder.account_id, "未通过资格审查") == 1
        assert done(session, "bid", first.bid_id).count("verdict_given") == 4
        assert [line.verdicts for line in bids.lines(session, one, scene.round_id)] == [2, 2]
    for other in (scene.issuer, scene.approvers[0]):
        with refused("not_yours_to_move", NotAllowed):
            send(store, scene, other)
    with refused("not_a_checker", NotFound):
        send(store, scene, bidder)
    send(store, scene)
    row = market.row_of(store, scene)
    assert (row.state, row.stage) == (RoundState.REVIEW, "review")
    assert [state_of(store, each.bid_id) for each in (first, second)] == [BidState.INELIGIBLE, BidState.IN_REVIEW]
    with refused("not_in_this_state"):
        send(store, scene)
    with pytest.raises(Exception, match="资格审查"):
        object_to(store, bidder, first.bid_id)


def test_a_condition_is_put_right_once_within_its_window_to_the_instant(store: Store, tmp_path: Path) -> None:
    scene, (bidder, other), (first, second) = opened_round(store, tmp_path, "木语视觉", "云图")
    checker, bid_id = scene.checkers[0], first.bid_id

    with refused("window_too_short"):
        ask(store, checker, bid_id, hours=23)
    with refused("no_ground"):
        ask(store, checker, bid_id, reason=" ")
    with refused("no_such_condition", Invalid):
        ask(store, checker, bid_id, "c9")
    with refused("bad_correction", Invalid):
        ask(store, checker, bid_id, hours=721)
    with refused("not_a_checker", NotAllowed):
        ask(store, scene.issuer, bid_id)
    give(store, scene.checkers[1], bid_id, is_eligible=True)
    ends = ask(store, checker, bid_id)
    assert ends == OPENS + DAY
    with store.reading() as session:
        assert bids.get(session, checker, bid_id).verdicts == ()  # what was judged before is void
        assert told(session, bidder.account_id, "请补正") == 1
    assert market.row_of(store, scene).next_check == ends
    with refused("not_in_check"):
        give(store, checker, bid_id, is_eligible=True)
    with refused("not_in_this_state"):
        ask(store, checker, bid_id, "c2")
    judge(store, scene, second.bid_id)
    with refused("corrections_open"):
        send(store, scene)
    with refused("bid_missing", NotFound):
        correct(store, other, bid_id, at=ends - HOUR)
    with refused("no_answer", Invalid):
        correct(store, bidder, bid_id, at=ends - HOUR, text=" ")


def test_a_window_closes_to_the_instant_for_its_unit_and_for_the_clock(store: Store, tmp_path: Path) -> None:
    scene, (bidder,), (handed,) = opened_round(store, tmp_path, "木语视觉")
    checker, bid_id = scene.checkers[0], handed.bid_id
    ends = ask(store, checker, bid_id)
    for late in (ends, ends + INSTANT):
        with refused("window_past"):
            correct(store, bidder, bid_id, at=late)
    correct(store, bidder, bid_id, at=ends - INSTANT, now=ends + HOUR)
    with refused("not_in_this_state"):
        correct(store, bidder, bid_id, at=ends - INSTANT)
    with refused("asked_before"):
        ask(store, checker, bid_id, now=ends)
    with store.reading() as session:
        (kept,) = bids.get(session, checker, bid_id).corrections
        assert (kept.answer, kept.answered_at, kept.closed_at) == ("已补", ends - INSTANT, ends + HOUR)

    again = ask(store, checker, bid_id, "c2", now=ends + HOUR)
    assert market.tick(store, scene, now=again - INSTANT) is RoundState.ELIGIBILITY
    assert state_of(store, bid_id) is BidState.CORRECTION_REQUESTED
    for _ in range(2):
        market.tick(store, scene, now=again)
        assert state_of(store, bid_id) is BidState.OPENED
    with refused("not_in_this_state"):
        correct(store, bidder, bid_id, at=again)
    with store.reading() as session:
        assert done(session, "bid", bid_id).count("correction_closed") == 1
    assert market.row_of(store, scene).next_check is None
    judge(store, scene, bid_id)
    send(store, scene, now=again)


def test_an_objection_is_decided_by_somebody_who_did_not_judge(store: Store, tmp_path: Path) -> None:
    scene, (bidder, other), (first, second) = opened_round(store, tmp_path, "木语视觉", "云图")
    bid_id, taker = first.bid_id, scene.posts[Post.OBJECTIONS]
    with refused("nothing_to_object"):
        object_to(store, bidder, bid_id)
    judge(store, scene, bid_id, is_eligible=False)
    judge(store, scene, second.bid_id)
    with refused("nothing_to_object"):
        object_to(store, other, second.bid_id)
    with refused("bid_missing", NotFound):
        object_to(store, other, bid_id)
    with refused("no_text", Invalid):
        object_to(store, bidder, bid_id, text=" ")
    with refused("no_objection"):
        decide(store, taker, bid_id, is_upheld=True)
    object_to(store, bidder, bid_id)
    with refused("objection_open"):
        object_to(store, bidder, bid_id)
    with refused("objections_open"):
        send(store, scene)
    with store.writing() as session:
        judged = scene.checkers[0].account_id
        appointments.appoint(session, scene.issuer, scene.round_id, Post.OBJECTIONS, judged, now=OPENS, new_id=NEW_ID)
    with refused("has_judged", NotAllowed):
        decide(store, scene.checkers[0], bid_id, is_upheld=False)
    for stranger in (scene.issuer, bidder, scene.posts[Post.KEEPER]):
        with refused("not_the_objections_taker", NotAllowed):
            decide(store, stranger, bid_id, is_upheld=True)
    with refused("no_answer", Invalid):
        decide(store, taker, bid_id, is_upheld=True, answer=" ")

    decide(store, taker, bid_id, is_upheld=False, answer="证照所载住所在外地。")
    assert state_of(store, bid_id) is BidState.INELIGIBLE
    object_to(store, bidder, bid_id, text="补充证据。")
    decide(store, taker, bid_id, is_upheld=True)
    assert state_of(store, bid_id) is BidState.OPENED
    with store.reading() as session:
        seen = bids.get(session, taker, bid_id)
        assert seen.verdicts == ()
        assert [(one.text, one.is_upheld) for one in seen.objections] == [
            ("我司注册于福州。", False),
            ("补充证据。", True),
        ]
        assert [told(session, bidder.account_id, words) for words in ("异议不成立", "异议成立")] == [1, 1]
    with refused("unjudged_bids"):
        send(store, scene)
    assert judge(store, scene, bid_id) is BidState.ELIGIBLE
    send(store, scene)


def test_a_round_without_an_eligible_bid_does_not_go_to_review(store: Store, tmp_path: Path) -> None:
    scene, _bidders, (handed,) = opened_round(store, tmp_path, "木语视觉")
    judge(store, scene, handed.bid_id, is_eligible=False)

    with refused("too_few_bids"):
        send(store, scene)
    with store.reading() as session:
        page = rounds.get(session, scene.checkers[0], scene.round_id, now=OPENS + timedelta(days=1))
        assert {event.value: getattr(reason, "code", "") for event, reason in page.may.items()} == {
            "send_to_review": "too_few_bids",
            "fail": "",
        }
