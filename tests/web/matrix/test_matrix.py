"""Role × state × route: who is answered what, wherever a request can go; what is refused writes nothing."""

import asyncio
from urllib.parse import unquote

import httpx2
import pytest
from starlette.types import ASGIApp

from tests.web.matrix import routes, table
from tests.web.matrix.asking import Asker, Ledger, addresses, said
from tests.web.matrix.people import KEYS
from tests.web.matrix.table import Route
from tests.web.matrix.world import MALFORMED, World

Place = tuple[World, ASGIApp, Ledger]
SOME = ("V", "N", "EO", "PO", "O", "A")
"""Who asks for what is no id at all: it is refused before it is looked for."""
NAMES = [route.name for route in table.routes()]


def browser(app: ASGIApp) -> httpx2.AsyncClient:
    """A client that keeps no cookies of its own and shows faults as 500."""
    door = httpx2.ASGITransport(app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=door, base_url="http://testserver")


def test_every_route_has_its_expectations_and_every_expectation_its_route(place: Place) -> None:
    assert sorted(NAMES) == sorted(routes.table(place[1]))


@pytest.mark.parametrize("route", table.routes(), ids=NAMES)
def test_cells(place: Place, route: Route) -> None:
    wrong = asyncio.run(_cells(place, route))
    assert wrong == []


async def _cells(place: Place, route: Route) -> list[str]:
    world, app, ledger = place
    wrong: list[str] = []
    async with browser(app) as client:
        asker = Asker(world, client)
        for state in route.states:
            for address in addresses(world, route, state):
                for key in KEYS if MALFORMED not in unquote(address) else SOME:
                    answer = await asker.ask(route, state, address, key)
                    client.cookies.clear()
                    changed = ledger.written()
                    found, expected = said(answer), state.answers[key]
                    if found == "done" and not changed and route.method != "GET":
                        found = "idle"
                    if found != expected:
                        wrong.append(f"{state.said} {key}: {expected} expected, {found} answered")
                    if faults := may_not_change(route, expected, changed):
                        wrong.append(f"{state.said} {key}: {found} wrote {faults}")
    return wrong


LOG = frozenset({"audit_event", "audit_payload", "position_clock"})
READING_LEAVES = {
    "GET /items/{item_id}": frozenset({"look"}),
    "GET /opcs/{profile_id}": frozenset({"look"}),
    "GET /opportunities": frozenset({"profile_visit"}),
    "GET /verifications/{request_id}/evidence/{evidence_id}": LOG,
}
"""What reading may leave behind: who looked at whom, and what somebody has seen already."""
REFUSING_LEAVES = {
    "POST /sign-in": LOG | {"sign_in_failure"},
    "POST /sign-in/passkey": frozenset({"sign_in_failure"}),
    "POST /sign-in/second-step": LOG | {"sign_in_failure"},
    "POST /reset/code": frozenset({"sign_in_failure"}),
    "POST /account/confirm": LOG | {"sign_in_failure"},
}
"""Failed tries are counted."""


def may_not_change(route: Route, expected: str, changed: frozenset[str]) -> list[str]:
    """The tables that a request of this answer must not have written."""
    if route.method != "GET":
        may = changed if expected in {"ok", "done"} else REFUSING_LEAVES.get(route.name, frozenset())
    elif expected not in {"ok", "done"}:
        may = frozenset()
    else:
        may = LOG if route.path.startswith("/audit") else READING_LEAVES.get(route.name, frozenset())
    return sorted(changed - may)
