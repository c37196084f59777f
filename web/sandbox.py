"""The clock of a sandbox in a running process: the row says how it runs, looked at again every so often."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from marketplace.kernel.db import Store
from marketplace.kernel.errors import Conflict
from marketplace.rounds import sandbox
from marketplace.rounds.round_tables import SandboxClock

LOOK_EVERY: Final = timedelta(seconds=0.2)
NOT_A_SANDBOX: Final = (
    "这个数据目录是训练环境（时钟可调），只能按训练环境启动：请设置 JIEBANG_SANDBOX=true，或换用正式的数据目录。\n"
)


class SandboxedClock:
    """Shows the sandbox's time; it never goes back, also where another process has set it anew."""

    def __init__(self, store: Store, real: Callable[[], datetime]) -> None:
        self._store = store
        self.real = real
        self._row: SandboxClock | None = None
        self._looked_at: datetime | None = None
        self._latest: datetime | None = None
        self._turn = threading.Lock()

    def __call__(self) -> datetime:
        """What the clock shows now."""
        with self._turn:
            real = self.real()
            if self._looked_at is None or real >= self._looked_at + LOOK_EVERY:
                self._look(real)
            now = real if self._row is None else sandbox.shown(self._row, real)
            self._latest = now if self._latest is None else max(now, self._latest)
            return self._latest

    def look_again(self) -> None:
        """Look at the row at the next question: it was just changed."""
        with self._turn:
            self._looked_at = None

    def _look(self, real: datetime) -> None:
        with self._store.reading() as session:
            self._row = sandbox.find(session)
        self._looked_at = real


def refusal(store: Store, *, wanted: bool, real: datetime) -> str:
    """Begin a sandbox where one is wanted; give what stands against starting, or ""."""
    if not wanted:
        with store.reading() as session:
            return "" if sandbox.find(session) is None else NOT_A_SANDBOX
    try:
        with store.writing() as session:
            sandbox.begin(session, real=real)
    except Conflict as conflict:
        return f"{conflict.message}\n"
    return ""
