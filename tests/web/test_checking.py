"""The doctor looks after every file that a row names: of lists, of requests, of cases."""

from sqlmodel import Session, col, select

from marketplace.accounts.tables import Account
from marketplace.profiles import evidence as cases
from marketplace.profiles.draft_tables import ProfileEvidence
from marketplace.profiles.tables import Profile
from tests.web.conftest import Market
from web.commands import checking
from web.demo.dealings import PAPER


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
