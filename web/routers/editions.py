"""Editions: what was published, when, by whom, and what changed since the one before."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.actors import may_run_lists, require_may_run_lists
from marketplace.kernel.errors import Invalid
from marketplace.lists import editions, supplying
from marketplace.lists.edition_views import EditionPage, Omission
from marketplace.lists.publishing import barring, restoring
from marketplace.lists.releases import appendices, releases
from marketplace.lists.releases.views import AppendixView, PublisherView
from marketplace.lists.rules import appendices as rules
from marketplace.lists.views import EditionEntryView
from marketplace.lists.words import Outcome
from web.dependencies import AtDesk, Desk
from web.pages import exports, render
from web.pages.lists import feeds

router = APIRouter(prefix="/editions")

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 9998
MAX_WORDS: Final = 200
FEED_LENGTH: Final = 50
MAX_TYPED: Final = 2000
INLINE: Final = frozenset({"image/png", "image/jpeg"})

Group = tuple[str, list[EditionEntryView]]


@router.get(".atom")
async def feed(desk: AtDesk, q: str = "") -> Response:
    """Give the newest editions as an Atom feed; those that some words name."""
    words = q.strip()[:MAX_WORDS]
    found = await desk.read(lambda session: editions.search(session, publisher=words, size=FEED_LENGTH))
    query = render.query_with({"q": words}) if words else ""
    data = feeds.editions(found.rows, site=desk.settings.site_url, query=query, now=desk.now)
    return Response(data, media_type=feeds.MEDIA_TYPE)


@router.get("")
async def index(request: Request, desk: AtDesk, q: str = "", year: str = "", page: int = 1) -> HTMLResponse:
    """List the editions, newest first; those of one year, those that some words name."""
    wanted = int(year) if year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= LAST_YEAR else None
    words = q.strip()[:MAX_WORDS]
    found = await desk.read(lambda session: editions.search(session, publisher=words, year=wanted, page=page))
    query = {"q": words, "year": str(wanted or "")}
    return render.page(request, desk, "editions/index.html", found=found, words=words, year=wanted, query=query)


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
    return await _show(request, desk, found, entries, is_new=bool(published))


@router.post("/{edition_id}/appendices")
async def attach(
    request: Request, desk: AtDesk, edition_id: str, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Keep a stamped scan with an edition; what it is, its content says."""
    actor = desk.require_actor()
    found, entries = await _edition(desk, edition_id)
    require_may_run_lists(actor, region=found.card.region)
    data = b"" if file is None else await file.read()
    try:
        media_type = rules.media_type(data)
        limit_bytes = desk.settings.upload_limit_bytes
        stored = await to_thread.run_sync(lambda: desk.files.put(data, limit_bytes=limit_bytes))
    except Invalid as wrong:
        return await _show(request, desk, found, entries, errors=wrong.fields or {"file": wrong.message}, status=422)
    name = (file.filename if file is not None else "") or ""
    await desk.write(
        lambda session: appendices.attach(
            session,
            actor,
            edition_id,
            file=stored,
            name=name,
            media_type=media_type,
            now=desk.now,
            new_id=desk.new_id,
        )
    )
    return RedirectResponse(f"/editions/{edition_id}?done=attached#appendices", status_code=303)


@router.get("/{edition_id}/appendices/{appendix_id}")
async def appendix(desk: AtDesk, edition_id: str, appendix_id: str) -> Response:
    """Give a file that is kept with an edition; pictures are shown, others are downloaded."""
    found = await desk.read(lambda session: appendices.get(session, edition_id, appendix_id))
    with desk.files.open(found.file_digest) as file:
        data = await to_thread.run_sync(file.read)
    kind = "inline" if found.media_type in INLINE else "attachment"
    disposition = f"{kind}; filename=\"appendix\"; filename*=UTF-8''{quote(found.name)}"
    return Response(data, media_type=found.media_type, headers={"Content-Disposition": disposition})


@router.get("/{edition_id}/undo")
async def ask_to_undo(request: Request, desk: AtDesk, edition_id: str) -> HTMLResponse:
    """Say what publishing the edition before again will do, before it is done."""
    return await _ask(request, desk, edition_id)


@router.post("/{edition_id}/undo")
async def undo(
    request: Request, desk: AtDesk, edition_id: str, reason: Annotated[str, Form(max_length=MAX_TYPED)] = ""
) -> Response:
    """Undo the newest edition of a list by publishing the one before it again, as the next one."""
    actor = desk.require_actor()
    try:
        made = await desk.write(
            lambda session: (
                restoring.undo(session, actor, edition_id, reason=reason, now=desk.now, new_id=desk.new_id).id
            )
        )
    except Invalid as wrong:
        return await _ask(request, desk, edition_id, reason=reason, errors=wrong.fields, status=422)
    return RedirectResponse(f"/editions/{made}?published=1", status_code=303)


async def _ask(
    request: Request,
    desk: Desk,
    edition_id: str,
    *,
    reason: str = "",
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    found, planned = await desk.read(
        lambda session: (editions.get(session, edition_id), restoring.foresee(session, actor, edition_id))
    )
    return render.page(
        request,
        desk,
        "editions/undo.html",
        status=status,
        found=found,
        planned=planned,
        reason=reason,
        most=restoring.MAX_REASON,
        errors=dict(errors or {}),
    )


async def _show(
    request: Request,
    desk: Desk,
    found: EditionPage,
    entries: Sequence[EditionEntryView],
    *,
    is_new: bool = False,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    actor = desk.signed_in.actor if desk.signed_in else None
    edition_id = found.card.id

    runs = actor is not None and may_run_lists(actor, region=found.card.region)

    def read(session: Session) -> tuple[tuple[PublisherView, ...], list[AppendixView], tuple[Omission, ...]]:
        omitted = barring.of_edition(session, edition_id) if runs else ()
        return releases.of_edition(session, edition_id), appendices.of_edition(session, edition_id), omitted

    publishers, kept, omissions = await desk.read(read)
    return render.page(
        request,
        desk,
        "editions/show.html",
        status=status,
        found=found,
        publishers=publishers,
        appendices=kept,
        omissions=omissions,
        may_attach=appendices.may_attach(actor, found.card.region),
        errors=errors or {},
        limit_bytes=desk.settings.upload_limit_bytes,
        is_new=is_new,
        may_compare=actor is not None and supplying.may_see(actor, found.card.region),
        may_undo=runs and found.next_id is None and found.previous_id is not None,
        groups=_by_kind(entries),
        changed=_with(entries, Outcome.CHANGED),
        added=_with(entries, Outcome.ADDED),
        returned=_with(entries, Outcome.RETURNED),
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
