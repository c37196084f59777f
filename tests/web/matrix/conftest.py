"""The market of the matrix, built once for each worker and put back after every cell that wrote something."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from marketplace import migrations
from tests.marketplace.market import NOW, REGION
from tests.web.matrix import things, world
from tests.web.matrix.asking import Ledger
from tests.web.matrix.world import World
from web.app import create_app
from web.installation import Installation
from web.settings import Settings

PLENTY = 1_000_000


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, ASGIApp, Ledger]]:
    """The market, the application over it, and the ledger that tells what was written."""
    folder = tmp_path_factory.mktemp("matrix")
    opened = build(Settings(**settings(folder)))
    app = create_app(opened.installation, with_worker=False)
    opened.installation.open_index()
    yield opened, app, Ledger(folder / "jiebang.sqlite3", opened.installation.settings.draft_keys_dir)
    opened.installation.close()


def settings(folder: Path) -> dict[str, object]:
    """A real installation: staff needs a second factor, and programs may ask as often as the matrix does."""
    return {
        "data_dir": folder,
        "second_factor": "required",
        "region": REGION,
        "api_per_address": PLENTY,
        "pages_per_address": 0,
        "api_per_token": PLENTY,
    }


def build(chosen: Settings) -> World:
    """Everything that the tables speak of, on a clock that stands still."""
    migrations.upgrade(chosen.url)
    opened = World(Installation(chosen, clock=lambda: NOW))
    world.people(opened)
    world.sign_ins(opened)
    things.fill(opened)
    return opened
