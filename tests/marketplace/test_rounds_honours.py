"""Confirmed awards as the public reads them of a unit: from the confirmation on, until the award is taken back."""

from pathlib import Path

from sqlmodel import Session

from marketplace.kernel.db import Store
from marketplace.lists import items
from marketplace.rounds.bid_tables import BidMember
from marketplace.rounds.deciding import awards, honours
from marketplace.rounds.words import Post, RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import Panel
from tests.marketplace.test_rounds_outcomes import ENDS

SECTOR = "智慧园林"


def told(session: Session, panel: Panel) -> tuple[list[list[str]], list[str]]:
    """The rounds that the bidders have won, and which of them have won one of the sector of its need."""
    units = [one.organisation_id or "" for one in panel.bidders]
    won = [[one.round_id for one in honours.of_unit(session, unit)] for unit in units]
    return won, sorted(honours.in_sector(session, units, SECTOR))


def test_an_award_counts_from_its_confirmation_until_it_is_taken_back(store: Store, tmp_path: Path) -> None:
    panel, _, _ = acts.published(store, tmp_path)
    assert market.tick(store, panel, now=ENDS) is RoundState.AWARDED
    unit, found = panel.bidders[0].organisation_id or "", []
    with store.reading() as session:
        found.append(told(session, panel))
    with store.writing() as session:
        awards.confirm(session, panel.bidders[0], panel.bids[0], now=ENDS, new_id=NEW_ID)
    with store.reading() as session:
        found.append(told(session, panel))
        honour = honours.of_unit(session, unit)[0]
        row = acts.row_of(store, panel)
        others = [honours.in_sector(session, [unit], sector) for sector in ("智慧水务", None, "")]
        assert row.item_id is not None
        assert items.get(session, row.item_id).card.sector == SECTOR
        others.append(honours.in_sector(session, [unit], SECTOR, besides=row.item_id))
        assert honour.led
    with store.writing() as session:
        partner = panel.bidders[2].organisation_id or ""
        asked = {"bid_id": panel.bids[0], "asked_by": panel.bidders[0].account_id, "asked_at": ENDS}
        answered = {"confirmed_by": panel.bidders[2].account_id, "confirmed_at": ENDS}
        session.add(BidMember(organisation_id=partner, **asked, **answered))
        session.add(BidMember(organisation_id=panel.bidders[1].organisation_id or "", **asked))  # did not answer
    with store.reading() as session:
        found.append(told(session, panel))
        assert [one.led for one in honours.of_unit(session, partner)] == [False]
    with store.writing() as session:
        keeper = panel.scene.posts[Post.KEEPER]
        awards.revoke(session, keeper, panel.bids[0], reason="提供虚假材料，经查证属实。", now=ENDS, new_id=NEW_ID)
    with store.reading() as session:
        found.append(told(session, panel))

    assert found == [
        ([[], [], []], []),
        ([[row.id], [], []], [unit]),
        ([[row.id], [], [row.id]], sorted([unit, partner])),
        ([[], [], []], []),
    ]
    assert (honour.title, honour.issuer, honour.awarded_at) == (row.title, "临川市园林管理中心", ENDS)
    assert others == [frozenset()] * 4
