"""Letting submissions in: when the last byte of one has arrived, and which ones are still being written down.

A submission that arrives in time counts, however long it waits to be written down; so a round is not sealed while one
that began before its deadline is under way. Each such request holds a ticket: a file of its own, locked by the process
that serves it, so that the ticket of a process that died is nobody's any more. All servers of an installation share the
folder.

What has arrived may also lie where no server has looked yet. So each server holds a ticket of its own, which says until
when it has looked at everything that had arrived.
"""

import asyncio
import contextlib
import fcntl
import os
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.kernel.files import PRIVATE_FILE, PRIVATE_FOLDER
from web.arrivals import WIRE, waited

HANDED_IN: Final = re.compile(r"(/api/v1)?/bids/[a-z0-9]{16}/(submit|reconfirm|withdraw)")
"""What must have arrived before a deadline."""
CORRECTED: Final = re.compile(r"/bids/[a-z0-9]{16}/correction")
"""What must have arrived before the window of a correction ends; it may hold files, and takes as long as they take."""
ARRIVE_WITHIN: Final = 20.0
"""Seconds in which such a request, which is small, has to arrive whole; a round is not held up by one that trickles."""
ARRIVED: Final = "arrived"
PACE_SECONDS: Final = 0.25
"""How often a server says that it has looked."""
_TURNS: Final = 8
"""So often an event loop turns until a connection that waits is accepted, read, and its request has its ticket."""
_TICKET: Final = re.compile(r"[0-9a-f]{16}")
_MICROSECONDS: Final = 1_000_000
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Admissions:
    """The tickets of submissions that are under way, in a folder that all processes share."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self.clock = clock

    @contextlib.contextmanager
    def ticket(self, wire: object = None) -> Iterator[None]:
        """Hold a ticket while a submission is under way, which began when it had reached the machine over `wire`.

        It is locked before it gets its name, and counts as one that began long ago until it says when it did.
        """
        with self._held() as handle:
            self._say(handle, self.arrived(wire))
            yield

    async def keep_pace(self) -> None:
        """Hold the ticket of this server, and say again and again until when it has looked at what had arrived."""
        with self._held() as handle:
            while True:
                moment = self.clock()
                for _ in range(_TURNS):
                    await asyncio.sleep(0)
                self._say(handle, moment)
                await asyncio.sleep(PACE_SECONDS)

    def arrived(self, wire: object) -> datetime:
        """When what has just been read from a connection had reached the machine."""
        seconds = waited(wire)
        return self.clock() - timedelta(seconds=seconds)

    def begun_before(self, moment: datetime) -> int:
        """How many submissions that began before a moment may still be under way; tickets of the dead are cleared away."""
        if not self.folder.exists():
            return 0
        tickets = [path for path in self.folder.iterdir() if _TICKET.fullmatch(path.name)]
        return sum(_is_held(path, before=_number(moment)) for path in tickets)

    def is_served(self) -> bool:
        """Whether a server runs over this folder now: each holds a ticket of its own."""
        return self.begun_before(_NEVER) > 0

    @contextlib.contextmanager
    def _held(self) -> Iterator[int]:
        self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        name = secrets.token_hex(8)
        beside, path = self.folder / f".{name}", self.folder / name
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            beside.rename(path)
            yield handle
        finally:
            path.unlink(missing_ok=True)
            beside.unlink(missing_ok=True)
            os.close(handle)

    @staticmethod
    def _say(handle: int, moment: datetime) -> None:
        os.pwrite(handle, str(_number(moment)).encode(), 0)


def _is_held(path: Path, *, before: int) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        begun = os.pread(handle, 32, 0)
        if begun.isdigit() and int(begun) >= before:
            return False
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink(missing_ok=True)  # nobody holds it: its process died
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _number(moment: datetime) -> int:
    return round(moment.astimezone(UTC).timestamp() * _MICROSECONDS)


class TooSlow(Exception):  # noqa: N818 - it asks to send again, it is not a fault
    """A submission did not arrive whole within the time that it has."""


class ArrivalTimes:
    """Stamps when the last byte of a request had arrived, and gives submissions their ticket."""

    def __init__(self, app: ASGIApp, admissions: Admissions) -> None:
        self.app = app
        self.admissions = admissions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        is_submission = HANDED_IN.fullmatch(scope["path"]) is not None
        until = asyncio.get_running_loop().time() + ARRIVE_WITHIN
        state: dict[str, object] = scope.setdefault("state", {})

        async def stamping_receive() -> Message:
            if is_submission and ARRIVED not in state:
                try:
                    async with asyncio.timeout_at(until):
                        message = await receive()
                except TimeoutError:
                    raise TooSlow from None
            else:
                message = await receive()
            if ARRIVED not in state and not message.get("more_body", False):
                state[ARRIVED] = self.admissions.arrived(state.get(WIRE))
            return message

        has_ticket = is_submission or CORRECTED.fullmatch(scope["path"]) is not None
        with self.admissions.ticket(state.get(WIRE)) if has_ticket else contextlib.nullcontext():
            await self.app(scope, stamping_receive, send)
