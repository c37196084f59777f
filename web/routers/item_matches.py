"""The suppliers that answer one item, side by side."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from marketplace.kernel.errors import NotFound
from marketplace.lists import items
from web.dependencies import AtDesk, Counted
from web.pages import render
from web.pages.matches import abreast

router = APIRouter(prefix="/items")


@router.get("/{item_id}/compare", dependencies=[Counted])
async def compare(
    request: Request, desk: AtDesk, item_id: str, opc: Annotated[tuple[str, ...], Query()] = ()
) -> HTMLResponse:
    """Show two to four suppliers beside each other: what answers each requirement, with which sentence."""
    page = await desk.read(lambda session: items.get(session, item_id))
    if page.document is None:
        raise NotFound("这一条不在匹配，没有可以比较的供应方。", code="not_matched")
    record, ids = page.document, tuple(dict.fromkeys(opc))
    problem = abreast.problem(ids)
    found = None if problem else await abreast.compared(desk, record, ids)
    return render.page(
        request,
        desk,
        "items/compare.html",
        status=422 if problem else 200,
        item=page,
        problem=problem,
        found=found,
        most=abreast.MOST,
    )
