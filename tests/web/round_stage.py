"""The running application over a market of rounds, with a clock that the test sets and people who are signed in at once."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path

import httpx2
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import sessions
from marketplace.kernel.db import Store
from tests.marketplace import round_market
from tests.marketplace.round_market import PUBLISH_AT, Scene
from web.app import create_app
from web.installation import Installation
from web.settings import Settings


@dataclass
class Stage:
    """An application over a store; `now` is what its clock says."""

    store: Store
    folder: Path
    client: TestClient
    now: datetime = PUBLISH_AT
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    def get(self, path: str, who: Actor | None = None) -> httpx2.Response:
        """Ask for a page as somebody, or as a visitor."""
        return self.client.get(path, headers=self._cookie(who))

    def page(self, path: str, who: Actor | None = None) -> str:
        """What a page says, which must be there."""
        answer = self.get(path, who)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        return unescape(answer.text)

    def post(self, path: str, who: Actor | None = None, **fields: str) -> httpx2.Response:
        """Send a form as somebody."""
        token = "" if who is None else self._signed_in(who)[1]
        return self.client.post(path, data={**fields, "csrf_token": token}, headers=self._cookie(who))

    def upload(
        self, path: str, who: Actor, files: Sequence[tuple[str, tuple[str, bytes]]], **fields: str
    ) -> httpx2.Response:
        """Send a form with files as somebody; each by its field, with its name and its content."""
        data = {**fields, "csrf_token": self._signed_in(who)[1]}
        return self.client.post(path, data=data, files=list(files), headers=self._cookie(who))

    def _cookie(self, who: Actor | None) -> dict[str, str]:
        return {} if who is None else {"Cookie": f"jiebang={self._signed_in(who)[0]}"}

    def _signed_in(self, who: Actor) -> tuple[str, str]:
        key = f"{who.account_id}-{self.now:%Y%m%d%H}"
        if key not in self.tokens:
            token = secrets.token_urlsafe(32)
            with self.store.writing() as session:
                sessions.start(session, who, token=token, now=self.now)
                sessions.take_seat(session, token, who.organisation_id, now=self.now)
            with self.store.reading() as session:
                found = sessions.find(session, token, now=self.now, staff_needs_second_factor=False)
            assert found is not None
            self.tokens[key] = token, found.csrf_token
        return self.tokens[key]


@contextmanager
def playing(store: Store, folder: Path) -> Iterator[Stage]:
    """The application over a store; its clock is the stage's."""
    url = make_url(str(store.engine.url)).render_as_string(hide_password=False)
    settings = Settings(data_dir=folder, database_url=url, demo=True, pages_per_address=0)
    stage: list[Stage] = []
    installation = Installation(settings, clock=lambda: stage[0].now if stage else PUBLISH_AT)
    app = create_app(installation, with_worker=False, closes=False)
    with TestClient(app, follow_redirects=False) as client:
        stage.append(Stage(store, folder, client))
        yield stage[0]
    installation.close()


def open_scene(store: Store, folder: Path, *, notice: dict[str, str] | None = None) -> Scene:
    """A round that takes bids."""
    return round_market.open_round(store, folder, notice={**round_market.NOTICE, **(notice or {})})
