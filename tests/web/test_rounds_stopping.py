"""Addenda, suspending, ending before time and beginning again, on pages."""

from marketplace.rounds.making import texts
from marketplace.rounds.words import RoundState
from tests.web.conftest import Market
from tests.web.round_office import Office, appoint, begin, make_office, open_round
from tests.web.test_rounds_approval import send
from tests.web.test_rounds_making import form, read

REASON = "收到对公告的质疑，核实期间中止。"


def opened(market: Market) -> Office:
    """A round that takes bids."""
    return open_round(appoint(begin(make_office(market))))


def test_an_addendum_is_written_looked_at_and_published(market: Market) -> None:
    office = opened(market)
    with market.client() as client:
        token = office.enter(client, "需求方")
        asked = read(client, office.page("/addendum"))
        begun = send(client, token, office.page("/addendum/begin"))
        page = read(client, office.page("/draft"))
        nothing = read(client, office.page("/addendum"))
        fields = {"funds_source": "省级科技专项资金", "asks_price": "yes", "then": "next"}
        saved = send(
            client,
            token,
            office.page("/draft"),
            **{k: v for k, v in form(office, token, **fields).items() if k != "csrf_token"},
        )
        review = read(client, office.page("/addendum"))
        version = office.read(lambda s: texts.get(s, office.actors["需求方"], office.round_id)).version
        bare = send(client, token, office.page("/addendum"), _version=str(version), reason="")
        moved = send(client, token, office.page("/addendum"), _version="1", reason="资金来源有变")
        done = send(client, token, office.page("/addendum"), _version=str(version), reason="资金来源有变")
    assert "起草补遗" in asked
    assert begun == (303, office.page("/draft?done=addendum"))
    assert 'name="publish_at"' not in page
    assert "与现行公告没有不同" in nothing
    assert saved == (303, office.page("/addendum"))
    assert "资金来源" in review
    assert "<ins" in review
    assert bare[0] == 422
    assert (moved[0], "资金来源有变" in moved[1]) == (409, True)
    assert done == (303, office.page("?done=amended"))
    assert office.row().notice_number == 2


def test_an_addendum_is_dropped_and_only_the_issuer_writes_one(market: Market) -> None:
    office = opened(market)
    with market.client() as client:
        for title in ("审批甲", "监督", "OPC", "管理员"):
            token = office.enter(client, title)
            assert client.get(office.page("/addendum")).status_code == 403, title
            assert send(client, token, office.page("/addendum/begin"))[0] == 403, title
        token = office.enter(client, "需求方")
        send(client, token, office.page("/addendum/begin"))
        stranger = send(client, office.enter(client, "OPC"), office.page("/addendum"), _version="1", reason="改")[0]
        token = office.enter(client, "需求方")
        dropped = send(client, token, office.page("/addendum/drop"))
        twice = send(client, token, office.page("/addendum/drop"))[0]
    assert stranger == 403
    assert dropped == (303, office.page("?done=dropped"))
    assert twice == 409
    assert office.row().notice_number == 1


def test_a_round_is_suspended_and_resumed_with_reasons(market: Market) -> None:
    office = opened(market)
    with market.client() as client:
        token = office.enter(client, "审批甲")
        page = read(client, office.page("/stop"))
        bare = send(client, token, office.page("/stop/suspend"), reason="")
        long = send(client, token, office.page("/stop/suspend"), reason="长" * 1001)
        stopped = send(client, token, office.page("/stop/suspend"), reason=REASON)
        again = send(client, token, office.page("/stop/suspend"), reason="再来一次")
        token = office.enter(client, "监督")
        shown = read(client, office.page("/stop"))
        resumed = send(client, token, office.page("/stop/resume"), reason="核实完毕")
    assert "已提交的申报保持密封" in page
    assert bare[0] == 422
    assert 'id="suspend-reason-error"' in bare[1]
    assert long[0] == 422
    assert stopped == (303, office.page("?done=suspend"))
    assert (again[0], "再来一次" in again[1]) == (409, False)
    assert REASON in shown
    assert "终止活动" not in shown
    assert resumed == (303, office.page("?done=resume"))
    assert office.row().suspended_at is None


def test_two_approvers_end_a_round_and_its_issuer_begins_again(market: Market) -> None:
    office = opened(market)
    with market.client() as client:
        first = send(client, office.enter(client, "审批甲"), office.page("/stop/cancel"), reason="与省里项目重复")
        mine = read(client, office.page("/stop"))
        token = office.enter(client, "审批乙")
        shown = read(client, office.page("/stop"))
        second = send(client, token, office.page("/stop/cancel"), reason="同意")
        refused = send(client, token, office.page("/again"))[0]
        token = office.enter(client, "需求方")
        again = send(client, token, office.page("/again"))
        page = read(client, again[1])
    assert first == (303, office.page("/stop?done=cancel_asked#cancel"))
    assert "等待另一名审批人" in mine
    assert "审批甲" in shown
    assert second == (303, office.page("?done=cancel"))
    assert office.row().state is RoundState.CANCELLED
    assert refused == 403
    assert again[0] == 303
    assert office.page("/draft") not in again[1]
    assert "巡查全市三万株行道树" in page


def test_nobody_else_stops_a_round(market: Market) -> None:
    office = opened(market)
    with market.client() as client:
        for title in ("需求方", "审查甲", "主办方"):
            token = office.enter(client, title)
            for act in ("suspend", "resume", "cancel", "fail"):
                status = send(client, token, office.page(f"/stop/{act}"), reason=REASON)[0]
                assert status in {403, 409}, (title, act, status)
        for title in ("OPC", "专家", "管理员"):
            token = office.enter(client, title)
            assert client.get(office.page("/stop")).status_code == 403, title
            for act in ("suspend", "resume", "cancel", "fail"):
                assert send(client, token, office.page(f"/stop/{act}"), reason=REASON)[0] == 403, (title, act)
        office.enter(client, "需求方")
        assert "现在没有您可以办理的事项" in read(client, office.page("/stop"))
    row = office.row()
    assert (row.state, row.suspended_at) == (RoundState.OPEN, None)
