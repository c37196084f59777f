"""The clock of a sandbox, for its administrator: how fast it runs, and putting it forward."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import platform
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.rounds import sandbox
from web.dependencies import AtDesk, Desk
from web.pages import render

router = APIRouter(prefix="/administration/sandbox")

MOST_DIGITS: Final = 5


@router.get("")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what the clock shows and how it runs."""
    _administrator(desk)
    return await _page(request, desk)


@router.post("/speed")
async def set_speed(request: Request, desk: AtDesk, speed: Annotated[str, Form()] = "") -> Response:
    """Let the clock run at another speed."""
    actor = _administrator(desk)
    try:
        await desk.write(lambda session: sandbox.set_speed(session, actor, _whole(speed), real=desk.real))
    except Invalid as refusal:
        return await _page(request, desk, errors=refusal.fields)
    desk.look_at_clock()
    return RedirectResponse("/administration/sandbox?done=speed", status_code=303)


@router.post("/jump")
async def jump(request: Request, desk: AtDesk, hours: Annotated[str, Form()] = "") -> Response:
    """Put the clock forward."""
    actor = _administrator(desk)
    try:
        await desk.write(lambda session: sandbox.jump(session, actor, _whole(hours), real=desk.real))
    except Invalid as refusal:
        return await _page(request, desk, errors=refusal.fields, hours=hours)
    desk.look_at_clock()
    return RedirectResponse("/administration/sandbox?done=jump", status_code=303)


def _administrator(desk: Desk) -> Actor:
    actor = desk.require_actor()
    platform.require_administrator(actor)
    if not desk.settings.sandbox:
        raise NotFound("这里不是训练环境，没有可调的时钟。", code="not_a_sandbox")
    return actor


async def _page(
    request: Request, desk: Desk, *, errors: dict[str, str] | None = None, hours: str = "24"
) -> HTMLResponse:
    row = await desk.read(sandbox.find)
    return render.page(
        request,
        desk,
        "administration/sandbox.html",
        status=422 if errors else 200,
        speed=1 if row is None else row.speed,
        speeds=sandbox.SPEEDS,
        choices=[(str(number), said) for number, said in sandbox.SPEEDS.items()],
        hours=hours,
        errors=errors or {},
    )


def _whole(text: str) -> int:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS else -1
