"""Founding a team for a need: which points are open, and who answers each with which words."""

from sqlmodel import select

from marketplace.lists import items
from marketplace.lists.item_tables import Item
from marketplace.lists.words import ItemState
from tests.web.conftest import Market


def test_founding_a_team_names_a_partner_for_open_points_or_says_that_there_is_none(market: Market) -> None:
    with market.installation.store.reading() as session:
        ids = session.exec(select(Item.id).where(Item.state == ItemState.OPEN).order_by(Item.id)).all()
        needs = [one for one in items.documents(session, ids) if one.requirements][:6]
    with market.client() as client:
        market.signed_in(client, "OPC")
        pages = {one.id: client.get("/teams/new", params={"item": one.id}).text for one in needs}
        alone = client.get("/teams/new").text

    assert len(pages) == 6
    for page in pages.values():
        assert "还缺哪几条要点，谁能补上" in page
        open_points = page.split('id="partners"')[1].split("</section>")[0].count('<li class="proof')
        told = page.count("还没有哪一家的画像写到这一条") + page.count('class="proof proof-met"')
        assert open_points == told
    assert "谁能补上" not in alone
