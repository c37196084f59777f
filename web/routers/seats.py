"""Taking another seat: for whom somebody acts from now on."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from marketplace.accounts.signing_in import sessions
from web.dependencies import AtDesk, cookie_name
from web.pages.landing import landing

router = APIRouter()


@router.post("/seat")
async def take(request: Request, desk: AtDesk, organisation_id: Annotated[str, Form()] = "") -> RedirectResponse:
    """Act for one of one's organisations, or (empty) for oneself, and go to where that seat's work begins."""
    desk.require_actor()
    token = request.cookies.get(cookie_name(desk.settings), "")
    await desk.write(lambda session: sessions.take_seat(session, token, organisation_id or None, now=desk.now))
    await desk.renew(token)
    return RedirectResponse(landing(desk.signed_in), status_code=303)
