"""Procedure types on pages: read by everybody, changed by administrators, nothing typed is lost."""

from html import unescape

import pytest
from starlette.testclient import TestClient

from marketplace.kernel.errors import NotFound
from marketplace.rounds import procedures
from marketplace.rounds.views import ProcedureView
from tests.web.conftest import Market
from tests.web.test_leaving import enter
from web.pages import procedure_forms

EDIT = "/procedures/challenge/edit"


def standing(market: Market, key: str = "challenge") -> ProcedureView:
    with market.installation.store.reading() as session:
        return procedures.get(session, key)


def fields(market: Market, **changed: str) -> dict[str, str]:
    """The form as it stands, with some fields changed."""
    view = standing(market)
    said = procedure_forms.said(view.procedure)
    return {**said, "_version": str(view.number), "reason": "依本市办法修改", **changed}


def send(client: TestClient, token: str, path: str, data: dict[str, str]) -> tuple[int, str]:
    answer = client.post(path, data={**data, "csrf_token": token}, follow_redirects=True)
    return answer.status_code, unescape(answer.text)


def test_everybody_reads_what_a_procedure_rests_on_and_nobody_takes_a_proposal_for_the_law(market: Market) -> None:
    with market.client() as client:
        listed = client.get("/procedures").text
        page = unescape(client.get("/procedures/contest").text)
    assert all(title in listed for title in ("揭榜挂帅", "OPC 场景专项赛", "示范场景遴选", "补贴评审", "OPC 社区认定"))
    assert "由OPC答题，开展公开遴选和精准撮合" in page
    assert "平台建议，尚未由主办方核定" in page
    assert "平台建议值，所依据的政策没有规定" in page
    assert "/procedures/contest/edit" not in page


def test_a_change_shows_its_reason_and_the_old_version_stays(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "管理员")
        longer = fields(market, **{"stage-1-length": "20", "stage-1-source": "临川市揭榜挂帅办法第八条"})
        status, page = send(client, token, EDIT, longer)
        old = unescape(client.get("/procedures/challenge/versions/1").text)
    assert status == 200
    assert "第 2 版" in page
    assert "不少于 20 个自然日" in page
    assert "临川市揭榜挂帅办法第八条" in page
    assert "依本市办法修改" in page
    assert "这是以前的版本" in old
    assert "不少于 15 个自然日" in old


def test_what_is_wrong_is_said_where_it_stands_and_the_rest_is_kept(market: Market) -> None:
    typed = {
        "stage-10-length": "两周",
        "criterion-1-weight": "41",
        "limit-panel-value": "4",
        "summary": "新的说明",
        "reason": "",
    }
    with market.client() as client:
        token = enter(client, market, "管理员")
        status, page = send(client, token, EDIT, fields(market, **typed))
    assert status == 422
    for named in ("stage-10-length", "limit-panel-value", "reason"):
        assert f'id="{named}-error"' in page, named
    assert "各项权重之和应为 100，现在是 101。" in page
    assert "评审专家应为单数" in page
    assert 'value="两周"' in page
    assert "新的说明" in page
    assert standing(market).number == 1


def test_two_editors_see_that_the_other_was_faster(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "管理员")
        second = fields(market, summary="另一人的说明")
        send(client, token, EDIT, fields(market, summary="先保存的说明"))
        status, page = send(client, token, EDIT, second)
    assert status == 409
    assert "刚由别人改过" in page
    assert "另一人的说明" in page
    assert standing(market).procedure.summary == "先保存的说明"


def test_a_stage_is_left_out_where_none_is_chosen_and_added_where_one_is(market: Market) -> None:
    kept = [stage.key for stage in standing(market).procedure.stages]
    assert kept == ["open", "opening", "eligibility", "review", "decision", "publicity"]
    added = {
        "stage-6-key": "visit",
        "stage-6-length": "3",
        "stage-6-unit": "workdays",
        "stage-6-source": "现场核实规程",
    }
    with market.client() as client:
        token = enter(client, market, "管理员")
        send(client, token, EDIT, fields(market, **{"stage-5-key": "", **added}))
    now = standing(market).procedure.stages
    assert [stage.key for stage in now] == ["open", "opening", "eligibility", "review", "visit", "publicity"]
    assert now[4].title == "现场核实"


def test_a_fault_after_a_left_out_row_is_said_in_its_own_row(market: Market) -> None:
    typed = {"stage-5-key": "", "stage-6-key": "visit", "stage-6-length": "0", "stage-6-source": "现场核实规程"}
    with market.client() as client:
        token = enter(client, market, "管理员")
        status, page = send(client, token, EDIT, fields(market, **typed))
    assert status == 422
    assert 'id="stage-6-length-error"' in page


def test_a_copy_is_a_type_of_its_own(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "管理员")
        refused, page = send(client, token, "/procedures/challenge/copy", {"title": "补贴评审"})
        status, made = send(client, token, "/procedures/challenge/copy", {"title": "临川市揭榜"})
    assert (refused, status) == (422, 200)
    assert "已有同名的程序类型" in page
    assert 'value="补贴评审"' in page
    assert "已复制" in made
    assert "复制" in made
    with market.installation.store.reading() as session:
        titles = [view.procedure.title for view in procedures.listed(session)]
    assert titles[-1] == "临川市揭榜"
    assert len(titles) == 7


def test_what_was_typed_comes_back_as_it_was() -> None:
    for one in procedures.shipped():
        assert procedure_forms.procedure(procedure_forms.said(one), one) == one


def test_an_unknown_version_is_not_found(market: Market) -> None:
    with market.client() as client:
        assert client.get("/procedures/challenge/versions/2").status_code == 404
        assert client.get("/procedures/lottery").status_code == 404
    with market.installation.store.reading() as session, pytest.raises(NotFound):
        procedures.get(session, "challenge", number=0)
