"""The expert pool of the matrix's market: an entry in every state, with ties of its expert and of the office."""

from typing import Final

from marketplace.accounts.actors import Actor
from marketplace.experts import applications, entries, invitations, moves, relations, ties
from marketplace.experts.words import ExpertEvent
from tests.marketplace.expert_market import EMPLOYED, FORM, RELATIVE
from tests.marketplace.market import NEW_ID, NOW, PASSWORD_HASH, REGION
from tests.web.matrix.world import World

REASON: Final = "近期没有时间参加评审"
OWNERS: Final = {"listed": "X", "applied": "B", "refused": "PR", "left": "XO"}
"""Whose the entry in each state is. Who is listed becomes staff and owes a second factor: X alone, which has one."""
PAUSED: Final = {"paused": f"{REGION}/澄江区", "held": f"{REGION}/石岭县"}
"""Where X is paused, by itself and (`held`) by the office."""
INVITED: Final = "W"


def fill(world: World) -> None:
    """Put an entry into every state."""
    for state, key in OWNERS.items():
        _enter(world, state, world.actors[key])
    for state, region in PAUSED.items():
        _pause(world, state, region)
    world.subjects["expert invited"] = {"expert_id": _invite(world, world.actors[INVITED], REGION)}
    _link(world)


def _enter(world: World, state: str, person: Actor) -> None:
    office = world.actors["O"]
    with world.store.writing() as session:
        expert_id = applications.apply(
            session, person, REGION, form=FORM, stated_ties=[EMPLOYED], now=NOW, new_id=NEW_ID
        )
        world.subjects[f"expert {state}"] = {"expert_id": expert_id}
        if state == "applied":
            return
        if state == "left":
            moves.leave(session, person, expert_id, reason=REASON, now=NOW, new_id=NEW_ID)
            return
        event = ExpertEvent.REFUSE if state == "refused" else ExpertEvent.LIST
        applications.decide(session, office, expert_id, event=event, reason=REASON, version=1, now=NOW, new_id=NEW_ID)


def _pause(world: World, state: str, region: str) -> None:
    person, office = world.actors["X"], world.actors["O"]
    expert_id = _invite(world, person, region)
    by = person if state == "paused" else office
    with world.store.writing() as session:
        invitations.accept(session, person, expert_id, now=NOW, new_id=NEW_ID)
        moves.pause(session, by, expert_id, reason=REASON, now=NOW, new_id=NEW_ID)
        world.subjects[f"expert {state}"] = {"expert_id": expert_id}


def _invite(world: World, person: Actor, region: str) -> str:
    with world.store.writing() as session:
        expert_id = invitations.invite(
            session,
            world.actors["O"],
            email=person.email,
            name=person.name,
            region=region,
            password_hash=PASSWORD_HASH,
            now=NOW,
            new_id=NEW_ID,
        )
        entries.amend(session, person, expert_id, form=FORM, version=1, now=NOW)
        ties.add(session, person, expert_id, EMPLOYED, now=NOW, new_id=NEW_ID)
        return expert_id


def _link(world: World) -> None:
    own = world.subjects["expert listed"]["expert_id"]
    with world.store.writing() as session:
        for name, key in (("own", "X"), ("office", "O")):
            actor = world.actors[key]
            tie_id = ties.add(session, actor, own, EMPLOYED, now=NOW, new_id=NEW_ID)
            relation_id = relations.add(session, actor, own, RELATIVE, now=NOW, new_id=NEW_ID)
            world.subjects[f"expert tie {name}"] = {"expert_id": own, "tie_id": tie_id}
            world.subjects[f"expert relation {name}"] = {"expert_id": own, "relation_id": relation_id}
