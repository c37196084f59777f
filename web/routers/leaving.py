"""Taking everything along, and leaving: the copy of one's own data, and the end of one's own account."""

import json

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.leaving import erasure
from marketplace.kernel.errors import Conflict
from web import cookies, departures
from web.dependencies import AtDesk, Desk
from web.pages import render

router = APIRouter(prefix="/account")


@router.get("/data.json")
async def download(desk: AtDesk) -> Response:
    """Give a copy of everything that is held of oneself."""
    actor = desk.require_recent()
    held = await desk.study(lambda session: departures.own_data(session, actor))
    body = json.dumps(held, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/json", headers=headers)


@router.get("/erase")
async def ask(request: Request, desk: AtDesk) -> Response:
    """Say what erasing one's account does before it is done."""
    return await _asked(request, desk)


@router.post("/erase")
async def erase(request: Request, desk: AtDesk) -> Response:
    """Erase one's own account; every sign-in ends."""
    actor = desk.require_recent()
    try:
        await desk.write(lambda session: departures.erase_account(session, actor, actor.account_id, now=desk.now))
    except Conflict as refusal:
        return await _asked(request, desk, refusal=refusal)
    response = RedirectResponse("/sign-in?done=erased", status_code=303)
    cookies.forget(response, desk.settings)
    return response


async def _asked(request: Request, desk: Desk, *, refusal: Conflict | None = None) -> Response:
    actor = desk.require_recent()
    alone = await desk.read(lambda session: erasure.sole(session, actor.account_id))
    return render.page(
        request,
        desk,
        "account/erase.html",
        status=200 if refusal is None else 409,
        alone=alone,
        refusal=refusal.message if refusal else "",
    )
