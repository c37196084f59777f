"""A sample of the matrix on PostgreSQL: what is read and what is refused, which needs nothing put back."""

import asyncio
from pathlib import Path

import pytest

from tests.conftest import make_database
from tests.web.matrix import table
from tests.web.matrix.asking import Asker, addresses, said
from tests.web.matrix.conftest import build, settings
from tests.web.matrix.people import KEYS
from tests.web.matrix.test_matrix import browser
from tests.web.matrix.world import World
from web.app import create_app
from web.settings import Settings

EVERY = 9
WRITES = frozenset({"ok", "done"})


@pytest.mark.postgresql
def test_a_sample_of_routes_answers_the_same_on_postgresql(tmp_path: Path, postgresql_server: str) -> None:
    url = make_database(postgresql_server, f"jiebang_matrix_{tmp_path.name[-8:]}".lower(), template=None)
    world = build(Settings(**settings(tmp_path), database_url=url))
    world.installation.open_index()
    wrong = asyncio.run(_asked(world))
    world.installation.close()
    assert wrong == []


async def _asked(world: World) -> list[str]:
    wrong = []
    async with browser(create_app(world.installation, with_worker=False)) as client:
        asker = Asker(world, client)
        for route in table.routes()[::EVERY]:
            for state in route.states:
                for key in KEYS:
                    expected = state.answers[key]
                    if route.method != "GET" and expected in WRITES:
                        continue
                    answer = await asker.ask(route, state, addresses(world, route, state)[0], key)
                    found = "idle" if expected == "idle" and said(answer) == "done" else said(answer)
                    if found != expected:
                        wrong.append(f"{route.name} {state.said} {key}: {expected} expected, {found} answered")
    return wrong
