"""An expert's rounds and its place in one: the invitation by names alone, declining, what waits, leaving, being out of it."""

from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlmodel import select

from marketplace.accounts.message_tables import Message
from marketplace.kernel.db import Store
from marketplace.rounds.panel_tables import PanelConflict
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import members, recusals
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.round_tables import Round
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import REVIEW
from tests.marketplace.round_market import BID
from tests.web.review_stage import NAMES, answers, at, drawn, judging, own_sheets, went

SECRETS = (BID["plan"], BID["team"], BID["indicator-1"], "86.5", BID["contact_name"], "实施方案.pdf")
"""What the bids of the market say."""


def says_nothing(text: str) -> bool:
    """Whether a page holds nothing of what a bid says."""
    return not any(one in unescape(text) for one in SECRETS)


def test_the_list_says_what_waits_and_the_first_page_says_it_too(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        expert, title = panel.expert(0), "行道树健康巡查揭榜挂帅"
        invited, home = stage.page("/review", expert), stage.page("/", expert)
        market.declare(store, panel, expert)
        own = stage.page("/review", expert)
        market.mark(store, panel, expert, panel.bids[0])
        begun = stage.page("/review", expert)
        standing_by, stranger = stage.page("/review", panel.reserve(0)), stage.page("/review", panel.bidders[0])
    assert "等您答复" in invited
    assert "请说明利害关系，答复是否参加" in invited
    assert f"{title}</a>：请说明利害关系，答复是否参加" in home
    assert 'href="/review" aria-current="true">评审' in invited
    assert "已提交 0 / 3" in own
    assert "还有 3 份评分表要提交" in own
    assert "已提交 1 / 3" in begun
    assert "还没有请您评审的活动" in standing_by
    assert "还没有请您评审的活动" in stranger


def test_an_invitation_names_who_bids_and_nothing_of_what_they_say(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        page = stage.page(at(panel), panel.expert(0))
    assert all(name in page for name in NAMES)
    assert members.DECLARATION in page
    assert "方案与指标响应" in page
    assert "去掉最高分和最低分后的平均分" in page
    assert says_nothing(page)


def test_an_invitation_shows_nobody_else_anything(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        people = (panel.reserve(0), panel.bidders[0], panel.scene.issuer, panel.scene.table.organiser)
        asked = [stage.get(at(panel), who).status_code for who in people]
        visitor = stage.get(at(panel))
    assert asked == [404] * 4
    assert went(visitor) == f"/sign-in?next=%2Freview%2F{panel.scene.round_id}"


def test_every_bid_is_answered_for_and_what_was_typed_stays(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        first, second, third = panel.bids
        filled = {f"answer-{first}": "conflict", f"answer-{second}": "none", f"text-{second}": "写错了地方"}
        answer = stage.post(at(panel, "/declare"), panel.expert(0), **filled)
        page = unescape(answer.text)
    assert answer.status_code == 422
    assert f'href="#text-{first}">请写明是什么关系。' in page
    assert f'href="#answer-{third}">请说明与这份申报有无利害关系。' in page
    assert 'href="#agrees">请确认承诺。' in page
    assert "写错了地方" in page
    assert market.state_of(store, panel.drawn[0]) is MemberState.INVITED


def test_who_has_nothing_to_declare_gets_its_sheets(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        expert = panel.expert(0)
        to = went(stage.post(at(panel, "/declare"), expert, **answers(panel)))
        page, sheets = stage.page(to, expert), own_sheets(stage, panel, expert)
        again = stage.post(at(panel, "/declare"), expert, **answers(panel))
    assert to == at(panel, "?done=accepted")
    assert "已接受邀请" in page
    assert "已提交 0 / 3" in page
    assert len(sheets) == 3
    assert again.status_code == 409


def test_a_conflict_closes_its_bid_and_a_doubt_waits_for_the_office(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        expert, (first, second, _) = panel.expert(0), panel.bids
        said = {f"answer-{first}": "conflict", f"text-{first}": "曾任其顾问。"}
        said |= {f"answer-{second}": "doubt", f"text-{second}": "同一行业协会。"}
        to = went(stage.post(at(panel, "/declare"), expert, **answers(panel, **said)))
        waits = stage.page(to, expert)
        with store.reading() as session:
            open_one = session.exec(select(PanelConflict.id).where(PanelConflict.bid_id == second)).one()
        with store.writing() as session:
            recusals.decide(
                session,
                panel.scene.issuer,
                panel.scene.round_id,
                open_one,
                excludes=False,
                note="不影响公正。",
                now=REVIEW,
                new_id=NEW_ID,
            )
        page, sheets = stage.page(at(panel), expert), own_sheets(stage, panel, expert)
        told = stage.page("/messages", expert)
    assert to == at(panel, "?done=declared")
    assert "利害关系已经认定，可以开始评审" in told
    assert "等待主办方认定" in waits
    assert "同一行业协会。" in waits
    assert says_nothing(waits)
    assert "曾任其顾问。" in page
    assert len(sheets) == 2


def test_who_must_judge_nothing_is_told_so(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        said = {f"answer-{one}": "conflict" for one in panel.bids} | {f"text-{one}": "亲属。" for one in panel.bids}
        to = went(stage.post(at(panel, "/declare"), panel.expert(0), agrees="yes", **said))
        page = stage.page(to, panel.expert(0))
    assert "您已回避这个活动的评审" in page
    assert "与全部申报都应当回避。" in page


def test_declining_asks_for_a_reason_and_the_page_says_what_became_of_it(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        expert = panel.expert(0)
        bare = stage.post(at(panel, "/decline"), expert, reason=" ")
        to = went(stage.post(at(panel, "/decline"), expert, reason="当周在外地。"))
        page = stage.page(to, expert)
        again, declared = (
            stage.post(at(panel, end), expert, **fields)
            for end, fields in (("/decline", {"reason": "再说一次"}), ("/declare", answers(panel)))
        )
    assert bare.status_code == 422
    assert 'id="reason-error"' in bare.text
    assert "您不参加这个活动的评审" in page
    assert "当周在外地。" in page
    assert not any(name in page for name in NAMES)
    assert (again.status_code, declared.status_code) == (409, 409)


@pytest.mark.parametrize("is_accepted", [False, True])
def test_leaving_says_what_falls_and_closes_everything(store: Store, tmp_path: Path, is_accepted: bool) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        expert = panel.expert(0)
        if is_accepted:
            market.declare(store, panel, expert)
            market.mark(store, panel, expert, panel.bids[0])
        sheets = own_sheets(stage, panel, expert)
        asked = stage.page(at(panel, "/leave"), expert)
        bare = stage.post(at(panel, "/leave"), expert)
        to = went(stage.post(at(panel, "/leave"), expert, reason="刚受聘于发榜单位。"))
        page, over = stage.page(to, expert), stage.page(at(panel, "/leave"), expert)
        closed = [stage.get(one, expert).status_code for one in sheets]
    assert ("立即作废" in asked) is is_accepted
    assert bare.status_code == 422
    assert ("评语都已作废" in page) is is_accepted
    assert "刚受聘于发榜单位。" in page
    assert "您已经不评审这个活动" in over
    assert closed == [403] * len(sheets)
    assert len(sheets) == (3 if is_accepted else 0)


def test_who_was_replaced_meanwhile_lands_on_clear_words(store: Store, tmp_path: Path) -> None:
    with drawn(store, tmp_path) as (stage, panel):
        with store.reading() as session:
            link = session.exec(select(Message.link).where(Message.account_id == panel.expert(0).account_id)).one()
        with store.writing() as session:
            members.expire(
                session, panel.scene.issuer, panel.scene.round_id, panel.drawn[0], reason="逾期未答复。", now=REVIEW
            )
        page = stage.page(link, panel.expert(0))
    assert "您不再评审这个活动" in page
    assert "逾期未答复。" in page
    assert "申报单位名单" not in page


def test_where_names_are_hidden_no_page_after_the_declaration_ties_a_code_to_a_name(
    store: Store, tmp_path: Path
) -> None:
    with drawn(store, tmp_path, hides=True) as (stage, panel):
        expert, first = panel.expert(0), panel.bids[0]
        before = stage.page(at(panel), expert)
        market.declare(store, panel, expert, {first: Said(Answer.CONFLICT, "曾任其顾问。")})
        sheets = own_sheets(stage, panel, expert)
        pages = [stage.page(one, expert) for one in (at(panel), *sheets, *(f"{one}/recusal" for one in sheets))]
        stage.now = REVIEW + timedelta(minutes=5)
        to = went(stage.post(f"{sheets[0]}/recusal", expert, reason="认出是我的学生。"))
        late = stage.page(to, expert)
    assert all(name in before for name in NAMES)
    assert [one in pages[0] for one in NAMES] == [True, False, False]  # what it has declared itself, without a code
    assert not any(name in page for page in pages[1:] for name in NAMES)
    assert not any(one in page for page in pages for one in panel.bids)
    assert "认出是我的学生。" in late
    assert [one in late for one in NAMES] == [True, False, False]
    assert "号申报" in late


def test_a_suspended_round_says_that_everything_stays(store: Store, tmp_path: Path) -> None:
    with judging(store, tmp_path) as (stage, panel):
        suspend(store, panel.scene.round_id)
        page, index = stage.page(at(panel), panel.expert(0)), stage.page("/review", panel.expert(0))
        sheet = stage.page(own_sheets(stage, panel, panel.expert(0))[0], panel.expert(0))
    for text in (page, sheet):
        assert "活动已中止" in text
    assert "已填的内容都保留着" in index
    assert "提交评分表" not in sheet


def suspend(store: Store, round_id: str) -> None:
    """Let the round's clocks stand still."""
    with store.writing() as session:
        row = session.get_one(Round, round_id)
        row.suspended_at, row.suspend_reason = REVIEW + timedelta(minutes=1), "核查举报"
        session.add(row)
