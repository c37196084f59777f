"""The table of working days: read by everybody, confirmed year by year by administrators from the official notice."""

from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from marketplace.accounts import accounts
from marketplace.accounts.office import platform
from marketplace.kernel import workdays
from marketplace.kernel.calendar import DayKind
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.workdays import ExceptionalDay, YearPage
from web.dependencies import AtDesk, Desk
from web.pages import render, typed, wording, workday_forms

router = APIRouter(prefix="/workdays")

KINDS: Final = {DayKind.OFF.value: "休", DayKind.WORK.value: "班"}
NOTICE: Final = "国务院办公厅关于{year}年部分节假日安排的通知（国办发明电〔{before}〕　号）"


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the confirmed years, and say which one is missing."""
    today = desk.now.astimezone(wording.BEIJING).date()

    def found(session: Session) -> dict[str, Any]:
        return {"years": workdays.years(session), "missing": workdays.missing(session, today=today)}

    context = await desk.read(found)
    known = {one.year for one in context["years"]}
    offered = [year for year in range(today.year + 1, today.year - 3, -1) if year not in known]
    return render.page(request, desk, "workdays/index.html", offered=offered, may_change=_may(desk), **context)


@router.get("/{year}")
async def show(request: Request, desk: AtDesk, year: int) -> HTMLResponse:
    """Show a confirmed year, or the way to confirm it."""

    def found(session: Session) -> tuple[YearPage, str]:
        page = workdays.get(session, year)
        return page, accounts.names(session, {page.confirmed_by}).get(page.confirmed_by, "")

    page, by = await desk.read(found)
    return render.page(
        request, desk, "workdays/show.html", page=page, by=by, spans=_shown(page), kinds=KINDS, may_change=_may(desk)
    )


@router.get("/{year}/edit")
async def edit(request: Request, desk: AtDesk, year: int) -> HTMLResponse:
    """Show the form: the table as it stands, or what the calendar package proposes for a new year."""
    platform.require_administrator(desk.require_actor())
    desk.require_recent()
    if not workdays.EARLIEST <= year <= workdays.LATEST:
        raise NotFound("没有这一年的工作日表。")
    page = await desk.read(lambda session: workdays.find(session, year))
    proposed = () if page else workdays.proposed(year)
    values = {
        "source": page.source if page else NOTICE.format(year=year, before=year - 1),
        "issued_on": page.issued_on if page else None,
        "days": workday_forms.spans(page.days if page else proposed),
        "version": page.version if page else 0,
        "reason": "",
    }
    return _form(request, desk, year, values, is_proposed=bool(proposed))


@router.post("/{year}/edit")
async def confirm(request: Request, desk: AtDesk, year: int) -> Response:
    """Confirm the table of a year."""
    actor = desk.require_actor()
    platform.require_administrator(actor)
    desk.require_recent()
    form = await request.form()
    version = typed.version(form)
    values: dict[str, Any] = {
        "source": _text(form, "source"),
        "issued_on": _text(form, "issued_on"),
        "reason": _text(form, "reason"),
        "version": version,
        "days": workday_forms.typed(form),
    }
    try:
        days = workday_forms.days(values["days"])
        issued_on = workday_forms.day("issued_on", values["issued_on"]) if values["issued_on"] else None
        await desk.write(
            lambda session: platform.confirm_workdays(
                session,
                actor,
                year=year,
                version=version,
                days=days,
                source=values["source"],
                issued_on=issued_on,
                reason=values["reason"],
                now=desk.now,
            )
        )
    except (Invalid, Conflict) as refusal:
        return _form(request, desk, year, values, refusal=refusal)
    return RedirectResponse(f"/workdays/{year}?done=confirmed", status_code=303)


def _form(
    request: Request,
    desk: Desk,
    year: int,
    values: dict[str, Any],
    *,
    refusal: Invalid | Conflict | None = None,
    is_proposed: bool = False,
) -> HTMLResponse:
    status = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
    return render.page(
        request,
        desk,
        "workdays/edit.html",
        status=status,
        year=year,
        values=values,
        kinds=KINDS,
        errors=refusal.fields if isinstance(refusal, Invalid) else {},
        conflict=refusal.message if isinstance(refusal, Conflict) else "",
        is_proposed=is_proposed,
    )


def _shown(page: YearPage) -> list[tuple[date, date, ExceptionalDay]]:
    days = {one.day: one for one in page.days}
    read = date.fromisoformat
    return [(read(one.day), read(one.until or one.day), days[read(one.day)]) for one in workday_forms.spans(page.days)]


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _may(desk: Desk) -> bool:
    return desk.signed_in is not None and platform.is_administrator(desk.signed_in.actor)
