"""Publication by the clock alone, and addenda: late ones, concurrent ones, ones that say nothing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict, NotAllowed, NotFound
from marketplace.kernel.tables import Job
from marketplace.rounds import rounds
from marketplace.rounds.bidding import submissions
from marketplace.rounds.making import addenda, texts
from marketplace.rounds.round_tables import Round, RoundNotice, RoundText
from marketplace.rounds.words import BidState, RoundState, TextState
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_acts import DAY, HOUR, INSTANT, amend, done, publish_addendum, refused, seal, state_of
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene

LATER = PUBLISH_AT + DAY
LAST_DAY = datetime(2026, 12, 4, 15, 59, tzinfo=UTC)
"""Friday 4 December, 23:59 in Beijing: three working days (7, 8, 9 December) follow it up to the deadline."""


def begin(store: Store, scene: Scene, *, now: datetime = LATER) -> None:
    """Begin an addendum."""
    with store.writing() as session:
        addenda.begin(session, scene.issuer, scene.round_id, now=now, new_id=NEW_ID)


def read(store: Store, scene: Scene, *, now: datetime = LATER) -> addenda.Addendum:
    """The addendum that is being written."""
    with store.reading() as session:
        return addenda.get(session, scene.issuer, scene.round_id, now=now)


def test_the_clock_alone_publishes_at_the_hour_and_once(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    market.schedule(store, scene)

    with store.reading() as session:
        announced = rounds.get(session, None, scene.round_id, now=PUBLISH_AT - INSTANT)
        assert (announced.state, announced.versions, announced.notice) == (RoundState.SCHEDULED, (), None)
    assert market.tick(store, scene, now=PUBLISH_AT - INSTANT) is RoundState.SCHEDULED
    assert market.tick(store, scene, now=PUBLISH_AT) is RoundState.OPEN
    before = market.row_of(store, scene).model_dump()
    assert market.tick(store, scene, now=PUBLISH_AT) is RoundState.OPEN
    assert market.row_of(store, scene).model_dump() == before
    assert (before["published_at"], before["published_number"], before["deadline"]) == (PUBLISH_AT, 1, DEADLINE)
    assert before["next_check"] == DEADLINE - 3 * DAY
    with store.reading() as session:
        assert done(session, "round", scene.round_id).count("published") == 1
        jobs = [job for job in session.exec(select(Job)) if job.payload.get("round_id") == scene.round_id]
        assert [job.payload["occasion"] for job in jobs] == ["published"]
        shown = rounds.get(session, None, scene.round_id, now=PUBLISH_AT).notice
        assert shown is not None
        assert shown.digest == session.get_one(RoundNotice, (scene.round_id, 1)).digest == shown.notice.digest


def test_a_missed_tick_changes_only_the_hour(store: Store, tmp_path: Path) -> None:
    scene = market.make_draft_round(store, tmp_path)
    market.schedule(store, scene)

    assert market.tick(store, scene, now=PUBLISH_AT + 5 * HOUR) is RoundState.OPEN
    row = market.row_of(store, scene)
    assert (row.published_at, row.publish_at, row.deadline) == (PUBLISH_AT + 5 * HOUR, PUBLISH_AT, DEADLINE)
    assert market.tick(store, scene, now=DEADLINE + 9 * HOUR) is RoundState.FAILED


def test_an_addendum_says_what_changes_and_unsettles_every_submitted_bid(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder, drafting = (market.make_bidder(store, name, email=f"{name}@example.com") for name in ("yi", "er"))
    handed = market.make_bid(store, scene, bidder)
    draft = market.begin_bid(store, scene, drafting)

    begin(store, scene)
    begin(store, scene)  # whoever of the unit begins again goes on
    assert (read(store, scene).changes, getattr(read(store, scene).against, "code", "")) == ((), "nothing_changed")
    with refused("nothing_changed"):
        publish_addendum(store, scene, now=LATER)
    market.write(
        store, scene.issuer, scene.round_id, {"publish_at": "2026-11-01T09:00", "condition-2-text": ""}, now=LATER
    )
    market.write(store, scene.issuer, scene.round_id, {"condition-4-text": "有固定办公场所"}, now=LATER)
    assert [(one.field, one.old, one.new) for one in read(store, scene).changes] == [
        ("c4", None, "有固定办公场所"),
        ("c2", "有同类项目经验", None),
    ]
    for actor, kind in ((scene.approvers[0], NotAllowed), (bidder, NotAllowed)):
        with pytest.raises(kind), store.writing() as session:
            addenda.publish(session, actor, scene.round_id, version=3, reason="x", now=LATER, new_id=NEW_ID)
    with refused("no_reason"):
        publish_addendum(store, scene, now=LATER, reason="  ")
    with refused("text_changed"), store.writing() as session:
        addenda.publish(session, scene.issuer, scene.round_id, version=1, reason="x", now=LATER, new_id=NEW_ID)
    assert publish_addendum(store, scene, now=LATER) == 2

    assert (state_of(store, handed.bid_id), state_of(store, draft)) == (BidState.NEEDS_RECONFIRM, BidState.DRAFT)
    row = market.row_of(store, scene)
    # The hour of publication is past: no addendum moves it.
    assert (row.publish_at, row.deadline, row.notice_number, row.published_number) == (PUBLISH_AT, DEADLINE, 2, 1)
    with store.reading() as session:
        page = rounds.get(session, None, scene.round_id, now=LATER)
        assert [(one.number, one.reason) for one in page.versions] == [(1, ""), (2, "补充说明")]
        assert page.notice is not None
        assert page.notice.notice.publish_at == PUBLISH_AT
        assert [one.key for one in page.notice.notice.conditions] == ["c1", "c4"]
    with refused("no_open_text", NotFound):
        publish_addendum(store, scene, now=LATER)


def test_a_late_addendum_must_move_the_deadline_far_enough_and_never_forward(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    assert amend(store, scene, {"terms": "补充一"}, now=LAST_DAY) == 2

    saturday = LAST_DAY + timedelta(minutes=1)
    begin(store, scene, now=saturday)
    market.write(store, scene.issuer, scene.round_id, {"terms": "补充二"}, now=saturday)
    # Saturday is followed by the same three working days; Monday by two.
    assert read(store, scene, now=saturday).against is None
    monday = LAST_DAY + 2 * DAY + timedelta(minutes=1)
    for deadline, code in (
        ("2026-12-09T17:30", "too_late_to_amend"),
        ("2026-12-09T17:31", "too_late_to_amend"),
        ("2026-12-08T17:30", "too_late_to_amend"),
        ("", "too_late_to_amend"),
        ("2026-12-10T00:00", ""),
    ):
        market.write(store, scene.issuer, scene.round_id, {"deadline": deadline}, now=monday)
        against = read(store, scene, now=monday).against
        assert ("" if against is None else against.code) == code, deadline
    market.write(store, scene.issuer, scene.round_id, {"deadline": "2026-12-09T17:29"}, now=saturday)
    with refused("deadline_earlier"):
        publish_addendum(store, scene, now=saturday)
    market.write(store, scene.issuer, scene.round_id, {"deadline": "2026-12-14T17:30"}, now=monday)
    assert publish_addendum(store, scene, now=monday) == 3

    moved = datetime(2026, 12, 14, 9, 30, tzinfo=UTC)
    assert market.row_of(store, scene).deadline == moved
    assert market.tick(store, scene, now=DEADLINE) is RoundState.OPEN
    assert market.tick(store, scene, now=moved - INSTANT) is RoundState.OPEN
    begin(store, scene, now=moved - INSTANT)
    market.write(
        store, scene.issuer, scene.round_id, {"terms": "补充三", "deadline": "2027-01-08T17:30"}, now=moved - INSTANT
    )
    with refused("deadline_past"):
        publish_addendum(store, scene, now=moved)


def test_what_is_being_written_at_the_deadline_is_dropped(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    market.make_bid(store, scene, market.make_bidder(store, "木语", email="yi@example.com"))
    begin(store, scene)
    with store.writing() as session:
        addenda.drop(session, scene.issuer, scene.round_id, now=LATER)
    with refused("no_open_text"), store.writing() as session:
        addenda.drop(session, scene.issuer, scene.round_id, now=LATER)
    begin(store, scene)
    market.write(store, scene.issuer, scene.round_id, {"terms": "来不及"}, now=LATER)

    seal(store, scene)

    with store.reading() as session:
        states = sorted(text.state for text in session.exec(select(RoundText)) if text.base_number)
        assert states == [TextState.DROPPED, TextState.DROPPED]
        assert session.get_one(Round, scene.round_id).notice_number == 1
    for act in (begin, publish_addendum):
        with pytest.raises((Conflict, NotFound)):
            act(store, scene, now=DEADLINE)
    with refused("text_fixed"), store.writing() as session:
        texts.save(session, scene.issuer, scene.round_id, {"terms": "x"}, version=2, page="a" * 16, now=DEADLINE)


def test_a_bid_is_confirmed_under_the_notice_that_stands_or_lapses(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "木语", email="yi@example.com")
    handed = market.make_bid(store, scene, bidder)
    amend(store, scene, {"terms": "补充一"}, now=LATER)
    amend(store, scene, {"terms": "补充二"}, now=LATER)

    def confirm(number: int, *, arrived: datetime, durable: bool = True) -> None:
        with store.writing(durable=durable) as session:
            submissions.reconfirm(session, bidder, handed.bid_id, number=number, arrived=arrived, now=DEADLINE + HOUR)

    with refused("notice_changed"):
        confirm(2, arrived=LATER)
    for late in (DEADLINE, DEADLINE + INSTANT):
        with refused("deadline_past"):
            confirm(3, arrived=late)
    with pytest.raises(RuntimeError):
        confirm(3, arrived=LATER, durable=False)
    confirm(3, arrived=DEADLINE - INSTANT)
    with refused("not_in_this_state"):
        confirm(3, arrived=LATER)
    assert state_of(store, handed.bid_id) is BidState.SUBMITTED
    assert market.tick(store, scene, now=DEADLINE + HOUR) is RoundState.SEALED
    assert state_of(store, handed.bid_id) is BidState.SUBMITTED
