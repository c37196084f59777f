"""Measured quality of matches: how many shown pairs came how far, what was missed, and the same as files."""

import secrets
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from marketplace.accounts.office import platform
from marketplace.dealings import shown
from marketplace.kernel.errors import NotFound
from marketplace.signals import exporting, quality
from marketplace.signals.views import Quality
from web.dependencies import AtDesk, Desk
from web.pages import exports, places, render, wording
from web.pages.quality import parts, periods, tables

router = APIRouter(prefix="/quality")

SALT_BYTES: Final = 32

WRITERS: Final[Mapping[str, tuple[Callable[[exports.Table], bytes], str]]] = {
    "csv": (exports.csv, exports.CSV),
    "xlsx": (exports.xlsx, exports.XLSX),
}


@router.get("")
async def index(request: Request, desk: AtDesk, region: str = "", period: str = "") -> HTMLResponse:
    """Show how far the pairs came that were shown in a period for needs of a region."""
    place, key, found = await _measured(desk, region, period)
    return render.page(
        request,
        desk,
        "quality/index.html",
        region=place,
        regions=places.options([*places.held(desk.require_actor(), otherwise=desk.settings.region), place]),
        period=key,
        periods=periods.offered(desk.now),
        period_said=periods.said(key),
        found=found,
        way=parts.way(found),
        by_band=parts.contacts_by_band(found),
        parts=parts.parts(found),
        steps=list(parts.SHORT.values()),
        columns_of=parts.columns,
        counting=parts.COUNTING,
        small=parts.SMALL,
        signals=parts.SIGNALS,
        kept_months=shown.KEPT_MONTHS,
        query={"region": place, "period": key},
    )


@router.get("/groups.{suffix}")
async def export_groups(desk: AtDesk, suffix: str, region: str = "", period: str = "") -> Response:
    """Download every group with how many pairs came how far."""
    place, key, found = await _measured(desk, region, period)
    return await _download(tables.groups(found), f"{wording.region(place)}{periods.said(key)}匹配质量", suffix)


@router.get("/missed.{suffix}")
async def export_missed(desk: AtDesk, suffix: str, region: str = "", period: str = "") -> Response:
    """Download what was signed or awarded without having been shown, or after nobody had been found."""
    place, key, found = await _measured(desk, region, period)
    return await _download(tables.missed(found), f"{wording.region(place)}{periods.said(key)}匹配没有找到的", suffix)


@router.get("/training")
async def ask_to_export(request: Request, desk: AtDesk) -> HTMLResponse:
    """Say what a file for training holds before it is made."""
    actor = desk.require_actor()
    platform.require_administrator(actor)
    desk.require_recent()
    pairs = await desk.study(lambda session: exporting.counted(session, actor, now=desk.now))
    return render.page(request, desk, "quality/training.html", pairs=pairs, kept_months=shown.KEPT_MONTHS)


@router.post("/training")
async def export_training(desk: AtDesk) -> Response:
    """Download the shown pairs as lines for training."""
    actor = desk.require_actor()
    platform.require_administrator(actor)
    desk.require_recent()
    salt = secrets.token_bytes(SALT_BYTES)
    found = await desk.write(lambda session: exporting.export(session, actor, salt=salt, now=desk.now))
    name = f"匹配训练数据{shown.day_of(desk.now).isoformat()}"
    disposition = f"attachment; filename=\"signals.jsonl\"; filename*=UTF-8''{quote(name)}.jsonl"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Response(found.data, media_type="application/x-ndjson", headers=headers)


async def _measured(desk: Desk, region: str, period: str) -> tuple[str, str, Quality]:
    place = places.chosen(desk.require_actor(), region, otherwise=desk.settings.region)
    key, span = periods.chosen(period, desk.now)
    # Every pair that was shown in the period is read: a second and more where there are many.
    return place, key, await desk.study(lambda session: quality.measure(session, place, span))


async def _download(table: exports.Table, name: str, suffix: str) -> Response:
    if suffix not in WRITERS:
        raise NotFound("只能下载 CSV 或 Excel 文件。", code="unknown_format")
    write, media_type = WRITERS[suffix]
    data = await to_thread.run_sync(lambda: write(table))
    disposition = f"attachment; filename=\"quality.{suffix}\"; filename*=UTF-8''{quote(name)}.{suffix}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})
