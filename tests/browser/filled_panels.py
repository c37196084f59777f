"""Rounds of the browser's market in the experts' review: a list that is fixed, a panel at work, scores that are frozen."""

from datetime import timedelta
from typing import Final

from sqlmodel import select

from marketplace.experts.rules.drawing import Wanted
from marketplace.experts.tables import PoolExpert
from marketplace.experts.words import ExpertField
from marketplace.rounds.checking import verdicts
from marketplace.rounds.panels import draws, members, requests
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.words import Post, RoundState
from tests.browser.filled_rounds import CLOSED, OPENED, Stage, close_bids, hand_in_bid, open_round, turn
from tests.marketplace import review_market as market
from tests.marketplace import round_acts as acts
from tests.marketplace.review_market import SEED, Panel
from tests.marketplace.round_market import Scene

NAMES: Final = ("顾明远", "沈知秋", "韩立群", "欧阳景行", "贺维中", "陆云舟", "丁仲衡", "司徒慧")
SAID: Final = ("正高级工程师", "泵站机电设备状态监测、故障诊断与智能运维")
WHY: Final = "三年前曾与该单位负责人在同一课题组，没有经济往来，是否影响评审请认定。"
FACTS: Final = "该专家曾受聘于与我单位有合同纠纷的单位，见所附判决书第 3 页。"


def fill(stage: Stage) -> None:
    """Make a round for each."""
    people = [
        market.make_expert(
            stage.store, name, email=f"pingshen-{n}@pingshen.cn", fields=list(ExpertField)[n % 5 : n % 5 + 2]
        )
        for n, name in enumerate(NAMES)
    ]
    with stage.store.writing() as session:
        for one in session.exec(select(PoolExpert)).all():
            one.title, one.specialities = SAID
            session.add(one)
    with market.alone_in_the_pool(stage.store, people):
        scene, _bids = _reviewed(stage, "reviewed round")
        stage.ids["draw"] = _fix(stage, scene)
        _at_work(stage, _drawn(stage, "working round", people))
        _judged(stage, _drawn(stage, "judged round", people))


def _reviewed(stage: Stage, name: str) -> tuple[Scene, list[str]]:
    scene = open_round(stage, name, closes=CLOSED)
    bids = [hand_in_bid(stage, scene, title) for title in ("OPC", "创始人")]
    close_bids(stage, scene)
    turn(stage, scene, Post.OPENER_A)
    turn(stage, scene, Post.KEEPER)
    for bid_id in bids:
        acts.judge(stage.store, scene, bid_id, now=stage.at(OPENED))
    with stage.store.writing() as session:
        verdicts.send_to_review(session, scene.checkers[0], scene.round_id, now=stage.at(OPENED))
    return scene, bids


def _fix(stage: Stage, scene: Scene) -> str:
    wanted = [Wanted("technology", 1, 1), Wanted("", 4, 1)]
    with stage.store.writing() as session:
        return draws.fix(
            session,
            scene.issuer,
            scene.round_id,
            "t1",
            wanted,
            seed=SEED,
            now=stage.at(OPENED),
            new_id=stage.new_id,
        )


def _drawn(stage: Stage, name: str, people: list[market.Actor]) -> Panel:
    scene, bids = _reviewed(stage, name)
    draw_id = _fix(stage, scene)
    with stage.store.writing() as session:
        draws.draw(
            session,
            stage.people["主办方"],
            scene.round_id,
            draw_id,
            words="3 5 6 1",
            now=stage.at(OPENED),
            new_id=stage.new_id,
        )
    bidders = [stage.people["OPC"], stage.people["创始人"]]
    return market.seated(stage.store, scene, bidders, bids, people)


def _at_work(stage: Stage, panel: Panel) -> None:
    at, round_id = stage.at(OPENED), panel.scene.round_id
    market.declare(stage.store, panel, panel.expert(0), now=at)
    market.declare(stage.store, panel, panel.expert(1), {panel.bids[1]: Said(Answer.DOUBT, WHY)}, now=at)
    with stage.store.writing() as session:
        members.decline(
            session,
            panel.expert(2),
            round_id,
            reason="评审期间不在本市。",
            now=at + timedelta(hours=1),
            new_id=stage.new_id,
        )
        requests.file(
            session,
            panel.bidders[0],
            panel.bids[0],
            person="顾明远",
            unit="福建农林大学",
            text=FACTS,
            now=at,
            new_id=stage.new_id,
        )
    stage.ids["panel member"] = panel.drawn[0]
    stage.ids["asked bid"] = panel.bids[0]
    stage.ids["open bid"] = panel.bids[1]


def _judged(stage: Stage, panel: Panel) -> None:
    at = stage.at(OPENED)
    market.declare_all(stage.store, panel, now=at)
    points = {number: (34 - number, 28 + number) for number in range(5)}
    market.mark_all(stage.store, panel, points, now=at)
    assert market.tick(stage.store, panel, now=at) is RoundState.CONSENSUS
    with stage.store.writing() as session:
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=at, new_id=stage.new_id)
