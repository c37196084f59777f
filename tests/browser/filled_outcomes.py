"""Rounds of the browser's market whose outcome is being made: before the decision, contested, awarded."""

from collections.abc import Sequence
from datetime import timedelta

from marketplace.accounts.actors import Actor
from marketplace.experts.rules.drawing import Wanted
from marketplace.rounds import held
from marketplace.rounds.checking import verdicts
from marketplace.rounds.deciding import handling, objections
from marketplace.rounds.deciding.objections import Told
from marketplace.rounds.making import appointments
from marketplace.rounds.outcome_words import ObjectionEvent, Remedy
from marketplace.rounds.panels import draws
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.words import Post, RoundState
from tests.browser.filled_rounds import OPENED, Stage, close_bids, hand_in_bid, open_round, turn
from tests.marketplace import outcome_acts, review_market, round_acts
from tests.marketplace import round_market as market
from tests.marketplace.review_market import SEED, Panel, make_expert

EARLY, JUDGED_EARLY = timedelta(days=14), timedelta(days=12)
CLOSED = timedelta(days=2)
TOLD = Told(
    name="何一人",
    phone="13900000000",
    email="he@example.com",
    what="公示的第一名拟中选单位不满足公告第三条关于注册地的硬性条件，其类似案例与另一家单位的案例在文字上高度雷同。",
    rule="公告第三条：注册地在福建省内；公告第七条：提供虚假材料的，取消资格。",
    evidence="其营业执照载明住所在江西省抚州市，企业信用信息公示系统可以查到；案例雷同部分见附页第 2 页至第 4 页。",
    wanted="取消其拟中选资格，按排名由下一名递补，并重新公示。",
)


def fill(stage: Stage) -> None:
    """Make the rounds; each is left alone by the clock of the running server."""
    people = [
        make_expert(stage.store, name, email=f"zhuanjia-{number}@pingshen.cn")
        for number, name in enumerate(review_market.NAMES)
    ]
    with review_market.alone_in_the_pool(stage.store, people):
        panel = _judged(stage, "decided round", people, closes=CLOSED, at=OPENED)
        contested = _published(stage, "contested round", people, closes=CLOSED, at=OPENED)
        _objected(stage, contested)
        awarded = _published(stage, "awarded round", people, closes=EARLY, at=JUDGED_EARLY)
    ends = outcome_acts.row_of(stage.store, awarded).publicity_ends
    assert ends is not None
    assert review_market.tick(stage.store, awarded, now=ends) is RoundState.AWARDED
    stage.ids["awarded bid"], stage.ids["lost bid"] = awarded.bids
    for one in (panel, contested, awarded):
        with stage.store.writing() as session:
            held.get(session, one.scene.round_id).next_check = None


def _judged(stage: Stage, name: str, people: Sequence[Actor], *, closes: timedelta, at: timedelta) -> Panel:
    store, now = stage.store, stage.at(at)
    scene = open_round(stage, name, closes=closes)
    bids = [hand_in_bid(stage, scene, "OPC"), hand_in_bid(stage, scene, "创始人")]
    if closes == CLOSED:
        close_bids(stage, scene)
        turn(stage, scene, Post.OPENER_A)
        turn(stage, scene, Post.KEEPER)
    else:
        assert market.tick(store, scene, now=now) is RoundState.SEALED
        for post in (Post.OPENER_A, Post.KEEPER):
            round_acts.turn(store, scene, post, now=now)
    for bid_id in bids:
        round_acts.judge(store, scene, bid_id, now=now)
    with store.writing() as session:
        verdicts.send_to_review(session, scene.checkers[0], scene.round_id, now=now)
    with store.writing() as session:
        wanted = [Wanted("", 5, 3)]
        draw = draws.fix(session, scene.issuer, scene.round_id, "t1", wanted, seed=SEED, now=now, new_id=stage.new_id)
    with store.writing() as session:
        draws.draw(session, scene.table.organiser, scene.round_id, draw, words="3 5 6 1", now=now, new_id=stage.new_id)
    bidders = [stage.people["OPC"], stage.people["创始人"]]
    panel = review_market.seated(store, scene, bidders, bids, people)
    review_market.declare_all(store, panel, now=now)
    marks = {number: points[:2] for number, points in outcome_acts.MARKS.items()}
    review_market.mark_all(store, panel, marks, now=now)
    assert market.tick(store, scene, now=now) is RoundState.CONSENSUS
    with store.writing() as session:
        consensus.confirm(session, panel.expert(0), scene.round_id, now=now, new_id=stage.new_id)
    for title in ("主办方", "审批人"):
        who = stage.people[title].account_id
        with store.writing() as session:
            appointments.appoint(session, scene.issuer, scene.round_id, Post.DECIDER, who, now=now, new_id=stage.new_id)
    return panel


def _published(stage: Stage, name: str, people: Sequence[Actor], *, closes: timedelta, at: timedelta) -> Panel:
    panel = _judged(stage, name, people, closes=closes, at=at)
    for title in ("主办方", "审批人"):
        state = outcome_acts.decide(stage.store, panel, stage.people[title], now=stage.at(at))
    assert state is RoundState.PUBLICITY
    return panel


def _objected(stage: Stage, panel: Panel) -> None:
    """One waits to be taken, one was upheld."""
    found = []
    for title in ("OPC", "创始人"):
        with stage.store.writing() as session:
            who = stage.people[title]
            found.append(objections.file(session, who, panel.scene.round_id, TOLD, now=stage.now, new_id=stage.new_id))
    handler = stage.people["监督"]
    with stage.store.writing() as session:
        handling.take(session, handler, found[1], now=stage.now, new_id=stage.new_id)
    with stage.store.writing() as session:
        handling.decide(
            session,
            handler,
            found[1],
            ObjectionEvent.UPHOLD,
            answer="经核查营业执照原件和企业信用信息公示系统，异议所称情况属实。",
            remedy=Remedy.REVIEW_AGAIN,
            bid_ids=[panel.bids[0]],
            now=stage.now,
            new_id=stage.new_id,
        )
    stage.ids["objection"], stage.ids["upheld objection"] = found
