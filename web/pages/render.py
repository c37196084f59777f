"""One page out of a template: the Jinja environment and the frame that every page shares."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web.pages import changes, navigation, surroundings, wording
from web.pages.matches import comparing
from web.pages.navigation import Link, SeatChoice
from web.pages.rounds import left
from web.pages.surroundings import Surroundings

if TYPE_CHECKING:
    from marketplace.accounts.views import SignedIn
    from web.dependencies import Desk

TEMPLATES: Final = Path(str(files("web") / "templates"))
STATIC: Final = Path(str(files("web") / "static"))
RUNS_LISTS: Final = frozenset({"organiser"})
HTMX: Final = "vendor/htmx.min.js"
FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "day": wording.day,
    "weekday": wording.weekday,
    "local_day": wording.local_day,
    "moment": wording.moment,
    "ending": wording.ending,
    "money": wording.money,
    "fen": wording.fen,
    "size": wording.size,
    "whole": wording.whole,
    "percent": wording.percent,
    "region": wording.region,
    "source": wording.source,
    "where": wording.where,
    "cells": wording.cells,
    "put_right": wording.put_right,
    "highlight": wording.highlight,
    "kind": lambda key: wording.name_of(wording.KINDS, key),
    "kind_list": lambda key: wording.name_of(wording.KIND_LISTS, key),
    "issuer_type": lambda key: wording.name_of(wording.ISSUER_TYPES, key),
    "verdict": lambda key: wording.name_of(wording.VERDICTS, key),
    "severity": lambda key: wording.name_of(wording.SEVERITIES, key),
    "role": lambda key: wording.name_of(wording.ROLES, key),
    "field": wording.field,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame round a page needs to know of the request."""

    path: str
    query: Mapping[str, str]
    now: datetime
    request_id: str
    is_demo: bool
    is_sandbox: bool
    signed_in: "SignedIn | None"
    is_organiser: bool
    acting_as: str
    presence: str = "未登录"
    seats: tuple[SeatChoice, ...] = ()
    links: tuple[Link, ...] = ()
    personal: tuple[Link, ...] = ()
    pages: frozenset[str] = frozenset()
    surroundings: Surroundings = surroundings.NOTHING_KNOWN

    @property
    def csrf(self) -> str:
        """The session's anti-forgery token; empty for visitors."""
        return "" if self.signed_in is None else self.signed_in.csrf_token


def page(
    request: Request,
    desk: "Desk",
    template: str,
    *,
    status: int = 200,
    fragment: str | None = None,
    **context: Any,
) -> HTMLResponse:
    """Render `template`; where htmx asked for a part of the page, render the template `fragment` alone."""
    is_partial = "hx-request" in request.headers and "hx-boosted" not in request.headers
    name = fragment if fragment is not None and is_partial else template
    html = environment().get_template(name).render(frame=frame(request, desk), **context)
    # The same address answers with a page or a part of it; caches must keep the two apart.
    return HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request, Cookie", "Cache-Control": "no-store"})


@cache
def environment() -> Environment:
    """Make the one Jinja environment: autoescaping, and strict about names that do not exist."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.globals.update(
        asset=asset,
        budget=wording.budget,
        compared=comparing.compared,
        changed_lines=changes.lines,
        days_left=wording.days_left,
        has_htmx=(STATIC / HTMX).is_file(),
        is_past=wording.is_past,
        is_soon=wording.is_soon,
        kinds=wording.KINDS,
        period=wording.period,
        query_with=query_with,
        seconds_left=left.seconds,
        time_left=left.time_left,
    )
    return made


@cache
def asset(path: str) -> str:
    """Give the address of a static file, with a digest so that browsers may keep it until it changes."""
    digest = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]
    return f"/static/{path}?v={digest}"


def query_with(query: Mapping[str, str], **changes: Any) -> str:
    """Write a query string with some values changed, and those changed to None or "" left out; page 1 is not said."""
    merged = {**query, **changes}
    kept = {key: value for key, value in merged.items() if value not in {None, ""} and (key, value) != ("page", 1)}
    return f"?{urlencode(kept)}" if kept else "?"


def frame(request: Request, desk: "Desk") -> Frame:
    """Gather what the frame round a page needs to know of a request."""
    signed_in, pages = desk.signed_in, navigation.pages_of(request.app)
    grants = () if signed_in is None else navigation.shown(signed_in.actor.grants, signed_in.organisation)
    return Frame(
        path=request.url.path,
        query=dict(request.query_params),
        now=desk.now,
        request_id=desk.request_id,
        is_demo=desk.settings.demo,
        is_sandbox=desk.settings.sandbox,
        signed_in=signed_in,
        is_organiser=any(grant.role in RUNS_LISTS for grant in grants),
        acting_as="" if signed_in is None else navigation.acting_as(signed_in),
        presence=navigation.presence(signed_in),
        seats=() if signed_in is None else navigation.seats(signed_in),
        links=navigation.links(
            (grant.role for grant in grants), pages, releases_asked=desk.surroundings.releases_asked
        ),
        personal=navigation.personal(pages),
        pages=pages,
        surroundings=desk.surroundings,
    )
