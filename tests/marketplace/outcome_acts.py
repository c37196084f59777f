"""What deciders, objectors and winners do in the rounds of `review_market`, in one line each."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import Role
from marketplace.kernel.db import Store
from marketplace.rounds import held
from marketplace.rounds.deciding import decisions, handling, objections
from marketplace.rounds.deciding.objections import Told
from marketplace.rounds.making import appointments
from marketplace.rounds.outcome_words import ObjectionEvent, Remedy
from marketplace.rounds.reviewing import consensus
from marketplace.rounds.round_tables import Round
from marketplace.rounds.rules.deciding import Pick, departures, proposed
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, REGION, make_person
from tests.marketplace.review_market import REVIEW, Panel

DECIDED = REVIEW + timedelta(days=2)
MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
"""As scored the bids are first, third and second: 83.00, 75.00 and 78.33."""
TOLD = Told(
    name="何一人",
    phone="13900000000",
    email="",
    what="拟中选方不满足注册地条件。",
    rule="公告第三条：注册地在福建省内。",
    evidence="其营业执照载明住所在江西省。",
    wanted="取消其拟中选资格。",
)


def decided_panel(store: Store, folder: Path, *names: str) -> tuple[Panel, Actor, Actor]:
    """A round whose scores are frozen, with two deciders."""
    panel = market.drawn_panel(store, folder, *names)
    market.declare_all(store, panel)
    marks = {number: (*points, *(22 for _ in panel.bids))[: len(panel.bids)] for number, points in MARKS.items()}
    market.mark_all(store, panel, marks)
    assert market.tick(store, panel) is RoundState.CONSENSUS
    with store.writing() as session:
        consensus.confirm(session, panel.expert(0), panel.scene.round_id, now=REVIEW, new_id=NEW_ID)
    return (panel, *make_deciders(store, panel))


def make_deciders(store: Store, panel: Panel) -> tuple[Actor, Actor]:
    """Two people of the region's office who decide."""
    found = []
    for name, email in (("决定一", "jueding-1@example.com"), ("决定二", "jueding-2@example.com")):
        person = make_person(store, role=Role.ORGANISER, region=REGION, email=email, name=name)
        with store.writing() as session:
            appointments.appoint(
                session,
                panel.scene.issuer,
                panel.scene.round_id,
                Post.DECIDER,
                person.account_id,
                now=REVIEW,
                new_id=NEW_ID,
            )
        found.append(person)
    return found[0], found[1]


def picks_of(store: Store, panel: Panel, decider: Actor) -> dict[str, Pick]:
    """The decision that follows the ranking; bids that share a place are told apart with a reason."""
    with store.reading() as session:
        page = decisions.get(session, decider, panel.scene.round_id)
    picks = proposed(page.ranking.standings, page.ranking.limits)
    tied = departures(picks, page.ranking.standings)
    return {
        bid: replace(pick, reason="同分，按实施条件排定先后。") if bid in tied else pick for bid, pick in picks.items()
    }


def decide(
    store: Store,
    panel: Panel,
    decider: Actor,
    picks: Mapping[str, Pick] | None = None,
    *,
    note: str = "12月12日集体研究，参加人五名，一致同意。",
    now: datetime = DECIDED,
) -> RoundState:
    """Let one decider decide; without picks as the ranking says."""
    with store.reading() as session:
        page = decisions.get(session, decider, panel.scene.round_id)
    wanted = picks_of(store, panel, decider) if picks is None else picks
    with store.writing() as session:
        return decisions.decide(
            session,
            decider,
            panel.scene.round_id,
            wanted,
            note=note,
            scores_digest=page.ranking.digest,
            now=now,
            new_id=NEW_ID,
        )


def published(store: Store, folder: Path, *names: str) -> tuple[Panel, Actor, Actor]:
    """A round whose result is public."""
    panel, one, other = decided_panel(store, folder, *names)
    assert decide(store, panel, one) is RoundState.DECISION
    assert decide(store, panel, other) is RoundState.PUBLICITY
    return panel, one, other


def object_to(store: Store, panel: Panel, actor: Actor, *, told: Told = TOLD, now: datetime = DECIDED) -> str:
    """File an objection; gives its id."""
    with store.writing() as session:
        return objections.file(session, actor, panel.scene.round_id, told, now=now, new_id=NEW_ID)


def take(store: Store, panel: Panel, objection_id: str, *, now: datetime = DECIDED) -> None:
    """Let the taker of objections take it."""
    with store.writing() as session:
        handling.take(session, panel.scene.posts[Post.OBJECTIONS], objection_id, now=now, new_id=NEW_ID)


def settle(
    store: Store,
    panel: Panel,
    objection_id: str,
    event: ObjectionEvent,
    *,
    remedy: Remedy | None = None,
    bids: tuple[str, ...] = (),
    by: Actor | None = None,
    now: datetime = DECIDED,
) -> None:
    """Let the taker of objections decide, or whoever is named."""
    with store.writing() as session:
        handling.decide(
            session,
            by or panel.scene.posts[Post.OBJECTIONS],
            objection_id,
            event,
            answer="经核查营业执照原件，情况如上。",
            remedy=remedy,
            bid_ids=bids,
            now=now,
            new_id=NEW_ID,
        )


def row_of(store: Store, panel: Panel) -> Round:
    """The round as it stands."""
    with store.reading() as session:
        return held.get(session, panel.scene.round_id)
