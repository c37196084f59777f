"""Tokens of programs: made, shown once, listed and ended."""

import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.accounts.signing_in import tokens
from marketplace.kernel.errors import Conflict, Invalid
from web.dependencies import AtDesk, Desk
from web.pages import render

router = APIRouter(prefix="/account/tokens")

SECRET_BYTES: Final = 32
DAYS: Final = (("30", "30 天"), ("90", "90 天"), ("180", "180 天"), ("365", "一年"))
DEFAULTS: Final[dict[str, Any]] = {"name": "", "scopes": [tokens.READ], "days": "90"}


@router.get("")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show the tokens of the organisation that the person acts for, and the form that makes one."""
    desk.require_actor()
    return await _page(request, desk, typed=DEFAULTS)


@router.post("")
async def make(
    request: Request,
    desk: AtDesk,
    *,
    name: Annotated[str, Form()] = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Make a token and show its secret, this once: it is nowhere to be read again."""
    actor = desk.require_recent()
    secret = tokens.PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    typed = {"name": name, "scopes": scopes or [], "days": days}
    try:
        made = await desk.write(
            lambda session: tokens.make(
                session,
                actor,
                secret=secret,
                name=name,
                scopes=scopes or [],
                days=int(days) if days.isascii() and days.isdigit() else 0,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _page(request, desk, typed=typed, errors=refusal.fields, status=422)
    except Conflict as refusal:
        return await _page(request, desk, typed=typed, problem=refusal.message, status=409)
    return await _page(request, desk, typed=DEFAULTS, secret=secret, made=made.name, status=201)


@router.post("/{token_id}/revoke")
async def revoke(desk: AtDesk, token_id: str) -> RedirectResponse:
    """End a token at once."""
    actor = desk.require_actor()
    await desk.write(lambda session: tokens.revoke(session, actor, token_id, now=desk.now))
    return RedirectResponse("/account/tokens?done=revoked", status_code=303)


async def _page(
    request: Request,
    desk: Desk,
    *,
    typed: dict[str, Any],
    errors: dict[str, str] | None = None,
    problem: str = "",
    secret: str = "",
    made: str = "",
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    found = await desk.read(lambda session: tokens.of_organisation(session, actor))
    return render.page(
        request,
        desk,
        "tokens/index.html",
        status=status,
        tokens=found,
        scopes=tuple(tokens.SCOPES.items()),
        days=DAYS,
        typed=typed,
        errors=errors or {},
        problem=problem,
        secret=secret,
        made=made,
        most=tokens.MOST,
    )
