"""How often programs and visitors may ask: windows of a minute, counted in this process, told in every answer's headers.

Several server processes count each for itself, so the limit of the whole installation is that many times as high.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace.accounts.rules.browsers import counted

WINDOW_SECONDS: Final = 60
MATCHING_COSTS: Final = 5
"""A ranking takes as much as several reads."""
MOST_COUNTED: Final = 50_000
"""Callers remembered in one window; beyond it the window begins anew rather than memory growing."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where a caller stands in its window."""

    limit: int
    remaining: int
    reset_seconds: int
    is_over: bool

    @property
    def headers(self) -> dict[str, str]:
        """What every answer tells."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset_seconds),
        }
        return {**told, "Retry-After": str(self.reset_seconds)} if self.is_over else told


class Limits:
    """The counters of one process."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counts: dict[str, int] = {}
        self._window = -1
        self._lock = threading.Lock()

    def take(self, key: str, *, limit: int, cost: int = 1) -> Allowance:
        """Count one request of a caller; a request over the limit costs nothing more."""
        moment = self._clock()
        window = int(moment // WINDOW_SECONDS)
        reset = max(1, int((window + 1) * WINDOW_SECONDS - moment))
        with self._lock:
            if window != self._window or len(self._counts) > MOST_COUNTED:
                self._counts, self._window = {}, window
            taken = self._counts.get(key, 0)
            if taken + cost > limit:
                return Allowance(limit, max(0, limit - taken), reset, is_over=True)
            self._counts[key] = taken + cost
        return Allowance(limit, limit - taken - cost, reset, is_over=False)


def of_address(address: str) -> str:
    """The key under which a network address is counted; who holds a whole network of version 6 is one caller."""
    return f"address:{hashlib.sha256(counted(address).encode()).hexdigest()}"


class TellAllowance:
    """Writes the caller's allowance, where one was counted, into the headers of the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap one request."""

        async def send_with_headers(message: Message) -> None:
            allowance: Allowance | None = scope.get("state", {}).get("allowance")
            if message["type"] == "http.response.start" and allowance is not None:
                MutableHeaders(scope=message).update(allowance.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
