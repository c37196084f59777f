"""A training installation with a round and its bidders, whose server is started, killed and started again."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from marketplace import migrations
from marketplace.accounts import accounts
from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in.tables import SignInFailure
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.tables import Lease
from marketplace.rounds import keys, sandbox
from marketplace.rounds.round_tables import Round, SandboxClock
from marketplace.rounds.sealing import holders
from marketplace.rounds.words import Post
from tests.benchmarks.processes import JIEBANG, Server, run
from tests.marketplace import round_market as rounds
from tests.marketplace.market import REGION
from tests.marketplace.served_round import open_round, signed_in
from web.installation import Installation
from web.settings import Settings

BIDDERS = 6
HOUR = timedelta(hours=1)
SOUND = "检查通过"


@dataclass(frozen=True)
class Seat:
    """Somebody who is signed in."""

    token: str
    csrf: str


@dataclass(frozen=True)
class Prepared:
    """What was prepared once: a folder to be copied, the round, who writes, who opens with which passphrase."""

    settings: Settings
    round_id: str
    issuer: str
    bids: tuple[tuple[str, str], ...]
    openers: tuple[tuple[str, str], ...]
    deadline: datetime


def prepare(settings: Settings) -> Prepared:
    """Make a training installation with a round that takes bids; every bidder's draft is whole."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    migrations.upgrade(settings.url)
    # A training clock is never behind the real one: the round is published tomorrow.
    published = (datetime.now(BEIJING) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    at = published.astimezone(UTC)
    installation = Installation(settings)
    with installation.store.writing() as session:
        sandbox.begin(session, real=datetime.now(UTC))
    locked = {post: _locked() for post in keys.HOLDERS}
    given = {post: (identity, holder) for post, (_, identity, holder) in locked.items()}
    scene = open_round(installation.store, installation.files, at, given)
    bids = []
    for number in range(BIDDERS):
        actor = rounds.make_bidder(installation.store, f"巡查{number}号工作室", email=f"shenbao{number}@example.com")
        bid_id = rounds.begin_bid(installation.store, scene, actor, now=at + HOUR)
        rounds.fill(installation.store, scene, actor, bid_id, now=at + HOUR)
        bids.append((actor.account_id, bid_id))
    with installation.store.reading() as session:
        deadline = session.get_one(Round, scene.round_id).deadline
    assert deadline is not None
    installation.open_index()
    installation.save_index()
    installation.close()
    openers = tuple((scene.posts[post].account_id, locked[post][0]) for post in (Post.OPENER_A, Post.OPENER_B))
    return Prepared(settings, scene.round_id, scene.issuer.account_id, tuple(bids), openers, deadline)


def _locked() -> tuple[str, str, holders.Holder]:
    passphrase, holder = keys.prepare()
    return passphrase, holders.unlock(holder.wrapped, passphrase), holder


class Life:
    """One copy of what was prepared: its server is killed again and again."""

    def __init__(self, prepared: Prepared, folder: Path) -> None:
        self.prepared = prepared
        settings = prepared.settings
        if folder != settings.data_dir:
            shutil.copytree(settings.data_dir, folder)
            settings = settings.model_copy(update={"data_dir": folder})
        self.settings = settings
        self.installation = Installation(settings)
        self.store, self.files = self.installation.store, self.installation.files
        self.put_clock(prepared.deadline - timedelta(days=14))

    def put_clock(self, shown: datetime) -> None:
        """Let the training clock show something from now on; while no server runs. The lease of the one that died is over."""
        with self.store.writing() as session:
            session.execute(delete(Lease))
            row = session.get_one(SandboxClock, 1)
            row.shown_at, row.real_at, row.speed = shown, datetime.now(UTC), 1
            session.add(row)

    def deadline(self) -> datetime:
        """When bids close, after all addenda."""
        with self.store.reading() as session:
            found = session.get_one(Round, self.prepared.round_id).deadline
        assert found is not None
        return found

    def sit(self, account_id: str) -> Seat:
        """Sign somebody in."""
        return Seat(*signed_in(self.store, self.actor(account_id)))

    def actor(self, account_id: str) -> Actor:
        """Somebody as the marketplace knows them."""
        with self.store.reading() as session:
            return accounts.actor(session, account_id)

    def serve(self) -> Server:
        """Start the server, and wait until it answers."""
        log = self.settings.data_dir / "server.log"
        server = Server([JIEBANG, "serve"], variables=self._variables(), log=log)
        server.until("/ready")
        return server

    def forget_tries(self) -> None:
        """Forget the tries of passphrases that a kill cut off: five within a quarter of an hour would lock their opener."""
        with self.store.writing() as session:
            session.execute(delete(SignInFailure))

    def examined(self) -> str:
        """What `jiebang doctor` finds wrong; "" where nothing is."""
        said = run([JIEBANG, "doctor"], variables=self._variables(), may_fail=True)
        return "" if SOUND in said.output else said.output + said.errors

    def close(self) -> None:
        """Let go of the folder, and delete it."""
        self.installation.close()
        shutil.rmtree(self.settings.data_dir, ignore_errors=True)

    def _variables(self) -> Mapping[str, str]:
        variables = {
            "JIEBANG_DATA_DIR": str(self.settings.data_dir),
            "JIEBANG_REGION": REGION,
            "JIEBANG_SANDBOX": "true",
            "JIEBANG_LOG_LEVEL": "ERROR",
        }
        if self.settings.database_url:
            variables["JIEBANG_DATABASE_URL"] = self.settings.database_url
        return variables
