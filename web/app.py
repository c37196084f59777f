"""The web application: routers, errors and what surrounds them, put together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import cache
from importlib.resources import files
from typing import Final

import structlog
from anyio import to_thread
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from web import errors, limits, logs
from web.admission import ArrivalTimes
from web.api import app as api_app
from web.installation import Installation
from web.pages import navigation
from web.routers import (
    account,
    accounts,
    administration,
    announcements,
    assistance,
    audit,
    backgrounds,
    bid_answers,
    bid_awards,
    bid_recusals,
    bid_submissions,
    bids,
    blank_lists,
    board,
    claims,
    closing,
    communities,
    conflicts,
    dealing_limits,
    dealings,
    docs,
    editions,
    email_changes,
    events,
    experts_links,
    experts_own,
    experts_pool,
    figures,
    home,
    intake_corrections,
    intakes,
    invitations,
    item_matches,
    item_teams,
    items,
    kit,
    leaving,
    lexicon,
    lexicon_decisions,
    lexicon_entries,
    lists,
    looks,
    members,
    messages,
    need_drafts,
    needs,
    opcs,
    opportunities,
    opportunity,
    organisations,
    outbox,
    procedures,
    profile,
    profile_brochures,
    profile_moves,
    profile_versions,
    public_rounds,
    quality,
    registration,
    releases,
    repeats,
    resets,
    review_desk,
    review_sheets,
    review_together,
    round_checking,
    round_decision,
    round_objection_desk,
    round_objections,
    round_opening,
    round_papers,
    round_questions,
    round_result,
    rounds_addenda,
    rounds_approval,
    rounds_drafts,
    rounds_keys,
    rounds_making,
    rounds_panel,
    rounds_panel_draws,
    rounds_panel_members,
    rounds_people,
    rounds_reviews,
    rounds_scores,
    rounds_stopping,
    rounds_watching,
    sandbox,
    saved,
    seats,
    second_factors,
    session,
    supply,
    system,
    takedowns,
    team_founding,
    teams,
    tokens,
    trying,
    unmasking,
    verifications,
    verify,
    workdays,
)
from web.security import BodyLimit, HeadAsGet, RequestTrail
from web.settings import Settings
from web.worker import SlowWorker, Worker

log = structlog.get_logger()

FOLLOW_SECONDS = 0.5
"""How often a server looks for what other processes have changed."""
FORM_ROOM_BYTES = 64 * 1024
"""What a form may weigh besides its file."""
ROUTERS: Final = (
    home,
    trying,
    lists,
    item_matches,
    item_teams,
    items,
    need_drafts,
    needs,
    opcs,
    profile_brochures,
    profile_moves,
    profile_versions,
    profile,
    opportunities,
    opportunity,
    intake_corrections,
    intakes,
    editions,
    supply,
    board,
    releases,
    repeats,
    communities,
    events,
    figures,
    quality,
    blank_lists,
    session,
    docs,
    tokens,
    account,
    leaving,
    email_changes,
    second_factors,
    assistance,
    resets,
    registration,
    seats,
    organisations,
    closing,
    members,
    backgrounds,
    invitations,
    verifications,
    claims,
    takedowns,
    messages,
    outbox,
    procedures,
    rounds_making,
    rounds_drafts,
    rounds_panel,
    rounds_panel_draws,
    rounds_panel_members,
    rounds_people,
    rounds_reviews,
    rounds_scores,
    rounds_approval,
    rounds_keys,
    rounds_addenda,
    rounds_stopping,
    round_questions,
    round_papers,
    public_rounds,
    verify,
    conflicts,
    experts_own,
    experts_links,
    experts_pool,
    bid_submissions,
    bid_answers,
    bid_recusals,
    bids,
    round_opening,
    round_checking,
    review_sheets,
    review_together,
    review_desk,
    bid_awards,
    round_decision,
    rounds_watching,
    round_result,
    round_objection_desk,
    round_objections,
    dealings,
    team_founding,
    teams,
    saved,
    looks,
    audit,
    unmasking,
    dealing_limits,
    accounts,
    administration,
    sandbox,
    workdays,
    announcements,
    lexicon,
    lexicon_entries,
    lexicon_decisions,
    kit,
    system,
)
"""The pages, in the order in which an address is looked for."""


def create_app(
    installation: Installation, *, with_worker: bool = True, closes: bool = True, is_served: bool = False
) -> ASGIApp:
    """The whole application over one installation.

    With `with_worker` the jobs run inside this process; the lease keeps them single whatever the number of servers.
    With `closes` the installation is closed when the application ends; several over one leave that to whoever opened it.
    `is_served` says that requests come over a network, where some may lie that nobody has looked at yet.
    """

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await to_thread.run_sync(installation.open_index)
        tasks = [asyncio.create_task(_follow(installation))]
        if is_served:
            tasks.append(asyncio.create_task(installation.admissions.keep_pace()))
        if with_worker:
            tasks += [asyncio.create_task(one.run()) for one in (Worker(installation), SlowWorker(installation))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _note_shown(installation)
        await to_thread.run_sync(installation.save_index)
        if closes:
            installation.close()

    app = FastAPI(title="揭榜", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.installation = installation
    app.state.limits = limits.Limits()
    app.mount("/static", StaticFiles(directory=str(files("web") / "static")), name="static")
    app.router.routes.extend(_pages())
    for router in ROUTERS:
        navigation.remember(app, router.router)
    app.router.routes.append(api_app.mount(installation))
    errors.install(app)
    # Outermost, around the framework's own fault page too, so that every answer has its id and headers.
    limit_bytes = installation.settings.upload_limit_bytes + FORM_ROOM_BYTES
    inner = ArrivalTimes(BodyLimit(app, limit_bytes=limit_bytes), installation.admissions)
    return RequestTrail(HeadAsGet(inner), installation.settings)


def from_environment() -> ASGIApp:
    """The application of the installation that the environment describes; what `jiebang serve` runs."""
    settings = Settings()
    logs.configure(form=settings.log_format, level=settings.log_level)
    return create_app(Installation(settings), is_served=True)


def without_worker() -> ASGIApp:
    """The same, with the jobs left to `jiebang worker`."""
    settings = Settings()
    logs.configure(form=settings.log_format, level=settings.log_level)
    return create_app(Installation(settings), with_worker=False, is_served=True)


@cache
def _pages() -> tuple[BaseRoute, ...]:
    """The routes of the pages, read once in a process: they hold nothing of an installation, however many share them."""
    gathered = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in ROUTERS:
        gathered.include_router(router.router)
    return tuple(gathered.router.routes)


async def _follow(installation: Installation) -> None:
    while True:
        await asyncio.sleep(FOLLOW_SECONDS)
        try:
            await to_thread.run_sync(installation.follow)
        except Exception:
            log.exception("index_not_followed")
        await _note_shown(installation, only_due=True)


async def _note_shown(installation: Installation, *, only_due: bool = False) -> None:
    try:
        await to_thread.run_sync(lambda: installation.note_shown(only_due=only_due))
    except Exception:
        # Counts of what was shown are worth no page and no index.
        log.exception("shown_not_noted")
