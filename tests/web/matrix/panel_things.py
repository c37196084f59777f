"""The panels of the matrix's market: a list that is fixed, a panel at work, scores that are frozen; X judges in them.

EO fixes lists and O draws, so that nobody does both; the seeds are such that X is drawn first.
"""

from typing import Final

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.experts.rules import drawing
from marketplace.experts.rules.drawing import Wanted
from marketplace.experts.tables import PoolExpert
from marketplace.experts.words import ExpertState
from marketplace.rounds.checking import verdicts
from marketplace.rounds.panel_tables import PanelConflict
from marketplace.rounds.panels import conflicts, draws, members, recusals, requests
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.rules import draw_records
from marketplace.rounds.rules.scores import Method
from marketplace.rounds.words import RoundState
from tests.marketplace import review_market as market
from tests.marketplace import round_acts as acts
from tests.marketplace.market import NEW_ID, REGION
from tests.marketplace.review_market import Panel
from tests.marketplace.round_market import Scene
from tests.web.matrix.round_things import OPENED, opened
from tests.web.matrix.world import World

NAMES: Final = ("顾明远", "沈知秋", "韩立群", "苏见山", "贺维中", "陆云舟")
RESERVES: Final = 2
WORDS: Final = "3 5 6 1"


def fill(world: World) -> None:
    """Put every panel in its place."""
    people = [market.make_expert(world.store, name, email=f"zj{n}@pingshen.cn") for n, name in enumerate(NAMES)]
    _list(world, world.actors["X"])
    people.append(world.actors["X"])
    with market.alone_in_the_pool(world.store, people):
        _fixed(world)
        _at_work(world, people)
        _lacking(world, people)
        _frozen(world, people)


def _list(world: World, person: Actor) -> None:
    """Let somebody who is in the pool be drawn as often as it takes, without ties that stand in the way."""
    with world.store.writing() as session:
        entry = session.exec(
            select(PoolExpert).where(PoolExpert.account_id == person.account_id, PoolExpert.region == REGION)
        ).one()
        entry.most_at_once = 9
        session.add(entry)


def _reviewed(world: World, name: str) -> tuple[Scene, str]:
    scene, bid_id = opened(world, name)
    acts.judge(world.store, scene, bid_id, now=OPENED)
    with world.store.writing() as session:
        verdicts.send_to_review(session, world.actors["C"], scene.round_id, now=OPENED)
    world.values[f"bid of {scene.round_id}"] = bid_id
    return scene, bid_id


def _fix(world: World, scene: Scene, *, reserves: int = RESERVES) -> str:
    with world.store.writing() as session:
        return draws.fix(
            session,
            world.actors["EO"],
            scene.round_id,
            "t1",
            [Wanted("", 5, reserves)],
            seed=_seed(session, world.actors["X"]),
            now=OPENED,
            new_id=NEW_ID,
        )


def _seed(session: Session, first: Actor) -> bytes:
    """A seed by which somebody is drawn first, whatever the ids of the others are."""
    entries = session.exec(select(PoolExpert)).all()
    own, ids = next(one.id for one in entries if one.account_id == first.account_id), [one.id for one in entries]
    seeds = (bytes([number]) * drawing.SEED_BYTES for number in range(256))
    return next(one for one in seeds if drawing.order(draw_records.mixed(one, WORDS), ids)[0] == own)


def _fixed(world: World) -> None:
    _reviewed(world, "unlisted")
    scene, _bid = _reviewed(world, "listed")
    world.subjects["draw open"] = {"round_id": scene.round_id, "draw_id": _fix(world, scene)}


def _drawn(world: World, name: str, people: list[Actor], *, reserves: int = RESERVES) -> Panel:
    scene, bid_id = _reviewed(world, name)
    draw_id = _fix(world, scene, reserves=reserves)
    with world.store.writing() as session:
        draws.draw(session, world.actors["O"], scene.round_id, draw_id, words=WORDS, now=OPENED, new_id=NEW_ID)
    if name == "panelled":
        world.subjects["draw made"] = {"round_id": scene.round_id, "draw_id": draw_id}
    return market.seated(world.store, scene, [world.actors["PO"]], [bid_id], people)


def _at_work(world: World, people: list[Actor]) -> None:
    """One judges and leads, one has a doubt, the rest are asked; two stand by; the bidder asks for a recusal."""
    panel = _drawn(world, "panelled", people)
    round_id, (bid_id,) = panel.scene.round_id, panel.bids
    _declare(world, panel, 0)
    market.declare(world.store, panel, panel.expert(1), {bid_id: Said(Answer.DOUBT, "曾在同一课题组。")}, now=OPENED)
    with world.store.writing() as session:
        members.lead(session, world.actors["EO"], round_id, panel.drawn[0], as_deputy=False, now=OPENED)
        request = requests.file(
            session, world.actors["PO"], bid_id, person="顾明远", unit="", text="有纠纷。", now=OPENED, new_id=NEW_ID
        )
        doubts = select(PanelConflict.id).where(PanelConflict.member_id == panel.drawn[1])
        conflict = session.exec(doubts.order_by(PanelConflict.id)).all()[0]
    seats = {"judging": panel.drawn[0], "declared": panel.drawn[1], "asked": panel.drawn[2]}
    for name, member_id in {**seats, "next": panel.reserves[0], "later": panel.reserves[1]}.items():
        world.subjects[f"member {name}"] = {"round_id": round_id, "member_id": member_id}
    world.subjects["conflict"] = {"round_id": round_id, "conflict_id": conflict}
    world.subjects["recusal"] = {"round_id": round_id, "request_id": request}


def _lacking(world: World, people: list[Actor]) -> None:
    """Three have handed in and two declined; nobody stands by, and one is left in the pool."""
    panel = _drawn(world, "lacking", people, reserves=0)
    market.judged_by(world.store, panel, Method.MEAN)  # a mean of three stands, a trimmed one does not
    for number in range(3):
        _declare(world, panel, number)
    for number in (3, 4):
        with world.store.writing() as session:
            members.decline(
                session, panel.expert(number), panel.scene.round_id, reason="出差", now=OPENED, new_id=NEW_ID
            )
    _lead_and_mark(world, panel, 3)
    drawn = {panel.experts[one].account_id for one in panel.drawn}
    with world.store.reading() as session:
        spare = session.exec(
            select(PoolExpert).where(PoolExpert.state == ExpertState.LISTED).order_by(PoolExpert.id)
        ).all()
    world.values["spare expert"] = next(one.id for one in spare if one.account_id not in drawn)


def _frozen(world: World, people: list[Actor]) -> None:
    panel = _drawn(world, "judged", people)
    for number in range(5):
        _declare(world, panel, number)
    _lead_and_mark(world, panel, 5)
    assert market.tick(world.store, panel, now=OPENED) is RoundState.CONSENSUS
    with world.store.writing() as session:
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=OPENED, new_id=NEW_ID)
    world.subjects["table"] = {"round_id": panel.scene.round_id, "number": "1"}
    world.subjects["member locked"] = {"round_id": panel.scene.round_id, "member_id": panel.drawn[0]}


def _declare(world: World, panel: Panel, number: int) -> None:
    """Let somebody declare that there is nothing; that X writes from the bidder's mail domain does not matter."""
    market.declare(world.store, panel, panel.expert(number), now=OPENED)
    with world.store.writing() as session:
        for one in conflicts.undecided(session, panel.drawn[number]):
            recusals.decide(
                session,
                world.actors["O"],
                panel.scene.round_id,
                one.id,
                excludes=False,
                note="公共邮箱",
                now=OPENED,
                new_id=NEW_ID,
            )


def _lead_and_mark(world: World, panel: Panel, experts: int) -> None:
    for number, as_deputy in ((0, False), (1, True)):
        with world.store.writing() as session:
            members.lead(
                session,
                world.actors["EO"],
                panel.scene.round_id,
                panel.drawn[number],
                as_deputy=as_deputy,
                now=OPENED,
            )
    for number in range(experts):
        market.mark(world.store, panel, panel.expert(number), panel.bids[0], now=OPENED)
