"""Asking the application as somebody, and saying in one word what it answered and whether it wrote anything."""

import hashlib
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import httpx2

from tests.web.matrix import bodies
from tests.web.matrix.table import GARBLED, NOTHING, UNKNOWN, WITH_TOKEN, Route, State
from tests.web.matrix.world import MALFORMED, MISSING, World

SENT_TO: Final = {
    "/sign-in?next=": "sign-in",
    "/account/confirm?next=": "confirm",
    "/account/second-factor?next=": "factor",
}
PARAMETER: Final = re.compile(r"{(\w+)(?::\w+)?}")


def said(answer: httpx2.Response) -> str:
    """The answer in one word; whether something was written is asked of the database."""
    if answer.status_code in {200, 201, 204}:
        return "ok"
    if answer.is_redirect:
        where = answer.headers["location"]
        return next((word for start, word in SENT_TO.items() if where.startswith(start)), "done")
    return str(answer.status_code)


def addresses(world: World, route: Route, state: State) -> list[str]:
    """The path of a state: of its thing, or of an id that nothing has and of what is no id."""
    given = dict(state.params)
    bad = [MISSING] * (state.subject == UNKNOWN) + [MALFORMED] * (
        state.subject == GARBLED or (state.subject == UNKNOWN and not route.is_api)
    )
    if bad:
        return [_filled(route.path, dict.fromkeys(PARAMETER.findall(route.path), one) | given) for one in bad]
    own = world.subjects[state.subject] if state.subject != NOTHING else {}
    return [_filled(route.path, {"aggregate_id": next(iter(own.values()), "")} | own | given)]


def _filled(path: str, values: Mapping[str, str]) -> str:
    return PARAMETER.sub(lambda found: quote(values[found[1]], safe=":"), path)


@dataclass
class Asker:
    """Somebody at the door: `client` asks, `world` knows the sign-ins."""

    world: World
    client: httpx2.AsyncClient

    async def ask(
        self, route: Route, state: State, address: str, key: str, *, stale: bool = False, csrf: bool = True
    ) -> httpx2.Response:
        """Ask one address as one persona with what the table of bodies sends there."""
        sent = bodies.of(self.world, route, state, key)
        headers: dict[str, str] = dict(sent.headers)
        if route.is_api and key in WITH_TOKEN:
            headers["authorization"] = f"Bearer {self.world.secret_of(key)}"
        elif key != "V":
            headers["cookie"] = f"jiebang={self.world.session_of(key, stale=stale)}"
            if csrf and route.method != "GET" and not route.is_api:
                headers["x-csrf-token"] = self.world.csrf_of(key, stale=stale)
        options: dict[str, Any] = {"json": sent.json} if sent.json is not None else {}
        if route.method == "GET":
            options = {"params": sent.data} if sent.data else {}
        elif sent.raw is not None:
            options = {"params": sent.raw[0], "content": sent.raw[1]}
        elif sent.json is None:
            options = {"data": sent.data, "files": sent.files or None}
        return await self.client.request(route.method, address, headers=headers, **options)


@dataclass
class Ledger:
    """What stood in the database at the start, and how to tell and undo what was written since.

    `keys` is where the keys of drafts lie, which erasing a draft burns.
    """

    path: Path
    keys: Path
    _here: sqlite3.Connection = field(init=False)
    _pristine: sqlite3.Connection = field(init=False)
    _version: int = field(init=False)
    _kept: dict[Path, bytes] = field(init=False)
    _digests: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._here = sqlite3.connect(self.path, isolation_level=None)
        self._pristine = sqlite3.connect(":memory:")
        self._here.backup(self._pristine)
        self._digests = self._digested()
        self._kept = {path: path.read_bytes() for path in self.keys.iterdir()}
        self._version = self._seen()

    def written(self) -> frozenset[str]:
        """The tables that differ from the start; everything is put back."""
        if self._seen() == self._version:
            return frozenset()
        now = self._digested()
        changed = frozenset(table for table, digest in now.items() if digest != self._digests[table])
        self._pristine.backup(self._here)
        for path, key in self._kept.items():
            if not path.exists():
                path.write_bytes(key)
        self._version = self._seen()
        return changed

    def _seen(self) -> int:
        # It changes when another connection has committed something.
        found: int = self._here.execute("PRAGMA data_version").fetchone()[0]
        return found

    def _digested(self) -> dict[str, str]:
        names = [name for (name,) in self._here.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: hashlib.sha256(repr(self._here.execute(f'SELECT * FROM "{name}"').fetchall()).encode()).hexdigest()
            for name in names
        }
