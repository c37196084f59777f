"""Events that were held (路演、沙龙、对接会、培训): entered, amended in versions, withdrawn; they count in the figures."""

from datetime import date
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import may_run_lists
from marketplace.figures import events
from marketplace.figures.rules.periods import FIRST_YEAR, LAST_YEAR
from marketplace.figures.views import EventForm, EventVersionView, EventView
from marketplace.figures.words import EventKind
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.paging import Page
from web.dependencies import AtDesk, Desk
from web.pages import places, render, typed

router = APIRouter(prefix="/events")

FIELDS: Final = ("kind", "title", "held_on", "place", "organiser", "attendance", "evidence", "region")
KINDS: Final = [(kind.value, kind.value) for kind in EventKind]


@router.get("")
async def index(request: Request, desk: AtDesk, year: str = "", page: int = 1) -> HTMLResponse:
    """List the events of one's regions, newest first."""
    actor = desk.require_actor()
    places.chosen(actor, "", otherwise=desk.settings.region)
    given = int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else 0  # noqa: PLR2004 - a year has four digits
    wanted = given if FIRST_YEAR <= given <= LAST_YEAR else None

    def read(session: Session) -> tuple[Page[EventView], list[int]]:
        return events.visible_to(session, actor, year=wanted, page=page), events.years_of(session, actor)

    found, years = await desk.read(read)
    query = {"year": str(wanted)} if wanted else {}
    return render.page(request, desk, "events/index.html", found=found, years=years, year=wanted, query=query)


@router.get("/new")
async def new(request: Request, desk: AtDesk) -> HTMLResponse:
    """Offer the form of an event."""
    actor = desk.require_actor()
    places.require_running(actor)
    region = places.chosen(actor, "", otherwise=desk.settings.region)
    unit = actor.organisation_id
    name = "" if unit is None else (await desk.read(lambda session: organisations.get(session, unit))).name
    return _form(request, desk, {**dict.fromkeys(FIELDS, ""), "region": region, "organiser": name})


@router.post("/new")
async def enter(request: Request, desk: AtDesk) -> Response:
    """Enter an event."""
    actor = desk.require_actor()
    told = await _told(request)
    try:
        form = _event(told)
        entered = await desk.write(
            lambda session: events.enter(session, actor, told["region"], form=form, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as wrong:
        return _form(request, desk, told, errors=wrong.fields, status=422)
    return _to(f"/events/{entered.id}?done=entered")


@router.get("/{event_id}")
async def show(request: Request, desk: AtDesk, event_id: str) -> HTMLResponse:
    """Show an event with its versions."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[EventView, list[EventVersionView]]:
        return events.get(session, actor, event_id), events.versions(session, actor, event_id)

    found, versions = await desk.read(read)
    may_write = may_run_lists(actor, region=found.region) and not found.is_withdrawn
    return render.page(request, desk, "events/show.html", event=found, versions=versions, may_write=may_write)


@router.get("/{event_id}/edit")
async def edit(request: Request, desk: AtDesk, event_id: str) -> HTMLResponse:
    """Offer the form of an event with what it states now."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: events.get(session, actor, event_id))
    places.require_running(actor)
    return _form(request, desk, _as_told(found), event=found)


@router.post("/{event_id}/edit")
async def amend(request: Request, desk: AtDesk, event_id: str) -> Response:
    """Write the next version of an event; where somebody was faster, show what is there now beside what was typed."""
    actor = desk.require_actor()
    told = await _told(request)
    number = typed.version(await request.form())
    found = await desk.read(lambda session: events.get(session, actor, event_id))
    try:
        form = _event(told)
        await desk.write(lambda session: events.amend(session, actor, event_id, number=number, form=form, now=desk.now))
    except Invalid as wrong:
        return _form(request, desk, told, event=found, number=number, errors=wrong.fields, status=422)
    except Conflict as conflict:
        return _form(request, desk, told, event=found, conflict=conflict.message, status=409)
    return _to(f"/events/{event_id}?done=amended")


@router.post("/{event_id}/withdraw")
async def withdraw(request: Request, desk: AtDesk, event_id: str) -> Response:
    """Let an event no longer count."""
    actor = desk.require_actor()
    number = typed.version(await request.form())
    await desk.write(lambda session: events.withdraw(session, actor, event_id, number=number, now=desk.now))
    return _to(f"/events/{event_id}?done=withdrawn")


def _form(
    request: Request,
    desk: Desk,
    told: dict[str, str],
    *,
    event: EventView | None = None,
    number: int = 0,
    errors: dict[str, str] | None = None,
    conflict: str = "",
    status: int = 200,
) -> HTMLResponse:
    regions = places.options(places.held(desk.require_actor(), otherwise=desk.settings.region))
    return render.page(
        request,
        desk,
        "events/form.html",
        status=status,
        event=event,
        number=number or (event.number if event else 0),
        told=told,
        kinds=KINDS,
        regions=regions,
        errors=errors or {},
        conflict=conflict,
    )


def _as_told(event: EventView) -> dict[str, str]:
    form = event.form
    return {
        "kind": form.kind.value,
        "title": form.title,
        "held_on": form.held_on.isoformat(),
        "place": form.place,
        "organiser": form.organiser,
        "attendance": "" if form.attendance is None else str(form.attendance),
        "evidence": form.evidence,
        "region": event.region,
    }


async def _told(request: Request) -> dict[str, str]:
    form = await request.form()
    return {name: str(form.get(name, "")) for name in FIELDS}


def _event(told: dict[str, str]) -> EventForm:
    wrong: dict[str, str] = {}
    if told["kind"] not in set(EventKind):
        wrong["kind"] = "请选择活动类别。"
    held_on = date.min
    try:
        held_on = date.fromisoformat(told["held_on"].strip())
    except ValueError:
        wrong["held_on"] = "请填写举办日期，例如 2026-11-21。"
    people = told["attendance"].strip()
    if people and not (people.isascii() and people.isdigit() and len(people) <= 9):  # noqa: PLR2004 - more people than there are
        wrong["attendance"] = "参加人数请填整数，不清楚可以不填。"
    if wrong:
        raise Invalid("这次活动还不完整，请按提示补充。", code="bad_event", fields=wrong)
    return EventForm(
        kind=EventKind(told["kind"]),
        title=told["title"],
        held_on=held_on,
        place=told["place"],
        organiser=told["organiser"],
        attendance=int(people) if people else None,
        evidence=told["evidence"],
    )


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)
