"""Rounds at four stages, made once and copied for each try: in draft, open with two bids, sealed, and in their check."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from marketplace import migrations
from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store, connect
from marketplace.kernel.files import FileStore
from marketplace.rounds.bidding import attaching, drafts, keyring
from marketplace.rounds.bidding.submissions import Handed
from marketplace.rounds.making import approval
from marketplace.rounds.rules.bid_forms import Attached
from marketplace.rounds.words import Post, RoundState
from tests.conftest import make_database
from tests.marketplace import round_market as market
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.round_acts import open_bids, seal
from tests.marketplace.round_market import DEADLINE, PUBLISH_AT, Scene

STAGES: Final = ("draft", "open", "sealed", "eligibility")
BIDDERS: Final = ("bidder0", "bidder1", "bidder2")


@dataclass(frozen=True)
class Stage:
    """One stage: its scene, its people by name, the bids that were handed in, and a file that is ready to be attached."""

    scene: Scene
    people: Mapping[str, Actor]
    handed: tuple[Handed, ...]
    attached: Attached | None


@dataclass(frozen=True)
class Try:
    """A copy of a stage to try things on."""

    url: str
    folder: Path
    stage: Stage

    def connect(self) -> Store:
        """Open its database, as a process that has just started does."""
        return Store(connect(self.url), info={keyring.INFO: keyring.Keyring(self.folder / "draft-keys")})


class World:
    """The stages in one kind of database: SQLite where no server is named."""

    def __init__(self, folder: Path, server: str | None) -> None:
        self.folder, self.server = folder, server
        self.made: dict[str, Stage] = {}
        self.number = 0
        before = ""
        for name in STAGES:
            url = self._database(name, template=before)
            if before:
                shutil.copytree(self._held(before), self._held(name), dirs_exist_ok=True)
            else:
                migrations.upgrade(url)
            one = Try(url, self._held(name), self.made[before]) if before else None
            self.made[name] = self._build(name, url, one)
            before = name

    def try_on(self, name: str) -> Try:
        """Copy a stage."""
        self.number += 1
        copy = f"try{self.number}"
        url = self._database(copy, template=name)
        shutil.copytree(self._held(name), self._held(copy), dirs_exist_ok=True)
        stage = self.made[name]
        files = FileStore(self._held(copy) / "files")
        return Try(url, self._held(copy), replace(stage, scene=replace(stage.scene, files=files)))

    def drop(self, tried: Try) -> None:
        """Throw a copy away."""
        shutil.rmtree(tried.folder)
        if self.server is not None:
            name = make_url(tried.url).database
            assert name is not None
            make_database(self.server, name, template=None)

    def _held(self, name: str) -> Path:
        return self.folder / name

    def _database(self, name: str, *, template: str) -> str:
        self._held(name).mkdir(parents=True, exist_ok=True)
        if self.server is not None:
            # One database is tried on at a time: its name serves again.
            database = "jiebang_rounds_try" if name.startswith("try") else f"jiebang_rounds_{name}"
            source = f"jiebang_rounds_{template}" if template else None
            return make_database(self.server, database, template=source)
        path = self._held(name) / "jiebang.sqlite3"
        if template:
            shutil.copyfile(self._held(template) / "jiebang.sqlite3", path)
        return f"sqlite:///{path}"

    def _build(self, name: str, url: str, before: Try | None) -> Stage:
        folder = self._held(name)
        store = Store(connect(url), info={keyring.INFO: keyring.Keyring(folder / "draft-keys")})
        try:
            stage = _draft(store, folder) if before is None else before.stage
            stage = replace(stage, scene=replace(stage.scene, files=FileStore(folder / "files")))
            return _AFTER[name](store, stage)
        finally:
            store.close()


def _draft(store: Store, folder: Path) -> Stage:
    scene = market.make_draft_round(store, folder)
    market.set_up_keys(store, scene)
    market.put_review(store, scene)
    people = {
        "issuer": scene.issuer,
        "organiser": scene.table.organiser,
        **{f"approver{place}": one for place, one in enumerate(scene.approvers)},
        **{f"checker{place}": one for place, one in enumerate(scene.checkers)},
        **{post.value: scene.posts[post] for post in (Post.OPENER_A, Post.OPENER_B, Post.KEEPER, Post.OBJECTIONS)},
        **{name: market.make_bidder(store, f"申报{name}", email=f"{name}@example.com") for name in BIDDERS},
    }
    return Stage(scene, people, (), None)


def _opened(store: Store, stage: Stage) -> Stage:
    scene = stage.scene
    number = market.hand_in(store, scene)
    for approver in scene.approvers:
        with store.writing() as session:
            approval.approve(session, approver, scene.round_id, number=number, now=NOW)
    assert market.tick(store, scene, now=PUBLISH_AT) is RoundState.OPEN
    bidder = stage.people[BIDDERS[0]]
    # A file that any bid of this round may hold: sealed once, since sealing is what takes the time.
    bid_id = market.begin_bid(store, scene, bidder)
    with store.reading() as session:
        recipient = attaching.recipient_for(session, bidder, bid_id)
    attached = attaching.seal(
        b"%PDF-1.7 plan", "方案.pdf", paper="p1", recipients=[recipient], files=scene.files, new_id=NEW_ID
    )
    with store.writing() as session:
        drafts.discard(session, bidder, bid_id, now=PUBLISH_AT)
    handed = tuple(market.make_bid(store, scene, stage.people[name]) for name in BIDDERS[:2])
    return replace(stage, attached=attached, handed=handed)


def _sealed(store: Store, stage: Stage) -> Stage:
    seal(store, stage.scene)
    return stage


def _checked(store: Store, stage: Stage) -> Stage:
    open_bids(store, stage.scene, now=DEADLINE)
    return stage


_AFTER: Final[Mapping[str, Callable[[Store, Stage], Stage]]] = {
    "draft": lambda _store, stage: stage,
    "open": _opened,
    "sealed": _sealed,
    "eligibility": _checked,
}
