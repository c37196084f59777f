"""A round with its people in front of the real application, under a clock that stands where a test puts it."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import sessions
from marketplace.accounts.words import Role, Standing
from marketplace.kernel.db import Store
from marketplace.rounds.bid_tables import Bid
from marketplace.rounds.bidding import drafts
from tests.marketplace import round_market
from tests.marketplace.market import REGION, make_person
from tests.marketplace.round_market import PUBLISH_AT, Scene
from web.app import create_app
from web.installation import Installation
from web.settings import Settings

PLAN = "以巡查车拍摄，端侧识别暗语七号。"
FIELDS: Mapping[str, str] = {**round_market.BID, "plan": PLAN}
PDF = b"%PDF-1.7 plan"
COOKIE = "jiebang"


@dataclass
class Clock:
    """The time that the installation takes for now."""

    now: datetime = PUBLISH_AT

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Person:
    """Somebody at a browser: reads pages, sends forms with the token that belongs to them."""

    client: TestClient
    token: str
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends with everything."""
        return {"Cookie": f"{COOKIE}={self.token}"} if self.token else {}

    def get(self, path: str) -> httpx2.Response:
        """Ask for a page."""
        return self.client.get(path, headers=self.headers)

    def read(self, path: str) -> str:
        """What a page that is there says."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:2000])
        return unescape(answer.text)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> httpx2.Response:
        """Send a form."""
        return self.client.post(path, data={**(data or {}), "csrf_token": self.csrf}, headers=self.headers, **options)


@dataclass
class Stage:
    """A running application over one round; `bidder` leads, `partner` and `rival` are other suppliers."""

    installation: Installation
    scene: Scene
    clock: Clock
    client: TestClient
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The installation's database."""
        return self.installation.store

    @property
    def round_id(self) -> str:
        """The round."""
        return self.scene.round_id

    def enter(self, actor: Actor | None) -> Person:
        """Somebody who has just signed in, or a visitor."""
        if actor is None:
            return Person(self.client, "", "")
        token = secrets.token_urlsafe(32)
        with self.store.writing() as session:
            sessions.start(session, accounts.actor(session, actor.account_id), token=token, now=self.clock.now)
        with self.store.reading() as session:
            found = sessions.find(session, token, now=self.clock.now, staff_needs_second_factor=False)
        assert found is not None
        return Person(self.client, token, found.csrf_token)

    def supplier(self, name: str, email: str) -> Actor:
        """Another supplier's person."""
        return round_market.make_bidder(self.store, name, email=email)

    def member(self, unit: Actor, email: str, *, standing: Standing = Standing.EDITOR) -> Actor:
        """A colleague in a supplier's unit."""
        return make_person(
            self.store,
            role=Role.OPC,
            organisation_id=unit.organisation_id,
            email=email,
            name="贺同事",
            standing=standing,
        )

    def staff(self, role: Role, email: str, region: str = REGION) -> Actor:
        """Somebody in office."""
        return make_person(self.store, role=role, region=region, email=email, name="某职员")

    def begin(self, person: Person) -> str:
        """Begin a bid; gives its id."""
        answer = person.post(f"/rounds/{self.round_id}/bids", {"track": "t1"})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].split("/")[2].split("?")[0]

    def draft_version(self, actor: Actor, bid_id: str) -> int:
        """The version of the open draft."""
        with self.store.reading() as session:
            return drafts.get(session, actor, bid_id).draft_version

    def fill(self, person: Person, actor: Actor, bid_id: str, fields: Mapping[str, str] = FIELDS) -> None:
        """Write everything that is asked for, with the file of its paper."""
        version = self.draft_version(actor, bid_id)
        answer = person.post(
            f"/bids/{bid_id}/files",
            {**fields, "_version": version},
            files={"file-p1": ("实施方案.pdf", PDF, "application/pdf")},
        )
        assert answer.status_code == 303, answer.text

    def submit(self, person: Person, actor: Actor, bid_id: str) -> httpx2.Response:
        """Hand the bid in."""
        return person.post(f"/bids/{bid_id}/submit", {"_version": self.draft_version(actor, bid_id)})

    def hand_in(self, name: str = "木语视觉", email: str = "muyu@example.com") -> tuple[Actor, Person, str]:
        """A supplier that has handed a bid in by the pages."""
        actor = self.supplier(name, email)
        person = self.enter(actor)
        bid_id = self.begin(person)
        self.fill(person, actor, bid_id)
        answer = self.submit(person, actor, bid_id)
        assert answer.status_code == 303, answer.text
        return actor, person, bid_id

    def row(self, bid_id: str) -> Bid:
        """A bid as it stands."""
        with self.store.reading() as session:
            return session.get_one(Bid, bid_id)


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Stage]:
    """A round that takes bids, once for each database."""
    clock = Clock()
    settings = Settings(data_dir=tmp_path / "data", database_url=database_url, second_factor="optional")
    installation = Installation(settings, clock=clock)
    scene = round_market.open_round(installation.store, settings.data_dir)
    with TestClient(create_app(installation, with_worker=False, closes=False), follow_redirects=False) as client:
        yield Stage(installation, scene, clock, client)
    installation.close()


def rows(session: Session, table: type[Any]) -> list[Any]:
    """Every row of a table."""
    return list(session.exec(select(table)))
