"""The limits of dealings, stated by administrators for everywhere or for a region."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import platform
from marketplace.accounts.rules import regions
from marketplace.dealings import limits
from marketplace.dealings.rules.limits import DEFAULTS, NAMES
from marketplace.kernel.errors import Invalid
from web.dependencies import AtDesk, Desk
from web.pages import render

router = APIRouter(prefix="/administration/limits")


@router.get("")
async def show(request: Request, desk: AtDesk, region: Annotated[str, Query(max_length=120)] = "") -> Response:
    """Show the limits that hold in a region, or everywhere."""
    _administrator(desk)
    place = regions.clean_path(region)
    held = await desk.read(lambda session: limits.of(session, place))
    return _page(request, desk, place, {name: str(getattr(held, name)) for name in DEFAULTS})


@router.post("")
async def change(request: Request, desk: AtDesk) -> Response:
    """State the limits of a region; those that stay as they are above it are not stated."""
    actor = _administrator(desk)
    form = await request.form()
    place = regions.clean_path(str(form.get("region", "")))[:120]
    values = {name: str(form.get(name, "")) for name in DEFAULTS}
    try:
        await desk.write(lambda session: limits.put_all(session, actor, region=place, values=values, now=desk.now))
    except Invalid as refusal:
        return _page(request, desk, place, values, errors=dict(refusal.fields))
    return RedirectResponse("/administration/limits?done=changed", status_code=303)


def _administrator(desk: Desk) -> Actor:
    actor = desk.require_actor()
    platform.require_administrator(actor)
    return desk.require_recent()


def _page(
    request: Request, desk: Desk, region: str, values: dict[str, str], *, errors: dict[str, str] | None = None
) -> Response:
    return render.page(
        request,
        desk,
        "administration/limits.html",
        status=422 if errors else 200,
        region=region,
        values=values,
        names=NAMES,
        errors=errors or {},
    )
