"""The teams that answer an item where no supplier does alone: a part of its page, and a page by itself."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.kernel.errors import NotFound
from marketplace.lists import items
from marketplace.lists.views import ItemPage
from web.dependencies import AtDesk, Counted
from web.pages import render
from web.pages.matches import teaming, together
from web.pages.matches.teaming import Reader

router = APIRouter(prefix="/items")


@router.get("/{item_id}/teams", dependencies=[Counted])
async def show(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show the teams; where the item's page asks for its part, that part alone, empty where there are none."""

    def read(session: Session) -> tuple[ItemPage, Reader]:
        return items.get(session, item_id), teaming.reader(session, desk, item_id)

    page, reader = await desk.read(read)
    if page.document is None:
        raise NotFound("这一条不在匹配，没有可以推荐的组合。", code="not_matched")
    found = await together.answering(desk, page.document, own=reader.own)
    return render.page(
        request,
        desk,
        "items/teams.html",
        fragment="items/_teams.html",
        item=page,
        found=found,
        reader=reader,
        unfolded=together.UNFOLDED,
    )
