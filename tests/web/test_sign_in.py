"""Signing in as people do it: two steps, passkeys, confirming, ways back in, one's own account."""

import json
import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from tests.marketplace.authenticator import Authenticator
from tests.web.conftest import Market
from web import visitors
from web.app import create_app
from web.settings import Settings

MINUTE = timedelta(minutes=1)


class Clock:
    """The real time, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock(market: Market) -> Clock:
    made = Clock()
    market.installation.clock = made
    return made


def token_in(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def enter(client: TestClient, market: Market, title: str, **more: str) -> str:
    """Give a demo account's password; gives where it leads."""
    who = market.sign_ins[title]
    answer = client.post("/sign-in", data={"email": who.email, "password": who.password, **more})
    assert answer.status_code == 303
    return answer.headers["location"]


def set_up_app(client: TestClient, clock: Clock) -> tuple[str, list[str]]:
    """Set up an authenticator app as the page leads one to; gives its secret and the recovery codes."""
    token = token_in(client.get("/account/second-factor").text)
    client.post("/account/second-factor/app", data={"csrf_token": token})
    page = client.get("/account/second-factor/app").text
    secret = re.search(r'<code class="figures">([A-Z2-7 ]+)</code>', page)
    assert secret is not None
    plain = secret[1].replace(" ", "")
    code = pyotp.TOTP(plain).at(clock())
    shown = client.post("/account/second-factor/app/finish", data={"csrf_token": token, "code": code})
    assert shown.status_code == 200
    return plain, re.findall(r"<code>([a-z0-9-]{14})</code>", shown.text)


def strict(market: Market) -> None:
    """Have the installation ask its staff for a second factor, as a real one does."""
    market.installation.settings = market.installation.settings.model_copy(update={"second_factor": "required"})


def test_staff_is_led_to_set_up_a_second_factor_and_then_on(market: Market, clock: Clock) -> None:
    strict(market)
    with market.client() as client:
        led = enter(client, market, "主办方", next="/intakes")
        refused = client.get("/intakes")
        told = client.get("/account/second-factor?next=/intakes").text
        _, codes = set_up_app(client, clock)

        assert led == "/account/second-factor?next=%2Fintakes"
        assert (refused.status_code, refused.headers["location"]) == (303, led)
        assert "启用后才能使用工作人员的功能" in told
        assert (len(codes), client.get("/intakes").status_code) == (10, 200)


def test_who_has_a_second_factor_reaches_nothing_before_giving_it(market: Market, clock: Clock) -> None:
    with market.client() as client:
        enter(client, market, "主办方")
        secret, codes = set_up_app(client, clock)
        client.cookies.clear()
        clock.ahead += 2 * MINUTE

        led = enter(client, market, "主办方", next="/intakes")
        half = client.get("/intakes")
        token = token_in(client.get(led).text)
        before = client.cookies["jiebang"]
        wrong = client.post("/sign-in/second-step", data={"csrf_token": token, "code": "000000"})
        forged = client.post("/sign-in/second-step", data={"code": pyotp.TOTP(secret).at(clock())})
        right = client.post(
            "/sign-in/second-step",
            data={"csrf_token": token, "code": pyotp.TOTP(secret).at(clock()), "next": "/intakes"},
        )

        assert led == "/sign-in/second-step?next=%2Fintakes"
        assert (half.status_code, half.headers["location"]) == (303, "/sign-in?next=%2Fintakes")
        assert (wrong.status_code, "验证码不正确" in wrong.text, forged.status_code) == (403, True, 403)
        assert (right.status_code, right.headers["location"]) == (303, "/intakes")
        assert client.cookies["jiebang"] != before
        assert client.get("/intakes").status_code == 200
        assert not any(code in client.get("/account").text for code in codes)


def test_a_passkey_is_added_and_signs_in_alone(market: Market) -> None:
    with TestClient(
        create_app(market.installation, with_worker=False), base_url="http://localhost", follow_redirects=False
    ) as client:
        key = Authenticator("localhost", "http://localhost")
        enter(client, market, "OPC")
        token = token_in(client.get("/account/second-factor").text)
        asked = client.post("/account/second-factor/passkeys/options", headers={"x-csrf-token": token}).json()
        form = {"challenge_id": asked["challenge_id"], "credential": key.register(json.dumps(asked["options"]))}
        nameless = client.post("/account/second-factor/passkeys", data={"csrf_token": token, **form})
        added = client.post("/account/second-factor/passkeys", data={"csrf_token": token, **form, "name": "手机"})
        client.cookies.clear()
        asked = client.post("/sign-in/passkey/options").json()
        form = {"challenge_id": asked["challenge_id"], "credential": key.sign(json.dumps(asked["options"]))}
        entered = client.post("/sign-in/passkey", data={**form, "next": "/account"})
        again = client.post("/sign-in/passkey", data=form)

        assert (nameless.status_code, added.status_code, added.text.count("<code>")) == (422, 200, 10)
        assert (entered.status_code, entered.headers["location"]) == (303, "/account")
        assert "本次登录" in client.get("/account").text
        assert again.status_code == 403


def test_a_sensitive_page_asks_for_proof_and_leads_back(market: Market, clock: Clock) -> None:
    with market.client() as client:
        enter(client, market, "OPC")
        clock.ahead += 20 * MINUTE

        sent = client.get("/account/password")
        token = token_in(client.get(sent.headers["location"]).text)
        form = {"csrf_token": token, "next": "/account/password"}
        wrong = client.post("/account/confirm", data={**form, "password": "wrong"})
        confirmed = client.post("/account/confirm", data={**form, "password": market.sign_ins["OPC"].password})

        assert (sent.status_code, sent.headers["location"]) == (303, "/account/confirm?next=%2Faccount%2Fpassword")
        assert (wrong.status_code, "密码不正确" in wrong.text) == (403, True)
        assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/account/password")
        assert client.get("/account/password").status_code == 200


def test_a_form_that_was_interrupted_says_that_it_was_not_kept(market: Market, clock: Clock) -> None:
    with market.client() as client:
        enter(client, market, "OPC")
        token = token_in(client.get("/account/password").text)
        clock.ahead += 20 * MINUTE
        data = {"csrf_token": token, "password": "a new password", "again": "a new password"}

        answer = client.post("/account/password", data=data, headers={"referer": "http://testserver/account/password"})
        part = client.post("/account/password", data=data, headers={"hx-request": "true"})

        assert answer.headers["location"] == "/account/confirm?next=%2Faccount%2Fpassword&expired=1"
        assert "没有保存" in client.get(answer.headers["location"]).text
        assert part.headers["hx-redirect"] == "/account/confirm?next=%2F&expired=1"


def test_changing_the_password_asks_for_the_current_one_and_counts_guesses(market: Market) -> None:
    with market.client() as client:
        enter(client, market, "OPC")
        form = {"csrf_token": token_in(client.get("/account/password").text), "password": "a new password"}
        form["again"] = form["password"]
        answers = [
            client.post("/account/password", data={**form, **more})
            for more in ({}, *({"current": f"guess {number}"} for number in range(4)))
        ]
        locked = client.post("/account/password", data={**form, "current": market.sign_ins["OPC"].password})

    assert [(one.status_code, "密码不正确" in one.text) for one in answers] == [(403, True)] * 5
    assert 'id="current-error"' in answers[0].text
    assert (locked.status_code, "次数过多" in locked.text) == (403, True)


def test_a_code_that_is_far_too_long_is_refused_at_its_field_and_not_counted(market: Market, clock: Clock) -> None:
    long = "长" * 41
    with market.client() as client:
        enter(client, market, "主办方")
        secret, _codes = set_up_app(client, clock)
        client.cookies.clear()
        clock.ahead += 2 * MINUTE
        token = token_in(client.get(enter(client, market, "主办方")).text)
        form = {"csrf_token": token}
        answers = [client.post("/sign-in/second-step", data={**form, "code": long}) for _ in range(6)]
        right = client.post("/sign-in/second-step", data={**form, "code": pyotp.TOTP(secret).at(clock())})
        token = token_in(client.get("/account/confirm").text)
        again = client.post("/account/confirm", data={"csrf_token": token, "password": "x", "code": long})
        client.cookies.clear()
        email = client.post("/sign-in", data={"email": "a" * 255, "password": "x" * 2000})

    for answer, name, typed in [
        *((one, "code", long) for one in answers),
        (again, "code", long),
        (email, "email", "a" * 255),
    ]:
        assert answer.status_code == 422
        assert (f'id="{name}-error"' in answer.text, f'value="{typed}"' in answer.text) == (True, True)
    assert right.status_code == 303


def test_changing_the_password_ends_other_sign_ins(market: Market) -> None:
    with market.client() as client, market.client() as other:
        enter(client, market, "OPC")
        enter(other, market, "OPC")
        token = token_in(client.get("/account/password").text)
        form = {"csrf_token": token, "current": market.sign_ins["OPC"].password, "password": "a new password"}
        differing = client.post("/account/password", data={**form, "again": "another"})
        changed = client.post("/account/password", data={**form, "again": "a new password"})

        assert (differing.status_code, "两次输入的新密码不一样" in differing.text) == (422, True)
        assert changed.headers["location"] == "/account?done=password"
        assert (client.get("/account").status_code, other.get("/account").status_code) == (200, 303)


def test_one_sign_in_can_be_ended_and_a_foreign_one_cannot(market: Market) -> None:
    with market.client() as client, market.client() as other, market.client() as foreign:
        enter(client, market, "OPC")
        enter(other, market, "OPC")
        enter(foreign, market, "需求方")
        page = client.get("/account").text
        token = token_in(page)
        (address,) = re.findall(r"/account/sign-ins/[a-z0-9]{16}/end", page)
        theirs = token_in(foreign.get("/account").text)
        foreign.post(address, data={"csrf_token": theirs})
        kept = other.get("/account").status_code
        client.post(address, data={"csrf_token": token})

        assert (kept, other.get("/account").status_code, client.get("/account").status_code) == (200, 303, 200)


def test_failures_from_one_network_address_lock_it_for_every_account(market: Market) -> None:
    who = market.sign_ins["OPC"]

    def attempt(client: TestClient, address: str, *, email: str = who.email, password: str = who.password) -> str:
        answer = client.post(
            "/sign-in", data={"email": email, "password": password}, headers={"x-forwarded-for": f"1.2.3.4, {address}"}
        )
        return "in" if answer.status_code == 303 else ("locked" if "次数过多" in answer.text else "wrong")

    market.installation.settings = market.installation.settings.model_copy(update={"trusted_proxies": "10.0.0.0/8"})
    app = create_app(market.installation, with_worker=False)
    with TestClient(app, follow_redirects=False, client=("10.0.0.1", 5000)) as client:
        wrong = [attempt(client, "203.0.113.7", email=f"a{number}@example.com") for number in range(5)]
        told = [attempt(client, "203.0.113.7"), attempt(client, "203.0.113.8")]

    assert (wrong, told) == (["wrong"] * 5, ["locked", "in"])


def test_an_address_is_taken_from_trusted_proxies_alone() -> None:
    def address(peer: str, forwarded: str, trusted: str) -> str:
        scope = {
            "type": "http",
            "client": (peer, 1),
            "headers": [(b"x-forwarded-for", forwarded.encode())] if forwarded else [],
        }
        return visitors.address(Request(scope), Settings(trusted_proxies=trusted))

    assert [
        address("203.0.113.1", "1.1.1.1", "127.0.0.1"),
        address("127.0.0.1", "1.1.1.1, 2.2.2.2", "127.0.0.1"),
        address("127.0.0.1", "1.1.1.1, 2.2.2.2, 10.0.0.2", "127.0.0.1,10.0.0.0/8"),
        address("127.0.0.1", "", "127.0.0.1"),
        address("127.0.0.1", "nonsense", "127.0.0.1"),
    ] == ["203.0.113.1", "2.2.2.2", "2.2.2.2", "127.0.0.1", "nonsense"]


def test_without_mail_the_reset_page_names_the_other_way(market: Market) -> None:
    with market.client() as client:
        page = client.get("/reset").text

        assert ("本平台不发送邮件" in page, "两位管理人员" in page, 'name="email"' in page) == (True, True, False)


def test_two_persons_in_charge_help_somebody_back_in(market: Market) -> None:
    owner = market.sign_ins["需求方"]
    with market.client() as one, market.client() as two, market.client() as client:
        enter(one, market, "主办方")
        enter(two, market, "管理员")
        token = token_in(one.get("/reset/assist").text)
        nothing = one.post("/reset/assist", data={"csrf_token": token, "email": owner.email, "reason": ""})
        shown = one.post("/reset/assist", data={"csrf_token": token, "email": owner.email, "reason": "当面核对"})
        page = two.get("/reset/assist").text
        (address,) = re.findall(r"/reset/assist/[a-z0-9]{16}", page)
        approved = two.post(address, data={"csrf_token": token_in(page)})
        halves = [re.findall(r"<code>([a-z0-9-]{14})</code>", answer.text)[0] for answer in (shown, approved)]
        form = {"email": owner.email, "password": "a new password", "again": "a new password"}
        wrong = client.post("/reset/code", data={**form, "first": halves[0], "second": halves[0]})
        right = client.post("/reset/code", data={**form, "first": halves[0], "second": halves[1]})
        entered = client.post("/sign-in", data={"email": owner.email, "password": "a new password"})

        assert (nothing.status_code, owner.email in nothing.text) == (422, True)
        assert (wrong.status_code, right.headers["location"], entered.status_code) == (422, "/reset?done=set", 303)
        assert client.get("/reset/assist").status_code == 403


def test_messages_and_the_outbox_tell_of_a_change(market: Market, clock: Clock) -> None:
    with market.client() as client, market.client() as administrator:
        enter(client, market, "OPC")
        set_up_app(client, clock)
        page = client.get("/messages").text
        # The newest comes first; others follow, since the sample's dealings tell the OPC as well.
        address = re.findall(r"/messages/[a-z0-9]{16}/read", page.split(">已启用身份验证器<")[1])[0]
        read = client.post(address, data={"csrf_token": token_in(page)})
        enter(administrator, market, "管理员")
        outbox = administrator.get("/outbox?state=kept").text
        (mail,) = re.findall(r'href="(/outbox/[a-z0-9]{16})"[^>]*>[^<]*已启用身份验证器', outbox)
        shown = administrator.get(mail).text
        marked = administrator.post(f"{mail}/passed-on", data={"csrf_token": token_in(shown)})

        assert ("已启用身份验证器" in page, read.headers["location"]) == (True, "/account")
        assert ("没有设置邮件服务器" in outbox, "如果不是您本人操作" in shown) == (True, True)
        assert marked.headers["location"] == f"{mail}?done=passed-on"
        assert client.get("/outbox").status_code == 403


def test_the_pages_have_no_inline_script_or_style(market: Market) -> None:
    with market.client() as client:
        enter(client, market, "管理员")
        token = token_in(client.get("/account/second-factor").text)
        client.post("/account/second-factor/app", data={"csrf_token": token})
        for path in (
            "/account",
            "/account/password",
            "/account/confirm",
            "/account/second-factor",
            "/account/second-factor/app",
            "/messages",
            "/outbox",
            "/reset",
            "/reset/code",
            "/reset/assist",
        ):
            answer = client.get(path)

            assert answer.status_code == 200, path
            assert " style=" not in answer.text, path
            assert answer.text.count("<script") == answer.text.count("<script src="), path
