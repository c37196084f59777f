"""What the product has told somebody."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts import messages
from web.dependencies import AtDesk, local_address
from web.pages import render

router = APIRouter(prefix="/messages")


@router.get("")
async def index(request: Request, desk: AtDesk, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    """Show one's messages, unread ones first."""
    actor = desk.require_actor()
    own, total = await desk.read(lambda session: messages.inbox(session, actor, number=page))
    last = max(1, -(-total // messages.PAGE))
    return render.page(request, desk, "messages/index.html", own=own, total=total, number=page, last=last)


@router.post("/read-all")
async def read_all(desk: AtDesk) -> Response:
    """Mark every message as read."""
    actor = desk.require_actor()
    await desk.write(lambda session: messages.read_all(session, actor, now=desk.now))
    return RedirectResponse("/messages", status_code=303)


@router.post("/{message_id}/read")
async def read(desk: AtDesk, message_id: str) -> Response:
    """Mark a message as read and go where it leads."""
    actor = desk.require_actor()
    message = await desk.write(lambda session: messages.read(session, actor, message_id, now=desk.now))
    return RedirectResponse(local_address(message.link) if message.link else "/messages", status_code=303)
