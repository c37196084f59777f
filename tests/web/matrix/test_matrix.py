"""Role × state × route: who is answered what, wherever a request can go; what is refused writes nothing.

The short form asks every route as everybody in the first state of its table, and in every further state, for each answer
that the table expects there, one of those who are to get it. It leaves to the long form the others of such a group, in
further states alone. A route without expectations, and an expectation without its route, fail either way.
"""

import asyncio
from collections.abc import Sequence
from urllib.parse import unquote

import httpx2
import pytest
from starlette.types import ASGIApp

from tests import proofs
from tests.web.matrix import routes, table
from tests.web.matrix.asking import Asker, Ledger, addresses, said
from tests.web.matrix.people import KEYS
from tests.web.matrix.table import GARBLED, UNKNOWN, Route, State
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


def first(route: Route) -> State:
    """The state of a route that everybody asks in the short form too: of a thing that there is, where the table has one."""
    return next((state for state in route.states if state.subject not in {UNKNOWN, GARBLED}), route.states[0])


def asking(route: Route, state: State, everybody: Sequence[str]) -> Sequence[str]:
    """Who asks for a state: everybody, or in the short form one for each answer where it is not the first of its route."""
    if proofs.IS_LONG or state is first(route):
        return everybody
    groups: dict[str, list[str]] = {}
    for key in everybody:
        groups.setdefault(state.answers[key], []).append(key)
    return [proofs.pick(keys, f"{route.name} {state.said} {answer}") for answer, keys in groups.items()]


def test_both_forms_ask_every_route_as_everybody_and_for_every_answer() -> None:
    for route in table.routes():
        assert list(asking(route, first(route), KEYS)) == list(KEYS)
        for state in route.states:
            assert {state.answers[key] for key in asking(route, state, KEYS)} == set(state.answers.values())


@pytest.mark.proof
@pytest.mark.parametrize("route", table.routes(), ids=NAMES)
def test_cells(place: Place, route: Route, request: pytest.FixtureRequest) -> None:
    wrong, asked = asyncio.run(_cells(place, route))
    proofs.count(request, "cells of the matrix", asked)
    assert wrong == []


async def _cells(place: Place, route: Route) -> tuple[list[str], int]:
    world, app, ledger = place
    wrong: list[str] = []
    asked = 0
    async with browser(app) as client:
        asker = Asker(world, client)
        for state in route.states:
            for address in addresses(world, route, state):
                for key in asking(route, state, KEYS if MALFORMED not in unquote(address) else SOME):
                    asked += 1
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
    return wrong, asked


LOG = frozenset({"audit_event", "audit_payload", "position_clock"})
READING_LEAVES = {
    "GET /items/{item_id}": frozenset({"look"}),
    "GET /opcs/{profile_id}": frozenset({"look"}),
    "GET /opportunities": frozenset({"profile_visit"}),
    "GET /verifications/{request_id}/evidence/{evidence_id}": LOG,
    "GET /rounds/{round_id}/check/{bid_id}/files/{sealed_digest}": LOG,
    "GET /review/sheets/{sheet_id}/files/{number}": LOG,
}
"""What reading may leave behind: who looked at whom, and what somebody has seen already."""
REFUSING_LEAVES = {
    "POST /sign-in": LOG | {"sign_in_failure"},
    "POST /sign-in/passkey": frozenset({"sign_in_failure"}),
    "POST /sign-in/second-step": LOG | {"sign_in_failure"},
    "POST /reset/code": frozenset({"sign_in_failure"}),
    "POST /account/confirm": LOG | {"sign_in_failure"},
    "POST /rounds/{round_id}/opening": frozenset({"sign_in_failure"}),
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
