"""Every page that somebody may open without knowing an id is reached by links from its home."""

import re
from collections import deque
from typing import Final

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from tests.web.conftest import Market
from tests.web.test_leaving import enter

LINK: Final = re.compile(r'(?:href|action)="(/[^"#]*)')
SKIPPED: Final = re.compile(r"^/(static|api|kit|docs|sign-in|healthz|readyz|health|metrics)")
MOST: Final = 400
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
        "/announcements/current",
    }
)


def routes(client: TestClient) -> set[str]:
    """Every address of a page that has no id in it."""
    app = client.app
    while not isinstance(app, FastAPI):
        app = app.app  # type: ignore[attr-defined]
    return {
        route.path
        for route in app.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and "{" not in route.path
    }


def crawled(client: TestClient) -> set[str]:
    """The paths that links lead to, from the first page on; one page of each shape is opened."""
    seen: set[str] = set()
    shapes: set[str] = set()
    waiting = deque(["/"])
    while waiting and len(shapes) < MOST:
        path = waiting.popleft()
        shape = re.sub(r"/[a-z0-9]{16}(?=/|$)|/\d{4}(-\d\d-\d\d)?(?=/|$)", "/*", path)
        if shape in shapes or SKIPPED.match(path):
            continue
        shapes.add(shape)
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
        linked = crawled(client)
        lacking = sorted(
            path
            for path in routes(client) - linked - NOT_LINKED
            if not SKIPPED.match(path) and client.get(path).status_code == 200
        )

    assert lacking == []
