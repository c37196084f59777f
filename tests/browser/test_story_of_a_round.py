"""A whole round as its people walk it: from a need to the end of the formal check.

The short form walks it on a phone with scripts, and leaves the other three ways to the long form: what pages do without
scripts, the tests of pages ask all the time.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from marketplace.rounds.words import RoundState
from tests import proofs
from tests.browser import round_bidding as bidding
from tests.browser import round_checking as checking
from tests.browser import round_making as making
from tests.browser.conftest import OpenWindow, Site
from tests.browser.round_people import UNITS, Ahead, Cast, gather, prepare
from tests.browser.windows import WAYS, Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("story-of-a-round")]

WALKED = WAYS if proofs.IS_LONG else WAYS[:1]
NAMES = [f"{way.width}{'' if way.has_scripts else '-without-scripts'}" for way in WALKED]


@pytest.fixture(scope="module")
def ahead(shared_site: Site) -> Ahead:
    return prepare(shared_site)


@pytest.mark.proof
@pytest.mark.parametrize("way", WALKED, ids=NAMES)
def test_a_need_becomes_a_round_that_is_bid_for_opened_and_checked(
    shared_site: Site, ahead: Ahead, open_window: OpenWindow, way: Way, tmp_path: Path
) -> None:
    cast = gather(shared_site, ahead, open_window, way)
    passphrases = _make(cast)
    receipt = _bid(cast, tmp_path)
    _open(cast, passphrases)
    _check(cast)
    bidding.verify(cast["OPC"], receipt)


def _make(cast: Cast) -> dict[str, str]:
    making.begin(cast, f"泵站轴承预警（{cast.way.name}）")
    making.write(cast)
    making.appoint(cast)
    making.hand_in(cast)
    passphrases = {title: making.set_up_key(cast, title) for title in ("主办方", "开启人", "监督")}
    for title in ("主办方", "审批人"):
        making.approve(cast, title)
    expect(cast["审批人"].main).to_contain_text("公告已经批准")
    making.publish(cast)
    making.ask_and_answer(cast)
    return passphrases


def _bid(cast: Cast, folder: Path) -> Path:
    lead = bidding.begin(cast, "OPC")
    bidding.fill(lead)
    bidding.invite(lead, UNITS["接线"])
    bidding.answer(cast, "接线", confirms=True)
    lead.go(lead.path)
    receipt = bidding.submit(lead, folder)
    for title in ("听泵", "云图"):
        bidder = bidding.begin(cast, title)
        bidding.fill(bidder, price_amount="48")
        bidding.submit(bidder, folder)
    bidding.withdraw(cast, "云图")
    making.amend(cast)
    for title in ("OPC", "听泵"):
        bidding.reconfirm(cast, title)
    return receipt


def _open(cast: Cast, passphrases: dict[str, str]) -> None:
    deadline = cast.row.deadline
    assert deadline is not None
    cast.tick(deadline)
    assert cast.row.state is RoundState.SEALED
    bidding.come_late(cast, "云图")
    checking.turn(cast, "开启人", passphrases["开启人"])
    expect(cast["开启人"].main).to_contain_text("还需要另一名保管人")
    checking.turn(cast, "监督", passphrases["监督"])
    expect(cast["监督"].main).to_contain_text(UNITS["听泵"])


def _check(cast: Cast) -> None:
    lead, other = cast.unit("OPC"), UNITS["听泵"]
    checking.ask_correction(checking.to_bid(cast, "审查人", lead))
    checking.correct(cast, "OPC")
    for title in ("审查人", "开启人"):
        checking.judge(checking.to_bid(cast, title, lead), passes=True)
        checking.judge(checking.to_bid(cast, title, other), passes=False)
    loser = cast["听泵"]
    loser.go("/bids")
    loser.follow(cast.title)
    expect(loser.main).to_contain_text("没有写明两座泵站的测试安排")
    expect(loser.main.get_by_role("button", name="提交异议")).to_be_visible()
    checking.send_to_review(cast, "审查人")
    checking.read_papers(cast, "需求方")
