"""To somebody in conflict a bid is as if it had no reviews, wherever a page, a file or a program can be asked.

Two markets differ in one thing: whether the bids that are closed to somebody were reviewed (see `twins`). Whoever must
not know gets the very same answers in both, from every reading route there is; everybody else gets others. What is left
out of a comparison is what no two answers have in common: tokens, the number of a request, the hour in a workbook, and
in the log the hashes, which follow from what is kept from the reader. SQLite alone: what is shown is decided above it.

Of somebody in office the short form asks what is about rounds, bids and sheets, and where counts, lists, exports and logs
are; the long form every reading route.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import httpx2
import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.types import ASGIApp

from marketplace.accounts import accounts
from marketplace.kernel import events
from marketplace.rounds import audited
from marketplace.rounds.reviewing import sights, stages
from tests import proofs
from tests.marketplace.market import NEW_ID, NOW
from tests.marketplace.round_acts import refused
from tests.web import pages
from tests.web.canary_addresses import PAIRS, addresses
from tests.web.matrix import routes, twins
from tests.web.matrix.asking import Ledger
from tests.web.matrix.twins import CONFLICTED, OTHERS, Market, Twin
from tests.web.matrix.world import World
from web.api import app as api
from web.app import ROUTERS

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("matrix")]

OFFICE, CHAIR = "one in office", "the chair"
PLAIN: Final = ("GET /static/{path}", "GET /api/v1/openapi.json")
"""Files that are the same for everybody."""
ABOUT_ROUNDS: Final = re.compile(r"{(round_id|sheet_id|bid_id)}")
TELLING: Final = re.compile(
    r"{(round_id|sheet_id|bid_id)}|/(review|messages|bids|rounds|rounds/mine|board|experts|search|account/data.json)?$"
    r"|GET /(audit|figures|outbox|editions|organisations|api/v1)"
)
"""What the short form asks: whatever is about rounds, bids and sheets, and where counts, lists, exports and logs are."""
LOG: Final = re.compile(r"/audit|/rounds/{round_id}/file")
"""Where lines of the log are shown with their hashes."""
EVERYWHERE: Final = (
    # In the test markets ids are counted; how many were drawn before a message was is nothing that it says.
    (r"/messages/[a-z0-9]{16}/read", "/messages/…/read"),
    (r'name="csrf_token" value="[^"]+"', ""),
    (r'class="figures">[0-9a-f]{16}<', ""),
    (r'"request_id": "[0-9a-f]+"', ""),
    (r"(?m)^(x-request-id|content-length|ratelimit-[a-z]+|etag): .*$", ""),
    (r"<dcterms:(created|modified)[^>]*>[^<]*<", "<"),
)
HASHES: Final = (
    (r"\b[0-9a-f]{4}( [0-9a-f]{4}){15}\b", "…"),
    (r"\b[0-9a-f]{16,64}\b", "…"),
)


@dataclass
class Asked:
    """What somebody was answered in both markets: by route, then by address."""

    answers: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)

    def differing(self) -> dict[str, list[str]]:
        """The addresses whose answers differ, by route."""
        found = {
            route: [address for address, (judged, never) in some.items() if judged != never]
            for route, some in self.answers.items()
        }
        return {route: some for route, some in found.items() if some}

    def unanswered(self) -> set[str]:
        """The routes that refused every time."""
        return {
            route for route, some in self.answers.items() if not any(one[0].startswith("200") for one in some.values())
        }


@dataclass
class Place:
    """Both markets, and every reading route with its addresses."""

    made: Market
    judged: Twin
    never: Twin
    every: dict[str, list[str]]

    def ask(self, name: str, wanted: re.Pattern[str] | None = None) -> Asked:
        """Ask the routes that are wanted as one of the panel, in both markets at the same places of the story."""
        heads = {"Cookie": f"jiebang={twins.token_of(self.made.people[name])}"}
        asked = Asked()
        for route, some in self.every.items():
            if wanted is not None and not wanted.search(route):
                continue
            asked.answers[route] = {
                address: (
                    bare(route, self.judged.client.get(address, headers=heads)),
                    bare(route, self.never.client.get(address, headers=heads)),
                )
                for address in some
            }
        return asked


def bare(route: str, answer: httpx2.Response) -> str:
    """An answer without what no two answers have in common."""
    said = pages.said(answer)
    for pattern, instead in (*EVERYWHERE, *(HASHES if LOG.search(route) else ())):
        said = re.sub(pattern, instead, said)
    return f"{answer.status_code} {said}"


@pytest.fixture(scope="module")
def both(place: tuple[World, ASGIApp, Ledger], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Both markets, made of the matrix's."""
    folder = tmp_path_factory.mktemp("twins")
    made = twins.fill(twins.copied(place[0], folder / "common"))
    with twins.twins(made, folder) as (judged, never):
        yield Place(made, judged, never, reading(made, judged))


SHEETS: Final = (
    "SELECT sheet.id FROM sheet JOIN panel_member ON panel_member.id = sheet.member_id"
    " JOIN expert ON expert.id = panel_member.expert_id JOIN account ON account.id = expert.account_id"
    " WHERE account.name IN ({names}) ORDER BY sheet.id"
)
SHEETS_OF: Final = (*CONFLICTED.values(), *OTHERS.values(), twins.GAPS[0])
"""Whose sheets are asked for: those of everybody who asks, and of one more who judges the closed bid."""


def reading(made: Market, twin: Twin) -> dict[str, list[str]]:
    """Every reading route with its addresses: of the rounds of the twins, else of the first thing that there is."""
    rounds = [one.scene.round_id for one in made.rounds.values()]
    bids = [bid for one in made.rounds.values() for bid in one.bids]
    with twin.store.reading() as session:
        ids = {names: [tuple(map(str, row)) for row in session.execute(text(query))] for names, query in PAIRS.items()}
        named = ", ".join(f"'{one}'" for one in SHEETS_OF)
        sheets = [str(row[0]) for row in session.execute(text(SHEETS.format(names=named)))]
    mine = {*rounds, *bids}
    wanted = {names: [row for row in rows if mine & set(row)] or rows[:1] for names, rows in ids.items()}
    wanted |= {("round_id",): [(one,) for one in rounds], ("sheet_id",): [(one,) for one in sheets]}
    found: dict[str, list[str]] = {}
    for under, modules in (("", [one.router for one in ROUTERS]), (api.ADDRESS, api.ROUTERS)):
        for router in modules:
            for route in router.routes:
                if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
                    found.setdefault(f"GET {under}{route.path}", []).extend(addresses([route], wanted, under))
    return found


OF_BIDDERS: Final = frozenset(
    f"GET /bids/{{bid_id}}{rest}"
    for rest in (
        *("", "/preview", "/withdraw", "/membership", "/copy.json", "/discard", "/versions/{number}.age"),
        *("/receipts/{number}", "/receipts/{number}.json", "/receipts/{number}.{suffix}"),
        *("/award", "/award.{suffix}", "/award/confirm", "/award/decline"),
    )
) | {"GET /api/v1/bids/{bid_id}", "GET /api/v1/bids/{bid_id}/receipts/{number}"}
OF_ISSUERS: Final = frozenset(f"GET /rounds/{{round_id}}/{rest}" for rest in ("draft", "approval", "addendum"))
OF_LEADERS: Final = frozenset(f"GET /review/{{round_id}}/together/{rest}" for rest in ("confirm", "{code}/expert"))
NOT_YET: Final = frozenset(
    f"GET /rounds/{{round_id}}/{rest}"
    for rest in (
        *("result", "result/{number}", "result/{number}/file.{suffix}", "awards/{bid_id}/revoke"),
        *("objections", "objections/new", "objections/{objection_id}/{paper}"),
        *("objections/{objection_id}/{paper}.{suffix}", "versions/{number}.{suffix}"),
    )
) | {"GET /api/v1/rounds/{round_id}/result"}
"""What there is once a result is public, or was amended; of objections those alone read it who file or answer them."""
OF_UNBIASED: Final = frozenset({"GET /rounds/{round_id}/decision", "GET /rounds/{round_id}/signals"})
"""What is about all bids together, and refused to whoever must not know of one."""
NOT_FOR_THEM: Final = OF_BIDDERS | OF_ISSUERS | OF_LEADERS | NOT_YET | OF_UNBIASED
"""Routes about a round, a bid or a sheet that are never answered to somebody in office who sits in the panel."""
TOLD_TO_OTHERS: Final = frozenset(
    {
        "GET /review/{round_id}",
        "GET /review/{round_id}/together",
        "GET /rounds/{round_id}/panel",
        "GET /rounds/{round_id}/scores",
        "GET /rounds/{round_id}/waiting",
    }
)
"""Routes on which others must learn of the closed bid's reviews: else nothing would be shown by what is the same."""


ABOUT_BIDS: Final = {"round.sheet_submitted", "round.panel_remarked", "round.mark_corrected"}


@pytest.fixture(scope="module")
def office(both: Place) -> Asked:
    """What somebody in conflict is answered who is an organiser and a supervisor besides; in full everything is asked."""
    return both.ask(CONFLICTED[OFFICE], None if proofs.IS_LONG else TELLING)


def test_every_reading_route_is_asked(both: Place, place: tuple[World, ASGIApp, Ledger]) -> None:
    there = {one for one in routes.table(place[1]) if one.startswith("GET ")}

    assert there - {route for route, some in both.every.items() if some} == set(PLAIN)


def test_what_is_about_rounds_is_answered_but_for_what_is_named(office: Asked) -> None:
    assert {one for one in office.unanswered() if ABOUT_ROUNDS.search(one)} == NOT_FOR_THEM


def test_to_somebody_in_office_an_excused_bid_is_as_if_it_had_no_reviews(office: Asked) -> None:
    assert office.differing() == {}


def test_to_the_chair_an_excused_bid_is_as_if_it_had_no_reviews(both: Place) -> None:
    wanted = re.compile(r"{(round_id|sheet_id|bid_id)}|/(review|messages|bids|rounds|audit/own|account/data.json)?$")

    assert both.ask(CONFLICTED[CHAIR], wanted).differing() == {}


def test_others_learn_what_those_in_conflict_do_not(both: Place) -> None:
    wanted = re.compile("|".join(f"{re.escape(one)}$" for one in TOLD_TO_OTHERS))
    told = {route for name in OTHERS.values() for route in both.ask(name, wanted).differing()}

    assert told == TOLD_TO_OTHERS


@pytest.mark.parametrize("name", CONFLICTED.values(), ids=["chair", "office"])
def test_a_leak_is_found(both: Place, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sights, "closed_to", lambda *_: frozenset())
    wanted = re.compile(r"/review/{round_id}(/together)?$|/rounds/{round_id}/(panel|scores|waiting)$")

    assert both.ask(name, wanted).differing()


def test_whoever_must_not_know_of_a_bid_does_not_end_the_review(both: Place) -> None:
    who, one = both.made.people[CONFLICTED[OFFICE]], both.made.rounds["review"]
    with both.judged.store.writing() as session, refused("bid_closed"):
        actor = accounts.actor(session, who.account_id)
        stages.close(session, actor, one.scene.round_id, reason="不再递补。", now=NOW, new_id=NEW_ID)


@pytest.mark.parametrize(("name", "is_kept"), [(CONFLICTED[OFFICE], True), (OTHERS["another in office"], False)])
def test_until_the_result_is_public_the_log_keeps_what_experts_did_from_them(
    both: Place, name: str, is_kept: bool
) -> None:
    with both.judged.store.reading() as session:
        found = events.of_chain(session, "round", both.made.rounds["decision"].scene.round_id)
        hidden = audited.veiled(session, found, accounts.actor(session, both.made.people[name].account_id))
    told = {one.action for one in found if one.position not in hidden}

    assert told & ABOUT_BIDS == (set() if is_kept else ABOUT_BIDS)
