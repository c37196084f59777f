"""The organiser's matrix: the needs of an edition, or of the lists of a region as they stand, and who answers each best."""

from typing import Annotated, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel import changes
from marketplace.kernel.errors import NotFound
from marketplace.lists import editions, supplying
from marketplace.lists.supplying import Scope
from web import supply
from web.dependencies import AtDesk, Desk
from web.pages import exports, places, render, wording
from web.pages.supply import tables
from web.pages.supply.tables import Asked

router = APIRouter()

WRITERS: Final = {"csv": (exports.csv, exports.CSV), "xlsx": (exports.xlsx, exports.XLSX)}
Words = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Query(ge=1, le=100_000)]


@router.get("/supply")
async def of_region(
    request: Request, desk: AtDesk, *, region: Words = "", verdict: Words = "", sector: Words = "", page: Number = 1
) -> HTMLResponse:
    """Show the matrix of the needs that stand on the lists of a region now."""
    scope, title = _region(desk, region)
    return await _show(request, desk, scope, title, Asked(verdict, sector), page=page)


@router.post("/supply")
async def match_region(desk: AtDesk, region: Annotated[str, Form(max_length=200)] = "") -> RedirectResponse:
    """Ask for the needs of a region to be matched."""
    scope, _title = _region(desk, region)
    return await _ask(desk, scope)


@router.get("/supply.{suffix}")
async def export_region(
    desk: AtDesk, suffix: str, *, region: Words = "", verdict: Words = "", sector: Words = ""
) -> Response:
    """Download the matrix of a region."""
    scope, title = _region(desk, region)
    return await _export(desk, scope, title, Asked(verdict, sector), suffix)


@router.get("/editions/{edition_id}/supply")
async def of_edition(
    request: Request, desk: AtDesk, edition_id: str, *, verdict: Words = "", sector: Words = "", page: Number = 1
) -> HTMLResponse:
    """Show the matrix of an edition."""
    scope, title = await _edition(desk, edition_id)
    return await _show(request, desk, scope, title, Asked(verdict, sector), page=page)


@router.post("/editions/{edition_id}/supply")
async def match_edition(desk: AtDesk, edition_id: str) -> RedirectResponse:
    """Ask for the needs of an edition to be matched."""
    scope, _title = await _edition(desk, edition_id)
    return await _ask(desk, scope)


@router.get("/editions/{edition_id}/supply.{suffix}")
async def export_edition(
    desk: AtDesk, edition_id: str, suffix: str, *, verdict: Words = "", sector: Words = ""
) -> Response:
    """Download the matrix of an edition."""
    scope, title = await _edition(desk, edition_id)
    return await _export(desk, scope, title, Asked(verdict, sector), suffix)


def _region(desk: Desk, region: str) -> tuple[Scope, str]:
    actor = desk.require_actor()
    place = places.chosen(actor, region, otherwise=desk.settings.region)
    supplying.require_may_see(actor, place)
    return Scope(place), f"{wording.region(place)}现在的清单"


async def _edition(desk: Desk, edition_id: str) -> tuple[Scope, str]:
    actor = desk.require_actor()
    found = await desk.read(lambda session: editions.get(session, edition_id))
    supplying.require_may_see(actor, found.card.region)
    return Scope(found.card.region, edition_id), f"{found.card.series_title}（第 {found.card.number} 期）"


async def _show(request: Request, desk: Desk, scope: Scope, title: str, asked: Asked, *, page: int) -> HTMLResponse:
    made = supply.find(desk.settings.supply_dir, scope)
    lines = made.lines if made is not None else ()
    kept = tables.narrowed(lines, asked)

    def read(session: Session) -> tuple[object, bool, bool]:
        is_stale = made is not None and bool(changes.since(session, made.position, limit=1))
        return tables.page(session, kept, number=page), is_stale, supplying.is_asked(session, scope)

    rows, is_stale, is_asked = await desk.read(read)
    return render.page(
        request,
        desk,
        "supply/show.html",
        scope=scope,
        address=_address(scope),
        title=title,
        made=made,
        found=rows,
        is_stale=is_stale,
        is_asked=is_asked,
        progress=supply.progress(desk.settings.supply_dir, scope) if is_asked else None,
        counts=tables.counts(lines),
        sectors=tables.sectors(lines),
        verdicts=tables.VERDICTS,
        asked=asked,
        query={**_query(scope), "verdict": asked.verdict, "sector": asked.sector},
        size=tables.SIZE,
    )


async def _ask(desk: Desk, scope: Scope) -> RedirectResponse:
    actor = desk.require_actor()
    await desk.write(lambda session: supplying.ask(session, actor, scope, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(_address(scope) + render.query_with(_query(scope)).rstrip("?"), status_code=303)


async def _export(desk: Desk, scope: Scope, title: str, asked: Asked, suffix: str) -> Response:
    if suffix not in WRITERS:
        raise NotFound("没有这种格式，请下载 CSV 或 Excel。", code="format_missing")
    made = supply.find(desk.settings.supply_dir, scope)
    if made is None:
        raise NotFound("还没有比对过，请先在供需对照页面上比对。", code="supply_missing")
    kept = tables.narrowed(made.lines, asked)
    table = tables.table(await desk.study(lambda session: tables.named(session, kept)))
    write, media_type = WRITERS[suffix]
    data = await to_thread.run_sync(write, table)
    name = quote(f"{title}供需对照.{suffix}")
    disposition = f"attachment; filename=\"supply.{suffix}\"; filename*=UTF-8''{name}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})


def _address(scope: Scope) -> str:
    return f"/editions/{scope.edition_id}/supply" if scope.edition_id else "/supply"


def _query(scope: Scope) -> dict[str, str]:
    return {} if scope.edition_id else {"region": scope.region}
