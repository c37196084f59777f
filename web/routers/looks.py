"""Who looked at one's own pages, and how one is named to those one looks at."""

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from marketplace.accounts.actors import Actor, acts_for, belongs_to
from marketplace.dealings import looks, openings
from marketplace.dealings.looks import Looked
from marketplace.kernel.chinese_time import BEIJING
from marketplace.lists import items
from web.dependencies import AtDesk
from web.pages import render

router = APIRouter(prefix="/looks")

DAYS: Final = 90


@router.get("")
async def index(request: Request, desk: AtDesk, item: Annotated[str, Query(max_length=32)] = "") -> HTMLResponse:
    """Show who looked at one's profile, or at one need."""
    actor = desk.require_actor()
    since = desk.now.astimezone(BEIJING).date() - timedelta(days=DAYS)

    def read(session: Session) -> tuple[Looked | None, str, bool]:
        if item:
            found = looks.of_item(session, actor, item, since=since)
            return found, items.get(session, item).card.title, _named(session, actor)
        own = openings.own_profile(session, actor)
        found_own = None if own is None else looks.of_profile(session, actor, own, since=since)
        return found_own, "", _named(session, actor)

    looked, title, named = await desk.read(read)
    unit = actor.organisation_id
    return render.page(
        request,
        desk,
        "looks/index.html",
        looked=looked,
        item_title=title,
        item_id=item,
        named=named,
        days=DAYS,
        is_member=unit is not None and belongs_to(actor, unit),
        may_set=unit is not None and acts_for(actor, unit),
    )


@router.post("/naming")
async def naming(desk: AtDesk, named: Annotated[str, Form()] = "") -> RedirectResponse:
    """Choose whether one's organisation is named to those it looks at."""
    actor = desk.require_actor()
    await desk.write(lambda session: looks.set_named(session, actor, named=named == "yes", now=desk.now))
    return RedirectResponse("/looks?done=naming", status_code=303)


def _named(session: Session, actor: Actor) -> bool:
    unit = actor.organisation_id
    return unit is not None and belongs_to(actor, unit) and looks.is_named(session, unit)
