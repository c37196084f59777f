"""`python -m tests.benchmarks.bidders FOLDER COUNT`: a round that takes bids, and bidders whose bids wait to be handed in.

Everything goes through the product's own verbs, at hours that have passed. What is needed to act for the bidders is
printed as JSON: for each its bid, the version of its draft, its session's token and its anti-forgery token.
"""

import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from marketplace import migrations
from marketplace.accounts import accounts
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.db import Store
from marketplace.rounds.bidding import drafts
from marketplace.rounds.making import addenda, texts
from tests.benchmarks.population import REGION, SEED
from tests.benchmarks.texts import Texts
from tests.marketplace import round_market as rounds
from tests.marketplace.market import NEW_ID
from tests.marketplace.round_market import Scene
from tests.marketplace.served_round import FILE_BYTES, TIME_FORM, open_round, signed_in
from web import logs
from web.installation import Installation
from web.settings import Settings

OPEN_DAYS = 40
"""How long ago the round was published."""
LONG_TEXTS = {"plan": 5_900, "schedule": 1_900, "team": 2_900, "others": 1_900, "indicator-1": 900, "indicator-2": 900}
"""How many letters the texts of a bid have, near the most that each may have: a sealed bid holds nothing else that is large."""


@dataclass(frozen=True, slots=True)
class Bidder:
    """Somebody whose bid is written and waits to be handed in."""

    bid_id: str
    version: int
    token: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A round with its bidders, and who may postpone its deadline."""

    round_id: str
    issuer: str
    bidders: tuple[Bidder, ...]


def prepare(folder: Path, count: int) -> Waiting:
    """Fill an empty folder."""
    logs.configure(form="json", level="ERROR")
    installation = Installation(Settings(data_dir=folder, region=REGION))
    migrations.upgrade(installation.settings.url)
    published = (datetime.now(BEIJING) - timedelta(days=OPEN_DAYS)).replace(hour=9, minute=0, second=0, microsecond=0)
    scene = open_round(installation.store, installation.files, published.astimezone(UTC))
    written = Texts(random.Random(SEED))
    bidders = tuple(_bidder(installation.store, scene, number, written, published) for number in range(count))
    installation.open_index()
    installation.save_index()
    installation.close()
    return Waiting(scene.round_id, scene.issuer.account_id, bidders)


def read(printed: str) -> Waiting:
    """What `python -m` has printed."""
    said = orjson.loads(printed)
    return Waiting(said["round_id"], said["issuer"], tuple(Bidder(**one) for one in said["bidders"]))


def set_deadline(store: Store, waiting: Waiting, deadline: datetime) -> None:
    """Postpone the deadline by an addendum, as of an hour that has passed: no bid has been handed in yet."""
    now = deadline - timedelta(days=OPEN_DAYS - 3)
    with store.reading() as session:
        issuer = accounts.actor(session, waiting.issuer)
    with store.writing() as session:
        addenda.begin(session, issuer, waiting.round_id, now=now, new_id=NEW_ID)
    fields = {"deadline": deadline.astimezone(BEIJING).strftime(TIME_FORM)}
    rounds.write(store, issuer, waiting.round_id, fields, now=now)
    with store.writing() as session:
        version = texts.get(session, issuer, waiting.round_id).version
        addenda.publish(
            session, issuer, waiting.round_id, version=version, reason="顺延截止时间", now=now, new_id=NEW_ID
        )


def _bidder(store: Store, scene: Scene, number: int, written: Texts, published: datetime) -> Bidder:
    at = published.astimezone(UTC) + timedelta(hours=1)
    actor = rounds.make_bidder(store, f"巡查{number}号工作室", email=f"shenbao{number}@example.com")
    bid_id = rounds.begin_bid(store, scene, actor, now=at)
    fields = {**rounds.BID, **{name: _long(written, signs) for name, signs in LONG_TEXTS.items()}}
    with store.writing() as session:
        drafts.save(session, actor, bid_id, fields, version=1, now=at)
    data = b"%PDF-1.7 " + random.Random(number).randbytes(FILE_BYTES)
    rounds.attach(store, scene, actor, bid_id, data=data, now=at)
    with store.reading() as session:
        version = drafts.get(session, actor, bid_id).draft_version
    return Bidder(bid_id, version, *signed_in(store, actor))


def _long(written: Texts, signs: int) -> str:
    said = ""
    while len(said) < signs:
        said += written.question() + "。"
    return said[:signs]


if __name__ == "__main__":
    sys.stdout.write(orjson.dumps(prepare(Path(sys.argv[1]), int(sys.argv[2]))).decode())
