"""The published result: what everybody reads, as a page, in documents and by program; withdrawn ones stay readable."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from marketplace.rounds.deciding import awards, effects, outcomes
from marketplace.rounds.making import stopping
from marketplace.rounds.outcome_words import ObjectionEvent, Remedy
from marketplace.rounds.words import BidState, RoundState
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.market import NEW_ID
from tests.marketplace.outcome_acts import DECIDED
from tests.marketplace.round_acts import DAY, INSTANT
from tests.web.outcome_stage import (  # noqa: F401 - fixtures
    ENDS,
    Make,
    Play,
    awarded,
    begin,
    decided,
    outcome_copies,
    published,
)
from tests.web.pages import said

Begin = Callable[[Make], Play]
TABLE = ("木语视觉", "83.00", "云上园林", "78.33", "接线员工作室", "75.00")


def withdraw(play: Play) -> str:
    """An objection is upheld and the decision falls; gives the reason."""
    objection = acts.object_to(play.store, play.panel, play.panel.bidders[1])
    acts.take(play.store, play.panel, objection)
    acts.settle(play.store, play.panel, objection, ObjectionEvent.UPHOLD, remedy=Remedy.DECIDE_AGAIN)
    reason = "第 1 号异议成立，重新研究决定。"
    with play.store.writing() as session:
        effects.bring_about(
            session, play.made.supervisor, play.panel.scene.round_id, reason=reason, now=DECIDED, new_id=NEW_ID
        )
    return reason


def test_everybody_reads_the_result_on_the_page_and_in_the_files(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    at, stage = f"{play.made.base}/result", play.stage
    page = stage.page(at)
    with play.store.reading() as session:
        digest = outcomes.get(session, None, play.panel.scene.round_id, now=DECIDED).publicities[0].digest
    told = (
        *TABLE,
        "5 个工作日",
        "2026年12月18日（周五）24:00",
        "去掉最高分和最低分后的平均分",
        "林正",
        "没有公开的内容",
        "商业秘密",
        digest,
    )
    for one in told:
        assert one in page, one
    for expert in range(5):
        assert play.panel.expert(expert).name in page
    assert "还有 6 天 5 小时" in page
    for suffix in ("docx", "pdf"):
        text = "".join(said(stage.get(f"{at}/1/file.{suffix}")).split())
        for one in told:
            assert "".join(one.split()) in text, (suffix, one)
    assert stage.get(f"{at}/1/file.txt").status_code == 404
    assert stage.get(f"{at}/2").status_code == 404
    public = stage.page(play.made.base)
    assert f'href="{at}"' in public
    assert f'href="{play.made.base}/objections/new"' in public


def test_there_is_no_result_before_it_is_public(begin: Begin) -> None:  # noqa: F811
    play = begin(decided)
    for path in ("", "/1", "/1/file.pdf"):
        assert play.stage.get(f"{play.made.base}/result{path}").status_code == 404
    assert play.stage.get(f"/api/v1{play.made.base}/result").status_code == 404
    assert "结果公示</a>" not in play.stage.page(play.made.base)


def test_programs_read_what_was_stored_and_can_recompute_its_digest(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    acts.object_to(play.store, play.panel, play.panel.bidders[1])
    answer = play.stage.get(f"/api/v1{play.made.base}/result").json()
    (public,) = answer["publicities"]
    spelled = json.dumps(public["record"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(spelled.encode()).hexdigest() == public["digest"]
    assert (answer["state"], answer["standing"], answer["finals"]) == ("publicity", 1, [])
    assert answer["ends_at"] == "2026-12-18T16:00:00Z"
    assert answer["objections"] == {
        "filed": 1,
        "is_open": 1,
        "refused": 0,
        "upheld": 0,
        "dismissed": 0,
        "withdrawn": 0,
        "appealed": 0,
        "days": [],
    }
    assert "何一人" not in json.dumps(answer, ensure_ascii=False)


def test_who_has_objected_finds_its_objection_instead_of_another_form(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    objection = acts.object_to(play.store, play.panel, play.panel.bidders[1])
    at = f"{play.made.base}/objections"

    def seen(number: int) -> list[tuple[bool, bool]]:
        places = (f"/bids/{play.panel.bids[number]}", f"{play.made.base}/result")
        pages = [play.stage.page(place, play.panel.bidders[number]) for place in places]
        return [(f"{at}/{objection}" in page, f"{at}/new" in page) for page in pages]

    assert seen(1) == [(True, False)] * 2
    assert seen(2) == [(False, True)] * 2
    acts.take(play.store, play.panel, objection)
    acts.settle(play.store, play.panel, objection, ObjectionEvent.DISMISS)
    assert seen(1) == [(True, True)] * 2


def test_a_publicity_that_stood_still_ends_later_and_says_so(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    at, stage, approver = f"{play.made.base}/result", play.stage, play.panel.scene.approvers[0]
    with play.store.writing() as session:
        stopping.suspend(session, approver, play.panel.scene.round_id, reason="核实举报。", now=DECIDED, new_id=NEW_ID)
    still = stage.page(at)
    assert "公示期停止计算" in still
    assert "还有" not in still.split("document-paper")[0].split("no-print")[-1]
    with play.store.writing() as session:
        stopping.resume(
            session,
            approver,
            play.panel.scene.round_id,
            reason="核实完毕。",
            now=DECIDED + timedelta(days=2),
            new_id=NEW_ID,
        )
    page = stage.page(at)
    assert "2026年12月20日（周日）24:00（北京时间）（活动曾中止，由 2026年12月18日（周五）24:00 顺延）" in page


def test_what_was_withdrawn_stays_readable_with_the_reason_and_is_marked(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    at, stage = f"{play.made.base}/result", play.stage
    reason = withdraw(play)
    page = stage.page(at)
    assert "这次公示已撤回" in page
    assert f"理由：{reason}" in page
    assert "木语视觉" in page
    assert "提出异议</a>" not in page
    assert "不再有效" in said(stage.get(f"{at}/1/file.docx"))
    own = stage.page(f"/bids/{play.panel.bids[0]}", play.panel.bidders[0])
    assert f"理由：{reason}" in own
    assert "83.00" not in own
    later = DECIDED + 3 * DAY
    for person in play.made.deciders:
        acts.decide(play.store, play.panel, person, now=later)
    stage.now = later
    again = stage.page(at)
    assert "第 2 次公示" in again
    assert "2026年12月22日（周二）24:00" in again
    assert f'href="{at}/1"' in again
    first = stage.page(f"{at}/1")
    assert f'href="{at}"' in first
    assert "第 1 次公示，已于 2026年12月12日撤回，不再有效" in first


def test_after_the_award_the_page_tells_what_became_of_everybody(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    at, stage, panel = f"{play.made.base}/result", play.stage, play.panel
    objection = acts.object_to(play.store, panel, panel.bidders[1])
    acts.take(play.store, panel, objection)
    monday = DECIDED + 2 * DAY
    acts.settle(play.store, panel, objection, ObjectionEvent.DISMISS, now=monday)
    assert market.tick(play.store, panel, now=ENDS) is RoundState.AWARDED
    stage.now = ENDS
    page = stage.page(at)
    for told in (
        "已定榜",
        "中选，应在 2026年12月25日（周五）24:00 前确认",
        "收到异议",
        "1 项，其中正在办理 0 项",
        "不成立 1 项",
    ):
        assert told in page, told
    # Filed on Saturday 12 December, answered on Monday the 14th: one working day.
    assert "平均 1 个工作日，最长 1 个工作日" in page
    with play.store.writing() as session:
        awards.confirm(session, panel.bidders[0], panel.bids[0], now=ENDS, new_id=NEW_ID)
    page = stage.page(at)
    assert "中选，2026年12月19日确认" in page
    assert page.count("未中选") == 2
    final = stage.get(f"/api/v1{play.made.base}/result").json()["finals"]
    assert {one["bid"]: one["state"] for one in final} == {
        panel.bids[0]: BidState.AWARDED,
        panel.bids[1]: BidState.NOT_AWARDED,
        panel.bids[2]: BidState.NOT_AWARDED,
    }


def test_a_replaced_result_leads_to_the_one_that_stands(begin: Begin) -> None:  # noqa: F811
    play = begin(awarded)
    at, stage, panel = f"{play.made.base}/result", play.stage, play.panel
    with play.store.writing() as session:
        awards.decline(session, panel.bidders[0], panel.bids[0], reason="人手不足。", now=ENDS, new_id=NEW_ID)
    page = stage.page(at)
    assert "由候补按次序递补，重新公示" in page
    paper = page.split("document-paper")[1].split("</article>")[0]
    results, gone = paper.split("不再中选的单位")
    assert "木语视觉" not in results
    assert "木语视觉" in gone
    assert "放弃中选" in gone
    first = stage.page(f"{at}/1")
    assert "这次公示已由后一次代替" in first
    assert "木语视觉" in first
    assert "人手不足" not in page + first


def test_the_last_moment_of_a_publicity_is_open_to_objections_and_the_next_is_not(begin: Begin) -> None:  # noqa: F811
    play = begin(published)
    at = f"{play.made.base}/result"
    for moment, is_open in ((ENDS - INSTANT, True), (ENDS, False)):
        play.stage.now = moment
        assert ("/objections/new" in play.stage.page(at)) is is_open
