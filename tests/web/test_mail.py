"""Mail, sent to a real SMTP server on this machine."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pydantic import SecretStr
from starlette.testclient import TestClient

from marketplace.accounts import accounts
from marketplace.accounts.signing_in import passwords
from marketplace.kernel import outbox
from marketplace.kernel.outbox import Mail, MailView
from marketplace.kernel.words import MailState
from tests.marketplace.market import NEW_ID, NOW
from web import mail
from web.app import create_app
from web.installation import Installation
from web.settings import Settings
from web.worker import Worker


class Postbox:
    """What the server was given, and what it answers."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - the server's name
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the server's name
        if self.answer.startswith("250"):
            made = message_from_bytes(envelope.content, policy=default)
            assert isinstance(made, EmailMessage)
            self.mails.append(made)
        return self.answer


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    """A running SMTP server and its port."""
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def installation(postbox: tuple[Postbox, int], database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """An empty installation whose mail goes to the server, with one account."""
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=database_url,
        smtp_host="127.0.0.1",
        smtp_port=postbox[1],
        smtp_security="none",
        mail_from="揭榜平台 <jiebang@example.com>",
        public_url="https://jiebang.example.com/",
    )
    made = Installation(settings)
    with made.store.writing() as session:
        accounts.create(
            session,
            email="wu@example.com",
            name="吴",
            password_hash=passwords.make("the old password"),
            now=made.clock(),
            new_id=NEW_ID,
        )
    yield made
    made.close()


def work(installation: Installation) -> None:
    """Do every job that is due."""
    worker = Worker(installation)
    while worker.step():
        pass


def put(installation: Installation, *, to: str = "wu@example.com", subject: str = "有人联系您") -> None:
    with installation.store.writing() as session:
        outbox.put(session, to=to, subject=subject, text="请查看。", link="/x", now=installation.clock(), new_id=NEW_ID)


def only(installation: Installation) -> MailView:
    with installation.store.reading() as session:
        ((card,), _) = outbox.page(session, state=None, number=1)
        return outbox.get(session, card.id)


def test_a_mail_arrives_with_its_link_and_sound_headers(
    installation: Installation, postbox: tuple[Postbox, int]
) -> None:
    put(installation, subject="联系\r\nBcc: evil@example.com")
    work(installation)

    (arrived,) = postbox[0].mails
    assert (arrived["subject"], arrived["bcc"]) == ("【揭榜】联系 Bcc: evil@example.com", None)
    assert (arrived["from"], arrived["to"]) == ("揭榜平台 <jiebang@example.com>", "wu@example.com")
    assert (arrived["auto-submitted"], arrived["message-id"]) == (
        "auto-generated",
        f"<{only(installation).id}@example.com>",
    )
    assert arrived.get_content().splitlines()[:3] == ["请查看。", "", "https://jiebang.example.com/x"]
    assert only(installation).state is MailState.SENT


@pytest.mark.parametrize(
    ("to", "answer", "state"),
    [
        ("nobody@example.com", "250 OK", MailState.FAILED),
        ("wu@example.com", "554 refused", MailState.FAILED),
        ("wu@example.com", "451 later", MailState.WAITING),
        ("not an address", "250 OK", MailState.FAILED),
    ],
)
def test_a_refusal_is_final_or_not(
    installation: Installation, postbox: tuple[Postbox, int], to: str, answer: str, state: MailState
) -> None:
    postbox[0].answer = answer
    put(installation, to=to)
    work(installation)
    shown = only(installation)

    assert (shown.state, len(shown.tries), postbox[0].mails) == (state, 1, [])
    assert shown.tries[0].error


def test_a_server_that_is_away_is_asked_again(installation: Installation) -> None:
    installation.settings = installation.settings.model_copy(update={"smtp_port": 1})
    put(installation)
    work(installation)

    assert (only(installation).state, only(installation).last_error) == (
        MailState.WAITING,
        "连不上邮件服务器，或连接中断。",
    )


def test_starttls_is_never_left_out(installation: Installation, postbox: tuple[Postbox, int]) -> None:
    """A server that offers no encryption gets neither the mail nor the password."""
    installation.settings = installation.settings.model_copy(
        update={"smtp_security": "starttls", "smtp_user": "u", "smtp_password": SecretStr("p")}
    )
    put(installation)
    work(installation)

    assert (only(installation).state, postbox[0].mails) == (MailState.WAITING, [])


def test_a_reset_link_travels_by_mail_and_sets_a_password_once(
    installation: Installation, postbox: tuple[Postbox, int]
) -> None:
    with TestClient(create_app(installation, with_worker=False), follow_redirects=False) as client:
        told = [client.post("/reset", data={"email": email}) for email in ("wu@example.com", "nobody@elsewhere.cn")]
        work(installation)
        (arrived,) = postbox[0].mails
        link = next(line for line in arrived.get_content().splitlines() if line.startswith("https://"))
        address = link.removeprefix("https://jiebang.example.com")
        token = address.split("token=")[1]
        looked = [client.get(address).status_code for _ in range(2)]
        form = {"token": token, "password": "a new password", "again": "a new password"}
        used = [client.post("/reset/new", data=form) for _ in range(2)]
        entered = client.post("/sign-in", data={"email": "wu@example.com", "password": "a new password"})

    assert [(each.status_code, each.headers["location"]) for each in told] == [(303, "/reset?done=asked")] * 2
    assert (looked, [each.status_code for each in used], entered.status_code) == ([200, 200], [303, 404], 303)


def test_a_secret_is_unseen_in_the_outbox_and_gone_from_the_database(
    installation: Installation, postbox: tuple[Postbox, int]
) -> None:
    with installation.store.writing() as session:
        outbox.put(
            session,
            to="wu@example.com",
            subject="重设密码",
            text="t",
            link="/reset/new?token=s3cret",
            now=NOW,
            new_id=NEW_ID,
            secret=True,
        )
    before = only(installation)
    work(installation)

    assert (before.text, before.link, only(installation).state) == (None, "", MailState.SENT)
    assert "s3cret" in postbox[0].mails[0].get_content()


def test_compose_refuses_an_address_that_is_none() -> None:
    with pytest.raises(mail.NotSent) as refusal:
        mail.send(Mail("a" * 16, "x y", "s", "t", "", NOW), Settings(smtp_host="127.0.0.1"))

    assert refusal.value.is_final
