"""The sample market's rounds beyond their bids: where each stands, who has something to do there, and that all is sound."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.experts.tables import PoolExpert
from marketplace.rounds import held
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.deciding import objections, publishing
from marketplace.rounds.outcome_tables import Award
from marketplace.rounds.outcome_words import ObjectionState
from marketplace.rounds.panel_tables import PanelConflict, PanelMember, RecusalRequest
from marketplace.rounds.panel_words import MemberState, SheetState, Source
from marketplace.rounds.panels import rows
from marketplace.rounds.reviewing import places
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sheet_tables import Sheet
from marketplace.rounds.words import BidState, RoundState
from web.commands.checking import examine
from web.demo import loading
from web.installation import Installation
from web.settings import Settings

NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in Beijing."""
TURN_OF_THE_YEAR = datetime(2026, 12, 29, 2, 0, tzinfo=UTC)
LATER = datetime(2029, 3, 1, 2, 0, tzinfo=UTC)
"""In a year whose working days the sample market does not know."""


@contextmanager
def loaded(folder: Path, template: Path, now: datetime) -> Iterator[Installation]:
    """The sample market as it is made at some hour."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(template, folder / "jiebang.sqlite3")
    installation = Installation(Settings(data_dir=folder, demo=True), clock=lambda: now)
    loading.load(installation)
    yield installation
    installation.close()


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Installation]:
    """The sample market of a Monday morning."""
    with loaded(tmp_path_factory.mktemp("played"), sqlite_template, NOW) as installation:
        yield installation


def in_state(installation: Installation, state: RoundState) -> list[Round]:
    """The rounds that stand somewhere."""
    with installation.store.reading() as session:
        return list(session.exec(select(Round).where(Round.state == state)))


def person(installation: Installation, email: str) -> Actor:
    """Somebody of the demo."""
    with installation.store.reading() as session:
        return accounts.actor(session, str(accounts.find_by_email(session, email)))


def test_one_round_is_judged_and_the_demos_expert_has_bids_to_mark(market: Installation) -> None:
    (row,) = in_state(market, RoundState.REVIEW)
    expert = person(market, "zhuanjia@demo.example")
    with market.store.reading() as session:
        (place,) = [one for one in places.of_account(session, expert) if one.round_id == row.id]
        seated = rows.members(session, row.id)
        own = select(PanelMember.id).join(PoolExpert, col(PoolExpert.id) == col(PanelMember.expert_id))
        own = own.where(PoolExpert.account_id == expert.account_id, PanelMember.round_id == row.id)
        states = [one.state for one in rows.sheets(session, member_ids=session.exec(own).all())]
        sheets = rows.sheets(session, member_ids=[one.id for one in seated])
        requests = session.exec(select(RecusalRequest).where(col(RecusalRequest.is_upheld).is_(None))).all()
    assert place is not None
    assert sorted(states).count(SheetState.SUBMITTED) == 1
    assert sorted(states).count(SheetState.DRAFT) == 1
    assert SheetState.ASSIGNED in states
    assert SheetState.EXCUSED in {one.state for one in sheets}
    assert sum(one.state is SheetState.SUBMITTED for one in sheets) > 5
    assert [one.is_chair for one in seated].count(True) == 1
    assert MemberState.DECLARED in {one.state for one in seated}  # one doubt waits for the organiser
    assert len(requests) == 1


def test_one_result_is_public_with_reasons_and_an_objection_that_was_taken(market: Installation) -> None:
    (row,) = in_state(market, RoundState.PUBLICITY)
    with market.store.reading() as session:
        public = publishing.standing(session, row.id)
        (objection,) = objections.of_round(session, row.id)
        bids = session.exec(select(Bid).where(Bid.round_id == row.id)).all()
    assert public is not None
    assert row.publicity_ends is not None
    assert row.publicity_ends > NOW
    assert objection.state is ObjectionState.INVESTIGATING
    assert objection.taken_at is not None
    assert len(objection.files) == 1
    assert {one.state for one in bids} >= {BidState.PROPOSED, BidState.RESERVE, BidState.NOT_SELECTED}


def test_one_is_awarded_to_the_demos_opc_and_every_bid_has_its_answer(market: Installation) -> None:
    (row,) = in_state(market, RoundState.AWARDED)
    opc = person(market, "opc@demo.example")
    with market.store.reading() as session:
        (award,) = session.exec(select(Award).where(Award.round_id == row.id)).all()
        (objection,) = objections.of_round(session, row.id)
        bids = session.exec(select(Bid).where(Bid.round_id == row.id)).all()
    assert award.confirmed_at is not None
    assert objection.state is ObjectionState.DISMISSED
    assert objection.answer
    won = next(one for one in bids if one.id == award.bid_id)
    assert won.organisation_id == opc.organisation_id
    others = sorted(one.state for one in bids if one is not won)
    assert others == [BidState.INELIGIBLE, *[BidState.NOT_AWARDED] * 3]


def test_somebody_recused_itself_in_every_round(market: Installation) -> None:
    with market.store.reading() as session:
        found = session.exec(
            select(PanelMember.round_id, PanelConflict.source)
            .join(PanelConflict, col(PanelConflict.member_id) == col(PanelMember.id))
            .where(col(PanelConflict.excludes).is_(True))
        ).all()
    assert {source for _, source in found} == {Source.DECLARED}
    assert len({round_id for round_id, _ in found}) == 3


def test_nothing_of_it_lies_in_the_future(market: Installation) -> None:
    with market.store.reading() as session:
        for table, column in ((Sheet, "submitted_at"), (Award, "confirmed_at"), (PanelMember, "declared_at")):
            moments = session.exec(select(getattr(table, column)).where(getattr(table, column).is_not(None))).all()
            assert moments
            assert max(moments) < NOW


def test_the_doctor_finds_nothing(market: Installation) -> None:
    market.open_index()
    market.save_index()
    assert list(examine(market)) == []


@pytest.mark.parametrize(
    ("now", "states"),
    [
        (TURN_OF_THE_YEAR, {RoundState.AWARDED, RoundState.REVIEW}),
        (LATER, set()),
    ],
)
def test_what_falls_into_years_that_nobody_confirmed_is_left_out(
    tmp_path: Path, sqlite_template: Path, now: datetime, states: set[RoundState]
) -> None:
    with loaded(tmp_path, sqlite_template, now) as installation:
        with installation.store.reading() as session:
            found = {held.get(session, one).state for one in session.exec(select(Round.id)).all()}
        assert found - {RoundState.DRAFT, RoundState.OPEN} == states
        assert list(examine(installation)) == []
