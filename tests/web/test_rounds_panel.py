"""The office's side of an expert review on pages: drawing with two people, members, conflicts, requests."""

import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

from marketplace.experts.rules.facts import TieKind
from marketplace.kernel.db import Store
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import members
from marketplace.rounds.panels.members import Answer, Said
from marketplace.rounds.rules.scores import Method
from marketplace.rounds.words import RoundState
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.review_market import REVIEW
from tests.marketplace.round_market import Scene, row_of
from tests.web.round_stage import Stage, playing

MARKS = {0: (34, 28, 30), 1: (36, 27, 31), 2: (35, 26, 29), 3: (33, 28, 32), 4: (37, 25, 30)}
LATER = REVIEW + timedelta(hours=1)


def at(scene: Scene, *parts: str) -> str:
    """An address under the panels of a round."""
    return "/".join((f"/rounds/{scene.round_id}/panel", *parts))


def first(pattern: str, page: str) -> str:
    """What the first match of a pattern holds."""
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


def test_a_panel_is_drawn_by_two_people_on_pages(store: Store, tmp_path: Path) -> None:
    scene, _bidders, _bids = market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    for number, name in enumerate(market.NAMES):
        market.make_expert(store, name, email=f"e{number}@pingshen.cn")
    issuer, second = scene.issuer, scene.table.organiser
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        empty = stage.page(at(scene), issuer)
        choosing = stage.page(f"{at(scene)}/candidates?track=t1", issuer)
        wrong = stage.post(at(scene, "draws"), issuer, track="t1", **{"experts-any": "五", "reserves-law": "2"})
        many = stage.post(at(scene, "draws"), issuer, track="t1", **{"experts-any": "6"})
        fixed = stage.post(at(scene, "draws"), issuer, track="t1", **{"experts-any": "5", "reserves-any": "2"})
        draw = fixed.headers["location"].split("?")[0]
        own, waits = stage.page(draw, issuer), stage.page(draw, second)
        by_fixer = stage.post(f"{draw}/draw", issuer, words="3 5 6 1")
        short = stage.post(f"{draw}/draw", second, words="12")
        done = stage.post(f"{draw}/draw", second, words="3 5 6 1")
        shown = stage.page(draw, issuer)
        record = stage.get(f"{draw}.json", issuer)
        board = stage.page(at(scene), issuer)

    assert "还没有评审组。需要专家 5 名，另抽候补 3 名，请先固定抽取名单。" in empty
    assert all(name in choosing for name in market.NAMES)
    assert wrong.status_code == 422
    assert 'id="experts-any-error"' in wrong.text
    assert 'value="五"' in unescape(wrong.text)
    assert re.search(r'name="reserves-law"[^>]*value="2"', wrong.text)
    assert "现在还缺 5 名，这里共要抽 6 名" in unescape(many.text)
    assert "抽取后公布" in own
    assert "名单是您固定的，抽取需要另一个人" in own
    assert 'name="words"' not in own
    assert 'name="words"' in waits
    assert by_fixer.status_code == 409
    assert "抽取需要两个人" in unescape(by_fixer.text)
    assert short.status_code == 422
    assert 'value="12"' in short.text
    assert done.headers["location"] == f"{draw}?done=drawn"
    assert "与记录一致" in shown
    assert "attachment" in record.headers["content-disposition"]
    assert len(json.loads(record.content)["drawn"][0]["experts"]) == 5
    assert "等" in first(r"进展</p>\s*<p>([^<]*)</p>", board)
    assert board.count('data-label="自何时"') == 5


def test_a_list_is_dropped_with_a_reason_and_its_seed_is_never_told(store: Store, tmp_path: Path) -> None:
    scene, _bidders, _bids = market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    for number, name in enumerate(market.NAMES):
        market.make_expert(store, name, email=f"e{number}@pingshen.cn")
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        fixed = stage.post(at(scene, "draws"), scene.issuer, track="t1", **{"experts-any": "5"})
        draw = fixed.headers["location"].split("?")[0]
        bare = stage.post(f"{draw}/drop", scene.issuer, reason=" ")
        dropped = stage.post(f"{draw}/drop", scene.issuer, reason="专家库刚刚更新")
        page, record = stage.page(draw, scene.issuer), stage.get(f"{draw}.json", scene.issuer).json()

    assert bare.status_code == 422
    assert 'id="reason-drop-error"' in bare.text
    assert dropped.status_code == 303
    assert "这份名单已作废" in page
    assert "专家库刚刚更新" in page
    assert (record["seed"], record["drawn"]) == ("", [])


def test_members_are_called_expired_led_and_excepted(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    scene, issuer = panel.scene, panel.scene.issuer
    for number in (0, 1, 2):
        market.declare(store, panel, panel.expert(number))
    market.mark(store, panel, panel.expert(0), panel.bids[0])

    def act(stage: Stage, member_id: str, name: str, **fields: str) -> int:
        return stage.post(at(scene, "members", member_id, name), issuer, **fields).status_code

    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        early = stage.post(at(scene, "members", panel.reserves[0], "call"), issuer)
        bare = stage.post(at(scene, "members", panel.drawn[4], "expire"), issuer, reason="")
        expired = act(stage, panel.drawn[4], "expire", reason="邀请三天，电话未接")
        board = stage.page(at(scene), issuer)
        called = act(stage, panel.reserves[0], "call")
        led = [act(stage, panel.drawn[n], "lead", post=post) for n, post in ((0, "chair"), (1, "deputy"))]
        no_post = act(stage, panel.drawn[0], "lead", post="king")
        no_bid = stage.post(at(scene, "members", panel.drawn[0], "bids"), issuer, bid="", reason="同学")
        excepted = act(stage, panel.drawn[0], "bids", bid=panel.bids[0], reason="同学")
        page = stage.page(at(scene, "members", panel.drawn[0]), issuer)
        removed = act(stage, panel.drawn[2], "remove", reason="私下接触申报单位")
        after = stage.page(at(scene), issuer)

    assert early.status_code == 409
    assert "评审组人数已满" in unescape(early.text)
    assert bare.status_code == 422
    assert 'id="reason-expire-error"' in bare.text
    assert (expired, called, led, no_post, excepted, removed) == (303, 303, [303, 303], 422, 303, 303)
    assert "还缺 1 名专家，等主办方按次序递补" in board
    assert no_bid.status_code == 422
    assert 'id="bid-bids-error"' in no_bid.text
    assert "同学" in no_bid.text
    assert "办理人员认定" in page
    assert "组长" in page
    assert "已退出的专家（2）" in after
    assert market.state_of(store, panel.drawn[2]) is MemberState.RECUSED_LATE


def test_before_the_review_is_over_the_office_reads_counts_and_no_mark(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    market.declare_all(store, panel)
    market.mark(store, panel, panel.expert(0), panel.bids[0], market.marks(31.25, why="暗语八号"))
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        pages = [
            stage.page(address, panel.scene.issuer)
            for address in (
                at(panel.scene),
                at(panel.scene, "members", panel.drawn[0]),
                at(panel.scene, "candidates?track=t1"),
                f"/rounds/{panel.scene.round_id}/scores",
                f"/rounds/{panel.scene.round_id}",
            )
        ]
        table = stage.get(f"/rounds/{panel.scene.round_id}/scores/1", panel.scene.issuer)

    assert "评分表交了 1 张，共 15 张" in pages[0]
    assert "已交 1 张，共 3 张" in pages[1]
    assert "还没有固定的得分" in pages[3]
    assert table.status_code == 404
    assert [page for page in pages if "31.25" in page or "暗语八号" in page or "79.25" in page] == []


def test_a_doubt_is_decided_with_a_note_and_a_request_answered(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    scene, bid_id = panel.scene, panel.bids[1]
    market.declare(store, panel, panel.expert(0), {bid_id: Said(Answer.DOUBT, "曾在同一课题组。")})
    facts = {"person": "顾明远", "unit": "", "facts": "三年内有合同纠纷。"}
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        unsaid = stage.post(f"/bids/{panel.bids[0]}/recusals", panel.bidders[0], **{**facts, "facts": ""})
        asked = stage.post(f"/bids/{panel.bids[0]}/recusals", panel.bidders[0], **facts)
        again = stage.post(f"/bids/{panel.bids[0]}/recusals", panel.bidders[0], **facts)
        other = stage.post(f"/bids/{panel.bids[0]}/recusals", panel.bidders[1], **facts)
        bid = stage.page(f"/bids/{panel.bids[0]}", panel.bidders[0])
        board = stage.page(at(scene), scene.issuer)
        conflict = first(r'id="conflict-([a-z0-9]+)"', board)
        request = first(r'id="request-([a-z0-9]+)"', board)
        half = stage.post(at(scene, "conflicts", conflict), scene.issuer, note="问过本人")
        decided = stage.post(at(scene, "conflicts", conflict), scene.issuer, excludes="no", note="没有经济往来")
        mute = stage.post(at(scene, "requests", request), scene.issuer, upheld="yes", text="")
        answered = stage.post(
            at(scene, "requests", request), scene.issuer, upheld="yes", member=panel.drawn[0], text="属实"
        )
        after, told = stage.page(at(scene), scene.issuer), stage.page(f"/bids/{panel.bids[0]}", panel.bidders[0])

    assert unsaid.status_code == 422
    assert 'id="facts-error"' in unsaid.text
    assert "顾明远" in unsaid.text
    assert asked.headers["location"] == f"/bids/{panel.bids[0]}?done=recusal"
    assert (again.status_code, other.status_code) == (409, 404)
    assert "正在处理" in bid
    assert "专家本人申报" in board
    assert "曾在同一课题组。" in board
    assert half.status_code == 422
    assert f'id="excludes-{conflict}-error"' in half.text
    assert "问过本人" in half.text
    assert decided.headers["location"] == f"{at(scene)}?done=decided"
    assert mute.status_code == 422
    assert f'id="text-{request}-error"' in mute.text
    assert re.search(rf'id="upheld-{request}-yes"[^>]*checked', mute.text)
    assert answered.status_code == 303
    assert "没有经济往来" in after
    assert "申报单位申请" in after
    assert "属实" in told
    # Who judges is told to no bidder, whatever it asked for.
    with store.reading() as session:
        name = members.own(session, panel.expert(0), scene.round_id)
    assert name.id not in told


def test_rules_are_said_in_words_with_their_evidence(store: Store, tmp_path: Path) -> None:
    scene, bidders, bids = market.in_review(store, tmp_path, "木语视觉", "接线员工作室")
    people = [market.make_expert(store, one, email=f"e{n}@pingshen.cn") for n, one in enumerate(market.NAMES[:4])]
    people.append(market.make_expert(store, "贺维中", email="e9@pingshen.cn", ties=[(TieKind.ADVISER, "接线员工作室")]))
    kept_away = market.make_expert(store, "白若川", email="e8@pingshen.cn", ties=[(TieKind.EMPLOYED, "木语视觉")])
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        choosing = stage.page(at(scene, "candidates"), scene.issuer)
        fixed = stage.post(at(scene, "draws"), scene.issuer, track="t1", **{"experts-any": "5"})
        draw = fixed.headers["location"].split("?")[0]
        stage.post(f"{draw}/draw", scene.table.organiser, words="1 2 3 4")
        panel = market.seated(store, scene, bidders, bids, people)
        market.declare(store, panel, people[-1])
        board = stage.page(at(scene), scene.issuer)

    assert "应当回避：现任职单位“木语视觉”" in choosing
    assert kept_away.name in choosing
    assert "申报单位的顾问" in board
    assert "按规则发现" in board
    assert "由人认定" in board


def test_the_review_is_closed_with_a_reason_and_not_before_there_are_enough_sheets(
    store: Store, tmp_path: Path
) -> None:
    panel = market.drawn_panel(store, tmp_path, reserves=0)
    market.judged_by(store, panel, Method.MEAN)
    for number in range(3):
        market.declare(store, panel, panel.expert(number))
    market.lead(store, panel)
    market.mark_all(store, panel, {0: MARKS[0], 1: MARKS[1]})
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        blocked = stage.page(at(panel.scene), panel.scene.issuer)
        early = stage.post(at(panel.scene, "close"), panel.scene.issuer, reason="不再递补")
        market.mark_all(store, panel, {2: MARKS[2]})
        bare = stage.post(at(panel.scene, "close"), panel.scene.issuer, reason="")
        closed = stage.post(at(panel.scene, "close"), panel.scene.issuer, reason="专家库已无可用专家")
        board = stage.page(at(panel.scene), panel.scene.issuer)

    assert "现在还不能结束" in blocked
    assert early.status_code == 409
    assert bare.status_code == 422
    assert 'id="reason-close-error"' in bare.text
    assert closed.headers["location"] == f"{at(panel.scene)}?done=closed"
    assert "评分已结束，评审组正在合议" in board
    assert row_of(store, panel.scene).state is RoundState.CONSENSUS


def test_an_expert_is_named_by_hand_where_nobody_stands_by(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path, pool=market.NAMES[:6], reserves=0)
    with store.writing() as session:
        members.decline(session, panel.expert(0), panel.scene.round_id, reason="出差", now=REVIEW, new_id=NEW_ID)
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        page = stage.page(at(panel.scene, "candidates?track=t1"), panel.scene.issuer)
        spare = first(r'<select id="expert".*?<option value="([a-z0-9]{16})"', page.replace("\n", " "))
        bare = stage.post(at(panel.scene, "experts"), panel.scene.issuer, track="t1", expert=spare, reason="")
        named = stage.post(at(panel.scene, "experts"), panel.scene.issuer, track="t1", expert=spare, reason="仅余一人")
        seat = stage.page(named.headers["location"], panel.scene.issuer)

    assert bare.status_code == 422
    assert re.search(rf'<option value="{spare}"\s+selected', bare.text)
    assert "指定，理由：仅余一人" in seat
    assert "已指定，并向这位专家发出邀请。" in seat


def test_the_rounds_own_pages_lead_to_the_panel(store: Store, tmp_path: Path) -> None:
    panel = market.drawn_panel(store, tmp_path)
    with store.writing() as session:
        members.decline(session, panel.expert(0), panel.scene.round_id, reason="出差", now=REVIEW, new_id=NEW_ID)
    with playing(store, tmp_path) as stage:
        stage.now = REVIEW
        own = stage.page(f"/rounds/{panel.scene.round_id}", panel.scene.issuer)
        public = stage.page(f"/rounds/{panel.scene.round_id}", panel.bidders[0])
        mine = stage.page("/rounds/mine", panel.scene.issuer)
        board = stage.page("/board", panel.scene.table.organiser)

    assert f'href="{at(panel.scene)}"' in own
    assert at(panel.scene) not in public
    assert "专家评审中" in public
    assert "等您递补评审专家" in mine
    assert f'href="{at(panel.scene)}"' in mine
    assert re.search(rf'href="{at(panel.scene)}">专家评审待办</a>\s*<span class="waits-number">1<', board)
