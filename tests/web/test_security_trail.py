"""What is remembered of who did what: request ids in the audit chain, and a log that tells the same story."""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from sqlmodel import col, select
from starlette.testclient import TestClient

from marketplace.accounts.signing_in import resets
from marketplace.accounts.tables import Account
from marketplace.kernel import jobs as rows
from marketplace.kernel.tables import AuditEvent
from tests.web.conftest import Market
from tests.web.test_api_writing import PROFILE, given, make_token
from web import jobs, logs
from web.app import create_app
from web.installation import Installation
from web.settings import Settings
from web.worker import LEASE_TIME

pytestmark = pytest.mark.parametrize("market", ["sqlite"], indirect=True)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the program logs, as JSON lines."""
    sink = io.StringIO()
    monkeypatch.setattr(sys, "stderr", sink)
    logs.configure(form="json", level="INFO")
    yield sink
    structlog.reset_defaults()


def lines(sink: io.StringIO, name: str) -> list[dict[str, Any]]:
    """The logged events of a name."""
    every = [json.loads(line) for line in sink.getvalue().splitlines() if line.startswith("{")]
    return [line for line in every if line["event"] == name]


def last_event(installation: Installation, action: str) -> AuditEvent:
    """The newest event of an action in the audit chain."""
    with installation.store.reading() as session:
        found = session.exec(select(AuditEvent).where(AuditEvent.action == action)).all()
    return max(found, key=lambda event: event.position)


def account_id(market: Market, title: str) -> str:
    """The account of a demo sign-in."""
    with market.installation.store.reading() as session:
        return session.exec(select(Account.id).where(Account.email == market.sign_ins[title].email)).one()


def test_write_the_request_id_into_the_audit_chain(market: Market) -> None:
    who = market.sign_ins["主办方"]
    with market.client() as client:
        answer = client.post("/sign-in", data={"email": who.email, "password": who.password})

        assert last_event(market.installation, "sign_in.opened").request_id == answer.headers["x-request-id"]


def test_write_the_request_id_of_a_refused_sign_in(market: Market) -> None:
    with market.client() as client:
        answer = client.post("/sign-in", data={"email": market.sign_ins["OPC"].email, "password": "not this one"})

        assert answer.status_code == 403
        assert last_event(market.installation, "sign_in.failed").request_id == answer.headers["x-request-id"]


def test_write_the_request_id_of_a_program(market: Market) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "OPC"), "read", "profile:write")
        client.cookies.clear()
        read = client.get(PROFILE, headers=bearer)
        body = given(read.json(), headline="由程序写入")
        answer = client.put(PROFILE, json=body, headers={**bearer, "If-Match": read.headers["etag"]})

        assert answer.status_code == 200
        with market.installation.store.reading() as session:
            newest = session.exec(select(AuditEvent).order_by(col(AuditEvent.position).desc())).first()
        assert newest is not None
        assert newest.request_id == answer.headers["x-request-id"]


def test_write_the_job_into_the_audit_chain_where_no_request_did_it(market: Market) -> None:
    installation = Installation(market.installation.settings.model_copy(update={"smtp_host": "127.0.0.1"}))
    email, now, new_id = market.sign_ins["OPC"].email, installation.clock(), installation.new_id
    with installation.store.writing(request_id="the-request") as session:
        resets.ask(session, email=email, address="", now=now, new_id=new_id)
    with installation.store.writing() as session:
        job = rows.take(session, worker="this test", now=now, lease=LEASE_TIME, kinds=(resets.JOB,))
    assert job is not None

    jobs.run(installation, job)

    assert last_event(installation, "reset.link_sent").request_id == f"job-{job.id}"
    installation.close()


def test_take_no_request_id_from_a_visitor(market: Market, written: io.StringIO) -> None:
    with market.client() as client:
        answer = client.get("/health", headers={"X-Request-ID": "chosen-by-me"})

        assert answer.headers["x-request-id"] != "chosen-by-me"
        (told,) = lines(written, "request")
        assert (told["request_id"], told["offered_id"]) == (answer.headers["x-request-id"], "chosen-by-me")


def test_leave_out_an_offered_id_that_is_no_id(market: Market, written: io.StringIO) -> None:
    with market.client() as client:
        for offered in ("short", "has spaces in it", "a" * 65, 'quote"quote"', "line\\nbreak"):
            client.get("/health", headers={"X-Request-ID": offered})

        assert len(lines(written, "request")) == 5
        assert not any("offered_id" in told for told in lines(written, "request"))


def test_log_who_asked_from_where_for_what(market: Market, written: io.StringIO) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        client.get("/intakes")

        last = lines(written, "request")[-1]
        assert (last["method"], last["path"], last["status"]) == ("GET", "/intakes", 403)
        assert (last["account"], last["address"]) == (account_id(market, "OPC"), "testclient")
        assert last["timestamp"].endswith("Z")


def test_log_who_was_refused_what(market: Market, written: io.StringIO) -> None:
    with market.client() as client:
        market.signed_in(client, "OPC")
        answer = client.get("/intakes")

        (told,) = lines(written, "not_allowed")
        assert (told["method"], told["path"]) == ("GET", "/intakes")
        assert told["account"] == account_id(market, "OPC")
        assert told["request_id"] == answer.headers["x-request-id"]


def test_log_a_refused_program(market: Market, written: io.StringIO) -> None:
    with market.client() as client:
        bearer = make_token(client, market.signed_in(client, "OPC"), "read")
        client.cookies.clear()
        client.put(PROFILE, json={"headline": "甲"}, headers={**bearer, "If-Match": '"x"'})
        client.get(PROFILE, headers={"Authorization": "Bearer jb_not-a-token"})

        told = [(each["code"], each["account"]) for each in lines(written, "not_allowed")]
        assert told == [("scope_missing", account_id(market, "OPC")), ("token_invalid", None)]


def test_log_a_forged_form(market: Market, written: io.StringIO) -> None:
    with market.client() as client:
        client.post("/sign-in", data={"email": "a@b.cn"}, headers={"sec-fetch-site": "cross-site"})

        assert [each["code"] for each in lines(written, "not_allowed")] == ["cross_site"]


def test_log_a_locked_sign_in(market: Market, written: io.StringIO) -> None:
    form = {"email": market.sign_ins["OPC"].email, "password": "not this one"}
    with market.client() as client:
        for _ in range(6):
            client.post("/sign-in", data=form)

        told = [each["code"] for each in lines(written, "sign_in_refused")]
        assert told == ["sign_in_failed"] * 5 + ["sign_in_locked"]


def test_keep_one_event_on_one_line_whatever_is_asked_for(market: Market, written: io.StringIO) -> None:
    with market.client() as client:
        client.get("/nowhere%0a%7B%22event%22:%22forged%22%7D")
        client.get("/health", headers={"User-Agent": "x\\r\\ny"})

        assert lines(written, "forged") == []
        paths = [each["path"] for each in lines(written, "request")]
        assert paths == ['/nowhere\n{"event":"forged"}', "/health"]


def test_write_no_secret_into_the_log(market: Market, written: io.StringIO) -> None:
    who = market.sign_ins["OPC"]
    with market.client() as client:
        csrf = market.signed_in(client, "OPC")
        client.post("/sign-in", data={"email": who.email, "password": "a-wrong-password"})
        client.get("/reset/new?token=reset-secret")
        client.get("/register/confirm?token=confirm-secret")
        client.get(PROFILE, headers={"Authorization": "Bearer jb_token-secret"})
        cookie = client.cookies["jiebang"]

        said = written.getvalue()
        for secret in (who.password, "a-wrong-password", "reset-secret", "confirm-secret", "jb_token", cookie, csrf):
            assert secret not in said
        assert who.email not in said


def test_log_a_fault_with_its_traceback_and_tell_the_visitor_only_its_id(market: Market, written: io.StringIO) -> None:
    app = create_app(market.installation, with_worker=False)
    with TestClient(app, raise_server_exceptions=False) as client:
        market.installation.store.close()
        market.installation.store._reads = None  # type: ignore[assignment]
        answer = client.get("/editions")

    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    (told,) = lines(written, "fault")
    assert told["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" in told["exception"]


def test_name_every_setting_that_opens_something(market: Market) -> None:
    closed = Settings()

    assert (closed.host, closed.demo, closed.staff_needs_second_factor) == ("127.0.0.1", False, True)
    assert (closed.smtp_security, closed.trusted_proxies) == ("starttls", "127.0.0.1,::1")
    assert market.installation.settings.demo


def test_clear_the_browser_when_signing_out(market: Market) -> None:
    with market.client() as client:
        csrf = market.signed_in(client, "OPC")
        answer = client.post("/sign-out", data={"csrf_token": csrf})

        assert answer.headers["clear-site-data"] == '"cache", "storage"'
        assert 'jiebang=""' in answer.headers["set-cookie"]
        assert client.get("/messages").status_code == 303
