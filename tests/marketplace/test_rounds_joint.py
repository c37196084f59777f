"""The rounds of a need in which suppliers may bid together, as a supplier that looks for partners sees them."""

from datetime import datetime
from pathlib import Path

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store
from marketplace.rounds import joint
from marketplace.rounds.facts import procedure_of
from tests.marketplace import round_market as market
from tests.marketplace.round_acts import DAY
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene

LATER = PUBLISH_AT + DAY


def seen(store: Store, scene: Scene, reader: Actor, *, now: datetime = LATER) -> list[tuple[str, int, str | None]]:
    """What a unit is told of the need's rounds."""
    assert reader.organisation_id is not None
    with store.reading() as session:
        found = joint.of_item(session, scene.table.item_id, reader.organisation_id, now=now)
    return [(one.id, one.most_partners, one.draft_id) for one in found]


def test_a_round_that_takes_joint_bids_is_told_until_it_closes_with_ones_own_draft(
    store: Store, tmp_path: Path
) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "联合单位甲", email="jia@example.com")
    other = market.make_bidder(store, "联合单位乙", email="yi@example.com")
    bid_id = market.begin_bid(store, scene, bidder)
    most = procedure_of(market.row_of(store, scene)).limits["most_partners"].value

    assert most > 0
    assert seen(store, scene, bidder) == [(scene.round_id, most, bid_id)]
    assert seen(store, scene, other) == [(scene.round_id, most, None)]
    assert seen(store, scene, scene.table.enterprise) == []
    assert seen(store, scene, other, now=DEADLINE) == []


def test_a_round_that_allows_no_partners_or_is_suspended_is_not_told(store: Store, tmp_path: Path) -> None:
    scene = market.open_round(store, tmp_path)
    bidder = market.make_bidder(store, "联合单位甲", email="jia@example.com")
    before = seen(store, scene, bidder)
    with store.writing() as session:
        row = session.merge(market.row_of(store, scene))
        limits = {**row.procedure["limits"]}
        limits["most_partners"] = {**limits["most_partners"], "value": 0}
        row.procedure = {**row.procedure, "limits": limits}
        session.add(row)
    alone = seen(store, scene, bidder)
    with store.writing() as session:
        row = session.merge(market.row_of(store, scene))
        limits["most_partners"] = {**limits["most_partners"], "value": 3}
        row.procedure = {**row.procedure, "limits": limits}
        row.suspended_at, row.suspend_reason = LATER, "场地有变"
        session.add(row)
    suspended = seen(store, scene, bidder)

    assert [len(found) for found in (before, alone, suspended)] == [1, 0, 0]
