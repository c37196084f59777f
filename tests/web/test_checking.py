"""The doctor looks after every file that a row names: of lists, of requests, of cases."""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlmodel import Session, col, select

from marketplace.accounts.tables import Account
from marketplace.kernel.db import Store
from marketplace.profiles import evidence as cases
from marketplace.profiles.draft_tables import ProfileEvidence
from marketplace.profiles.tables import Profile
from marketplace.rounds.bidding import keyring
from tests.marketplace import round_market
from tests.marketplace.market import NOW
from tests.web.conftest import Market
from web.commands import checking
from web.demo.dealings import PAPER
from web.installation import Installation
from web.settings import Settings


def damaged(market: Market) -> set[str]:
    """The digests that the doctor misses, as it prints them."""
    market.installation.open_index()
    return {one.subject for one in checking.examine(market.installation) if one.code == "file_damaged"}


def test_a_missing_file_behind_a_request_and_behind_a_case_is_found(market: Market) -> None:
    store, installation = market.installation.store, market.installation
    paper = installation.files.put(PAPER, limit_bytes=1000)
    before = damaged(market)
    with store.writing() as session:
        profile_id = session.exec(select(Profile.id).order_by(col(Profile.id))).all()[0]
        session.add(
            ProfileEvidence(
                id=installation.new_id(),
                profile_id=profile_id,
                name="验收报告.pdf",
                media_type="application/pdf",
                digest="f" * 64,
                size_bytes=1,
                added_by=_somebody(session),
                added_at=installation.clock(),
            )
        )
    with store.reading() as session:
        assert "f" * 64 in cases.file_digests(session)
    installation.files.remove(paper.digest)

    assert before == set()
    assert damaged(market) == {paper.digest[:16], "f" * 16}


def _somebody(session: Session) -> str:
    return session.exec(select(Account.id).order_by(col(Account.id))).all()[0]


def test_the_files_of_bids_and_the_keys_of_drafts_are_looked_after(store: Store, tmp_path: Path) -> None:
    scene = round_market.open_round(store, tmp_path)
    bidder = round_market.make_bidder(store, "青木识别科技有限公司", email="qm@example.com")
    round_market.make_bid(store, scene, bidder)
    round_market.begin_bid(store, scene, round_market.make_bidder(store, "海风工作室", email="hf@example.com"))
    url = make_url(str(store.engine.url)).render_as_string(hide_password=False)
    later = NOW.replace(year=2100)
    installation = Installation(Settings(data_dir=tmp_path, database_url=url, demo=True), clock=lambda: later)
    try:
        installation.open_index()
        before = list(checking.examine(installation))
        assert [one for one in before if one.part == "草稿" or "密封" in one.message] == []
        # The document of the review is a made-up one in this market.
        assert [one.subject for one in before if "公平竞争审查" in one.message] == ["a" * 16]
        _lose(installation)
        after = list(checking.examine(installation))
        assert len([one for one in after if "密封的申报文件缺失" in one.message]) == 2
        assert [one.code for one in after if one.part == "草稿"] == ["draft_key_missing"]
        # No server runs: the next one burns the key; one that runs should have.
        assert [(one.part, one.code) for one in checking.unfinished(installation)] == [("提示", "draft_key_stray")]
        with installation.admissions.ticket():
            served = [one.code for one in checking.examine(installation) if one.part == "草稿"]
            assert served == ["draft_key_missing", "draft_key_stray"]
            assert list(checking.unfinished(installation)) == []
    finally:
        installation.close()


def _lose(installation: Installation) -> None:
    """Lose every sealed file and the key of the one draft, and leave a key that belongs to none."""
    for path in sorted(installation.files.folder.rglob("*")):
        if path.is_file() and path.read_bytes().startswith(b"age-encryption.org"):
            path.unlink()
    keys = keyring.Keyring(installation.settings.draft_keys_dir)
    for key_id in list(keys.ids()):
        keys.burn(key_id)
    keys.make("b" * 16)


def test_a_database_server_that_does_not_sync_is_told(market: Market) -> None:
    told = {one.code for one in checking.unsafe(market.installation)}

    # The servers of these tests do not sync, for speed.
    assert told == (set() if market.installation.is_embedded else {"fsync_off"})
