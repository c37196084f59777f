"""When a request had reached the machine, however late the server reads it; and that no round is sealed before it looks."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from web.admission import ARRIVED, Admissions, ArrivalTimes
from web.arrivals import waited
from web.connections import Connection

PAUSE = 0.1
TICK = 0.011
"""A little more than the coarsest tick of a kernel that runs servers."""


def now() -> datetime:
    """The real time: what is tried here is the kernel's."""
    return datetime.now(UTC)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Both ends of a connection."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with socket.create_connection(listener.getsockname()) as sender:
            receiver, _ = listener.accept()
            with receiver:
                yield sender, receiver


@pytest.mark.parametrize("is_read", [False, True])
def test_the_kernel_says_how_long_ago_something_came(
    pair: tuple[socket.socket, socket.socket], *, is_read: bool
) -> None:
    sender, receiver = pair
    before = time.monotonic()
    sender.sendall(b"bid")
    sent = time.monotonic()
    time.sleep(PAUSE)
    if is_read:
        receiver.recv(10)

    told = waited(receiver)

    assert told + (sent - before) >= PAUSE - TICK
    assert told <= time.monotonic() - before + TICK


def test_the_last_bytes_count(pair: tuple[socket.socket, socket.socket]) -> None:
    sender, receiver = pair
    sender.sendall(b"first")
    time.sleep(PAUSE)
    sender.sendall(b"last")

    assert waited(receiver) < PAUSE


def test_what_says_nothing_has_not_waited() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert waited(one) == waited(None) == 0.0


def test_a_server_that_is_busy_stamps_the_hour_of_arrival(tmp_path: Path) -> None:
    admissions = Admissions(tmp_path / "admitting", now)
    stamps: list[datetime] = []
    is_busy = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body", False):
            pass
        stamps.append(scope["state"][ARRIVED])
        if len(stamps) == 1:
            is_busy.set()
            time.sleep(3 * PAUSE)  # noqa: ASYNC251 - the whole server stands still
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with _served(ArrivalTimes(app, admissions)) as port:
        first = threading.Thread(target=_post, args=(port,))
        first.start()
        assert is_busy.wait(10)
        time.sleep(PAUSE / 2)
        with socket.create_connection(("127.0.0.1", port)) as connection:
            began = now()
            connection.sendall(_request(port))
            sent = now()
            connection.recv(100)
        first.join()

    assert now() - sent >= timedelta(seconds=2 * PAUSE)
    assert began - timedelta(seconds=TICK) <= stamps[1] <= sent + timedelta(seconds=TICK)


def test_a_round_waits_until_every_server_has_looked(tmp_path: Path) -> None:
    admissions = Admissions(tmp_path / "admitting", now)

    async def look() -> None:
        deadline = now()
        pace = asyncio.create_task(admissions.keep_pace())
        await asyncio.sleep(0)
        assert admissions.begun_before(deadline + timedelta(hours=1)) == 1
        await asyncio.sleep(PAUSE)
        assert admissions.begun_before(deadline) == 0

        passed = now()
        time.sleep(PAUSE)  # noqa: ASYNC251 - a server that stands still has not looked
        assert admissions.begun_before(passed) == 1
        await asyncio.sleep(0.5)
        assert admissions.begun_before(passed) == 0

        pace.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await pace
        assert admissions.begun_before(now()) == 0

    asyncio.run(look())


def test_a_ticket_begins_with_the_arrival(tmp_path: Path, pair: tuple[socket.socket, socket.socket]) -> None:
    admissions = Admissions(tmp_path / "admitting", now)
    sender, receiver = pair
    sender.sendall(b"bid")
    time.sleep(PAUSE)
    deadline = now() - timedelta(seconds=PAUSE / 2)

    with admissions.ticket(receiver):
        assert admissions.begun_before(deadline) == 1
    with admissions.ticket():
        assert admissions.begun_before(deadline) == 0


@contextlib.contextmanager
def _served(app: ArrivalTimes) -> Iterator[int]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, http=Connection, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def _request(port: int) -> bytes:
    return f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok".encode()


def _post(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(_request(port))
        connection.recv(100)
