"""Signing in and out."""

import secrets
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts import passwords, sessions
from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotAllowed
from web.dependencies import AtDesk, cookie_name
from web.pages import render

router = APIRouter()

TOKEN_BYTES: Final = 32
EXPIRED: Final = "登录已过期，刚才的内容没有提交，请登录后重新操作。"


@router.get("/sign-in")
async def form(
    request: Request,
    desk: AtDesk,
    next: str = "",  # noqa: A002 - the word in the address
    expired: str = "",
) -> Response:
    """Show the sign-in form; somebody who is signed in goes straight on."""
    then = local_address(next) if next else ""
    if desk.signed_in is not None:
        return RedirectResponse(then or landing(desk.signed_in.actor), status_code=303)
    notice = EXPIRED if expired else ""
    return render.page(request, desk, "session/sign_in.html", then=then, email="", failure="", notice=notice)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    desk: AtDesk,
    email: Annotated[str, Form(max_length=320)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002 - the word in the address
) -> Response:
    """Check the password and open a session; a failure keeps what was typed, save the password."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    then = local_address(next) if next else ""
    try:
        asked = await desk.read(lambda session: passwords.challenge(session, email=email, now=desk.now))
        # Hashing takes a fifth of a second; no transaction waits for it.
        matched = await to_thread.run_sync(passwords.verify, asked, password)
        actor = await desk.write(
            lambda session: sessions.open_for(session, asked, matched=matched, token=token, now=desk.now)
        )
    except NotAllowed as refusal:
        return render.page(
            request,
            desk,
            "session/sign_in.html",
            status=403,
            then=then,
            email=email,
            failure=refusal.message,
            notice="",
        )
    response = RedirectResponse(then or landing(actor), status_code=303)
    _set_cookie(response, desk.settings.https, cookie_name(desk.settings), token)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, desk: AtDesk) -> RedirectResponse:
    """End the session and forget its cookie."""
    name = cookie_name(desk.settings)
    token = request.cookies.get(name)
    if token:
        await desk.write(lambda session: sessions.sign_out(session, token, now=desk.now))
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(name, path="/", secure=desk.settings.https, httponly=True, samesite="lax")
    return response


def landing(actor: Actor) -> str:
    """Say where somebody's work begins: organisers at the intakes, everybody else on the first page."""
    return "/intakes" if any(grant.role in render.RUNS_LISTS for grant in actor.grants) else "/"


def local_address(then: str) -> str:
    """Keep only an address of this site; anything that could lead elsewhere becomes the first page."""
    is_local = then.startswith("/") and not then.startswith(("//", "/\\")) and then.isprintable() and "\\" not in then
    return then if is_local else "/"


def _set_cookie(response: Response, https: bool, name: str, token: str) -> None:
    longest = int(sessions.LONGEST.total_seconds())
    response.set_cookie(name, token, max_age=longest, path="/", secure=https, httponly=True, samesite="lax")
