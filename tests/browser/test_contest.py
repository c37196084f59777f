"""The whole contest through pages, programs and a browser: every bidder ends with a final answer and its reasons.

Every number of the public page follows from what is exported, by a program of its own. The short form plays it with nine
bidders on SQLite; it leaves sixty bidders, on both databases, to the long form.
"""

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from marketplace.rounds.words import BidState, RoundState
from tests import proofs
from tests.browser.contest_bids import Bids
from tests.browser.contest_hall import Hall, open_hall
from tests.browser.contest_outcome import Outcome
from tests.browser.contest_result import Result, endings, examined, recomputed
from tests.browser.contest_review import Review
from tests.conftest import POSTGRESQL
from tests.marketplace.contest import CONTEST, EACH, TRACKS
from tests.marketplace.round_market import PUBLISH_AT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("contest-on-pages")]

EXPERTS: Final = 15
RECUSALS: Final = 4
EACH_TRACK: Final[Mapping[str, int]] = dict.fromkeys(TRACKS, EACH) if proofs.IS_LONG else {"t1": 5, "t2": 2, "t3": 2}
"""How many bids there are at the deadline; a fourth one on the first track lapsed."""
DATABASES: Final = ["sqlite", POSTGRESQL] if proofs.IS_LONG else ["sqlite"]


@pytest.mark.proof
@pytest.mark.parametrize("database_url", DATABASES, indirect=True)
def test_a_whole_contest_on_pages_ends_with_an_answer_for_everybody(
    request: pytest.FixtureRequest, chromium: Browser, database_url: str, tmp_path: Path
) -> None:
    begun = perf_counter()
    with open_hall(tmp_path, database_url, chromium, published=PUBLISH_AT, notice=CONTEST) as hall:
        bids, review, outcome = _play(hall, tmp_path)
        result = Result(hall, bids, tmp_path)
        public = result.is_as_counted()
        ended = endings(hall, bids)
        _read_in_browser(hall, bids, outcome)

        everybody = sum(EACH_TRACK.values()) + 1
        few = {BidState.AWARDED: 3, BidState.DECLINED: 1, BidState.INELIGIBLE: 3, BidState.LAPSED: 1}
        assert {state: len(some) for state, some in ended.items()} == {
            **few,
            BidState.NOT_AWARDED: everybody - sum(few.values()),
        }
        assert (ended[BidState.DECLINED], ended[BidState.LAPSED]) == ([outcome.declined], [bids.lapsed])
        assert set(ended[BidState.INELIGIBLE]) == set(bids.rejected)
        assert set(public.finals) == {*ended[BidState.AWARDED], *ended[BidState.NOT_AWARDED]}
        assert all(public.finals[one].startswith("中选") for one in ended[BidState.AWARDED])
        assert all(public.reasons.values())
        assert public.facts["收到异议"] == "3 项，其中正在办理 0 项"
        assert public.facts["办理结果"] == "不予受理 1 项，成立或部分成立 1 项，不成立 1 项"
        assert (len(review.excused), review.drawn) == (RECUSALS, EXPERTS)
        for number, draw in enumerate(review.draws):
            path = tmp_path / f"draw-{number}.json"
            path.write_bytes(review.issuer.get(f"{draw}.json").content)
            assert recomputed(path)
        assert examined(hall) == ""
        assert hall.complaints == []
        for what, number in (("bids of a contest on pages", everybody), ("its sheets", review.sheets)):
            proofs.count(request, what, number)
        proofs.count(request, "its forms sent", hall.sent)
        proofs.count(request, "its seconds", round(perf_counter() - begun))


def _play(hall: Hall, folder: Path) -> tuple[Bids, Review, Outcome]:
    bids = Bids(hall)
    bids.take(EACH_TRACK)
    bids.open()
    bids.check()
    review, outcome = Review(hall, bids), Outcome(hall, bids)
    review.draw()
    review.declare()
    review.ask_for_recusal()
    review.mark_in_browser(next(iter(review.seated["t1"].values())))
    assert review.stage() is RoundState.REVIEW  # into the final stage
    review.recuse_late()
    assert review.judge() is RoundState.DECISION
    outcome.appoint()
    outcome.decide()
    Result(hall, bids, folder).is_as_counted()
    outcome.hear_objections()
    review.replace_all("t1", 5)
    assert review.judge() is RoundState.DECISION
    outcome.decide()
    outcome.award()
    return bids, review, outcome


def _read_in_browser(hall: Hall, bids: Bids, outcome: Outcome) -> None:
    """A visitor reads the round and its result."""
    with hall.window(None) as window:
        window.go(hall.base)
        expect(window.main).to_contain_text(f"截止时共 {sum(EACH_TRACK.values())} 份有效")
        window.follow("查看结果")
        expect(window.main).to_contain_text("已定榜")
        expect(window.main).to_contain_text("不再中选的单位")
        expect(window.main).to_contain_text(bids.by_id[outcome.declined].name)
