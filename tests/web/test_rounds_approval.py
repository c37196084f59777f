"""Handing in, 公平竞争审查, two approvers, sending back, on pages; what an outsider never sees of it."""

from html import unescape

from starlette.testclient import TestClient

from marketplace.rounds.making import texts
from marketplace.rounds.words import RoundState
from tests.web import round_office
from tests.web.conftest import Market
from tests.web.round_office import PDF, Office, appoint, begin, hand_in, make_office, put_review, set_up_keys
from tests.web.test_rounds_making import read

REASON = "请写清怎样验收，再送审。"


def send(client: TestClient, token: str, address: str, **fields: str) -> tuple[int, str]:
    """The status of a form that was sent, and where it leads, or else its page."""
    answer = client.post(address, data={"csrf_token": token, **fields})
    return answer.status_code, answer.headers.get("location") or unescape(answer.text)


def put(client: TestClient, office: Office, token: str, *, name: str, data: bytes, **changed: str) -> tuple[int, str]:
    given = {"conclusion": "passed", "reviewer": "临川市市场监督管理局", "reviewed_on": "2026-01-05", **changed}
    answer = client.post(office.page("/review"), data={"csrf_token": token, **given}, files={"evidence": (name, data)})
    return answer.status_code, answer.headers.get("location") or unescape(answer.text)


def test_a_draft_that_lacks_something_leads_to_what_is_missing(market: Market) -> None:
    office = make_office(market)
    begin(office, fields=round_office.notice_fields(office, bidders=""))
    with market.client() as client:
        token = office.enter(client, "需求方")
        page = read(client, office.page("/approval"))
        sent = send(client, token, office.page("/approval/hand-in"), _version="2")
    assert office.page("/draft?see=faults#bidders") in page
    assert "还差 2 名审批人" in page
    assert "/approval/hand-in" not in page
    assert sent[0] == 409
    assert "还不能送审" in sent[1]
    assert office.row().state is RoundState.DRAFT


def test_two_approvers_schedule_what_they_have_read(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    set_up_keys(office)
    with market.client() as client:
        token = office.enter(client, "需求方")
        asked = read(client, office.page("/approval"))
        version = office.read(lambda s: texts.get(s, office.actors["需求方"], office.round_id)).version
        handed = send(client, token, office.page("/approval/hand-in"), _version=str(version))
        put_review(office)
        token = office.enter(client, "审批甲")
        page = read(client, office.page("/approval"))
        first = send(client, token, office.page("/approval/approve"), number="1")
        waits = read(client, office.page("/approval"))
        token = office.enter(client, "审批乙")
        second = send(client, token, office.page("/approval/approve"), number="1")
        done = read(client, second[1])
    for name in ("审批甲", "审批乙", "开启甲", "开启乙", "保管人"):
        assert name in asked
    assert handed == (303, office.page("/approval?done=handed_in"))
    assert "巡查全市三万株行道树" in page
    assert "批准第 1 版公告" in page
    assert first == (303, office.page("/approval?done=approved"))
    assert "您已经批准这一版" in waits
    assert second == (303, office.page("/approval?done=scheduled"))
    assert "公告已经批准" in done
    assert office.row().state is RoundState.SCHEDULED


def test_what_stands_against_an_approval_is_said_and_nobody_else_approves(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    hand_in(office)
    with market.client() as client:
        token = office.enter(client, "审批甲")
        page = read(client, office.page("/approval"))
        early = send(client, token, office.page("/approval/approve"), number="1")
        other = send(client, token, office.page("/approval/approve"), number="2")
        refused = {}
        for title in ("需求方", "审查甲", "监督", "主办方", "OPC", "专家", "管理员"):
            refused[title] = send(client, office.enter(client, title), office.page("/approval/approve"), number="1")[0]
        token = office.enter(client, "审批甲", stale=True)
        stale = send(client, token, office.page("/approval/approve"), number="1")
    assert "公平竞争审查还没有通过" in page
    assert early[0] == 409
    assert "公平竞争审查还没有通过" in early[1]
    assert other[0] == 409
    assert "新的一版" in other[1]
    assert stale[0] == 303
    assert stale[1].startswith("/account/confirm")
    assert refused == {"需求方": 409, "审查甲": 403, "监督": 403, "主办方": 403, "OPC": 404, "专家": 404, "管理员": 404}
    assert office.row().state is RoundState.INTERNAL_REVIEW


def test_a_notice_goes_back_with_a_reason_that_is_not_lost(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    hand_in(office)
    with market.client() as client:
        token = office.enter(client, "审批甲")
        bare = send(client, token, office.page("/approval/back"), number="1", reason="  ")
        wrong = send(client, token, office.page("/approval/back"), number="7", reason=REASON)
        back = send(client, token, office.page("/approval/back"), number="1", reason=REASON)
        office.enter(client, "需求方")
        page = read(client, office.page("/draft"))
    assert bare[0] == 422
    assert 'id="reason-error"' in bare[1]
    assert wrong[0] == 409
    assert REASON in wrong[1]
    assert back == (303, office.page("/approval?done=back"))
    assert "行道树健康巡查揭榜挂帅" in page
    assert office.row().state is RoundState.DRAFT


def test_the_issuer_takes_back_what_waits(market: Market) -> None:
    office = appoint(begin(make_office(market)))
    hand_in(office)
    with market.client() as client:
        token = office.enter(client, "需求方")
        assert "撤回送审" in read(client, office.page("/approval"))
        taken = send(client, token, office.page("/approval/back"), number="1")
    assert taken[0] == 303
    assert office.row().state is RoundState.DRAFT


def test_a_review_is_put_down_with_its_document_and_read_by_those_inside(market: Market) -> None:
    office = begin(make_office(market))
    with market.client() as client:
        token = office.enter(client, "需求方")
        assert put(client, office, token, name="审查意见.pdf", data=PDF) == (303, office.page("/review?done=reviewed"))
        page = read(client, office.page("/review"))
        office.enter(client, "审批甲")
        file = client.get(office.page("/review/document"))
        refused = put(client, office, office.enter(client, "审批甲"), name="别的.pdf", data=PDF + b"2")
        for title in ("OPC", "专家", "管理员"):
            office.enter(client, title)
            assert client.get(office.page("/review/document")).status_code == 404, title
    assert "临川市市场监督管理局" in page
    assert "审查意见.pdf" in page
    assert file.content == PDF
    assert file.headers["content-type"] == "application/pdf"
    assert file.headers["content-disposition"].startswith("attachment")
    assert refused[0] == 403


def test_a_review_that_is_wrong_keeps_what_was_typed(market: Market) -> None:
    office = begin(make_office(market))
    with market.client() as client:
        token = office.enter(client, "需求方")
        sent = [
            put(client, office, token, name="审查意见.pdf", data=b"MZ not a document"),
            put(client, office, token, name="审查意见.pdf", data=PDF, reviewed_on="2999-01-01"),
            put(client, office, token, name="审查意见.pdf", data=PDF, conclusion=""),
        ]
    for (status, page), field in zip(sent, ("evidence", "reviewed_on", "conclusion"), strict=True):
        assert status == 422
        assert f'id="{field}-error"' in page
        assert 'value="临川市市场监督管理局"' in page
