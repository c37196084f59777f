"""What people do to the rounds of `round_market`, in one line each, and what came of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from marketplace.accounts.actors import Actor
from marketplace.accounts.message_tables import Message
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, Refusal
from marketplace.rounds import opening
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import drafts
from marketplace.rounds.bidding.submissions import Handed
from marketplace.rounds.checking import verdicts
from marketplace.rounds.making import addenda
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import DEADLINE, Scene

INSTANT = timedelta(milliseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OPENS = DEADLINE + HOUR


@contextmanager
def refused(code: str, kind: type[Refusal] = Conflict) -> Iterator[None]:
    """Expect a refusal of one kind with one code, and a sentence that says something."""
    with pytest.raises(kind) as refusal:
        yield
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")


def amend(
    store: Store,
    scene: Scene,
    fields: Mapping[str, str],
    *,
    now: datetime,
    reason: str = "补充说明",
) -> int:
    """Begin, write and publish an addendum; gives the notice's number."""
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=now, new_id=NEW_ID)
    market.write(store, scene.issuer, scene.round_id, fields, now=now)
    return publish_addendum(store, scene, now=now, reason=reason)


def publish_addendum(store: Store, scene: Scene, *, now: datetime, reason: str = "补充说明") -> int:
    """Publish the addendum that is being written; gives the notice's number."""
    with store.writing() as session:
        version = addenda.get(session, scene.issuer, scene.round_id, now=now).text.version
        return addenda.publish(
            session, scene.issuer, scene.round_id, version=version, reason=reason, now=now, new_id=NEW_ID
        )


def turn(
    store: Store,
    scene: Scene,
    post: Post,
    *,
    identity: str | None = None,
    person: Actor | None = None,
    now: datetime = OPENS,
) -> bool:
    """Let a holder turn its key; gives whether the bids are open now."""
    with store.writing() as session:
        return opening.turn(
            session,
            person or scene.posts[post],
            scene.round_id,
            scene.identities[post] if identity is None else identity,
            files=scene.files,
            now=now,
            new_id=NEW_ID,
        )


def open_bids(store: Store, scene: Scene, *, now: datetime = OPENS) -> None:
    """Let both openers turn their keys."""
    assert not turn(store, scene, Post.OPENER_A, now=now)
    assert turn(store, scene, Post.OPENER_B, now=now)


def seal(store: Store, scene: Scene, *, at: datetime = DEADLINE) -> None:
    """Let the deadline pass."""
    assert market.tick(store, scene, now=at) is RoundState.SEALED


def opened_round(
    store: Store, folder: Path, *names: str, procedure: str = "challenge", price: str = market.BID["price_amount"]
) -> tuple[Scene, list[Actor], list[Handed]]:
    """A round in its formal check, with a bid of each named unit."""
    scene = market.open_round(store, folder, procedure=procedure)
    bidders = [market.make_bidder(store, name, email=f"shenbao-{n}@example.com") for n, name in enumerate(names)]
    fields = {**market.BID, "price_amount": price}
    handed = [market.make_bid(store, scene, bidder, fields=fields) for bidder in bidders]
    seal(store, scene)
    open_bids(store, scene)
    return scene, bidders, handed


def judge(store: Store, scene: Scene, bid_id: str, *, is_eligible: bool = True, now: datetime = OPENS) -> BidState:
    """Let both checkers come to the same verdict."""
    state = BidState.OPENED
    condition, reason = ("", "") if is_eligible else ("c1", "营业执照载明的住所不在福建省内。")
    for checker in scene.checkers:
        with store.writing() as session:
            state = verdicts.give(
                session,
                checker,
                bid_id,
                is_eligible=is_eligible,
                condition=condition,
                reason=reason,
                now=now,
                new_id=NEW_ID,
            )
    return state


def state_of(store: Store, bid_id: str) -> BidState:
    """Where a bid stands."""
    with store.reading() as session:
        return session.get_one(Bid, bid_id).state


def draft_version(store: Store, bidder: Actor, bid_id: str) -> int:
    """The version of a bid's draft, 0 where none is open."""
    with store.reading() as session:
        return drafts.get(session, bidder, bid_id).draft_version


def told(session: Session, account_id: str, words: str) -> int:
    """How many messages with some words in their subject somebody has got."""
    subjects = session.exec(select(Message.subject).where(Message.account_id == account_id))
    return sum(words in subject for subject in subjects)


def done(session: Session, aggregate: str, aggregate_id: str) -> list[str]:
    """What the log says was done to a round or a bid, oldest first."""
    return [one.action.partition(".")[2] for one in audit.history(session, aggregate, aggregate_id)]


def bids_of(session: Session, round_id: str) -> list[Bid]:
    """The rows of a round's bids."""
    return list(session.exec(select(Bid).where(Bid.round_id == round_id).order_by(col(Bid.id))))
