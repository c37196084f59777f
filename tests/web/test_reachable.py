"""Every page that somebody may open without knowing an id is reached by links from its home."""

import re
from collections import Counter, deque
from collections.abc import Mapping
from typing import Final

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Market
from tests.web.matrix import routes as route_table
from tests.web.test_leaving import enter

LINK: Final = re.compile(r'(?:href|action)="(/[^"#]*)')
SKIPPED: Final = re.compile(r"^/(static|api|kit|docs|sign-in|healthz|readyz|health|ready|metrics)")
OF_A_SHAPE: Final = 6
"""Pages opened of one shape: what a page offers depends on whose it is and how far it has come."""
MOST: Final = 1_000
NOT_LINKED: Final = frozenset(
    {
        "/account/confirm",  # a sensitive act leads there
        "/account/email/confirm",  # the mail leads there
        "/account/second-factor/app",  # a form leads there
        "/register",
        "/register/confirm",
        "/register/next",
        "/reset",
        "/reset/code",
        "/reset/new",
        "/register/sent",  # a form leads there
        "/announcements/current",
        "/profile/preview",  # the editor asks for it while somebody types
        "/profile/move",  # shown where a person's profile and a company's belong together
        "/profile/publish",  # shown while the draft is ahead of what is published
        "/releases",  # shown while one's organisation is asked to publish with others
    }
)
DESKS: Final[Mapping[str, frozenset[str]]] = {
    "OPC": frozenset({"/opportunities", "/profile/edit", "/profile/brochures", "/bids"}),
    "需求方": frozenset({"/needs", "/needs/new"}),
    "主办方": frozenset({"/takedowns"}),
    "专家": frozenset({"/review"}),
    "监督": frozenset({"/unmaskings"}),
}
"""Pages of one desk, which tell everybody else what they are for."""


def routes(client: TestClient) -> set[str]:
    """Every address of a page that has no id in it."""
    every = [name.split(" ", 1) for name in route_table.table(client.app)]
    return {path for method, path in every if method == "GET" and "{" not in path}


def crawled(client: TestClient) -> set[str]:
    """The paths that links lead to, from the first page on; a few pages of each shape are opened."""
    seen: set[str] = set()
    opened: set[str] = set()
    shapes: Counter[str] = Counter()
    waiting = deque(["/"])
    while waiting and len(opened) < MOST:
        path = waiting.popleft()
        shape = re.sub(r"/[a-z0-9]{16}(?=/|$)|/\d{4}(-\d\d-\d\d)?(?=/|$)", "/*", path)
        if path in opened or shapes[shape] == OF_A_SHAPE or SKIPPED.match(path):
            continue
        opened.add(path)
        shapes[shape] += 1
        answer = client.get(path)
        if answer.status_code in {302, 303}:
            waiting.append(answer.headers["location"].split("?")[0])
        if "html" not in answer.headers.get("content-type", ""):
            continue
        found = {one.split("?")[0].replace("&amp;", "&") for one in LINK.findall(answer.text)}
        seen |= found
        waiting.extend(sorted(found - seen) + sorted(found))
    return seen


@pytest.mark.parametrize("title", ["主办方", "需求方", "OPC", "专家", "监督", "管理员"])
def test_every_page_is_linked(market: Market, title: str) -> None:
    with market.client() as client:
        enter(client, market, title)
        linked, others = crawled(client), frozenset().union(*(DESKS[desk] for desk in DESKS if desk != title))
        assert len(routes(client)) > len(NOT_LINKED)
        lacking = sorted(
            path
            for path in routes(client) - linked - NOT_LINKED - others
            if not SKIPPED.match(path) and client.get(path).status_code == 200
        )

    assert lacking == []
