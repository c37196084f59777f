"""An OPC's home: the open needs that its profile answers, best first, what is new since the last visit marked."""

from datetime import datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor
from marketplace.dealings import dealings
from marketplace.dealings.words import ShownOn
from marketplace.profiles import profiles, visits
from marketplace.profiles.rules import completeness
from marketplace.profiles.views import ProfileRecord
from web.dependencies import AtDesk, Desk
from web.pages import render, showing
from web.pages.matches import openings, opportunities
from web.pages.matches.opportunities import Asked
from web.pages.profile import desk as profile_desk
from web.pages.profile import pages as profile_pages

router = APIRouter(prefix="/opportunities")

TOP: Final = 50


@router.get("")
async def index(
    request: Request,
    desk: AtDesk,
    *,
    kind: str = "",
    region: str = "",
    due: str = "",
    only: str = "",
) -> HTMLResponse:
    """Rank the open needs for the profile of the unit that one acts for."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    gone = await profile_pages.moved(request, desk, mine)
    if gone is not None:
        return gone
    draft = await profile_desk.draft(desk, mine)
    record = await desk.read(lambda session: _record(session, draft.profile_id))
    since = await _visit(desk, mine.actor, draft.profile_id)
    found = await openings.of_record(desk, record, top=TOP, since=since)
    saved = await desk.read(lambda session: opportunities.saved(session, mine.actor))
    waiting = await desk.read(lambda session: dealings.waiting(session, mine.actor, now=desk.now))
    asked = Asked(ListKind(kind) if kind in set(ListKind) else None, region[:120], due, only)
    rows = opportunities.narrowed(found.rows, asked, saved, now=desk.now)
    page = render.page(
        request,
        desk,
        "opportunities/show.html",
        mine=mine,
        draft=draft,
        is_listed=record is not None,
        found=found,
        rows=rows,
        asked=asked,
        saved=saved,
        waiting=waiting,
        soon=opportunities.due_soon(found.rows, now=desk.now),
        since=since,
        region_choices=[("", "全部"), *((one, one) for one in opportunities.regions(found.rows))],
        new=sum(1 for row in found.rows if row.is_new),
        completeness=completeness.measure(draft.form),
    )
    seen = {row.card.id for row in rows}
    places = [(place, row.answer) for place, row in enumerate(found.rows, start=1) if row.card.id in seen]
    page.background = showing.of_profile(desk, draft.profile_id, places, ShownOn.OPPORTUNITIES)
    return page


def _record(session: Session, profile_id: str) -> ProfileRecord | None:
    return next(iter(profiles.documents(session, [profile_id])), None) if profile_id else None


async def _visit(desk: Desk, actor: Actor, profile_id: str) -> datetime | None:
    if not profile_id:
        return None
    since, is_due = await desk.read(lambda session: visits.last(session, actor, profile_id, now=desk.now))
    if is_due:
        await desk.write(lambda session: visits.note(session, actor, profile_id, now=desk.now))
    return since
