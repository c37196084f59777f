"""From a stranger to a verified organisation, by its pages, and what strangers and slips meet on the way."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl

import pytest
from starlette.testclient import TestClient

from marketplace.accounts import accounts, grants, organisations
from marketplace.accounts.words import OrganisationKind, Role
from tests.marketplace.people import CODE, OTHER_CODE
from tests.web.conftest import Market

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """Somebody in a browser of its own."""

    client: TestClient

    @property
    def csrf(self) -> str:
        page = self.client.get("/organisations")
        return page.text.split('name="csrf_token" value="')[1].split('"')[0]

    def post(self, address: str, **fields: object) -> tuple[int, str]:
        """Send a form; gives the status and where it leads."""
        answer = self.client.post(address, data={"csrf_token": self.csrf, **fields})
        return answer.status_code, answer.headers.get("location", answer.text)

    def upload(self, address: str, name: str, data: bytes, **fields: str) -> tuple[int, str]:
        """Send a form with one file."""
        answer = self.client.post(
            address, data={"csrf_token": self.csrf, **fields}, files={"evidence": (name, data, "application/pdf")}
        )
        return answer.status_code, answer.headers.get("location", answer.text)


def form(**typed: str) -> dict[str, str]:
    """The registration form, filled in."""
    blank = {"email": "zhou@new.example", "name": "周一人", "password": PASSWORD, "again": PASSWORD, "agree": "yes"}
    return {**blank, **typed}


def register(market: Market, client: TestClient, email: str = "zhou@new.example", name: str = "周一人") -> Person:
    """Register and sign in."""
    del market
    assert client.post("/register", data=form(email=email, name=name)).status_code == 303
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return Person(client)


UNIT = {
    "name": "木语视觉科技有限公司",
    "uscc": CODE,
    "kind": "company",
    "province": "福建省",
    "city": "临川市",
    "district": "",
    "side": "opc",
}


def enrol(person: Person, **typed: str) -> str:
    """Enrol an organisation; gives its id."""
    status, where = person.post("/organisations", **{**UNIT, **typed})
    found = re.fullmatch(r"/organisations/(\w+)\?done=created", where)
    assert (status, found is not None) == (303, True), where
    assert found is not None
    return found[1]


def organiser(market: Market, client: TestClient, *, region: str = "福建省/临川市") -> Person:
    """An organiser of a region, signed in."""
    with market.installation.store.writing() as session:
        now, new_id = market.installation.clock(), market.installation.new_id
        who = market.sign_ins["主办方"]
        account_id = accounts.find_by_email(session, who.email)
        assert account_id is not None
        if region != "福建省/临川市":
            account_id = accounts.create(
                session,
                email="far@new.example",
                name="远方主办",
                password_hash=_hash(),
                now=now,
                new_id=new_id,
            )
            grants.give(session, account_id=account_id, role=Role.ORGANISER, region=region, now=now, new_id=new_id)
            email, password = "far@new.example", PASSWORD
        else:
            email, password = who.email, who.password
    assert client.post("/sign-in", data={"email": email, "password": password}).status_code == 303
    return Person(client)


def _hash() -> str:
    from marketplace.accounts.signing_in import passwords

    return passwords.make(PASSWORD)


def test_a_stranger_becomes_a_verified_opc(market: Market) -> None:
    with market.client() as own, market.client() as office, market.client() as visitor:
        person = register(market, own)
        organisation_id = enrol(person)
        status, request = person.upload(
            "/verifications", "营业执照.pdf", PDF, organisation=organisation_id, statement="请核对"
        )
        address = request.split("?")[0]
        decider = organiser(market, office)
        waiting = office.get("/verifications").text
        seen = office.get(address).text
        evidence = re.search(rf"{address}/evidence/\w+", seen)
        assert evidence is not None
        file = office.get(evidence[0])
        strange = visitor.get(evidence[0])
        version = seen.split('name="_version" value="')[1].split('"')[0]
        decided = decider.post(f"{address}/decide", outcome="approved", _version=version)
        again = decider.post(f"{address}/decide", outcome="rejected", reason="再来一次", _version=version)
        shown = visitor.get(f"/organisations/{organisation_id}").text

    assert status == 303
    assert ("木语视觉科技有限公司" in waiting, file.content) == (True, PDF)
    assert file.headers["content-disposition"].startswith("attachment")
    assert (file.headers["x-content-type-options"], file.headers["content-type"]) == ("nosniff", "application/pdf")
    assert (strange.status_code, strange.headers["location"].startswith("/sign-in")) == (303, True)
    assert (decided[0], again[0]) == (303, 409)
    assert ("已核验" in shown, "未核验" in shown) == (True, False)


def test_register_answers_alike_for_a_known_and_an_unknown_address(market: Market) -> None:
    with market.client() as client:
        known = client.post("/register", data=form(email=market.sign_ins["OPC"].email))
        unknown = client.post("/register", data=form())
        signed_in = client.post("/sign-in", data={"email": market.sign_ins["OPC"].email, "password": PASSWORD})

    answers = {(answer.status_code, answer.headers["location"]) for answer in (known, unknown)}
    assert answers == {(303, "/register/sent")}
    assert signed_in.status_code != 303


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "not an address"}, "邮箱格式不对"),
        ({"name": "甲" * 500}, "最多 120 个字"),
        ({"name": "<script>alert(1)</script>"}, "不能用的符号"),
        ({"name": "周🌳"}, "不能用的符号"),
        ({"password": "short", "again": "short"}, "密码长度"),
        ({"again": "something else here"}, "不一样"),
        ({"agree": ""}, "请先阅读并同意"),
    ],
)
def test_register_says_what_is_wrong_and_keeps_what_was_typed(market: Market, typed: dict[str, str], told: str) -> None:
    with market.client() as client:
        answer = client.post("/register", data=form(**typed))

    assert (answer.status_code, told in answer.text) == (422, True)
    assert ("<script>alert" in answer.text, PASSWORD in answer.text) == (False, False)
    assert ('value="zhou@new.example"' in answer.text) or "email" in typed


def test_register_is_throttled(market: Market) -> None:
    with market.client() as client:
        statuses = [client.post("/register", data=form()).status_code for _ in range(4)]

    assert statuses == [303, 303, 303, 403]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"uscc": "91350100M000100Y44"}, "校验位"),
        ({"uscc": "91350100M000100Y4🌳"}, "校验位"),
        ({"name": "甲" * 500}, "最多 120 个字"),
        ({"name": "<b>木语</b>"}, "不能用的符号"),
        ({"province": ""}, "请选择省"),
        ({"city": "<script>"}, "只能用汉字"),
        ({"kind": "bank"}, "请选择单位性质"),
    ],
)
def test_enrol_says_what_is_wrong(market: Market, typed: dict[str, str], told: str) -> None:
    with market.client() as client:
        person = register(market, client)
        status, page = person.post("/organisations", **{**UNIT, **typed})

    assert (status, told in page, "<script>" in page) == (422, True, False)


def test_a_listed_firm_leads_to_its_claim_and_a_wrong_file_is_refused(market: Market) -> None:
    with market.installation.store.writing() as session:
        listed = organisations.find_or_create(
            session,
            name=UNIT["name"],
            uscc=None,
            region="临川市",
            kind=OrganisationKind.OTHER,
            now=market.installation.clock(),
            new_id=market.installation.new_id,
        ).id
    with market.client() as client:
        person = register(market, client)
        led = person.post("/organisations", **UNIT)
        page = client.get(led[1])
        claim = {**{key: UNIT[key] for key in ("uscc", "kind", "province", "city", "district")}, "organisation": listed}
        wrong = person.upload("/claims", "营业执照.pdf", b"MZ\x90\x00 this program", **claim)
        mislabelled = person.upload("/claims", "照片.png", PDF, **claim)
        oversized = person.upload("/claims", "大.pdf", PDF + b"0" * 10 * 2**20, **claim)
        missing = person.post("/claims", **claim)
        handed_in = person.upload("/claims", "营业执照.pdf", PDF, **claim)
        twice = person.upload("/claims", "营业执照.pdf", PDF, **claim)

    address, _, query = led[1].partition("?")
    asked = dict(parse_qsl(query))
    typed = {key: UNIT[key] for key in ("uscc", "kind", "province", "city")}
    assert (led[0], address, page.status_code) == (303, "/claims/new", 200)
    # What was typed goes along, so that nobody types it again.
    assert asked == {"organisation": listed, "found": "1", "side": "opc", **typed}
    assert (wrong[0], "内容不是 PDF、PNG 或 JPG" in wrong[1], CODE in wrong[1]) == (422, True, True)
    assert (mislabelled[0], "与文件名的扩展名不符" in mislabelled[1]) == (422, True)
    assert (oversized[0], "超过 10 MB" in oversized[1]) == (422, True)
    assert (missing[0], "至少上传一份" in missing[1]) == (422, True)
    assert (handed_in[0], twice[0]) == (303, 409)


def test_strangers_meet_nothing_of_anothers_organisation(market: Market) -> None:
    with market.client() as own, market.client() as other, market.client() as far:
        person, stranger = register(market, own), register(market, other, "li@new.example", "李二")
        organisation_id = enrol(person)
        _, request = person.upload("/verifications", "营业执照.pdf", PDF, organisation=organisation_id)
        address = request.split("?")[0]
        elsewhere = organiser(market, far, region="江苏省/盐城市")
        members = own.get(f"/organisations/{organisation_id}/members").text
        seen = {
            "members": other.get(f"/organisations/{organisation_id}/members").status_code,
            "request": other.get(address).status_code,
            "another region": far.get(address).status_code,
            "decides": elsewhere.post(f"{address}/decide", outcome="approved", _version="1")[0],
            "own decision": person.post(f"{address}/decide", outcome="approved", _version="1")[0],
            "edits": stranger.post(f"/organisations/{organisation_id}/edit", **UNIT, _version="1", sides="work")[0],
            "verifies": stranger.upload("/verifications", "a.pdf", PDF, organisation=organisation_id)[0],
            "declares": stranger.post(f"/organisations/{organisation_id}/status", head_count="3")[0],
            "takes the seat": stranger.post("/seat", organisation_id=organisation_id)[0],
            "queue": other.get("/verifications").status_code,
        }
        public = other.get(f"/organisations/{organisation_id}").text

    assert seen == {
        "members": 404,
        "request": 404,
        "another region": 404,
        "decides": 404,
        "own decision": 404,
        "edits": 403,
        "verifies": 403,
        "declares": 403,
        "takes the seat": 403,
        "queue": 403,
    }
    assert ("zhou@new.example" in members, "zhou@new.example" in public) == (True, False)


def test_an_invitation_is_handed_over_and_opened_by_its_address_alone(market: Market) -> None:
    with market.client() as own, market.client() as second, market.client() as third:
        person = register(market, own)
        organisation_id = enrol(person)
        status, page = person.post(
            f"/organisations/{organisation_id}/invitations", email="li@new.example", standing="editor"
        )
        link = re.search(r"/invitations/open\?token=([\w-]+)", page)
        assert link is not None, status
        wrong = register(market, third, "wang@new.example", "王三")
        refused = wrong.post("/invitations/accept", token=link[1])
        right = register(market, second, "li@new.example", "李二")
        shown = second.get(link[0])
        accepted = right.post("/invitations/accept", token=link[1])
        again = right.post("/invitations/accept", token=link[1])
        home = second.get("/organisations").text

    assert (refused[0], shown.status_code) == (403, 200)
    assert (accepted, again[0]) == ((303, f"/organisations/{organisation_id}?done=joined"), 404)
    assert "现在代表它办理" in home


def test_one_person_two_organisations_one_seat(market: Market) -> None:
    with market.client() as client:
        person = register(market, client)
        first = enrol(person)
        second = enrol(person, name="另一家公司", uscc=OTHER_CODE, side="enterprise")
        before = client.get(f"/organisations/{first}/members").status_code
        taken = person.post("/seat", organisation_id=first)
        after = [client.get(f"/organisations/{one}/members").status_code for one in (first, second)]

    assert (before, taken[0], after) == (404, 303, [200, 404])


def test_the_owner_compares_with_each_regions_rules(market: Market) -> None:
    with market.client() as client:
        person = register(market, client)
        organisation_id = enrol(person, province="北京市", city="", district="朝阳区")
        wrong = person.post(f"/organisations/{organisation_id}/status", head_count="三个")
        kept = person.post(
            f"/organisations/{organisation_id}/status", head_count="3", **{"fengtai-credit": "no", "made-up": "yes"}
        )
        page = client.get(f"/organisations/{organisation_id}/status").text

    assert (wrong[0], "人数请填 1 以上的整数" in wrong[1], "三个" in wrong[1]) == (422, True, True)
    assert kept[0] == 303
    for told in ("供参考，不构成认定", "征求意见稿，不是正式文件", "3 人，不超过 10 人。", "本单位申明没有这种情形"):
        assert told in page


def test_two_tabs_editing_one_organisation_meet(market: Market) -> None:
    with market.client() as client:
        person = register(market, client)
        organisation_id = enrol(person)
        address = f"/organisations/{organisation_id}/edit"
        first = person.post(address, **{**UNIT, "name": "新名有限公司"}, _version="1", sides="work")
        second = person.post(address, **{**UNIT, "name": "别名有限公司"}, _version="1", sides="work")

    assert (first[0], second[0]) == (303, 409)
    assert ("新名有限公司" in second[1], 'value="别名有限公司"' in second[1]) == (True, True)


def test_the_last_owner_is_told_to_hand_over_first(market: Market) -> None:
    with market.client() as client:
        person = register(market, client)
        organisation_id = enrol(person)
        status, page = person.post(f"/organisations/{organisation_id}/leave")

    assert (status, "至少要有一名负责人" in page) == (409, True)


def test_a_claim_keeps_what_was_typed_while_enrolling(market: Market) -> None:
    with market.client() as own:
        person = register(market, own)
        typed = {"name": "澄江区城市管理局", "uscc": OTHER_CODE, "kind": "soe", "side": "enterprise"}
        _status, where = person.post("/organisations", **{**UNIT, **typed})
        page = own.get(where).text

    assert where.startswith("/claims/new?")
    assert (f'value="{OTHER_CODE}"' in page, 'value="soe" selected' in page, 'value="enterprise"' in page) == (
        True,
        True,
        True,
    )


def test_who_acts_for_nobody_begins_by_choosing_and_an_invitation_is_carried_along(market: Market) -> None:
    with market.client() as own:
        then = "/invitations/open?token=secret"
        sent = own.post("/register", data=form(next=then)).headers["location"]
        signed_in = own.post("/sign-in", data={"email": "zhou@new.example", "password": PASSWORD})

        assert (sent, signed_in.headers["location"]) == (
            "/register/sent?next=%2Finvitations%2Fopen%3Ftoken%3Dsecret",
            "/register/next",
        )
        assert "next=%2Finvitations%2Fopen%3Ftoken%3Dsecret" in own.get(sent).text


def test_a_side_that_is_not_open_is_opened_on_the_refusing_page(market: Market) -> None:
    with market.client() as own:
        person = register(market, own)
        organisation_id = enrol(person)
        refused = own.post("/needs/new", data={"csrf_token": person.csrf, "need_type": "purchase"})

        status, where = person.post(f"/organisations/{organisation_id}/sides/enterprise")

        assert (f"/organisations/{organisation_id}/sides/enterprise" in refused.text, refused.status_code) == (
            True,
            403,
        )
        assert (status, where, own.get(where).status_code) == (303, "/needs/new", 200)


def test_a_founder_moves_its_profile_to_the_company_it_enrolled(market: Market) -> None:
    with market.client() as own:
        person = register(market, own)
        person_id = enrol(person, name="周一人", uscc="", kind="natural_person")
        hidden = {name: person_field(own.get("/profile/edit").text, name) for name in ("csrf_token", "_version")}
        own.post(
            "/profile/edit", data={**hidden, "headline": "管网听诊", "description": "听声辨漏。", "act": "publish"}
        )
        seen = {name: person_field(own.get("/profile/publish").text, name) for name in ("csrf_token", "_version")}
        public = own.post("/profile/publish", data=seen).headers["location"].split("?")[0]
        lonely = own.get("/profile/move").text
        company_id = enrol(person)
        offered = own.get(f"/organisations/{company_id}").text
        asked = own.get(f"/profile/move?to={company_id}").text
        fields = {"from": person_id, "to": company_id}
        done = person.post("/profile/move", **fields)
        again = person.post("/profile/move", **fields)
        page = own.get(public).text
        versions = own.get("/profile/versions").text
        person.post("/seat", organisation_id=person_id)
        former = [own.get(address).text for address in ("/profile", "/profile/edit", "/opportunities")]
        pointing = own.get(f"/organisations/{person_id}").text
        refused = person.post("/profile/discard")

    assert "还没有可以接收的公司" in lonely
    assert f"/profile/move?to={company_id}" in offered
    assert ("1 个版本" in asked, "不能。转移后只能用公司的身份" in asked) == (True, True)
    assert done == (303, f"{public}?done=moved")
    assert (again[0], "画像没有转移" in again[1], "已经转走" in again[1]) == (409, True, True)
    assert ("木语视觉科技有限公司" in page, "管网听诊" in page) == (True, True)
    assert ("第 1 版是以个人身份写的" in versions, "周一人" in versions) == (True, True)
    assert [("现在属于“木语视觉科技有限公司”" in one, f'value="{company_id}"' in one) for one in former] == [
        (True, True)
    ] * 3
    assert ("能力画像已于" in pointing, public in pointing) == (True, True)
    assert (refused[0], "已转到“木语视觉科技有限公司”" in refused[1]) == (409, True)


def person_field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])
