"""The opening: any two of three, in either order, never one; what does not open is an incident, and nothing is dropped."""

from itertools import permutations
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.kernel.db import Store
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.rounds import keys, opening
from marketplace.rounds.bid_tables import BidOpening
from marketplace.rounds.bidding import submissions
from marketplace.rounds.checking import bids
from marketplace.rounds.making import stopping
from marketplace.rounds.round_tables import Round
from marketplace.rounds.seal_tables import RoundManifest, RoundMinutes, RoundSeal, RoundTurn
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_acts import (
    DAY,
    HOUR,
    OPENS,
    done,
    open_bids,
    refused,
    seal,
    state_of,
    told,
    turn,
)
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT


class UndoneError(Exception):
    """What was tried is not kept."""


def test_every_pair_opens_in_either_order(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bid_id = market.make_bid(store, scene, market.make_bidder(store, "木语视觉", email="yi@example.com")).bid_id
    seal(store, scene)

    def rehearse(*pair: Post) -> None:
        with store.writing() as session:
            found = [
                opening.turn(
                    session,
                    scene.posts[post],
                    scene.round_id,
                    scene.identities[post],
                    files=scene.files,
                    now=OPENS,
                    new_id=NEW_ID,
                )
                for post in pair
            ]
            said, _ = opening.minutes(session, scene.round_id)
            assert found == [False, True]
            assert session.get_one(BidOpening, bid_id).failure == ""
            assert {one["post"] for one in said["openers"]} == {one.value for one in pair}
            raise UndoneError

    for pair in permutations(keys.HOLDERS, 2):
        with pytest.raises(UndoneError):
            rehearse(*pair)
    assert (market.row_of(store, scene).state, state_of(store, bid_id)) == (RoundState.SEALED, BidState.SUBMITTED)
    assert turn(store, scene, Post.KEEPER) is False
    assert turn(store, scene, Post.OPENER_A, now=OPENS + HOUR) is True
    assert (market.row_of(store, scene).opened_at, state_of(store, bid_id)) == (OPENS + HOUR, BidState.OPENED)


def test_one_key_alone_opens_nothing_however_often_it_is_turned(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.make_bid(store, scene, bidder).bid_id
    for early in (PUBLISH_AT, DEADLINE):
        with refused("not_sealed"):
            turn(store, scene, Post.OPENER_A, now=early)
    seal(store, scene)

    for other in (scene.issuer, scene.approvers[0], scene.checkers[0], scene.table.organiser):
        with refused("not_an_opener", NotAllowed):
            turn(store, scene, Post.OPENER_A, person=other)
    with refused("not_of_the_round", NotAllowed):
        turn(store, scene, Post.OPENER_A, person=bidder)
    for wrong in (age.new_identity(), scene.identities[Post.OPENER_B], "", "AGE-SECRET-KEY-1"):
        with refused("wrong_passphrase", Invalid):
            turn(store, scene, Post.OPENER_A, identity=wrong)
    for _ in range(3):
        assert turn(store, scene, Post.OPENER_A) is False
    # The second one's passphrase has to be its own as well.
    with refused("wrong_passphrase", Invalid):
        turn(store, scene, Post.OPENER_B, identity=scene.identities[Post.OPENER_A])
    with store.reading() as session:
        assert len(session.exec(select(RoundTurn)).all()) == 2  # what the first leaves for each of the others
        assert session.get_one(RoundSeal, scene.round_id).identity is None
        assert session.exec(select(BidOpening)).all() == []
        assert session.get(RoundMinutes, scene.round_id) is None
        state = opening.state(session, scene.posts[Post.KEEPER], scene.round_id)
        assert (state.turned, state.is_open, state.live) == ((Post.OPENER_A,), False, 1)
        for stranger in (bidder, scene.table.opc):
            with refused("not_of_the_round", NotAllowed):
                opening.state(session, stranger, scene.round_id)
        with refused("no_minutes", NotFound):
            opening.minutes(session, scene.round_id)
        for checker in scene.checkers:
            with refused("bid_missing", NotFound):
                bids.get(session, checker, bid_id)
            with refused("not_a_checker", NotFound):
                bids.lines(session, checker, scene.round_id)
    # Nothing of what lies there is the holders' identity in the clear.
    with store.reading() as session:
        handed = [one.handed for one in session.exec(select(RoundTurn))]
    assert all(scene.identities[Post.OPENER_A].encode() not in one for one in handed)
    assert turn(store, scene, Post.KEEPER) is True
    with refused("not_sealed"):
        turn(store, scene, Post.OPENER_B)
    with store.reading() as session:
        assert done(session, "round", scene.round_id)[-4:] == ["key_turned", "key_turned", "opened", "destroyed"]
        assert told(session, bidder.account_id, "申报已开启") == 1
        assert told(session, scene.checkers[1].account_id, "请审查") == 1


def test_while_it_stands_still_nothing_opens_and_a_turned_key_stays_turned(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    market.make_bid(store, scene, market.make_bidder(store, "木语视觉", email="yi@example.com"))
    seal(store, scene)
    keeper = scene.posts[Post.KEEPER]

    def stop() -> None:
        with store.writing() as session:
            stopping.suspend(session, keeper, scene.round_id, reason="核查", now=OPENS, new_id=NEW_ID)

    def go_on() -> None:
        with store.writing() as session:
            stopping.resume(session, keeper, scene.round_id, reason="核查完", now=OPENS, new_id=NEW_ID)

    stop()
    with refused("suspended"):
        turn(store, scene, Post.OPENER_A)
    go_on()
    turn(store, scene, Post.OPENER_A)
    stop()
    with refused("suspended"):
        turn(store, scene, Post.OPENER_B)
    with store.reading() as session:
        assert session.get_one(RoundSeal, scene.round_id).identity is None
    go_on()
    assert turn(store, scene, Post.OPENER_B) is True
    # A stop after the deadline moves no deadline.
    assert market.row_of(store, scene).deadline == DEADLINE


def test_too_few_bids_are_not_opened(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bid_id = market.make_bid(store, scene, market.make_bidder(store, "木语视觉", email="yi@example.com")).bid_id
    seal(store, scene)
    with store.writing() as session:
        row = session.get_one(Round, scene.round_id)
        assert row.procedure is not None
        limits = {**row.procedure["limits"], "least_bids": {**row.procedure["limits"]["least_bids"], "value": 2}}
        row.procedure = {**row.procedure, "limits": limits}
    for post in keys.HOLDERS:
        with refused("too_few_bids"):
            turn(store, scene, post)
    assert state_of(store, bid_id) is BidState.SUBMITTED
    with store.reading() as session:
        assert session.exec(select(RoundTurn)).all() == []


def test_an_envelope_or_a_manifest_that_was_altered_opens_nothing(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    market.make_bid(store, scene, market.make_bidder(store, "木语视觉", email="yi@example.com"))
    seal(store, scene)
    foreign = age.encrypt(b"AGE-SECRET-KEY-1", [age.recipient_of(age.new_identity())])
    with store.writing() as session:
        held = session.get_one(RoundSeal, scene.round_id)
        kept, held.envelope_ab = held.envelope_ab, foreign
    turn(store, scene, Post.OPENER_A)
    with refused("wrong_envelope", Invalid):
        turn(store, scene, Post.OPENER_B)
    # The other pairs still open.
    assert market.row_of(store, scene).state is RoundState.SEALED
    with pytest.raises(Exception, match="written once"), store.writing() as session:
        session.get_one(RoundManifest, scene.round_id).digest = "0" * 64
    assert turn(store, scene, Post.KEEPER) is True
    with store.reading() as session:
        assert session.get_one(RoundSeal, scene.round_id).envelope_ab != kept


def test_holders_are_fixed_once_it_is_sealed_to_them(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    handed = market.make_bid(store, scene, bidder)
    with refused("holders_fixed"), store.writing() as session:
        made = Holder(age.recipient_of(age.new_identity()), b"x")
        keys.put(session, scene.posts[Post.OPENER_A], scene.round_id, made, now=PUBLISH_AT)
    seal(store, scene)
    open_bids(store, scene, now=OPENS + DAY)
    with store.reading() as session:
        assert submissions.receipt(session, bidder, handed.bid_id, 1).received_at == PUBLISH_AT
