"""Blank lists to hand out (空白清单模板): three workbooks and their CSV forms, made on the spot."""

from typing import Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from ingest.fields import ListKind
from marketplace.kernel.errors import NotFound
from web.dependencies import AtDesk
from web.pages import exports, render
from web.pages.lists import blank_lists

router = APIRouter(prefix="/blank-lists")

WRITERS: Final = {"xlsx": (blank_lists.as_xlsx, exports.XLSX), "csv": (blank_lists.as_csv, exports.CSV)}


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """Offer the blank lists with what each column is for."""
    lists = [(kind.value, blank_lists.COLUMNS[kind]) for kind in ListKind]
    return render.page(request, desk, "blank_lists/index.html", lists=lists)


@router.get("/{name}.{suffix}")
async def download(name: str, suffix: str) -> Response:
    """Download one blank list."""
    if name not in set(ListKind) or suffix not in WRITERS:
        raise NotFound("没有这份模板，请从模板页下载。", code="blank_list_missing")
    kind = ListKind(name)
    write, media_type = WRITERS[suffix]
    data = await to_thread.run_sync(lambda: write(kind))
    label = quote(f"{blank_lists.SHEETS[kind]}（空白模板）.{suffix}")
    disposition = f"attachment; filename=\"{name}.{suffix}\"; filename*=UTF-8''{label}"
    return Response(data, media_type=media_type, headers={"Content-Disposition": disposition})
