"""Editions: what was published, when, by whom, and what changed since the one before."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from ingest.fields import ListKind
from marketplace.lists import editions
from marketplace.lists.edition_views import EditionPage
from marketplace.lists.views import EditionEntryView
from marketplace.lists.words import Outcome
from web.dependencies import AtDesk, Desk
from web.pages import exports, render

router = APIRouter(prefix="/editions")

SHOWN: Final = 200

Group = tuple[str, list[EditionEntryView]]


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the editions, newest first."""
    newest = await desk.read(lambda session: editions.newest(session, limit=SHOWN))
    return render.page(request, desk, "editions/index.html", editions=newest)


@router.get("/{edition_id}.csv")
async def as_csv(desk: AtDesk, edition_id: str) -> Response:
    """Download the lines of an edition as CSV."""
    found, entries = await _edition(desk, edition_id)
    return _download(exports.csv(exports.edition_table(found, entries)), exports.CSV, found, "csv")


@router.get("/{edition_id}.xlsx")
async def as_xlsx(desk: AtDesk, edition_id: str) -> Response:
    """Download the lines of an edition as an Excel workbook."""
    found, entries = await _edition(desk, edition_id)
    data = await to_thread.run_sync(lambda: exports.xlsx(exports.edition_table(found, entries)))
    return _download(data, exports.XLSX, found, "xlsx")


@router.get("/{edition_id}")
async def show(request: Request, desk: AtDesk, edition_id: str, published: str = "") -> HTMLResponse:
    """Show an edition as a document that can be printed; `published` says that it was just released."""
    found, entries = await _edition(desk, edition_id)
    return render.page(
        request,
        desk,
        "editions/show.html",
        found=found,
        is_new=bool(published),
        groups=_by_kind(entries),
        changed=_with(entries, Outcome.CHANGED),
        added=_with(entries, Outcome.ADDED),
        gone=_with(entries, Outcome.GONE),
    )


async def _edition(desk: Desk, edition_id: str) -> tuple[EditionPage, list[EditionEntryView]]:
    return await desk.read(lambda session: (editions.get(session, edition_id), editions.items(session, edition_id)))


def _download(data: bytes, media_type: str, found: EditionPage, suffix: str) -> Response:
    name = f"{found.card.series_title}（第{found.card.number}期）.{suffix}"
    disposition = f"attachment; filename=\"edition.{suffix}\"; filename*=UTF-8''{quote(name)}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})


def _by_kind(entries: Sequence[EditionEntryView]) -> list[Group]:
    listed = [entry for entry in entries if entry.outcome is not Outcome.GONE]
    groups = [(kind.value, [entry for entry in listed if entry.card.kind is kind]) for kind in ListKind]
    return [(kind, of_kind) for kind, of_kind in groups if of_kind]


def _with(entries: Sequence[EditionEntryView], outcome: Outcome) -> list[EditionEntryView]:
    return [entry for entry in entries if entry.outcome is outcome]
