"""What happens at the same moment, in real transactions of many threads: one wins, the others are told, nothing is half done."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlmodel import select

from marketplace.accounts.words import Role
from marketplace.kernel import audit
from marketplace.kernel.db import Store
from marketplace.kernel.errors import Refusal
from marketplace.rounds.bid_tables import Bid, BidDraft, BidVersion
from marketplace.rounds.bidding import drafts, submissions
from marketplace.rounds.bidding.keyring import Keyring
from marketplace.rounds.checking import corrections
from marketplace.rounds.making import addenda
from marketplace.rounds.round_tables import RoundNotice
from marketplace.rounds.words import BidState, Post, RoundState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, make_person
from tests.marketplace.round_acts import DAY, INSTANT, OPENS, done, opened_round, seal, state_of, turn
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT

LATER = PUBLISH_AT + DAY
MANY = 50


def at_once(acts: Sequence[Callable[[], object]]) -> Counter[str]:
    """Do everything at the same moment; gives what came of it: the code of a refusal, or the result."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        barrier.wait()
        try:
            return str(act())
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def test_of_fifty_submissions_of_one_bid_one_wins(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    version = market.fill(store, scene, bidder, bid_id)

    came = at_once([lambda: market.submit(store, scene, bidder, bid_id, version=version).number] * MANY)

    assert came == {"1": 1, "already_handed_in": MANY - 1}
    with store.reading() as session:
        (row,) = session.exec(select(BidVersion)).all()
        assert (row.bid_id, row.number) == (bid_id, 1)
        assert session.exec(select(BidDraft)).all() == []
        assert session.get_one(Bid, bid_id).version == 1
        assert done(session, "bid", bid_id) == ["begun", "submitted"]
        assert audit.verify(session) == []
    assert list(Keyring(tmp_path / "draft-keys").ids()) == []
    # What was sealed for the others was never kept.
    assert set(scene.files.digests()) == {row.sealed_digest, *row.files}


def test_whoever_begins_a_bid_at_the_same_moment_gets_the_same_one(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    assert bidder.organisation_id is not None
    second = make_person(store, role=Role.OPC, organisation_id=bidder.organisation_id, email="er@example.com")

    came = at_once([lambda who=who: market.begin_bid(store, scene, who) for who in (bidder, second) * 10])

    assert list(came.values()) == [20]
    assert len(list(Keyring(tmp_path / "draft-keys").ids())) == 1


def test_saving_submitting_and_withdrawing_at_once_leave_one_whole_state(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语视觉", email="yi@example.com")
    bid_id = market.make_bid(store, scene, bidder).bid_id
    with store.writing() as session:
        drafts.take_up(session, bidder, bid_id, now=LATER, new_id=NEW_ID)
    version = market.fill(store, scene, bidder, bid_id)

    def save() -> str:
        with store.writing() as session:
            drafts.save(session, bidder, bid_id, {"plan": "改了"}, version=version, now=LATER)
        return "saved"

    def withdraw() -> str:
        with store.writing() as session:
            submissions.withdraw(session, bidder, bid_id, arrived=LATER, now=LATER)
        return "withdrawn"

    def submit() -> str:
        market.submit(store, scene, bidder, bid_id, version=version, arrived=LATER)
        return "submitted"

    came = at_once([save, withdraw, submit] * 6)

    assert came["withdrawn"] == 1
    assert came["submitted"] <= 1
    with store.reading() as session:
        bid = session.get_one(Bid, bid_id)
        numbers = [one.number for one in session.exec(select(BidVersion).order_by(BidVersion.number))]
        assert (bid.state, session.get(BidDraft, bid_id)) == (BidState.WITHDRAWN, None)
        assert numbers == list(range(1, bid.version + 1)) == list(range(1, 2 + came["submitted"]))
        assert audit.verify(session) == []


def test_the_deadline_falls_between_submissions_and_none_is_half_in(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidders = [market.make_bidder(store, f"单位{n}", email=f"d{n}@example.com") for n in range(6)]
    bids = [market.begin_bid(store, scene, one) for one in bidders]
    versions = [market.fill(store, scene, one, bid) for one, bid in zip(bidders, bids, strict=True)]
    before = DEADLINE - INSTANT

    def submit(place: int) -> str:
        market.submit(store, scene, bidders[place], bids[place], version=versions[place], arrived=before, now=DEADLINE)
        return "in"

    acts: list[Callable[[], object]] = [lambda place=place: submit(place) for place in range(6)]
    came = at_once([*acts, lambda: market.tick(store, scene, now=DEADLINE)])

    with store.reading() as session:
        states = Counter(bid.state for bid in session.exec(select(Bid)))
        given = len(session.exec(select(BidVersion)).all())
    live = states[BidState.SUBMITTED] + states[BidState.RETURNED]
    assert live == given == came["in"]
    assert states[BidState.LAPSED] == 6 - live


def test_an_addendum_at_the_same_moment_leaves_no_bid_unasked(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidders = [market.make_bidder(store, f"单位{n}", email=f"d{n}@example.com") for n in range(5)]
    bids = [market.begin_bid(store, scene, one) for one in bidders]
    versions = [market.fill(store, scene, one, bid) for one, bid in zip(bidders, bids, strict=True)]
    again = market.make_bid(store, scene, market.make_bidder(store, "已交", email="jiao@example.com"))
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=LATER, new_id=NEW_ID)
    market.write(store, scene.issuer, scene.round_id, {"terms": "补充"}, now=LATER)

    def publish() -> int:
        with store.writing() as session:
            return addenda.publish(
                session, scene.issuer, scene.round_id, version=2, reason="补充", now=LATER, new_id=NEW_ID
            )

    def submit(place: int) -> str:
        market.submit(store, scene, bidders[place], bids[place], version=versions[place], arrived=LATER)
        return "in"

    acts: list[Callable[[], object]] = [lambda place=place: submit(place) for place in range(5)]
    came = at_once([*acts, publish, publish])

    assert (came["2"], came["in"]) == (1, 5)
    with store.reading() as session:
        assert len(session.exec(select(RoundNotice)).all()) == 2
        for bid in session.exec(select(Bid)):
            asked = bid.state is BidState.NEEDS_RECONFIRM
            assert asked == (bid.notice_number == 1), bid.id
    assert state_of(store, again.bid_id) is BidState.NEEDS_RECONFIRM


@pytest.mark.parametrize("times", range(2))
def test_taking_a_bid_up_again_never_stands_against_an_addendum(store: Store, tmp_path: Path, times: int) -> None:
    """Each waits for the round first, and for the bid then: neither can hold what the other one waits for."""
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, f"单位{times}", email="yi@example.com")
    bid_id = market.make_bid(store, scene, bidder).bid_id

    def take_up() -> str:
        with store.writing() as session:
            drafts.take_up(session, bidder, bid_id, now=LATER, new_id=NEW_ID)
        return "open"

    def amend() -> int:
        with store.writing() as session:
            addenda.begin(session, scene.issuer, scene.round_id, now=LATER, new_id=NEW_ID)
        market.write(store, scene.issuer, scene.round_id, {"terms": "补充"}, now=LATER)
        with store.writing() as session:
            return addenda.publish(
                session, scene.issuer, scene.round_id, version=2, reason="补充", now=LATER, new_id=NEW_ID
            )

    came = at_once([take_up, take_up, amend, take_up, take_up])

    assert came == {"open": 4, "2": 1}


def test_two_openers_at_the_same_moment_open_once(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bid_id = market.make_bid(store, scene, market.make_bidder(store, "木语", email="yi@example.com")).bid_id
    seal(store, scene)

    came = at_once([lambda post=post: turn(store, scene, post) for post in (Post.OPENER_A, Post.KEEPER) * 3])

    # Whoever comes once more before the second key counts once, and after it is told that it is done.
    assert came["True"] == 1
    assert sum(came.values()) == 6
    assert set(came) <= {"True", "False", "not_sealed"}
    assert (state_of(store, bid_id), market.row_of(store, scene).state) == (BidState.OPENED, RoundState.ELIGIBILITY)
    with store.reading() as session:
        assert done(session, "round", scene.round_id).count("opened") == 1


def test_two_checkers_ask_for_corrections_at_the_same_moment(store: Store, tmp_path: Path) -> None:
    scene, _bidders, handed = opened_round(store, tmp_path, "甲", "乙")

    def ask(place: int) -> str:
        with store.writing() as session:
            corrections.ask(
                session,
                scene.checkers[place],
                handed[place].bid_id,
                "c1",
                reason="不清",
                hours=24 + place,
                now=OPENS,
                new_id=NEW_ID,
            )
        return "asked"

    assert at_once([lambda: ask(0), lambda: ask(1), lambda: ask(0), lambda: ask(1)]) == {
        "asked": 2,
        "not_in_this_state": 2,
    }
    assert market.row_of(store, scene).next_check == OPENS + DAY
