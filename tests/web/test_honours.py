"""Confirmed awards on pages: on the winner's profile, and beside it where it answers a need of the same sector."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from marketplace.lists.item_tables import Item
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileForm
from marketplace.rounds.deciding import awards
from matching import corpus
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID, REGION, make_draft, publish
from tests.marketplace.review_market import Panel
from tests.marketplace.test_rounds_outcomes import ENDS
from web.app import create_app
from web.installation import Installation
from web.settings import Settings


class Awarded:
    """A running application over a round that was awarded and not confirmed yet."""

    def __init__(self, installation: Installation, panel: Panel, client: TestClient) -> None:
        self.installation, self.panel, self.client = installation, panel, client

    def profile(self, number: int) -> str:
        """The profile of a bidder."""
        with self.installation.store.reading() as session:
            found = profiles.find(session, self.panel.bidders[number].organisation_id or "")
        assert found is not None
        return found

    def read(self, path: str) -> str:
        """What a visitor reads."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def item(self, sector: str) -> str:
        """Another need that asks for the same, of a sector."""
        organiser, store = self.panel.scene.table.organiser, self.installation.store
        title = f"行道树健康巡查（{sector}）"
        rows = [make_draft(sector=sector, row=4, title=title)]
        publish(store, organiser, rows, series_title=f"{sector}清单", now=ENDS)
        self.installation.follow()
        with store.reading() as session:
            return session.exec(select(Item.id).where(Item.title == title)).one()

    def confirm(self) -> None:
        """Let the winner confirm."""
        with self.installation.store.writing() as session:
            awards.confirm(session, self.panel.bidders[0], self.panel.bids[0], now=ENDS, new_id=NEW_ID)


@pytest.fixture
def awarded(database_url: str, tmp_path: Path) -> Iterator[Awarded]:
    """The same once for each database."""
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url, second_factor="optional")
    installation = Installation(settings, clock=lambda: ENDS)
    panel, _, _ = acts.published(installation.store, settings.data_dir)
    market.tick(installation.store, panel, now=ENDS)
    _fit(installation, panel)
    with TestClient(create_app(installation, with_worker=False, closes=False), follow_redirects=False) as client:
        yield Awarded(installation, panel, client)
    installation.close()


def _fit(installation: Installation, panel: Panel) -> None:
    """Let the winner's profile say what the need asks for, so that it answers it."""
    winner, new_id = panel.bidders[0], installation.new_id
    with installation.store.writing() as session:
        need = next(iter(corpus.needs(session, [panel.scene.table.item_id])))
        form = ProfileForm(
            headline=need.title, description=need.description or need.title, skills=need.requirements, region=REGION
        )
        unit = winner.organisation_id or ""
        profiles.put(session, winner, organisation_id=unit, form=form, now=ENDS, new_id=new_id)


def hits(page: str) -> dict[str, bool]:
    """The suppliers that a page matches, with whether an award is told of beside them."""
    found = re.findall(r'<li class="hit .*?</li>\s*(?=<li class="hit|</ol>)', page, re.DOTALL)
    names = [(re.findall(r'href="(/opcs/\w+)"', one), one) for one in found]
    return {name[0]: "曾在同类榜单中选" in one for name, one in names if name}


def test_the_profile_tells_of_an_award_from_its_confirmation_on(awarded: Awarded) -> None:
    address = f"/opcs/{awarded.profile(0)}"
    before = awarded.read(address)
    awarded.confirm()
    after, other = awarded.read(address), awarded.read(f"/opcs/{awarded.profile(1)}")
    honours = after.split('id="honours"')[1].split("</section>")[0]

    assert ("获榜" in before, "获榜" in other) == (False, False)
    for said in ("平台记录", "临川市园林管理中心", "2026 年中选", f'href="/rounds/{awarded.panel.scene.round_id}"'):
        assert said in honours, said
    assert awarded.client.get(f"/rounds/{awarded.panel.scene.round_id}").status_code == 200


def test_another_item_of_the_sector_tells_of_it_beside_the_winner_and_ranks_as_before(awarded: Awarded) -> None:
    own, like, unlike = awarded.panel.scene.table.item_id, awarded.item("智慧园林"), awarded.item("智慧文旅")
    before = [hits(awarded.read(f"/items/{one}")) for one in (own, like, unlike)]
    awarded.confirm()
    after = [hits(awarded.read(f"/items/{one}")) for one in (own, like, unlike)]
    winner = f"/opcs/{awarded.profile(0)}"

    assert all(winner in found for found in before)
    assert [list(found) for found in after] == [list(found) for found in before]
    assert [found[winner] for found in before] == [False, False, False]
    assert [found[winner] for found in after] == [False, True, False]
    assert [sum(found.values()) for found in after] == [0, 1, 0]


def test_what_the_matcher_reads_of_a_profile_says_nothing_of_awards(awarded: Awarded) -> None:
    with awarded.installation.store.reading() as session:
        before = list(corpus.suppliers(session))
    awarded.confirm()
    with awarded.installation.store.reading() as session:
        assert list(corpus.suppliers(session)) == before
