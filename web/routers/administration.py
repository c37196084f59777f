"""The administrator's desk: what waits there, what the platform says of itself, how it is installed."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import administration, emergencies, platform
from marketplace.kernel import platform_settings, workdays
from marketplace.kernel.errors import Conflict, Invalid
from web import cookies
from web.dependencies import AtDesk, Desk
from web.pages import installed, render, typed, wording

router = APIRouter(prefix="/administration")


@router.get("")
async def home(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what an administrator looks after, and what waits for it."""
    actor = _administrator(desk)
    today = desk.now.astimezone(wording.BEIJING).date()

    def found(session: Session) -> dict[str, Any]:
        platform.require_administrator(actor)
        return {
            "accounts": administration.search(session, actor, state="live").total,
            "missing": workdays.missing(session, today=today),
            "settings": platform_settings.get(session),
        }

    return render.page(request, desk, "administration/home.html", **await desk.read(found))


@router.get("/settings")
async def settings(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what the platform says of itself, and how it is installed."""
    _administrator(desk)
    desk.require_recent()
    found = await desk.read(platform_settings.get)
    return _settings(request, desk, found, {key: str(getattr(found, key)) for key in platform_settings.KEYS})


@router.post("/settings")
async def change(request: Request, desk: AtDesk) -> Response:
    """Change what the platform says of itself."""
    actor = _administrator(desk)
    desk.require_recent()
    form = await request.form()
    version = typed.version(form)
    values = {key: str(form.get(key, "")) for key in platform_settings.KEYS}
    try:
        await desk.write(
            lambda session: platform.change_settings(session, actor, values, version=version, now=desk.now)
        )
    except (Invalid, Conflict) as refusal:
        standing = await desk.read(platform_settings.get)
        return _settings(request, desk, standing, values, refusal=refusal)
    return RedirectResponse("/administration/settings?done=changed", status_code=303)


@router.get("/sign-ins/end")
async def ask_to_end(request: Request, desk: AtDesk) -> HTMLResponse:
    """Say what ending everybody's sign-ins does before it is done."""
    actor = _administrator(desk)
    desk.require_recent()
    count = await desk.read(lambda session: emergencies.sign_ins(session, actor))
    return render.page(request, desk, "administration/end_sign_ins.html", count=count)


@router.post("/sign-ins/end")
async def end_every_sign_in(desk: AtDesk) -> Response:
    """End the sign-ins of everybody, one's own too."""
    actor = _administrator(desk)
    desk.require_recent()
    await desk.write(lambda session: emergencies.end_every_sign_in(session, actor, now=desk.now))
    response = RedirectResponse("/sign-in?done=everybody", status_code=303)
    cookies.forget(response, desk.settings)
    return response


def _administrator(desk: Desk) -> Actor:
    actor = desk.require_actor()
    platform.require_administrator(actor)
    return actor


def _settings(
    request: Request,
    desk: Desk,
    standing: platform_settings.PlatformSettings,
    values: dict[str, str],
    *,
    refusal: Invalid | Conflict | None = None,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "administration/settings.html",
        status=_status(refusal),
        standing=standing,
        values=values,
        installed=installed.groups(desk.settings),
        **_told(refusal),
    )


def _status(refusal: Invalid | Conflict | None) -> int:
    return 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422


def _told(refusal: Invalid | Conflict | None) -> dict[str, Any]:
    return {
        "errors": refusal.fields if isinstance(refusal, Invalid) else {},
        "conflict": refusal.message if isinstance(refusal, Conflict) else "",
    }
