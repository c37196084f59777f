"""Dealings on pages: the whole way from an act on a need to a confirmed signing, and what is never shown."""

import re
from collections.abc import Iterator

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from ingest.fields import ListKind
from marketplace.accounts import accounts
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.tables import Organisation
from marketplace.accounts.words import Standing
from marketplace.dealings.tables import Dealing
from marketplace.lists.item_tables import Item
from marketplace.lists.words import ItemState
from marketplace.profiles.tables import Profile
from tests.web.conftest import Market
from tests.web.pages import read
from tests.web.test_profile_desk import join
from web.demo.loading import ISSUER

CANARY = "13811112222"
NEWCOMER, PASSWORD = "过路人", "Zq8-vu4T-mm3x"
OPEN: list[TestClient] = []
MESSAGE = "我们做过三座水厂的漏损监测，想谈谈试点。"


def token(client: TestClient) -> str:
    return client.get("/account").text.split('name="csrf_token" value="')[1].split('"')[0]


@pytest.fixture(autouse=True)
def browsers(market: Market) -> Iterator[None]:
    """Close the browsers of a test before its market is."""
    del market
    yield
    while OPEN:
        OPEN.pop().__exit__(None, None, None)


def opened(market: Market) -> TestClient:
    client = market.client()
    client.__enter__()
    OPEN.append(client)
    return client


def signed_in(market: Market, title: str) -> tuple[TestClient, str]:
    client = opened(market)
    who = market.sign_ins[title]
    assert client.post("/sign-in", data={"email": who.email, "password": who.password}).status_code == 303
    return client, token(client)


def account_of_nobody(market: Market) -> str:
    """The address of somebody who belongs to no unit."""
    email = "luguo@example.com"
    installation = market.installation
    with installation.store.writing() as session:
        accounts.create(
            session,
            email=email,
            name=NEWCOMER,
            password_hash=passwords.make(PASSWORD),
            now=installation.clock(),
            new_id=installation.new_id,
        )
    return email


def pair(market: Market) -> tuple[str, str]:
    """A need of the sample's enterprise that nobody deals with yet, taken up again where it is paused, and a supplier."""
    with market.installation.store.writing() as session:
        row = session.exec(
            select(Item)
            .join(Organisation, Organisation.id == Item.organisation_id)  # type: ignore[arg-type]
            .where(Organisation.name == ISSUER, Item.state != ItemState.CLOSED, Item.kind != ListKind.CAPABILITY)
            .where(col(Item.id).not_in(select(Dealing.item_id)))
        ).first()
        assert row is not None
        row.state = ItemState.OPEN
        session.add(row)
        item = row.id
        profile = session.exec(
            select(Profile.id)
            .join(Organisation, Organisation.id == Profile.organisation_id)  # type: ignore[arg-type]
            .where(Organisation.offers_work)
        ).first()
    assert profile is not None
    return item, profile


def asked(market: Market) -> tuple[TestClient, str, TestClient, str, str]:
    """An OPC has asked: its browser and token, the enterprise's, and the dealing's address."""
    item, _profile = pair(market)
    opc, opc_token = signed_in(market, "OPC")
    enterprise, enterprise_token = signed_in(market, "需求方")
    form = {"csrf_token": opc_token, "act": "contact", "item": item, "message": MESSAGE, "name": "周一人"}
    answer = opc.post("/dealings/new", data={**form, "phone": CANARY})
    assert answer.status_code == 303
    return opc, opc_token, enterprise, enterprise_token, answer.headers["location"].split("?")[0]


def test_the_way_from_a_request_to_a_confirmed_signing(market: Market) -> None:
    opc, opc_token, enterprise, enterprise_token, address = asked(market)

    inbox = enterprise.get("/dealings").text
    before = enterprise.get(address).text
    granted = enterprise.post(
        f"{address}/answer",
        data={"csrf_token": enterprise_token, "answer": "grant", "name": "陈", "phone": "0599-8001234"},
    )
    contact = enterprise.post(f"{address}/contact", data={"csrf_token": enterprise_token}).text
    version = re.findall(r'name="_version" value="(\d+)"', opc.get(f"{address}?act=sign").text)[0]
    sign = {"csrf_token": opc_token, "_version": version, "amount": "60", "amount_unit": "wan", "day": "2020-01-01"}
    signed = opc.post(f"{address}/sign", data=sign)
    version = re.findall(r'name="_version" value="(\d+)"', enterprise.get(f"{address}?act=confirm").text)[0]
    confirmed = enterprise.post(f"{address}/confirm", data={"csrf_token": enterprise_token, "_version": version})

    assert ("等您答复" in inbox, CANARY in inbox, CANARY in before, MESSAGE in before) == (True, False, False, True)
    assert (granted.status_code, CANARY in contact) == (303, True)
    assert (signed.status_code, confirmed.status_code) == (303, 303)
    assert "签约已确认（双方确认），计入统计" in opc.get(address).text


def test_a_confirmed_signing_leads_its_need_to_the_closing_page_filled_in(market: Market) -> None:
    opc, opc_token, enterprise, enterprise_token, address = asked(market)
    with market.installation.store.reading() as session:
        dealing = session.get_one(Dealing, address.rpartition("/")[2])
    enterprise.post(
        f"{address}/answer",
        data={"csrf_token": enterprise_token, "answer": "grant", "name": "陈", "phone": "0599-8001234"},
    )
    version = re.findall(r'name="_version" value="(\d+)"', opc.get(f"{address}?act=sign").text)[0]
    sign = {"csrf_token": opc_token, "_version": version, "amount": "60", "amount_unit": "wan", "day": "2020-01-01"}
    opc.post(f"{address}/sign", data=sign)
    closing = f"/needs/{dealing.item_id}/close?dealing={dealing.id}"
    before = enterprise.get(address).text
    version = re.findall(r'name="_version" value="(\d+)"', enterprise.get(f"{address}?act=confirm").text)[0]
    done = enterprise.post(f"{address}/confirm", data={"csrf_token": enterprise_token, "_version": version})
    shown = enterprise.get(done.headers["location"]).text
    form = read(enterprise.get(closing).text, closing).forms
    filled = dict(next(one for one in form if one.action.endswith("/close")).fields)
    other_side = opc.get(address).text
    closed = enterprise.post(closing.partition("?")[0], data={**filled, "csrf_token": enterprise_token})
    after = enterprise.get(address).text

    assert (closing in before, closing in shown, closing in other_side) == (False, True, False)
    assert {name: filled[name] for name in ("deal", "profile_id", "amount", "amount_unit", "signed_on")} == {
        "deal": "profile",
        "profile_id": dealing.profile_id,
        "amount": "60",
        "amount_unit": "wan",
        "signed_on": "2020-01-01",
    }
    assert (closed.status_code, closing in after) == (303, False)


def test_the_phone_is_on_no_page_before_the_grant(market: Market) -> None:
    opc, opc_token, enterprise, enterprise_token, address = asked(market)
    with market.installation.store.reading() as session:
        dealing = session.get_one(Dealing, address.rpartition("/")[2])
    item, profile = dealing.item_id, dealing.profile_id
    organiser, _ = signed_in(market, "主办方")
    visitor = market.client()
    pages = ["/dealings", address, f"{address}?act=grant", f"/items/{item}", f"/opcs/{profile}", "/looks", "/saved"]

    found = [
        (page, client is enterprise)
        for client in (enterprise, organiser, visitor)
        for page in [*pages, "/messages"]
        if CANARY in client.get(page).text
    ]
    forced = enterprise.post(f"{address}/contact", data={"csrf_token": enterprise_token})

    assert found == []
    assert (forced.status_code, CANARY in forced.text) == (403, False)
    assert opc.post(f"{address}/contact", data={"csrf_token": opc_token}).status_code == 403


def test_a_wrong_form_comes_back_with_everything_typed(market: Market) -> None:
    item, _profile = pair(market)
    opc, opc_token = signed_in(market, "OPC")
    form = {"csrf_token": opc_token, "act": "contact", "item": item, "message": MESSAGE, "name": "周一人"}

    answer = opc.post("/dealings/new", data={**form, "phone": "<script>"})

    assert answer.status_code == 422
    assert [part in answer.text for part in (MESSAGE, "周一人", "&lt;script&gt;", "能打通的电话号码", '<script>"')] == [
        True,
        True,
        True,
        True,
        False,
    ]


def test_others_find_no_dealing(market: Market) -> None:
    *_, address = asked(market)
    expert, expert_token = signed_in(market, "专家")
    visitor = market.client()

    assert expert.get(address).status_code == 404
    assert expert.post(f"{address}/contact", data={"csrf_token": expert_token}).status_code == 404
    assert visitor.get(address).headers["location"].startswith("/sign-in")


def test_a_form_without_its_token_does_nothing(market: Market) -> None:
    _opc, _token, enterprise, _enterprise_token, address = asked(market)

    assert enterprise.post(f"{address}/answer", data={"answer": "grant"}).status_code == 403
    assert "等待答复" in enterprise.get(address).text


@pytest.mark.parametrize("path", ["/dealings", "/saved", "/looks", "/teams", "/teams/new", "/dealings/new?act=contact"])
def test_pages_of_ones_own_ask_a_visitor_to_sign_in(market: Market, path: str) -> None:
    assert market.client().get(path).status_code == 303


def test_saved_is_shown_and_removed(market: Market) -> None:
    item, _profile = pair(market)
    opc, opc_token = signed_in(market, "OPC")

    saved = opc.post("/saved", data={"csrf_token": opc_token, "kind": "item", "subject": item})
    listed = f"/items/{item}" in opc.get("/saved").text.split("<main")[1]
    told = "已收藏，移除" in opc.get(f"/items/{item}").text
    opc.post("/saved/remove", data={"csrf_token": opc_token, "kind": "item", "subject": item, "back": "saved"})

    assert (saved.headers["location"], listed, told) == (f"/items/{item}?done=kept", True, True)
    assert f"/items/{item}" not in opc.get("/saved").text.split("<main")[1]


def test_who_may_only_read_sees_saves_without_their_buttons(market: Market) -> None:
    item, _profile = pair(market)
    join(market, "查看成员", name="澄江木语工作室", standing=Standing.READER)
    reader, reader_token = signed_in(market, "查看成员")
    page = reader.get(f"/items/{item}").text
    saved = reader.post("/saved", data={"csrf_token": reader_token, "kind": "item", "subject": item})
    empty = reader.get("/saved").text

    assert (saved.status_code, "“查看”身份" in saved.text) == (403, True)
    assert ('action="/saved"' in page, "由负责人和经办人增减" in empty) == (False, True)


def test_a_look_is_told_by_name_where_a_contact_was_exchanged_and_else_without(market: Market) -> None:
    """The sample's enterprise gave its phone number to the OPC; the newcomer is nobody it knows."""
    _item, profile = pair(market)
    enterprise, _ = signed_in(market, "需求方")
    enterprise.get(f"/opcs/{profile}")
    newcomer = opened(market)
    newcomer.post("/sign-in", data={"email": account_of_nobody(market), "password": PASSWORD})
    newcomer.get(f"/opcs/{profile}")
    opc, _ = signed_in(market, "OPC")

    page = opc.get("/looks").text.split("<main")[1]

    assert ("2 个登录的单位或个人看过" in page, ISSUER in page) == (True, True)
    assert ("一位个人用户" in page, NEWCOMER in page) == (True, False)


def test_a_team_is_founded_and_a_partner_invited(market: Market) -> None:
    opc, opc_token = signed_in(market, "OPC")
    with market.installation.store.reading() as session:
        partner = session.exec(
            select(Organisation.name)
            .join(Profile, Profile.organisation_id == Organisation.id)  # type: ignore[arg-type]
            .where(Organisation.offers_work.is_(False), Profile.listed)  # type: ignore[attr-defined]
        ).first()
    wrong = opc.post("/teams/new", data={"csrf_token": opc_token, "name": "水务联合体"})
    founded = opc.post("/teams/new", data={"csrf_token": opc_token, "name": "水务联合体", "purpose": "一起做"})
    address = founded.headers["location"].split("?")[0]
    nobody = opc.post(f"{address}/invite", data={"csrf_token": opc_token, "supplier": "没有这家"})
    invited = opc.post(f"{address}/invite", data={"csrf_token": opc_token, "supplier": partner})
    enterprise, _ = signed_in(market, "需求方")

    assert (wrong.status_code, "水务联合体" in wrong.text, nobody.status_code, invited.status_code) == (
        422,
        True,
        422,
        303,
    )
    assert (str(partner) in opc.get(address).text, enterprise.get(address).status_code) == (True, 404)
