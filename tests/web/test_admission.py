"""Submissions at the deadline, through the real application: what has arrived in time counts, and nothing else."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.types import Message

from marketplace.accounts.actors import Actor
from marketplace.rounds import clock as rounds_clock
from marketplace.rounds import manifests
from marketplace.rounds.bid_tables import BidVersion
from marketplace.rounds.words import BidState, Fate, RoundState
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import DEADLINE
from tests.web.bid_stage import Person, Stage, stage  # noqa: F401 - a fixture
from web import admission
from web.admission import Admissions
from web.app import create_app

INSTANT = timedelta(milliseconds=1)
HELD = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from web.admission import Admissions

with Admissions(Path(sys.argv[1]), lambda: datetime(2026, 12, 9, tzinfo=UTC)).ticket():
    print("held", flush=True)
    time.sleep(60)
"""


@dataclass
class Sent:
    """A form that arrives in two parts; `meanwhile` happens right before the last byte does."""

    stage: Stage
    person: Person
    path: str
    fields: dict[str, str]
    meanwhile: Callable[[], object]
    answers: list[Message] = field(default_factory=list)

    def send(self) -> int:
        """Send it; gives the status of the answer."""
        asyncio.run(self._send())
        return int(next(one["status"] for one in self.answers if one["type"] == "http.response.start"))

    async def _send(self) -> None:
        body = urlencode({**self.fields, "csrf_token": self.person.csrf}).encode()
        parts = iter(((body[:9], True), (body[9:], False)))

        async def receive() -> Message:
            part, more = next(parts)
            if not more:
                await asyncio.sleep(0)
                self.meanwhile()
            return {"type": "http.request", "body": part, "more_body": more}

        await self._run(receive)

    async def _run(self, receive: Callable[[], object]) -> None:
        async def send(message: Message) -> None:
            self.answers.append(message)

        headers = [
            (b"host", b"testserver"),
            (b"cookie", self.person.headers["Cookie"].encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        app = create_app(self.stage.installation, with_worker=False, closes=False)
        await app(scope, receive, send)  # type: ignore[arg-type]


def make_whole_draft(stage: Stage) -> tuple[Actor, Person, str]:  # noqa: F811
    """A draft that may be handed in, five seconds before the deadline."""
    actor = stage.supplier("木语视觉", "muyu@example.com")
    person = stage.enter(actor)
    bid_id = stage.begin(person)
    stage.fill(person, actor, bid_id)
    stage.clock.now = DEADLINE - timedelta(seconds=5)
    return actor, stage.enter(actor), bid_id


def tick(stage: Stage) -> RoundState:  # noqa: F811
    """Let the clock look at the round, as the worker does."""
    with stage.store.writing() as session:
        return rounds_clock.tick(
            session,
            stage.round_id,
            now=stage.clock.now,
            new_id=NEW_ID,
            under_way=stage.installation.admissions.begun_before,
        )


def move(stage: Stage, moment: datetime) -> Callable[[], None]:  # noqa: F811
    """Put the clock somewhere, when it is called."""

    def act() -> None:
        stage.clock.now = moment

    return act


@pytest.mark.parametrize(("offset", "status"), [(-INSTANT, 303), (0 * INSTANT, 409), (INSTANT, 409)])
def test_the_last_byte_decides(stage: Stage, offset: timedelta, status: int) -> None:  # noqa: F811
    actor, person, bid_id = make_whole_draft(stage)
    fields = {"_version": str(stage.draft_version(actor, bid_id))}
    sent = Sent(stage, person, f"/bids/{bid_id}/submit", fields, move(stage, DEADLINE + offset))

    assert sent.send() == status
    assert (stage.row(bid_id).state is BidState.SUBMITTED) == (status == 303)
    with stage.store.reading() as session:
        version = session.get(BidVersion, (bid_id, 1))
    assert (None if version is None else version.received_at) == (DEADLINE + offset if status == 303 else None)


def test_the_round_waits_for_what_is_under_way(stage: Stage) -> None:  # noqa: F811
    actor, person, bid_id = make_whole_draft(stage)
    seen: list[RoundState] = []

    def meanwhile() -> None:
        # The clock looks after the deadline, while the last byte is still on its way; that arrives in time all the same.
        stage.clock.now = DEADLINE + timedelta(seconds=1)
        seen.append(tick(stage))
        stage.clock.now = DEADLINE - INSTANT

    fields = {"_version": str(stage.draft_version(actor, bid_id))}
    assert Sent(stage, person, f"/bids/{bid_id}/submit", fields, meanwhile).send() == 303
    stage.clock.now = DEADLINE + timedelta(seconds=2)
    seen.append(tick(stage))

    assert seen == [RoundState.OPEN, RoundState.SEALED]
    with stage.store.reading() as session:
        manifest, _digest = manifests.get(session, stage.round_id)
    assert [(one.bid_id, one.fate) for one in manifest.entries] == [(bid_id, Fate.LIVE)]


def test_what_begins_after_the_deadline_holds_nothing_up(stage: Stage) -> None:  # noqa: F811
    _actor, _person, _bid_id = make_whole_draft(stage)
    stage.clock.now = DEADLINE
    with stage.installation.admissions.ticket():
        assert stage.installation.admissions.begun_before(DEADLINE) == 0
        assert stage.installation.admissions.begun_before(DEADLINE + INSTANT) == 1
    assert stage.installation.admissions.begun_before(DEADLINE + INSTANT) == 0


def test_the_ticket_of_a_process_that_was_killed_is_nobodys(tmp_path: Path) -> None:
    folder = tmp_path / "admitting"
    with subprocess.Popen([sys.executable, "-c", HELD, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        admissions = Admissions(folder, lambda: DEADLINE)
        assert admissions.begun_before(DEADLINE) == 1
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert list(folder.iterdir()) != []
    assert admissions.begun_before(DEADLINE) == 0
    assert list(folder.iterdir()) == []


def test_a_request_that_trickles_is_dropped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(admission, "ARRIVE_WITHIN", 0.3)
    actor, person, bid_id = make_whole_draft(stage)
    sent = Sent(stage, person, f"/bids/{bid_id}/submit", {}, lambda: None)

    async def trickling() -> Message:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"a", "more_body": True}

    asyncio.run(sent._run(trickling))

    assert sent.answers[0]["status"] == 408
    assert "您填写的内容还在草稿里".encode() in b"".join(one.get("body", b"") for one in sent.answers)
    assert stage.draft_version(actor, bid_id) >= 1
    assert stage.installation.admissions.begun_before(DEADLINE + timedelta(days=1)) == 0
    stage.clock.now = DEADLINE
    assert tick(stage) is not RoundState.OPEN
