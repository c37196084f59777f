"""What other sites and programs without a token cannot make anybody do, whatever route they try."""

import asyncio

import httpx2
import pytest

from tests.web.matrix import table
from tests.web.matrix.asking import Asker, addresses, said
from tests.web.matrix.people import UNFACTORED
from tests.web.matrix.table import Route, State
from tests.web.matrix.test_matrix import Place, browser

WRITING = [route for route in table.routes() if route.method != "GET"]
PAGES = [route for route in WRITING if not route.is_api]
PROGRAMS = [route for route in WRITING if route.is_api and route.path != "/api/v1/match"]
ALLOWED = frozenset({"ok", "done", "idle"})


def case(route: Route) -> tuple[State, str]:
    """A state, and somebody who may act in it where there is such; else just anybody."""
    for state in route.states:
        for key, answer in state.answers.items():
            if answer in ALLOWED and key not in {"V", "H", "D", UNFACTORED}:
                return state, key
    return route.states[0], "EO"


@pytest.mark.parametrize("route", PAGES, ids=[route.name for route in PAGES])
def test_a_form_without_its_token_is_refused_and_so_is_one_of_another_site(place: Place, route: Route) -> None:
    world, app, ledger = place
    state, key = case(route)

    async def ask() -> list[str]:
        async with browser(app) as client:
            asker = Asker(world, client)
            address = addresses(world, route, state)[0]
            bare = await asker.ask(route, state, address, key, csrf=False)
            client.headers["sec-fetch-site"] = "cross-site"
            foreign = await asker.ask(route, state, address, key)
            visitor = await asker.ask(route, state, address, "V")
            return [said(bare), said(foreign), said(visitor)]

    assert (asyncio.run(ask()), ledger.written()) == (["403"] * 3, frozenset())


@pytest.mark.parametrize("route", PROGRAMS, ids=[route.name for route in PROGRAMS])
def test_programs_write_with_a_token_alone_whatever_the_cookie_says(place: Place, route: Route) -> None:
    world, app, ledger = place
    state, key = case(route)

    async def ask() -> httpx2.Response:
        async with browser(app) as client:
            client.headers["cookie"] = f"jiebang={world.session_of(key)}"
            client.headers["x-csrf-token"] = world.csrf_of(key)
            return await Asker(world, client).ask(route, state, addresses(world, route, state)[0], "V")

    assert (said(asyncio.run(ask())), ledger.written()) == ("401", frozenset())


SENSITIVE = [route for route in table.routes() if not route.is_api]


@pytest.mark.parametrize("route", SENSITIVE, ids=[route.name for route in SENSITIVE])
def test_a_stale_proof_is_asked_again_where_the_table_has_a_star_and_nowhere_else(place: Place, route: Route) -> None:
    world, app, ledger = place
    state, key = case(route)

    async def ask() -> str:
        async with browser(app) as client:
            return said(
                await Asker(world, client).ask(route, state, addresses(world, route, state)[0], key, stale=True)
            )

    found, changed = asyncio.run(ask()), ledger.written()
    assert (found == "confirm", bool(changed) and route.is_sensitive) == (route.is_sensitive, False)
