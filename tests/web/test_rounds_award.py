"""The award on the bidder's own page: result with reasons, confirming by a day, declining; a supervisor takes one back."""

from collections.abc import Callable
from datetime import UTC, datetime

from marketplace.rounds.words import RoundState
from tests.marketplace import review_market as market
from tests.marketplace.round_acts import INSTANT
from tests.web.outcome_stage import (  # noqa: F401 - fixtures
    ENDS,
    Make,
    Play,
    awarded,
    begin,
    outcome_copies,
    published,
)
from tests.web.pages import said

Begin = Callable[[Make], Play]
DUE = datetime(2026, 12, 25, 16, 0, tzinfo=UTC)
"""Five working days after Friday the 18th, 24:00, which is Saturday the 19th: Friday the 25th, 24:00."""


def test_each_bidder_reads_its_own_result_beside_that_of_the_last_winner(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    first, third, second = play.panel.bids
    for bid, bidder, told in (
        (first, 0, ("拟中选，公示中", "第 1 名，83.00 分")),
        (second, 2, ("候补第 1", "第 2 名，78.33 分", "83.00 分")),
        (third, 1, ("候补第 2", "第 3 名，75.00 分", "83.00 分")),
    ):
        page = play.stage.page(f"/bids/{bid}", play.panel.bidders[bidder])
        for one in (*told, "得分", "2026年12月18日（周五）24:00", f"{play.made.base}/result"):
            assert one in page, (bidder, one)
        assert "定榜通知书" not in page
    assert play.stage.get(f"/bids/{first}/award", play.panel.bidders[0]).status_code == 404
    assert play.stage.get(f"/bids/{first}", play.panel.bidders[1]).status_code == 404


def test_a_winner_confirms_by_the_day_and_the_others_have_their_final_answer(begin: Begin) -> None:  # noqa: F811
    play = begin(awarded)
    stage, bid, winner = play.stage, play.panel.bids[0], play.panel.bidders[0]
    page = stage.page(f"/bids/{bid}", winner)
    assert "2026年12月25日（周五）24:00（北京时间）" in page
    assert f"/bids/{bid}/award/confirm" in page
    assert "请在期限内确认" in stage.page("/bids", winner)
    asked = stage.page(f"/bids/{bid}/award/confirm", winner)
    assert "会发生什么" in asked
    assert stage.post(f"/bids/{bid}/award/confirm", play.panel.bidders[1]).status_code == 404
    assert stage.post(f"/bids/{bid}/award/confirm", winner).headers["location"] == f"/bids/{bid}?done=award_confirmed"
    assert "已确认中选，等待签约" in stage.page(f"/bids/{bid}", winner)
    assert stage.post(f"/bids/{bid}/award/confirm", winner).status_code == 409
    lost = stage.page(f"/bids/{play.panel.bids[1]}", play.panel.bidders[1])
    for one in ("未中选", "75.00 分", "83.00 分", "还可以申报"):
        assert one in lost, one


def test_the_hour_that_the_award_lapses_is_not_in_time_any_more(begin: Begin) -> None:  # noqa: F811
    play = begin(awarded)
    bid, winner = play.panel.bids[0], play.panel.bidders[0]
    play.stage.now = DUE
    late = play.stage.post(f"/bids/{bid}/award/confirm", winner)
    assert (late.status_code, "确认期限已过" in late.text) == (409, True)
    play.stage.now = DUE - INSTANT
    assert play.stage.post(f"/bids/{bid}/award/confirm", winner).status_code == 303


def test_the_notice_of_the_award_says_the_same_in_every_form(begin: Begin) -> None:  # noqa: F811
    play = begin(awarded)
    stage, bid, winner = play.stage, play.panel.bids[0], play.panel.bidders[0]
    told = ("定榜通知书", "木语视觉", "83.00 分，第 1 名", "86.5 万元", "2026年12月25日（周五）24:00")
    page = stage.page(f"/bids/{bid}/award", winner)
    assert all(one in page for one in told)
    for suffix in ("docx", "pdf"):
        text = "".join(said(stage.get(f"/bids/{bid}/award.{suffix}", winner)).split())
        assert all("".join(one.split()) in text for one in told), suffix
    for other in (play.panel.bidders[1], play.panel.scene.issuer, play.made.supervisor):
        assert stage.get(f"/bids/{bid}/award", other).status_code == 404
        assert stage.get(f"/bids/{bid}/award.pdf", other).status_code == 404


def test_a_declined_award_goes_to_the_reserve_and_the_page_says_so(begin: Begin) -> None:  # noqa: F811
    play = begin(awarded)
    stage, bid, winner = play.stage, play.panel.bids[0], play.panel.bidders[0]
    assert "由候补按次序递补" in stage.page(f"/bids/{bid}/award/decline", winner)
    assert 'id="reason-error"' in stage.post(f"/bids/{bid}/award/decline", winner, reason=" ").text
    done = stage.post(f"/bids/{bid}/award/decline", winner, reason="人手不足。")
    assert done.headers["location"] == f"/bids/{bid}?done=award_declined"
    assert play.state() is RoundState.PUBLICITY
    assert "人手不足。" in stage.page(f"/bids/{bid}", winner)
    reserve = stage.page(f"/bids/{play.panel.bids[2]}", play.panel.bidders[2])
    assert "由候补递补为拟中选" in reserve
    assert "第 2 次公示" in reserve
    assert stage.post(f"/bids/{bid}/award/decline", winner, reason="再来。").status_code == 409
    assert market.bid_states(play.store, play.panel) == ["declined", "reserve", "proposed"]


def test_a_supervisor_takes_an_award_back_with_a_reason_that_is_public(begin: Begin) -> None:  # noqa: F811
    play = begin(awarded)
    stage, supervisor = play.stage, play.made.supervisor
    at = f"{play.made.base}/awards/{play.panel.bids[0]}/revoke"
    assert at in stage.page(f"{play.made.base}/result", supervisor)
    assert at not in stage.page(f"{play.made.base}/result", play.panel.scene.issuer)
    assert "现有 2 家候补" in stage.page(at, supervisor)
    for other in (play.panel.scene.issuer, play.panel.scene.table.organiser, play.made.handler):
        assert stage.get(at, other).status_code == 403
        assert stage.post(at, other, reason="虚假材料。").status_code == 403
    assert stage.post(at, supervisor, reason="").status_code == 422
    wrong = at.replace(play.panel.bids[0], play.panel.bids[1])
    assert stage.get(wrong, supervisor).status_code == 404
    done = stage.post(at, supervisor, reason="提供虚假材料，经查证属实。")
    assert done.headers["location"] == f"{play.made.base}/result?done=revoked"
    assert "提供虚假材料，经查证属实。" in stage.page(f"/bids/{play.panel.bids[0]}", play.panel.bidders[0])
    assert market.bid_states(play.store, play.panel) == ["revoked", "reserve", "proposed"]
    assert ENDS < DUE
