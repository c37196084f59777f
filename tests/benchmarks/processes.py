"""Whole processes, measured from outside: commands that end, and servers that are asked."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import perf_counter, sleep
from types import TracebackType
from typing import Self

from tests.benchmarks.machine import pss_mib

JIEBANG = str(Path(sys.executable).with_name("jiebang"))
_PAUSE_SECONDS = 0.01
_STOP_SECONDS = 120.0


class FailedError(Exception):
    """A process did not do what it was started for."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that has ended, with the wall time of its whole process."""

    seconds: float
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, and how long the whole answer took from connecting on."""

    status: int
    body: str
    milliseconds: float


def run(arguments: Sequence[str], *, variables: Mapping[str, str] | None = None, may_fail: bool = False) -> Finished:
    """Run a command to its end; FailedError where it fails, unless it may."""
    start = perf_counter()
    ended = subprocess.run(arguments, env=_environment(variables), capture_output=True, text=True, check=False)
    seconds = perf_counter() - start
    if ended.returncode and not may_fail:
        raise FailedError(f"{' '.join(arguments)} ended with {ended.returncode}: {ended.stderr[-2000:]}")
    return Finished(seconds, ended.stdout, ended.stderr)


class Server:
    """A server process of the product on a free port, with its output in a file."""

    def __init__(self, arguments: Sequence[str], *, variables: Mapping[str, str], log: Path) -> None:
        self.port = _free_port()
        self._log = log
        with log.open("wb") as output:
            self.started = perf_counter()
            self._process = subprocess.Popen(
                [*arguments, "--port", str(self.port)],
                env=_environment(variables),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def until(self, path: str, *, limit_seconds: float = 600.0) -> float:
        """Seconds from the start of the process until `path` is answered with 200."""
        while perf_counter() - self.started < limit_seconds:
            if self._process.poll() is not None:
                raise FailedError(f"the server ended early: {self._log.read_text(errors='replace')[-2000:]}")
            try:
                if self.get(path).status == 200:
                    return perf_counter() - self.started
            except (OSError, HTTPException):
                pass
            sleep(_PAUSE_SECONDS)
        raise FailedError(f"no answer on {path} within {limit_seconds:.0f} s")

    def get(self, path: str) -> Answer:
        """Fetch a page on a connection of its own, all of it."""
        start = perf_counter()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        return Answer(response.status, body.decode(), 1000 * (perf_counter() - start))

    def page(self, path: str) -> Answer:
        """Fetch a page that must be there."""
        answer = self.get(path)
        if answer.status != 200:
            raise FailedError(f"{path} was answered with {answer.status}")
        return answer

    def pss_mib(self) -> float:
        """Memory of the server and all its processes together."""
        return pss_mib(self._process.pid)

    def kill(self) -> None:
        """End the server and everything it started at once, as a power cut would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End the server as an operator would; harder where it does not listen."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _environment(variables: Mapping[str, str] | None) -> dict[str, str]:
    """The environment without settings of the product, so that nobody's own installation is touched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JIEBANG_")}
    return {**kept, **(variables or {})}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
