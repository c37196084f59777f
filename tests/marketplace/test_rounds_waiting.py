"""What waits for whom in a round: asked while it is to be done, and no longer."""

from pathlib import Path

from sqlmodel import select

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.rounds import questions, waiting
from marketplace.rounds.checking import objections, verdicts
from marketplace.rounds.round_tables import RoundQuestion
from marketplace.rounds.waiting import Wait
from marketplace.rounds.words import Post
from tests.marketplace import round_acts as acts
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_acts import OPENS
from tests.marketplace.round_market import PUBLISH_AT, Scene


def waits(store: Store, scene: Scene, who: Actor) -> tuple[Wait, ...]:
    """What waits for somebody in the round."""
    with store.reading() as session:
        return waiting.of(session, who, [scene.round_id]).get(scene.round_id, ())


def judge(store: Store, scene: Scene, checker: int, bid_id: str, *, is_eligible: bool = True) -> None:
    """Let one checker judge a bid."""
    ground = ("", "") if is_eligible else ("c1", "住所不在福建省内。")
    with store.writing() as session:
        verdicts.give(
            session,
            scene.checkers[checker],
            bid_id,
            is_eligible=is_eligible,
            condition=ground[0],
            reason=ground[1],
            now=OPENS,
            new_id=NEW_ID,
        )


def test_a_question_waits_for_the_issuer_until_it_is_answered(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="muyu@example.com")
    before = waits(store, scene, scene.issuer)
    with store.writing() as session:
        questions.ask(session, bidder, scene.round_id, "按株还是按照片？", now=PUBLISH_AT, new_id=NEW_ID)
    asked = waits(store, scene, scene.issuer)
    with store.writing() as session:
        question_id = session.exec(select(RoundQuestion.id)).one()
        questions.answer(session, scene.issuer, question_id, "按株。", now=PUBLISH_AT, new_id=NEW_ID)

    assert (before, asked, waits(store, scene, scene.issuer)) == ((), (Wait.ANSWER,), ())
    assert waits(store, scene, bidder) == ()


def test_a_checker_is_asked_while_there_is_something_to_judge_to_settle_or_to_pass_on(
    store: Store, tmp_path: Path
) -> None:
    scene, _bidders, (one, two) = acts.opened_round(store, tmp_path, "木语视觉", "云图巡检科技")
    first, second = scene.checkers
    judge(store, scene, 0, one.bid_id)
    half = waits(store, scene, first)
    judge(store, scene, 0, two.bid_id)
    done = waits(store, scene, first), waits(store, scene, second)
    judge(store, scene, 1, one.bid_id)
    judge(store, scene, 1, two.bid_id, is_eligible=False)
    disputed = waits(store, scene, first), waits(store, scene, second)
    judge(store, scene, 1, two.bid_id)
    settled = waits(store, scene, first)
    with store.writing() as session:
        verdicts.send_to_review(session, first, scene.round_id, now=OPENS)

    assert half == (Wait.CHECK,)
    assert done == ((), (Wait.CHECK,))
    assert disputed == ((Wait.CHECK,), (Wait.CHECK,))
    # Nothing holds it up: one of them passes it on to the experts, and as an organiser has to form their panel.
    assert settled == (Wait.CHECK,)
    assert waits(store, scene, first) == (Wait.PANEL_LIST,)


def test_an_objection_waits_for_who_takes_them_and_the_checkers_wait_with_it(store: Store, tmp_path: Path) -> None:
    scene, bidders, (one, _two) = acts.opened_round(store, tmp_path, "木语视觉", "云图巡检科技")
    for handed in (one, _two):
        acts.judge(store, scene, handed.bid_id, is_eligible=handed is not one)
    takes = scene.posts[Post.OBJECTIONS]
    before = waits(store, scene, takes)
    with store.writing() as session:
        objections.file(session, bidders[0], one.bid_id, text="住所在福州。", now=OPENS, new_id=NEW_ID)

    assert before == ()
    assert waits(store, scene, takes) == (Wait.OBJECTION,)
    assert [waits(store, scene, checker) for checker in scene.checkers] == [(), ()]
