"""The interface for programs, explained on a page of our own: no script of others, no network."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from marketplace.accounts.signing_in import tokens
from web import limits
from web.api import app as api
from web.api import reference
from web.dependencies import AtDesk
from web.pages import render

router = APIRouter()


@router.get("/docs")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show every operation of the interface, as its own description has it."""
    described = api.described()
    return render.page(
        request,
        desk,
        "docs/show.html",
        groups=reference.groups(described),
        shapes=reference.shapes(described),
        scopes=tuple(tokens.SCOPES.items()),
        per_address=desk.settings.api_per_address,
        per_token=desk.settings.api_per_token,
        matching_costs=limits.MATCHING_COSTS,
        about=described["info"]["description"],
        site=desk.settings.site_url,
    )
