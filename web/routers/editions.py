"""Editions: what was published, when, by whom, and what changed since the one before."""

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from ingest.fields import ListKind
from marketplace.lists import editions
from marketplace.lists.views import EditionEntryView
from marketplace.lists.words import Outcome
from web import render
from web.dependencies import AtDesk

router = APIRouter(prefix="/editions")

SHOWN: Final = 200

Group = tuple[str, list[EditionEntryView]]


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the editions, newest first."""
    newest = await desk.read(lambda session: editions.newest(session, limit=SHOWN))
    return render.page(request, desk, "editions/index.html", editions=newest)


@router.get("/{edition_id}")
async def show(request: Request, desk: AtDesk, edition_id: str) -> HTMLResponse:
    """Show an edition as a document that can be printed."""
    found, entries = await desk.read(
        lambda session: (editions.get(session, edition_id), editions.items(session, edition_id))
    )
    return render.page(
        request,
        desk,
        "editions/show.html",
        found=found,
        groups=_by_kind(entries),
        changed=_with(entries, Outcome.CHANGED),
        added=_with(entries, Outcome.ADDED),
        gone=_with(entries, Outcome.GONE),
    )


def _by_kind(entries: Sequence[EditionEntryView]) -> list[Group]:
    listed = [entry for entry in entries if entry.outcome is not Outcome.GONE]
    groups = [(kind.value, [entry for entry in listed if entry.card.kind is kind]) for kind in ListKind]
    return [(kind, of_kind) for kind, of_kind in groups if of_kind]


def _with(entries: Sequence[EditionEntryView], outcome: Outcome) -> list[EditionEntryView]:
    return [entry for entry in entries if entry.outcome is outcome]
