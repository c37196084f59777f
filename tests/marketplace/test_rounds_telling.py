"""Who is told of what, once each; questions, answered for everybody without saying who asked; following."""

from datetime import datetime
from pathlib import Path

import pytest

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role, Standing
from marketplace.kernel import outbox
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import held, occasions, questions
from marketplace.rounds.making import approval
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW, make_person
from tests.marketplace.round_acts import DAY, HOUR, amend, refused, told
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene

LATER = PUBLISH_AT + DAY


def tell(store: Store, scene: Scene, occasion: str, *matched: str) -> int:
    """Do the work that an occasion asks for."""
    with store.writing() as session:
        return occasions.tell(session, scene.round_id, occasion, matched, now=LATER, new_id=NEW_ID)


def test_everybody_is_told_once_whoever_tells_and_however_often(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    follower, matched, bidder, drafting = (
        market.make_bidder(store, name, email=f"{name}@example.com") for name in ("guan", "pei", "shen", "cao")
    )
    with store.writing() as session:
        questions.follow(session, follower, scene.round_id, now=LATER)
        questions.follow(session, follower, scene.round_id, now=LATER)
    both = (matched.account_id, follower.account_id)

    assert tell(store, scene, "published", *both) == 2
    assert tell(store, scene, "published", *both) == 0
    assert tell(store, scene, "published", *both, bidder.account_id) == 1
    market.make_bid(store, scene, bidder)
    market.begin_bid(store, scene, drafting)
    amend(store, scene, {"terms": "补充一"}, now=LATER)
    assert tell(store, scene, "addendum-2") == 3
    assert tell(store, scene, "addendum-2") == 0
    amend(store, scene, {"terms": "补充二"}, now=LATER)
    assert tell(store, scene, "addendum-3") == 3
    with store.reading() as session:
        assert [told(session, one.account_id, "已发布") for one in (follower, matched)] == [1, 0]
        assert [told(session, one.account_id, "与您的能力相符") for one in (follower, matched, bidder)] == [0, 1, 1]
        assert [told(session, one.account_id, "请重新确认") for one in (follower, bidder, drafting)] == [0, 2, 0]
        assert [told(session, one.account_id, "公告有修改") for one in (follower, bidder, drafting, matched)] == [
            2,
            2,
            2,
            0,
        ]
    with store.writing() as session:
        questions.unfollow(session, follower, scene.round_id)
    amend(store, scene, {"terms": "补充三"}, now=LATER)
    assert tell(store, scene, "addendum-4") == 2


def test_a_question_is_public_once_it_is_answered_and_nobody_learns_whose_it_was(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    asker, other = (market.make_bidder(store, name, email=f"{name}@example.com") for name in ("wen", "pang"))
    reader = make_person(
        store,
        role=Role.ENTERPRISE,
        organisation_id=scene.table.need_unit,
        email="kan@example.com",
        standing=Standing.READER,
    )

    def ask(text: str, *, now: datetime = LATER) -> None:
        with store.writing() as session:
            questions.ask(session, asker, scene.round_id, text, now=now, new_id=NEW_ID)

    def seen(actor: Actor | None) -> list[questions.QuestionView]:
        with store.reading() as session:
            return questions.of(session, actor, held.get(session, scene.round_id))

    def answer(text: str, *, actor: Actor = scene.issuer, now: datetime = LATER) -> None:
        with store.writing() as session:
            questions.answer(session, actor, seen(scene.issuer)[0].id, text, now=now, new_id=NEW_ID)

    for wrong in (" ", "长" * 1001):
        with refused("no_question", Invalid):
            ask(wrong)
    ask("能否用无人机？")
    assert [len(seen(one)) for one in (asker, scene.issuer, other, reader, scene.approvers[0], None)] == [
        1,
        1,
        0,
        0,
        0,
        0,
    ]
    for _ in range(4):
        ask("还有一问？", now=LATER + HOUR)
    with refused("too_many_questions"):
        ask("第六问？")
    for actor in (other, reader, scene.approvers[0]):
        with refused("not_the_issuer", NotAllowed):
            answer("可以。", actor=actor)
    with refused("no_answer", Invalid):
        answer(" ")
    answer("可以。")
    with refused("answered"):
        answer("不可以。")
    shown = seen(None)
    assert [(one.question, one.answer, one.is_own) for one in shown] == [("能否用无人机？", "可以。", False)]
    assert seen(asker)[0].is_own
    ask("第六问？")
    with refused("not_open"):
        ask("晚了？", now=DEADLINE)
    with refused("not_open"):
        answer("晚了。", now=DEADLINE + HOUR)
    with store.reading() as session:
        assert told(session, asker.account_id, "答复了一个问题") == 1
        assert told(session, other.account_id, "答复了一个问题") == 0


def test_before_publication_nobody_asks_and_only_what_is_announced_is_followed(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    somebody = scene.table.opc
    for act in (
        lambda session: questions.ask(session, somebody, scene.round_id, "？", now=NOW, new_id=NEW_ID),
        lambda session: questions.follow(session, somebody, scene.round_id, now=NOW),
    ):
        with pytest.raises(NotFound), store.writing() as session:
            act(session)
    market.schedule(store, scene)
    with store.writing() as session:
        questions.follow(session, somebody, scene.round_id, now=NOW)
        assert questions.follows(session, somebody, scene.round_id)
        assert not questions.follows(session, None, scene.round_id)
    with refused("round_missing", NotFound), store.writing() as session:
        questions.ask(session, somebody, scene.round_id, "？", now=NOW, new_id=NEW_ID)


def test_no_letter_of_a_round_that_is_not_announced_stands_in_the_outbox(store: Store, tmp_path: Path) -> None:
    """Who is appointed, asked and sent back to is told in the product; the administrator reads nothing of it."""
    scene = market.make_draft_round(store, tmp_path)
    approver = scene.approvers[0]
    for _each in range(2):
        number = market.hand_in(store, scene)
        with store.writing() as session:
            approval.send_back(
                session, approver, scene.round_id, number=number, reason="标的不清", now=NOW, new_id=NEW_ID
            )

    with store.reading() as session:
        mails, total = outbox.page(session, state=None, number=1)
        assert [told(session, approver.account_id, words) for words in ("被指定为", "等您审批")] == [1, 2]
        assert told(session, scene.issuer.account_id, "已退回起草") == 2
    assert (mails, total) == ([], 0)
