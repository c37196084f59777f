"""Changing one's address: asked for on one's account, confirmed by the link that is sent to the new one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.signing_in import email_changes
from marketplace.kernel.errors import Invalid, NotAllowed
from web import cookies
from web.dependencies import AtDesk, Desk
from web.pages import render

router = APIRouter(prefix="/account/email")

Typed = Annotated[str, Form()]


@router.get("")
async def form(request: Request, desk: AtDesk) -> Response:
    """Ask for the new address."""
    return _form(request, desk)


@router.post("")
async def ask(request: Request, desk: AtDesk, email: Typed = "") -> Response:
    """Send a link to the new address, or ask for a person in charge."""
    actor, token = desk.require_recent(), cookies.fresh_token()
    try:
        sent = await desk.write(
            lambda session: email_changes.ask(
                session, actor, email=email, token=token, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        return _form(request, desk, email=email, errors=dict(refusal.fields))
    except NotAllowed as refusal:
        return _form(request, desk, email=email, errors={"email": refusal.message})
    return RedirectResponse(f"/account?done={'email-sent' if sent else 'email-waits'}", status_code=303)


@router.get("/confirm")
async def look(request: Request, desk: AtDesk, token: str = "") -> Response:
    """Show which address the link is for; looking does not use it up."""
    email = await desk.read(lambda session: email_changes.find(session, token, now=desk.now))
    return render.page(request, desk, "account/email_confirm.html", email=email, token=token)


@router.post("/confirm")
async def confirm(desk: AtDesk, token: Typed = "") -> Response:
    """Take the new address, once."""
    await desk.write(lambda session: email_changes.confirm(session, token, now=desk.now, new_id=desk.new_id))
    then = "/sign-in?done=email" if desk.signed_in is None else "/account?done=email"
    return RedirectResponse(then, status_code=303)


def _form(request: Request, desk: Desk, *, email: str = "", errors: dict[str, str] | None = None) -> Response:
    desk.require_recent()
    return render.page(
        request,
        desk,
        "account/email.html",
        status=422 if errors else 200,
        email=email,
        errors=errors or {},
        sends_mail=desk.settings.sends_mail,
    )
