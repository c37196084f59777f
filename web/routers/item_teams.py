"""The teams that answer an item where no supplier does alone, and the form by which its unit asks one of them."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.lists import items
from marketplace.lists.views import ItemPage, ItemRecord
from web.dependencies import AtDesk, Counted, Desk
from web.pages import render
from web.pages.matches import asking, teaming, together
from web.pages.matches.teaming import Reader

router = APIRouter(prefix="/items")

NOT_MATCHED: Final = "这一条不在匹配，没有可以推荐的组合。"
Ids = Annotated[tuple[Annotated[str, Query(max_length=32)], ...], Query(max_length=asking.MOST)]


@router.get("/{item_id}/teams", dependencies=[Counted])
async def show(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show the teams; where the item's page asks for its part, that part alone, empty where there are none."""

    def read(session: Session) -> tuple[ItemPage, Reader]:
        return items.get(session, item_id), teaming.reader(session, desk, item_id)

    page, reader = await desk.read(read)
    if page.document is None:
        raise NotFound(NOT_MATCHED, code="not_matched")
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


@router.get("/{item_id}/teams/ask")
async def prepare(request: Request, desk: AtDesk, item_id: str, opc: Ids = ()) -> HTMLResponse:
    """Show the form by which the need's unit asks a team to answer it together."""
    page = await _asked_about(desk, item_id)
    return await _form(request, desk, page, opc)


@router.post("/{item_id}/teams/ask")
async def ask(request: Request, desk: AtDesk, item_id: str) -> Response:
    """Ask those who are ticked, each in a dealing of its own."""
    page = await _asked_about(desk, item_id)
    actor, form = desk.require_actor(), await request.form()
    offered, ticked = ([one for one in form.getlist(name) if isinstance(one, str)] for name in ("offered", "opc"))
    message = form.get("message")
    text = message if isinstance(message, str) else ""
    try:
        await desk.write(
            lambda session: asking.ask(session, actor, item_id, ids=ticked, text=text, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as refusal:
        return await _form(request, desk, page, offered, ticked=ticked, text=text, errors=refusal.fields)
    return RedirectResponse(f"/items/{page.card.id}?done=teamed", status_code=303)


async def _asked_about(desk: Desk, item_id: str) -> ItemPage:
    desk.require_actor()

    def read(session: Session) -> tuple[ItemPage, Reader]:
        return items.get(session, item_id), teaming.reader(session, desk, item_id)

    page, reader = await desk.read(read)
    if page.document is None:
        raise NotFound(NOT_MATCHED, code="not_matched")
    if not reader.may_ask_all:
        raise NotAllowed("请由发布这条需求的单位的负责人或经办人办理，或先切换到这个单位。", code="foreign_seat")
    return page


async def _form(
    request: Request,
    desk: Desk,
    page: ItemPage,
    ids: Sequence[str],
    *,
    ticked: Sequence[str] | None = None,
    text: str | None = None,
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    record: ItemRecord | None = page.document
    assert record is not None
    found = await asking.prepare(desk, record, ids)
    return render.page(
        request,
        desk,
        "items/ask_team.html",
        status=422 if errors else 200,
        item=page,
        found=found,
        ticked=[one.member.id for one in found.asked] if ticked is None else ticked,
        text=found.text if text is None else text,
        errors=errors or {},
    )
