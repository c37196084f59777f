"""Taking one's data along, and leaving: an account, an organisation."""

import json
import re

import pyotp
import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from marketplace import invariants
from marketplace.accounts import accounts
from marketplace.accounts.signing_in import second_factors
from marketplace.lists.needs import closures as need_closures
from marketplace.rounds.making import stopping
from marketplace.rounds.round_tables import Round
from marketplace.rounds.words import RoundState
from tests.web.conftest import Market


def enter(client: TestClient, market: Market, title: str) -> str:
    """Sign in as a demo account; gives the anti-forgery token."""
    who = market.sign_ins[title]
    assert client.post("/sign-in", data={"email": who.email, "password": who.password}).status_code == 303
    return client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]


def id_of(market: Market, title: str) -> str:
    """The account of a demo sign-in."""
    with market.installation.store.reading() as session:
        found = accounts.find_by_email(session, market.sign_ins[title].email)
    assert found is not None
    return found


def test_own_data_is_downloaded_whole(market: Market) -> None:
    with market.client() as client:
        enter(client, market, "专家")
        page = client.get("/account").text
        answer = client.get("/account/data.json")

    assert 'href="/account/data.json"' in page
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    held = json.loads(answer.text)
    assert held["account"]["email"] == "zhuanjia@demo.example"
    assert {"grants", "memberships", "messages", "acts", "contacts_given", "saved", "looked_at"} <= held.keys()


def test_erasing_asks_first_and_then_ends_everything(market: Market) -> None:
    erased = id_of(market, "专家")
    with market.client() as client:
        token = enter(client, market, "专家")
        asked = client.get("/account/erase")
        done = client.post("/account/erase", data={"csrf_token": token})
        after = client.get("/account")
        who = market.sign_ins["专家"]
        again = client.post("/sign-in", data={"email": who.email, "password": who.password})
        said = client.get(done.headers["location"]).text

    assert "不能。需要时请重新注册" in asked.text
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in?done=erased")
    assert after.headers["location"].startswith("/sign-in")
    assert again.status_code in {401, 403, 422}
    assert "账号已注销" in said
    with market.installation.store.reading() as session:
        assert accounts.names(session, {erased}) == {erased: "已注销用户"}


def test_the_last_administrator_is_told_why_not(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "管理员")
        refused = client.post("/account/erase", data={"csrf_token": token})

    assert refused.status_code == 409
    assert "账号没有注销" in refused.text


def test_somebody_alone_in_an_organisation_is_told(market: Market) -> None:
    with market.client() as client:
        enter(client, market, "OPC")
        asked = client.get("/account/erase").text

    assert "这些单位只有您一人" in asked


@pytest.mark.parametrize("path", ["/account/erase", "/account/data.json"])
def test_a_visitor_is_sent_to_sign_in(market: Market, path: str) -> None:
    with market.client() as client:
        assert client.get(path).headers["location"].startswith("/sign-in")


def test_a_new_address_waits_for_a_person_in_charge_where_no_mail_is_sent(market: Market) -> None:
    with market.client() as person, market.client() as organiser:
        token = enter(person, market, "专家")
        refused = person.post("/account/email", data={"csrf_token": token, "email": "nonsense"})
        asked = person.post("/account/email", data={"csrf_token": token, "email": "xin@demo.example"})
        told = person.get(asked.headers["location"]).text
        theirs = enter(organiser, market, "主办方")
        page = organiser.get("/reset/assist/addresses").text
        address = re.search(r'action="(/reset/assist/addresses/[a-z0-9]+)"', page)
        assert address is not None
        done = organiser.post(address[1], data={"csrf_token": theirs})
        again = organiser.post(address[1], data={"csrf_token": theirs})
        after = person.get("/account").text

    assert (refused.status_code, 'value="nonsense"' in refused.text) == (422, True)
    assert "申请已提交" in told
    assert "xin@demo.example" in page
    assert (done.status_code, again.status_code) == (303, 409)
    assert "xin@demo.example" in after


def test_a_lost_second_factor_is_voided_by_two(market: Market) -> None:
    with market.installation.store.writing() as session:
        owner = accounts.actor(session, id_of(market, "专家"))
        now = market.installation.clock()
        secret = second_factors.begin_app(session, owner, now=now).secret
        code = pyotp.TOTP(secret).at(now)
        second_factors.finish_app(session, owner, code, now=now, new_id=market.installation.new_id)
    with market.client() as organiser, market.client() as administrator:
        theirs, own = enter(organiser, market, "主办方"), enter(administrator, market, "管理员")
        form = {"csrf_token": theirs, "email": "zhuanjia@demo.example"}
        nothing = organiser.post("/reset/assist/factors", data=form)
        begun = organiser.post("/reset/assist/factors", data=form | {"reason": "当面核对身份证"})
        page = administrator.get("/reset/assist/factors").text
        address = re.search(r'action="(/reset/assist/factors/[a-z0-9]+)"', page)
        assert address is not None
        alone = organiser.post(address[1], data={"csrf_token": theirs})
        done = administrator.post(address[1], data={"csrf_token": own})
        said = administrator.get(done.headers["location"]).text

    assert (nothing.status_code, begun.status_code, alone.status_code, done.status_code) == (422, 303, 403, 303)
    assert "已作废" in said
    with market.installation.store.reading() as session:
        assert not second_factors.has(session, owner.account_id)


def home_of(client: TestClient) -> str:
    """The address of the organisation that a demo account acts for."""
    found = re.search(r'href="(/organisations/[a-z0-9]{16})"', client.get("/organisations").text)
    assert found is not None
    return found[1]


def end_rounds(market: Market) -> None:
    """End the rounds that are under way, by their two approvers."""
    now, new_id = market.installation.clock(), market.installation.new_id
    for email in ("zhuban@demo.example", "shenpi@demo.example"):
        with market.installation.store.writing() as session:
            found = accounts.find_by_email(session, email)
            assert found is not None
            under_way = select(Round.id).where(col(Round.state) == RoundState.OPEN)
            for round_id in session.exec(under_way).all():
                actor = accounts.actor(session, found)
                stopping.cancel(session, actor, round_id, reason="预算取消", now=now, new_id=new_id)


def test_a_unit_with_a_round_under_way_is_told_to_finish_it(market: Market) -> None:
    with market.client() as client:
        token = enter(client, market, "需求方")
        home = home_of(client)
        answer = client.post(f"{home}/close", data={"csrf_token": token})

    assert answer.status_code == 409
    assert "还有没办完的活动" in answer.text


@pytest.mark.parametrize("title", ["需求方", "OPC"])
def test_the_last_owner_closes_an_organisation(market: Market, title: str) -> None:
    end_rounds(market)
    with market.client() as client:
        token = enter(client, market, title)
        home = home_of(client)
        page = client.get(home).text
        asked = client.get(f"{home}/close")
        done = client.post(f"{home}/close", data={"csrf_token": token})
        said = client.get(done.headers["location"]).text
        after = client.get(home).text
        again = client.post(f"{home}/close", data={"csrf_token": token})

    assert f'href="{home}/close"' in page
    assert "未成交·单位注销" in asked.text
    assert (done.status_code, done.headers["location"]) == (303, "/organisations?done=closed")
    assert "单位已注销" in said
    assert "已注销" in after
    assert again.status_code == 403
    with market.installation.store.reading() as session:
        open_needs = need_closures.of_organisation(session, home.rsplit("/", 1)[1])
        faults = list(invariants.check(session))
    assert (open_needs, faults) == ([], [])


def test_others_close_nothing(market: Market) -> None:
    with market.client() as owner, market.client() as stranger:
        enter(owner, market, "OPC")
        home = home_of(owner)
        token = enter(stranger, market, "需求方")
        answers = [
            stranger.get(f"{home}/close").status_code,
            stranger.post(f"{home}/close", data={"csrf_token": token}).status_code,
        ]

    assert answers == [403, 403]
