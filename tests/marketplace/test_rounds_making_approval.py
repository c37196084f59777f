"""From a draft to an hour of publication: a review, and two approvers who wrote nothing of it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.kernel.files import StoredFile
from marketplace.rounds import rounds
from marketplace.rounds.making import approval, texts
from marketplace.rounds.making.approval import Review
from marketplace.rounds.round_tables import RoundNotice
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.round_acts import INSTANT, done, refused, told
from tests.marketplace.round_market import PUBLISH_AT, Scene


def approve(store: Store, scene: Scene, approver: int, *, number: int = 1, now: datetime = NOW) -> RoundState:
    """Let one of the approvers approve."""
    with store.writing() as session:
        return approval.approve(session, scene.approvers[approver], scene.round_id, number=number, now=now)


def send_back(store: Store, scene: Scene, actor: Actor, *, number: int = 1, reason: str = "标的不清") -> None:
    """Send the notice back."""
    with store.writing() as session:
        approval.send_back(
            session,
            actor,
            scene.round_id,
            number=number,
            reason=reason,
            now=NOW,
            new_id=NEW_ID,
        )


def test_approval_needs_the_review_the_hour_and_the_version_that_was_read(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    market.set_up_keys(store, scene)
    with store.reading() as session:
        version = texts.get(session, scene.issuer, scene.round_id).version
    with refused("text_changed"), store.writing() as session:
        approval.hand_in(session, scene.issuer, scene.round_id, version=version - 1, now=NOW, new_id=NEW_ID)
    with refused("not_yours_to_move", NotAllowed), store.writing() as session:
        approval.hand_in(session, scene.approvers[0], scene.round_id, version=version, now=NOW, new_id=NEW_ID)
    assert market.hand_in(store, scene) == 1
    with refused("fair_competition_missing"):
        approve(store, scene, 0)
    market.put_review(store, scene, is_passed=False)
    with refused("fair_competition_missing"):
        approve(store, scene, 0)
    market.put_review(store, scene)
    with refused("notice_changed"):
        approve(store, scene, 0, number=2)
    with refused("publication_past"):
        approve(store, scene, 0, now=PUBLISH_AT + INSTANT)
    with refused("round_missing", NotFound), store.writing() as session:
        approval.approve(session, scene.table.opc, scene.round_id, number=1, now=NOW)
    with refused("not_yours_to_move", NotAllowed), store.writing() as session:
        approval.approve(session, scene.checkers[0], scene.round_id, number=1, now=NOW)

    assert approve(store, scene, 0) is RoundState.INTERNAL_REVIEW
    assert approve(store, scene, 0) is RoundState.INTERNAL_REVIEW
    assert approve(store, scene, 1, now=PUBLISH_AT) is RoundState.SCHEDULED
    with refused("not_in_this_state"):
        approve(store, scene, 1)
    with refused("review_fixed"):
        market.put_review(store, scene)
    row = market.row_of(store, scene)
    assert (row.next_check, row.publish_at) == (PUBLISH_AT, PUBLISH_AT)
    with store.reading() as session:
        page = rounds.approval(session, scene.issuer, scene.round_id, now=NOW)
        assert page.approved_by == ("审批一", "审批二")
        assert told(session, scene.approvers[0].account_id, "等您审批") == 1
        assert told(session, scene.posts[Post.KEEPER].account_id, "设置口令") == 1
        assert done(session, "round", scene.round_id)[-3:] == ["approved", "approved", "scheduled"]


def test_a_review_is_dated_by_beijings_day(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    past_midnight = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)

    def review(day: int) -> None:
        given = Review(True, "市场监督管理局", date(2026, 11, day), "意见.pdf")
        with store.writing() as session:
            approval.review(session, scene.issuer, scene.round_id, given, StoredFile("a" * 64, 1), now=past_midnight)

    review(21)
    with refused("bad_review", Invalid):
        review(22)


def test_sending_back_voids_the_approvals_and_what_was_handed_in_stays_on_record(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    market.set_up_keys(store, scene)
    market.put_review(store, scene)
    market.hand_in(store, scene)
    approve(store, scene, 0)
    with refused("no_reason"):
        send_back(store, scene, scene.approvers[1], reason=" ")
    with refused("not_yours_to_move", NotAllowed):
        send_back(store, scene, scene.checkers[0])
    send_back(store, scene, scene.approvers[1])
    market.write(store, scene.issuer, scene.round_id, {"terms": "已写明标的"})
    assert market.hand_in(store, scene) == 2
    # The review and the first approval were of another text.
    with refused("fair_competition_missing"):
        approve(store, scene, 1, number=2)
    market.put_review(store, scene)
    assert approve(store, scene, 1, number=2) is RoundState.INTERNAL_REVIEW
    send_back(store, scene, scene.issuer, number=2, reason="")  # the issuer takes it back, without a reason
    # What says the same needs no second review.
    assert market.hand_in(store, scene) == 3
    assert [approve(store, scene, n, number=3) for n in (0, 1)] == [RoundState.INTERNAL_REVIEW, RoundState.SCHEDULED]

    with refused("no_reason"):
        send_back(store, scene, scene.issuer, number=3, reason="")
    send_back(store, scene, scene.approvers[0], number=3, reason="发布时间有变")
    assert market.tick(store, scene, now=PUBLISH_AT) is RoundState.DRAFT
    assert market.row_of(store, scene).next_check is None
    with store.reading() as session:
        kept = session.exec(select(RoundNotice).where(RoundNotice.round_id == scene.round_id)).all()
        assert [one.number for one in kept] == [1, 2, 3]
        # Whoever sent it back wrote nothing of it.
        assert texts.authors(session, market.row_of(store, scene)) == [scene.issuer.account_id]
    with pytest.raises(DBAPIError), store.writing() as session:
        session.get_one(RoundNotice, (scene.round_id, 1)).reason = "改写"
    assert market.hand_in(store, scene) == 4
    assert approve(store, scene, 1, number=4) is RoundState.INTERNAL_REVIEW
    with refused("notice_changed"):
        approve(store, scene, 0, number=3)
    assert market.tick(store, scene, now=PUBLISH_AT + timedelta(days=2)) is RoundState.INTERNAL_REVIEW


def test_what_is_reviewed_while_it_is_written_is_what_is_handed_in_next(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    market.set_up_keys(store, scene)
    market.hand_in(store, scene)
    send_back(store, scene, scene.approvers[0])
    market.put_review(store, scene)
    market.write(store, scene.issuer, scene.round_id, {"terms": "按月付款。"})
    market.hand_in(store, scene)

    assert approve(store, scene, 0, number=2) is RoundState.INTERNAL_REVIEW
    assert approve(store, scene, 1, number=2) is RoundState.SCHEDULED
