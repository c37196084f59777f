"""Reading in a process of its own: a file that makes its reader run for ever, swell or fall over takes nothing with it.

The parent hands the bytes over a pipe and gets what was read back the same way; nothing is written anywhere. A reading that
reports no progress for `SECONDS`, or grows beyond `BYTES`, ends there.

What is read out of the bytes is a task: a function of a module of this package, named in `TASKS`, that takes what the parent
asked and gives plain JSON values.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from ingest import refusals, tasting
from ingest.errors import Refused, TakesLong
from ingest.limits import Limits

SECONDS: Final = 18.0
"""How long a reading may go on without a page done."""
SECONDS_TO_RECOGNISE: Final = 90.0
"""The same for a page of which the characters are recognised: seconds on a free machine, several times that beside others."""
BYTES, BYTES_TO_RECOGNISE = 1000 * 1024 * 1024, 1400 * 1024 * 1024
"""How much memory a reading may set aside for itself; character recognition sets aside more than it ever uses."""
COMMAND: Final = (sys.executable, "-m", "ingest.guarded")
"""What the reading process runs: this interpreter, this module."""
TASKS: Final = {
    "list": ("ingest.pipeline", "answer"),
    "brochure": ("ingest.brochures.pipeline", "answer"),
    "page": ("ingest.originals", "answer"),
}
"""What such a process may be asked: the module and the function that answer."""
_CHILD: Final = "JIEBANG_GUARDED"
_STEP: Final = b"step "
_DONE: Final = b"done "
_LEFT: Final = b"left "
_SLOW: Final = b"slow"

Told = Callable[[int, int], None]
"""Is told how many pages are done, and of how many."""


def is_inside() -> bool:
    """Whether this process is the one that only reads."""
    return os.environ.get(_CHILD) == "1"


def report(done: int, of: int) -> None:
    """Tell the parent how far the reading is; says nothing outside of such a process."""
    if is_inside():
        _say(_STEP + f"{done} {of}".encode())


def taste(data: bytes, name: str) -> None:
    """Open a workbook once in a process of its own; raises Refused where that process does not survive it."""
    if is_inside():
        return
    import python_calamine

    libraries = Path(python_calamine.__file__).parents[1]
    try:
        done = subprocess.run(  # noqa: S603 - this interpreter and a module of this package
            [sys.executable, "-I", "-S", tasting.__file__, libraries, str(BYTES)],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusals.crashed(name) from error
    if done.returncode not in {tasting.SURVIVED, tasting.REFUSED}:
        raise refusals.damaged(name)


class Task(Protocol):
    """Reads something out of bytes, inside such a process; raises Refused."""

    def __call__(self, data: bytes, *, name: str, limits: Limits, asked: dict[str, Any]) -> dict[str, Any]: ...


def ask(
    task: str,
    data: bytes,
    *,
    name: str,
    limits: Limits,
    asked: dict[str, Any] | None = None,
    told: Told | None = None,
    seconds: float | None = None,
) -> dict[str, Any]:
    """What a task gives, from a process of its own; raises Refused as it does, also where the process had to end.

    Raises TakesLong where it is not done after `seconds`.
    """
    head = json.dumps({"task": task, "name": name, "limits": asdict(limits), "asked": asked or {}}).encode()
    environment = {**os.environ, _CHILD: "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(  # noqa: S603 - this interpreter and a module of this package
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        answer = _Listening(process, told, seconds).answer(head + b"\n" + data)
    return _understood(answer, name)


def _understood(answer: bytes | None, name: str) -> dict[str, Any]:
    from ingest.records import problem_from_record, reading_from_record

    if answer is None:
        raise refusals.crashed(name)
    said: dict[str, Any] = json.loads(answer[len(_DONE) :])
    if answer.startswith(_LEFT):
        understood = said["reading"]
        raise Refused(problem_from_record(said["problem"]), understood and reading_from_record(understood))
    return said


class _Listening:
    """Feeds a reading process and hears what it says, until it is done or has been silent for too long."""

    def __init__(self, process: "subprocess.Popen[bytes]", told: Told | None, seconds: float | None) -> None:
        self._process, self._told = process, told
        self._ends_at = None if seconds is None else time.monotonic() + seconds
        self._heard = threading.Event()
        self._answer: bytes | None = None
        self._is_over = False
        self._patience = SECONDS

    def answer(self, asked: bytes) -> bytes | None:
        """The last word of the process, or None where it had to be ended or fell over; TakesLong where time is up."""
        threads = [threading.Thread(target=self._feed, args=(asked,)), threading.Thread(target=self._hear)]
        for thread in threads:
            thread.start()
        is_late = False
        while not self._is_over:
            left = None if self._ends_at is None else max(0.0, self._ends_at - time.monotonic())
            is_heard = self._heard.wait(self._patience if left is None else min(self._patience, left))
            is_late = self._ends_at is not None and time.monotonic() >= self._ends_at
            if not is_heard or is_late:
                self._process.kill()
                break
            self._heard.clear()
        for thread in threads:
            thread.join()
        if is_late and self._answer is None:
            raise TakesLong
        return self._answer

    def _feed(self, asked: bytes) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(asked)
            self._process.stdin.close()
        except OSError:
            # It ended before it had read everything; what it said, or its silence, tells why.
            return

    def _hear(self) -> None:
        assert self._process.stdout is not None
        for said in self._process.stdout:
            self._patience = SECONDS_TO_RECOGNISE if said.startswith(_SLOW) else SECONDS
            if said.startswith((_DONE, _LEFT)):
                self._answer = said
            elif said.startswith(_STEP) and self._told is not None:
                done, of = said[len(_STEP) :].split()
                self._told(int(done), int(of))
            self._heard.set()
        self._is_over = True
        self._heard.set()


def _say(words: bytes) -> None:
    sys.stdout.buffer.write(words + b"\n")
    sys.stdout.buffer.flush()


def begin_recognition() -> None:
    """Let this process take the memory and the time that recognising a page needs; does nothing outside of a guarded one."""
    if is_inside():
        _bound(BYTES_TO_RECOGNISE)
        _say(_SLOW)


def _bound(count: int) -> None:
    """Let this process set aside no more memory, where the system can hold it to that."""
    try:
        import resource
    except ImportError:
        # Not on Windows; there the silence of a process alone ends it.
        return
    resource.setrlimit(resource.RLIMIT_DATA, (count, BYTES_TO_RECOGNISE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _leave(refused: Refused) -> None:
    from ingest.records import problem_to_record, reading_to_record

    understood = None if refused.reading is None else reading_to_record(refused.reading)
    said = {"problem": problem_to_record(refused.problem), "reading": understood}
    _say(_LEFT + json.dumps(said).encode())


def main() -> None:
    """Read what comes in, say what was understood; for the child alone."""
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    said = json.loads(head)
    module, function = TASKS[said["task"]]
    task: Task = getattr(import_module(module), function)
    _bound(BYTES)
    try:
        record = task(data, name=said["name"], limits=Limits(**said["limits"]), asked=said["asked"])
    except Refused as refused:
        _leave(refused)
    except MemoryError:
        _leave(refusals.crashed(said["name"]))
    else:
        _say(_DONE + json.dumps(record).encode())
    # A library that was led astray may not find its way out at the end.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
