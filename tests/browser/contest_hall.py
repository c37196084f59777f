"""A round in front of a real server whose clock a test moves, on either database: people at pages, programs, windows."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from playwright.sync_api import Browser

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import sessions, tokens
from marketplace.kernel.db import Store
from marketplace.rounds import keys
from marketplace.rounds.round_tables import Round
from marketplace.rounds.sealing import age
from marketplace.rounds.sealing import passphrases as passphrases_of
from marketplace.rounds.sealing.holders import Holder
from marketplace.rounds.words import Post, RoundState
from tests.browser.conftest import listening
from tests.browser.windows import Way, Window, opened
from tests.marketplace import served_round
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import Scene
from tests.web import pages
from tests.web.pages import Form
from web.installation import Installation
from web.settings import Settings
from web.worker import Worker

API: Final = "/api/v1"
PLENTY: Final = 1_000_000
SEE_OTHER: Final = 303
TIMEOUT: Final = 120.0
OPENERS: Final = (Post.OPENER_A, Post.OPENER_B)
WIDE: Final = Way(1280, has_scripts=True)
Given = tuple[str, tuple[str, bytes, str]]
"""A file of a form: its field, and its name, content and kind."""


@dataclass
class Clock:
    """What the installation takes for now."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Seat:
    """Somebody who is signed in: reads pages, and fills in the forms that stand on them."""

    hall: "Hall"
    token: str

    @property
    def client(self) -> httpx2.Client:
        """Its connection."""
        return self.hall.client

    def get(self, path: str) -> httpx2.Response:
        """Ask for a page."""
        return self.client.get(path, headers=self._headers)

    def read(self, path: str) -> str:
        """What a page that is there says."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, said(answer))
        return unescape(answer.text)

    def form(self, path: str, action: str, **having: str) -> Form:
        """The form of a page that goes to an address, and holds what is asked for."""
        found = self.forms(path, action, **having)
        assert found, (path, action, having)
        return found[0]

    def forms(self, path: str, action: str, **having: str) -> list[Form]:
        """The forms of a page that go to an address whose path ends so."""
        every = pages.read(self.get(path).text, str(self.client.base_url.join(path))).forms
        return [
            one
            for one in every
            if urlsplit(one.action).path.endswith(action) and set(having.items()) <= set(one.fields)
        ]

    def post(
        self,
        form: Form,
        fields: Mapping[str, str | list[str]] | None = None,
        *,
        to: str = "",
        files: Sequence[Given] = (),
    ) -> httpx2.Response:
        """Send a form as it stands, with some fields filled in."""
        data: dict[str, Any] = {}
        for name, value in form.fields:
            data.setdefault(name, []).append(value)
        unknown = (fields or {}).keys() - {*form.names, *form.choices}
        assert not unknown, (form.action, unknown)
        data |= fields or {}
        self.hall.sent += 1
        return self.client.post(
            to or urlsplit(form.action).path, data=data, files=list(files) or None, headers=self._headers
        )

    def send(
        self,
        path: str,
        action: str,
        fields: Mapping[str, str | list[str]] | None = None,
        *,
        having: Mapping[str, str] | None = None,
        to: str = "",
        files: Sequence[Given] = (),
    ) -> str:
        """Open a page, fill in its form that goes to `action`, and send it; gives the path that it leads to."""
        answer = self.post(self.form(path, action, **(having or {})), fields, to=to, files=files)
        assert answer.status_code == SEE_OTHER, (path, action, answer.status_code, said(answer))
        return urlsplit(answer.headers["location"]).path

    @property
    def _headers(self) -> dict[str, str]:
        return {"Cookie": f"jiebang={self.token}"}


def said(answer: httpx2.Response) -> str:
    """What a page says in its content, without its elements: for a test that fails."""
    content = unescape(answer.text).rsplit("<main", maxsplit=1)[-1]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", content))[:1500]


@dataclass
class Hall:
    """The round with its people; `passphrases` are those of the two who will open it."""

    address: str
    installation: Installation
    clock: Clock
    scene: Scene
    passphrases: Mapping[Post, str]
    chromium: Browser
    client: httpx2.Client
    complaints: list[str] = field(default_factory=list)
    sent: int = 0
    _seats: dict[str, Seat] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """Its database."""
        return self.installation.store

    @property
    def base(self) -> str:
        """Where the pages of the round begin."""
        return f"/rounds/{self.scene.round_id}"

    @property
    def desk(self) -> str:
        """Where an expert finds it."""
        return f"/review/{self.scene.round_id}"

    def row(self) -> Round:
        """The round as it stands."""
        with self.store.reading() as session:
            return session.get_one(Round, self.scene.round_id)

    def state(self) -> RoundState:
        """How far it has come."""
        return self.row().state

    def go(self, moment: datetime) -> RoundState:
        """Let it be another hour, and the clock do what is due by then; gives where the round stands."""
        self.clock.now = moment
        return self.settle()

    def settle(self) -> RoundState:
        """Let the worker do whatever waits."""
        worker = Worker(self.installation)
        while worker.step():
            pass
        return self.state()

    def seat(self, who: Actor) -> Seat:
        """Somebody who has just signed in."""
        key = f"{who.account_id} {self.clock.now.isoformat()}"
        if key not in self._seats:
            token = secrets.token_urlsafe(32)
            with self.store.writing() as session:
                sessions.start(session, who, token=token, now=self.clock.now)
                sessions.take_seat(session, token, who.organisation_id, now=self.clock.now)
            self._seats[key] = Seat(self, token)
        return self._seats[key]

    def program(self, who: Actor) -> dict[str, str]:
        """The heads of a program that acts for a bidder."""
        if who.account_id not in self._tokens:
            secret = tokens.PREFIX + secrets.token_urlsafe(32)
            with self.store.writing() as session:
                tokens.make(
                    session,
                    who,
                    secret=secret,
                    name="申报程序",
                    scopes=[tokens.BIDS_READ, tokens.BIDS_WRITE],
                    days=90,
                    now=self.clock.now,
                    new_id=NEW_ID,
                )
            self._tokens[who.account_id] = secret
        return {"Authorization": f"Bearer {self._tokens[who.account_id]}"}

    @contextmanager
    def window(self, who: Actor | None) -> Iterator[Window]:
        """A browser's window of somebody, or of a visitor; what its browser complains of is kept."""
        window = opened(self.chromium, self.address, {}, WIDE)
        if who is not None:
            token = self.seat(who).token
            window.context.add_cookies([{"name": "jiebang", "value": token, "url": self.address}])
        yield window
        window.context.close()
        self.complaints += window.complaints


@contextmanager
def open_hall(
    folder: Path, database_url: str, chromium: Browser, *, published: datetime, notice: Mapping[str, str]
) -> Iterator[Hall]:
    """A contest that takes bids from an hour on, in front of a server of its own."""
    clock = Clock(published)

    def open_at(address: str) -> Installation:
        settings = Settings(
            data_dir=folder,
            database_url=database_url,
            second_factor="optional",
            public_url=address,
            pages_per_address=0,
            api_per_address=PLENTY,
            api_per_token=PLENTY,
        )
        return Installation(settings, clock=clock)

    # The worker's steps are the story's own, so that what it does by itself is always done at the same place.
    with listening(open_at, with_worker=False) as (address, installation):
        passphrases = {post: passphrases_of.generate(secrets.token_bytes) for post in OPENERS}
        locked = {post: _locked(passphrases.get(post)) for post in keys.HOLDERS}
        scene = served_round.open_round(
            installation.store, installation.files, published, locked, procedure="contest", notice=notice
        )
        with httpx2.Client(base_url=address, timeout=TIMEOUT) as client:
            yield Hall(address, installation, clock, scene, passphrases, chromium, client)


def _locked(passphrase: str | None) -> served_round.Locked:
    """A holder's identity under its passphrase; without one nobody will ever come with it."""
    identity = age.new_identity()
    wrapped = age.lock(f"{identity}\n".encode(), passphrases_of.clean(passphrase)) if passphrase else b"locked"
    return identity, Holder(age.recipient_of(identity), wrapped)
