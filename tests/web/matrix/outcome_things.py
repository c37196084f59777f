"""The rounds of the matrix's market whose outcome is being made: before the decision, in publicity, awarded.

PO bids in each. C and K decide where the result is public; EE and C where it is not decided yet.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from marketplace.accounts.actors import Actor
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.words import EvidenceKind
from marketplace.experts.rules.drawing import Wanted
from marketplace.rounds.checking import verdicts
from marketplace.rounds.deciding import handling, objections
from marketplace.rounds.making import appointments
from marketplace.rounds.outcome_words import Ground, ObjectionEvent, Remedy
from marketplace.rounds.panels import draws
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import outcome_acts, review_market
from tests.marketplace import round_acts as acts
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.outcome_acts import TOLD
from tests.marketplace.review_market import SEED, Panel, make_expert
from tests.web.matrix.round_things import _bid, open_one
from tests.web.matrix.world import World

EARLY: Final = {"publish_at": "2026-10-20T09:00", "deadline": "2026-11-05T17:30"}
CLOSED: Final = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
JUDGED: Final = datetime(2026, 11, 6, 2, tzinfo=UTC)
DECIDED: Final = datetime(2026, 11, 9, 2, tzinfo=UTC)
OVER: Final = datetime(2026, 11, 16, 16, tzinfo=UTC)
"""Five working days after Monday the 9th end on Monday the 16th, 24:00; the winner confirms by Monday the 23rd."""
LATELY: Final = datetime(2026, 11, 19, 6, tzinfo=UTC)
"""A publicity that begins then runs still."""
PROOF: Final = b"%PDF-1.4\n% proof"
NOTE: Final = "集体研究，三人参加，一致同意。"


def fill(world: World) -> None:
    """Put every round in its place, and the objections to one result."""
    people = [
        make_expert(world.store, name, email=f"zhuanjia-{number}@pingshen.cn")
        for number, name in enumerate(review_market.NAMES)
    ]
    with review_market.alone_in_the_pool(world.store, people):
        _judged(world, "decision", people, deciders=("EE", "C"))
        _published(world, "public", people, at=LATELY)
        _objected(world, _published(world, "contested", people, at=LATELY))
        awarded = _published(world, "awarded", people, at=DECIDED)
    assert review_market.tick(world.store, awarded, now=OVER) is RoundState.AWARDED


def _judged(world: World, name: str, people: Sequence[Actor], *, deciders: Sequence[str]) -> Panel:
    store = world.store
    scene = open_one(world, name, EARLY)
    bid_id = _bid(world, scene, name)
    acts.seal(store, scene, at=CLOSED)
    acts.open_bids(store, scene, now=JUDGED)
    acts.judge(store, scene, bid_id, now=JUDGED)
    with store.writing() as session:
        verdicts.send_to_review(session, world.actors["C"], scene.round_id, now=JUDGED)
    with store.writing() as session:
        wanted = [Wanted("", 5, 3)]
        draw = draws.fix(session, scene.issuer, scene.round_id, "t1", wanted, seed=SEED, now=JUDGED, new_id=NEW_ID)
    with store.writing() as session:
        draws.draw(session, world.actors["C"], scene.round_id, draw, words="3 5 6 1", now=JUDGED, new_id=NEW_ID)
    panel = review_market.seated(store, scene, [world.actors["PO"]], [bid_id], people)
    review_market.declare_all(store, panel, now=JUDGED)
    marks = {number: points[:1] for number, points in outcome_acts.MARKS.items()}
    review_market.mark_all(store, panel, marks, now=JUDGED)
    assert market.tick(store, scene, now=JUDGED) is RoundState.CONSENSUS
    with store.writing() as session:
        consensus.confirm(session, panel.expert(0), scene.round_id, now=JUDGED, new_id=NEW_ID)
    for key in deciders:
        who = world.actors[key].account_id
        with store.writing() as session:
            appointments.appoint(session, scene.issuer, scene.round_id, Post.DECIDER, who, now=JUDGED, new_id=NEW_ID)
    return panel


def _published(world: World, name: str, people: Sequence[Actor], *, at: datetime) -> Panel:
    panel = _judged(world, name, people, deciders=("C", "K"))
    for key in ("C", "K"):
        state = outcome_acts.decide(world.store, panel, world.actors[key], note=NOTE, now=at)
    assert state is RoundState.PUBLICITY
    return panel


def _objected(world: World, panel: Panel) -> None:
    """QO's waits to be taken, XO's is taken, W's was not taken and is appealed, N's is upheld."""
    store, handler = world.store, world.actors["O"]
    found = {}
    stored = world.installation.files.put(PROOF, limit_bytes=len(PROOF))
    proof = GivenFile("注册地证明.pdf", EvidenceKind.PDF, stored)
    for key in ("QO", "XO", "W", "N"):
        with store.writing() as session:
            found[key] = objections.file(
                session,
                world.actors[key],
                panel.scene.round_id,
                TOLD,
                files=[proof] if key == "XO" else [],
                now=LATELY,
                new_id=NEW_ID,
            )
    for key in ("XO", "N"):
        with store.writing() as session:
            handling.take(session, handler, found[key], now=LATELY, new_id=NEW_ID)
    with store.writing() as session:
        handling.refuse(
            session, handler, found["W"], ground=Ground.NO_EVIDENCE, answer="没有证据。", now=NOW, new_id=NEW_ID
        )
    with store.writing() as session:
        objections.appeal(session, world.actors["W"], found["W"], text="已经说明来源。", now=NOW, new_id=NEW_ID)
    with store.writing() as session:
        handling.decide(
            session,
            handler,
            found["N"],
            ObjectionEvent.UPHOLD,
            answer="经核查属实。",
            remedy=Remedy.DECIDE_AGAIN,
            now=NOW,
            new_id=NEW_ID,
        )
    for name, key in (("filed", "QO"), ("taken", "XO"), ("appealed", "W"), ("upheld", "N")):
        world.subjects[f"objection {name}"] = {"round_id": panel.scene.round_id, "objection_id": found[key]}
