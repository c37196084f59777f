"""Rounds of the matrix's market that experts judge: X is asked, waits, judges, sits together, or has left.

The panel beside it are people who are no personas; everybody is named by hand, since a draw would choose for itself.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from marketplace.accounts import accounts, grants
from marketplace.accounts.words import Role
from marketplace.rounds.panels import recusals
from marketplace.rounds.sheet_tables import ReviewedBid
from tests.marketplace import review_seats as seats
from tests.marketplace.market import NEW_ID, REGION
from tests.marketplace.round_market import Scene
from tests.web.matrix.world import QUICK, World

PANEL: Final = ("J1", "J2", "J3", "J4")
"""Who judges beside X."""
JUDGED_AT: Final = datetime(2026, 11, 19, 3, tzinfo=UTC)
Opened = Callable[[str], tuple[Scene, str]]
"""Makes a round of a name, opened, with one bid."""


def fill(world: World, opened: Opened) -> None:
    """Put X into a round in every state that its desk has."""
    _pool(world)
    expert = world.actors["X"]
    for name in ("invited", "declared", "judging", "handed in", "left", "consensus"):
        scene, bid_id = opened(name)
        seats.begin(world.store, scene, [bid_id], now=JUDGED_AT)
        with world.store.reading() as session:
            code = session.get_one(ReviewedBid, bid_id).code
        world.subjects[f"round {name}"] |= {"bid_id": bid_id, "code": code}
        seats.name(world.store, scene, expert, now=JUDGED_AT)
        if name == "invited":
            continue
        doubts = [bid_id] if name == "declared" else []
        seats.declare(world.store, scene, expert, [bid_id], now=JUDGED_AT, doubts=doubts)
        if name == "declared":
            continue
        own = seats.own_sheets(world.store, scene, expert)[0]
        world.subjects[f"sheet {name}"] = {"sheet_id": own, "number": "1"}
        if name in {"handed in", "consensus"}:
            seats.mark(world.store, scene, expert, now=JUDGED_AT)
        if name == "consensus":
            _sit_together(world, scene, bid_id)
        if name == "left":
            _leave(world, scene)


def _pool(world: World) -> None:
    with world.store.writing() as session:
        for key in PANEL:
            account_id = accounts.create(
                session,
                email=f"{key.lower()}@zhuanjia.cn",
                name=f"评{key}",
                password_hash=QUICK.hash("a pass phrase of nobody"),
                now=JUDGED_AT,
                new_id=NEW_ID,
            )
            grants.give(
                session,
                account_id=account_id,
                role=Role.EXPERT,
                region=REGION,
                organisation_id=None,
                now=JUDGED_AT,
                new_id=NEW_ID,
            )
            world.actors[key] = accounts.actor(session, account_id)
    people = [world.actors[key] for key in ("X", *PANEL)]
    seats.enter(world.store, people, region=REGION, by=world.actors["O"], now=JUDGED_AT)


def _sit_together(world: World, scene: Scene, bid_id: str) -> None:
    """X leads a panel whose sheets are all in."""
    others = [world.actors[key] for key in PANEL]
    for one in others:
        seats.name(world.store, scene, one, now=JUDGED_AT)
    for one in others:
        seats.declare(world.store, scene, one, [bid_id], now=JUDGED_AT)
        seats.mark(world.store, scene, one, now=JUDGED_AT)
    seats.lead(world.store, scene, world.actors["X"], others[0], now=JUDGED_AT)
    seats.close(world.store, scene, now=JUDGED_AT)


def _leave(world: World, scene: Scene) -> None:
    with world.store.writing() as session:
        recusals.leave(
            session, world.actors["X"], scene.round_id, reason="受聘于发榜单位。", now=JUDGED_AT, new_id=NEW_ID
        )
