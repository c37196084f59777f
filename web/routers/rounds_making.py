"""Beginning a round, one's own rounds, and the notice as the public will see it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.views import OrganisationView
from marketplace.lists import items
from marketplace.lists.views import ItemPage
from marketplace.rounds import procedures, rounds, waiting
from marketplace.rounds.making import beginnings, texts
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.rules.notices import Notice
from marketplace.rounds.rules.procedures import UNITS
from marketplace.rounds.rules.timetable import Step
from marketplace.rounds.views import ProcedureView
from marketplace.rounds.waiting import Wait
from web.dependencies import AtDesk
from web.pages import render
from web.pages.rounds import making, mine, notice_form

router = APIRouter(prefix="/rounds")

Item = Annotated[str, Query(max_length=32)]


@router.get("/new")
async def new(request: Request, desk: AtDesk, item: Item = "") -> HTMLResponse:
    """Ask which procedure a round is to follow."""
    actor = desk.require_actor()

    def known(session: Session) -> tuple[OrganisationView, list[ProcedureView], ItemPage | None]:
        unit = organisations.get(session, beginnings.require_unit(session, actor))
        return unit, procedures.listed(session), items.get(session, item) if item else None

    unit, found, need = await desk.read(known)
    return render.page(request, desk, "rounds/new.html", unit=unit, found=found, need=need, units=UNITS)


@router.post("/new")
async def begin(
    desk: AtDesk, procedure: Annotated[str, Form(max_length=40)] = "", item: Annotated[str, Form(max_length=32)] = ""
) -> RedirectResponse:
    """Begin a round of a procedure type, from a need where one is named."""
    actor = desk.require_actor()
    round_id = await desk.write(
        lambda session: beginnings.begin(
            session, actor, procedure, item_id=item or None, now=desk.now, new_id=desk.new_id
        )
    )
    return RedirectResponse(f"/rounds/{round_id}/draft?done=begun", status_code=303)


@router.get("/mine")
async def own(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show the rounds that one makes, has a post in or oversees, by what waits for the reader."""
    actor = desk.require_actor()

    def known(session: Session) -> tuple[list[rounds.RoundCard], dict[str, tuple[Wait, ...]]]:
        cards = rounds.mine(session, actor)
        return cards, waiting.of(session, actor, [card.id for card in cards])

    cards, waits = await desk.read(known)
    mine.require_reader(actor, cards)
    return render.page(
        request,
        desk,
        "rounds/mine.html",
        groups=mine.groups(cards, waits),
        states=mine.STATES,
        marks_of=mine.MARKS,
        may_begin=beginnings.unit_of(actor) is not None,
    )


@router.post("/{round_id}/again")
async def again(desk: AtDesk, round_id: str) -> RedirectResponse:
    """Begin a round from the words of one that failed or was cancelled."""
    actor = desk.require_actor()
    await desk.read(lambda session: making.inside(session, actor, round_id, now=desk.now))
    made = await desk.write(
        lambda session: beginnings.again(session, actor, round_id, now=desk.now, new_id=desk.new_id)
    )
    return RedirectResponse(f"/rounds/{made}/draft?done=again", status_code=303)


@router.get("/{round_id}/preview")
async def preview(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Show the notice as the public will see it: the text that is being written, else the one that stands."""
    actor = desk.require_actor()

    def known(session: Session) -> tuple[RoundPage, texts.TextPage | None, Notice | None, tuple[Step, ...]]:
        page = making.inside(session, actor, round_id, now=desk.now)
        text = texts.get(session, actor, round_id) if texts.find(session, round_id) is not None else None
        return page, text, *making.shown(session, page, text)

    page, text, notice, steps = await desk.read(known)
    return render.page(
        request,
        desk,
        "rounds/preview.html",
        page=page,
        text=text,
        notice=notice,
        steps=steps,
        name_of=notice_form.name_of,
    )
