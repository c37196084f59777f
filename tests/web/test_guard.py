"""What stands between the network and the pages: signing in, forged requests, errors, headers."""

import pytest
from sqlalchemy import text

from tests.web.conftest import Market
from web.security import CONTENT_SECURITY_POLICY


def test_send_a_visitor_to_sign_in_and_back(market: Market) -> None:
    with market.client() as client:
        answer = client.get("/intakes")

        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?next=%2Fintakes"


def test_never_redirect_elsewhere_after_signing_in(market: Market) -> None:
    who = market.sign_ins["主办方"]
    with market.client() as client:
        form = {"email": who.email, "password": who.password, "next": "//example.com/"}

        answer = client.post("/sign-in", data=form)

        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_say_the_same_for_a_wrong_password_and_an_unknown_address(market: Market) -> None:
    with market.client() as client:
        wrong = client.post("/sign-in", data={"email": market.sign_ins["主办方"].email, "password": "wrong-password"})
        unknown = client.post("/sign-in", data={"email": "nobody@demo.example", "password": "wrong-password"})

        assert (wrong.status_code, unknown.status_code) == (403, 403)
        assert "邮箱或密码不正确" in wrong.text
        assert "邮箱或密码不正确" in unknown.text


def test_refuse_a_form_without_its_token(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "主办方")

        answer = client.post("/sign-out", data={"csrf_token": "0" * 64})

        assert answer.status_code == 403
        assert "页面已过期" in answer.text
        assert client.get("/intakes").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.example"}],
)
def test_refuse_a_form_that_another_site_sent(market: Market, headers: dict[str, str]) -> None:
    who = market.sign_ins["主办方"]
    with market.client() as client:
        answer = client.post("/sign-in", data={"email": who.email, "password": who.password}, headers=headers)

        assert answer.status_code == 403
        assert "不是从本网站的页面发出" in answer.text
        assert client.cookies.get("jiebang") is None


def test_forbid_the_intakes_to_those_who_run_no_lists(market: Market) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")

        answer = client.get("/intakes")

        assert answer.status_code == 403
        assert answer.headers["x-request-id"] in answer.text


def test_show_a_page_for_an_unknown_address(market: Market) -> None:
    with market.client() as client:
        for path in ("/nowhere", "/items/aaaaaaaaaaaaaaaa", "/opcs/aaaaaaaaaaaaaaaa", "/editions/aaaaaaaaaaaaaaaa"):
            answer = client.get(path)

            assert answer.status_code == 404, path
            assert answer.headers["x-request-id"] in answer.text
            assert 'lang="zh' in answer.text


def test_show_a_page_for_a_fault_that_tells_nothing_inside(market: Market) -> None:
    with market.client(raise_server_exceptions=False) as client:
        market.signed_in(client, "主办方")
        intake = client.get("/intakes").text.split('href="/intakes/')[1].split('"')[0]
        with market.installation.store.writing() as session:
            session.execute(text("""UPDATE intake_reading SET reading = '{"broken": true}'"""))

        answer = client.get(f"/intakes/{intake}")

        assert answer.status_code == 500
        assert answer.headers["x-request-id"] in answer.text
        assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
        assert "Traceback" not in answer.text


def test_set_the_security_headers_everywhere(market: Market) -> None:
    with market.client() as client:
        for path in ("/", "/nowhere", "/health", "/static/css/base.css"):
            headers = client.get(path).headers

            assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert headers["x-content-type-options"] == "nosniff"
            assert "unsafe" not in headers["content-security-policy"]


def test_tell_health_and_readiness(market: Market) -> None:
    with market.client() as client:
        assert client.get("/health").json() == {"status": "ok"}
        assert client.get("/ready").json() == {"status": "ready", "database": True, "index": True}


def test_have_no_inline_script_or_style(market: Market) -> None:
    with market.client() as client:
        for path in ("/", "/lists/scenario", "/lists/capability", "/editions", "/sign-in", "/kit"):
            page = client.get(path).text

            assert "<style" not in page, path
            assert " style=" not in page, path
            assert " onclick=" not in page, path
            assert page.count("<script") == page.count("<script src="), path
