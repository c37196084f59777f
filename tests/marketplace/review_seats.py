"""Experts who are put into a panel one by one and by hand, where a market holds other people than `review_market` draws."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from marketplace.accounts.actors import Actor
from marketplace.experts.tables import PoolExpert
from marketplace.experts.words import ExpertField, ExpertState
from marketplace.kernel.db import Store
from marketplace.rounds.checking import verdicts
from marketplace.rounds.panels import conflicts, inviting, members, recusals
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.reviewing import desks, sheets
from marketplace.rounds.words import RoundState
from tests.marketplace import round_acts as acts
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import FULL
from tests.marketplace.round_market import Scene

MOST_AT_ONCE = 20


def enter(store: Store, people: Sequence[Actor], *, region: str, by: Actor, now: datetime) -> None:
    """Put people into the pool of a region, without ties to anybody."""
    with store.writing() as session:
        for one in people:
            there = select(PoolExpert).where(PoolExpert.account_id == one.account_id, PoolExpert.region == region)
            if (known := session.exec(there).first()) is not None:
                known.state, known.most_at_once = ExpertState.LISTED, MOST_AT_ONCE
                session.add(known)
                continue
            entry = PoolExpert(
                id=NEW_ID(),
                account_id=one.account_id,
                region=region,
                state=ExpertState.LISTED,
                fields=[ExpertField.TECHNOLOGY.value],
                terms=[],
                most_at_once=MOST_AT_ONCE,
                created_by=by.account_id,
                created_at=now,
                listed_at=now,
                updated_at=now,
            )
            session.add(entry)


def begin(store: Store, scene: Scene, bid_ids: Sequence[str], *, now: datetime) -> None:
    """Find bids eligible and send them to the experts."""
    for bid_id in bid_ids:
        acts.judge(store, scene, bid_id, now=now)
    with store.writing() as session:
        verdicts.send_to_review(session, scene.checkers[0], scene.round_id, now=now)


def name(store: Store, scene: Scene, person: Actor, *, now: datetime) -> str:
    """Name somebody by hand, who is invited with it; gives the member's id."""
    with store.writing() as session:
        return inviting.name(
            session,
            scene.issuer,
            scene.round_id,
            "t1",
            _entry(session, person),
            reason="专家库人数不足，无法抽取。",
            now=now,
            new_id=NEW_ID,
        )


def declare(
    store: Store, scene: Scene, person: Actor, bid_ids: Sequence[str], *, now: datetime, doubts: Sequence[str] = ()
) -> None:
    """Declare that there is nothing, or a doubt; without a doubt the office finds nothing in what the rules ask either."""
    said = {
        one: Said(Answer.DOUBT, "同为市人工智能行业协会理事。") if one in doubts else Said(Answer.NONE)
        for one in bid_ids
    }
    with store.writing() as session:
        members.declare(session, person, scene.round_id, said, agrees=True, now=now, new_id=NEW_ID)
    if doubts:
        return
    with store.writing() as session:
        member = members.own(session, person, scene.round_id)
        for one in conflicts.undecided(session, member.id):
            recusals.decide(
                session,
                scene.issuer,
                scene.round_id,
                one.id,
                excludes=False,
                note="不影响公正。",
                now=now,
                new_id=NEW_ID,
            )


def own_sheets(store: Store, scene: Scene, person: Actor) -> list[str]:
    """The ids of somebody's sheets, by code."""
    with store.reading() as session:
        return [one.sheet_id for one in desks.lines(session, person, scene.round_id)]


def mark(store: Store, scene: Scene, person: Actor, *, now: datetime, fields: dict[str, str] | None = None) -> None:
    """Fill in every sheet of somebody, and hand it in."""
    for sheet_id in own_sheets(store, scene, person):
        with store.writing() as session:
            sheets.save(session, person, sheet_id, fields or FULL, now=now)
        with store.writing() as session:
            sheets.submit(session, person, sheet_id, now=now)


def lead(store: Store, scene: Scene, chair: Actor, deputy: Actor, *, now: datetime) -> None:
    """Name the chair and the deputy."""
    with store.writing() as session:
        for person, as_deputy in ((chair, False), (deputy, True)):
            own = members.own(session, person, scene.round_id).id
            members.lead(session, scene.issuer, scene.round_id, own, as_deputy=as_deputy, now=now)


def close(store: Store, scene: Scene, *, now: datetime) -> None:
    """Let the clock close the review, where everything is in."""
    assert market.tick(store, scene, now=now) is RoundState.CONSENSUS


def _entry(session: Session, person: Actor) -> str:
    own = select(PoolExpert.id).where(
        PoolExpert.account_id == person.account_id, PoolExpert.state == ExpertState.LISTED
    )
    return session.exec(own).one()
