"""A real `jiebang serve` whose clock stands where the round is, and browsers that speak to it over the network."""

import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.benchmarks.processes import Server

CLOCK = "ATTACK_CLOCK"
_LAUNCH = """
import datetime, os, pathlib, sys, time
import web.installation as one
_since, _at = time.time(), pathlib.Path(os.environ["ATTACK_CLOCK"])
def now():
    return datetime.datetime.fromisoformat(_at.read_text()) + datetime.timedelta(seconds=time.time() - _since)
one.now = now
one.Installation.__init__.__kwdefaults__["clock"] = now
{prelude}
from web.cli import main
main()
"""


@contextmanager
def serving(
    folder: Path, *, url: str | None, clock: datetime, form: str = "text", prelude: str = ""
) -> Iterator["Place"]:
    """The product's server over a data folder; its temporary files and what it says lie in folders of its own.

    `form`: how it logs; a terminal gets "text". `prelude`: code that runs before the command does.
    """
    for name in ("data", "tmp", "home", "log"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    at = folder / "clock"
    at.write_text(clock.isoformat())
    variables = {
        "JIEBANG_DATA_DIR": str(folder / "data"),
        "JIEBANG_SECOND_FACTOR": "optional",
        "JIEBANG_LOG_LEVEL": "DEBUG",
        "JIEBANG_LOG_FORMAT": form,
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"),
        "PYTHONDONTWRITEBYTECODE": "1",
        CLOCK: str(at),
    }
    if url is not None:
        variables["JIEBANG_DATABASE_URL"] = url
    log = folder / "log" / f"{uuid.uuid4().hex}.txt"
    command = [sys.executable, "-c", _LAUNCH.replace("{prelude}", prelude), "serve"]
    with Server(command, variables=variables, log=log) as server:
        server.until("/sign-in", limit_seconds=120)
        yield Place(folder, server, at)


class Place:
    """A running server with everything that it writes."""

    def __init__(self, folder: Path, server: Server, clock: Path) -> None:
        self.folder = folder
        self.server = server
        self._clock = clock

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    def set_clock(self, moment: datetime) -> None:
        """Let its clock show another time."""
        self._clock.write_text(moment.isoformat())

    def open_files(self) -> Iterator[tuple[str, bytes]]:
        """What every process of the server holds open outside its data folder, files without a name among it."""
        return open_files(_family(self.server._process.pid), elsewhere=(str(self.data),))


class Browser:
    """Somebody at a browser who is signed in."""

    def __init__(self, place: Place, token: str, csrf: str) -> None:
        self.place = place
        self.csrf = csrf
        self._headers = {"Cookie": f"jiebang={token}"}

    def get(self, path: str) -> "Answer":
        """Ask for a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, Any], *, headers: Mapping[str, str] | None = None) -> "Answer":
        """Send a form."""
        body = urlencode({"csrf_token": self.csrf, **fields}, doseq=True).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

    def upload(
        self, path: str, fields: Mapping[str, Any], files: Mapping[str, tuple[str, bytes]], *, look: Any = None
    ) -> "Answer":
        """Send a form with files; `look` is called when most of it is on the way and the rest waits."""
        edge = uuid.uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrf_token": self.csrf, **fields}.items()
        ]
        for name, (called, data) in files.items():
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
            parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
        body = b"".join(parts) + f"--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        return self._ask("POST", path, body, headers, look=look)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str], *, look: Any = None
    ) -> "Answer":
        connection = HTTPConnection("127.0.0.1", self.place.server.port, timeout=60)
        try:
            connection.putrequest(method, path)
            for name, value in {**self._headers, **headers}.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders()
            if body is not None:
                cut = len(body) - 100 if look else len(body)
                connection.send(body[:cut])
                if look:
                    time.sleep(0.3)
                    look()
                    connection.send(body[cut:])
            response = connection.getresponse()
            return Answer(response.status, response.read(), dict(response.getheaders()))
        finally:
            connection.close()


class Answer:
    """What the server answered."""

    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.status = status
        self.body = body
        self.text = body.decode("utf-8", "replace")
        self.headers = {name.lower(): value for name, value in headers.items()}

    @property
    def location(self) -> str:
        """Where it leads."""
        return self.headers.get("location", "")


def open_files(processes: Iterable[int | None], *, elsewhere: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """What processes (None: this one) hold open on a disk, files that have no name any more among it."""
    for process in processes:
        folder = Path(f"/proc/{process or 'self'}/fd")
        for handle in list(folder.iterdir()) if folder.exists() else ():
            try:
                target = str(handle.readlink())
                if (
                    target.startswith("/")
                    and not target.startswith(("/dev/", "/proc/", *elsewhere))
                    and handle.is_file()
                ):
                    yield f"open in {process}: {target}", handle.read_bytes()
            except OSError:
                continue


def _family(pid: int) -> list[int]:
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in told.splitlines():
        child, parent = line.split()
        children.setdefault(int(parent), []).append(int(child))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += children.get(one, [])
    return found
