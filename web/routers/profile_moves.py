"""A natural person's profile goes to the company that it founded: said before it is done, and done once."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.accounts.signing_in import sessions
from marketplace.dealings import moves
from marketplace.kernel.errors import Conflict
from web.dependencies import AtDesk, Desk, cookie_name
from web.pages import render

router = APIRouter(prefix="/profile/move")


@router.get("")
async def ask(request: Request, desk: AtDesk, to: str = "") -> HTMLResponse:
    """Say what moving the profile does before it is done, or what is lacking for it."""
    return await _asked(request, desk, to)


@router.post("")
async def move(
    request: Request,
    desk: AtDesk,
    *,
    given: Annotated[str, Form(alias="from")] = "",
    to: Annotated[str, Form()] = "",
) -> Response:
    """Move it, and sit down in the company's seat, where the profile is kept from now on."""
    actor = desk.require_recent()
    try:
        profile_id = await desk.write(
            lambda session: moves.move(session, actor, from_id=given, to_id=to, now=desk.now, new_id=desk.new_id)
        )
    except Conflict as refusal:
        return await _asked(request, desk, to, told=refusal.message)
    token = request.cookies.get(cookie_name(desk.settings), "")
    await desk.write(lambda session: sessions.take_seat(session, token, to, now=desk.now))
    return RedirectResponse(f"/opcs/{profile_id}?done=moved", status_code=303)


async def _asked(request: Request, desk: Desk, to: str, *, told: str = "") -> HTMLResponse:
    actor = desk.require_recent()
    ways = await desk.read(lambda session: moves.ways(session, actor))
    open_ways = [
        (way, target)
        for way in ways
        for target in way.targets
        if not target.refusal and to in {"", target.organisation.id}
    ]
    return render.page(
        request,
        desk,
        "profile/move.html",
        status=409 if told else 200,
        ways=ways,
        chosen=open_ways[0] if len(open_ways) == 1 else None,
        choices=open_ways,
        told=told,
    )
