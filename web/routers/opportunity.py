"""How one's own profile stands with one need: what answers it, why the score is no higher, what would raise it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from marketplace.kernel.errors import NotFound
from marketplace.lists import items
from web.dependencies import AtDesk
from web.pages import render
from web.pages.matches import raising
from web.pages.profile import desk as profile_desk
from web.pages.profile import pages as profile_pages

router = APIRouter(prefix="/opportunities")


@router.get("/{item_id}")
async def show(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show the pair of a need and the profile of the unit that one acts for, also where no list would show it."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    page = await desk.read(lambda session: items.get(session, item_id))
    if page.document is None:
        raise NotFound("这一条现在不参与匹配，请从清单中查找别的需求。", code="not_matched")
    record = page.document
    profile = await desk.read(lambda session: raising.own_record(session, desk))
    standing = None if profile is None else await raising.standing(desk, record, profile, simulates=True)
    return render.page(request, desk, "opportunities/one.html", mine=mine, item=page, standing=standing)
