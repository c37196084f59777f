"""The application over rounds whose outcome is being made: before the decision, in publicity, awarded.

A round gets that far by a hundred acts; on SQLite it is made once, and each test works on a copy of its own.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from marketplace.accounts.actors import Actor
from marketplace.kernel.db import Store, connect
from marketplace.kernel.files import FileStore
from marketplace.rounds.bidding import keyring
from marketplace.rounds.words import Post, RoundState
from tests.conftest import POSTGRESQL, empty
from tests.marketplace import outcome_acts as acts
from tests.marketplace import review_market as market
from tests.marketplace.outcome_acts import DECIDED
from tests.marketplace.review_market import Panel
from tests.web.round_stage import Stage, playing

ENDS: Final = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
"""Friday 18 December, 24:00 in Beijing: the publicity that began on the 12th has had its five working days."""


@dataclass(frozen=True)
class Made:
    """A round that has come so far, with its two deciders."""

    panel: Panel
    deciders: tuple[Actor, Actor]

    @property
    def base(self) -> str:
        """Where its pages begin."""
        return f"/rounds/{self.panel.scene.round_id}"

    @property
    def handler(self) -> Actor:
        """Who takes objections."""
        return self.panel.scene.posts[Post.OBJECTIONS]

    @property
    def supervisor(self) -> Actor:
        """Who oversees the round."""
        return self.panel.scene.posts[Post.KEEPER]


Make = Callable[[Store, Path], Made]


def decided(store: Store, folder: Path) -> Made:
    """The scores are frozen, and nobody has decided."""
    panel, one, other = acts.decided_panel(store, folder)
    return Made(panel, (one, other))


def published(store: Store, folder: Path) -> Made:
    """The result is public."""
    panel, one, other = acts.published(store, folder)
    return Made(panel, (one, other))


def awarded(store: Store, folder: Path) -> Made:
    """The publicity is over, and the winner has not confirmed."""
    made = published(store, folder)
    assert market.tick(store, made.panel, now=ENDS) is RoundState.AWARDED
    return made


class Copies:
    """Rounds on SQLite that were made once, each in a folder of its own."""

    def __init__(self, folder: Path, template: Path) -> None:
        self._folder, self._template = folder, template
        self._made: dict[str, Made] = {}

    def at(self, folder: Path, make: Make) -> tuple[Store, Made]:
        """A copy of a round in a folder."""
        name = make.__name__
        source = self._folder / name
        if name not in self._made:
            source.mkdir()
            shutil.copyfile(self._template, source / "jiebang.sqlite3")
            store = opened(source)
            self._made[name] = make(store, source)
            store.close()
        shutil.copytree(source, folder, dirs_exist_ok=True)
        made, files = self._made[name], FileStore(folder / "files")
        return opened(folder), replace(made, panel=replace(made.panel, scene=replace(made.panel.scene, files=files)))


def opened(folder: Path) -> Store:
    """The store of a folder."""
    url = f"sqlite:///{folder / 'jiebang.sqlite3'}"
    return Store(connect(url), info={keyring.INFO: keyring.Keyring(folder / "draft-keys")})


@pytest.fixture(scope="session")
def outcome_copies(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Copies:
    """The rounds of this session."""
    return Copies(tmp_path_factory.mktemp("outcomes"), sqlite_template)


@dataclass
class Play:
    """The stage with its round."""

    stage: Stage
    made: Made

    @property
    def panel(self) -> Panel:
        """The round with its people."""
        return self.made.panel

    @property
    def store(self) -> Store:
        """Its database."""
        return self.stage.store

    def state(self) -> RoundState:
        """Where the round stands."""
        return acts.row_of(self.store, self.panel).state


@pytest.fixture(params=["sqlite", POSTGRESQL])
def begin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Make], Play]]:
    """Begin with a round that has come so far, on each database."""
    with ExitStack() as stack:

        def play(make: Make) -> Play:
            if request.param == "sqlite":
                copies: Copies = request.getfixturevalue("outcome_copies")
                store, made = copies.at(tmp_path, make)
            else:
                url: str = request.getfixturevalue("postgresql_url")
                empty(url)
                store = Store(connect(url), info={keyring.INFO: keyring.Keyring(tmp_path / "draft-keys")})
                made = make(store, tmp_path)
            stack.callback(store.close)
            stage = stack.enter_context(playing(store, tmp_path))
            stage.now = ENDS if make is awarded else DECIDED
            return Play(stage, made)

        yield play
