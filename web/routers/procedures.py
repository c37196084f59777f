"""Procedure types: read by everybody, changed in versions and copied by administrators."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import platform
from marketplace.kernel import workdays
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import procedures
from marketplace.rounds.rules.limits import LIMITS
from marketplace.rounds.rules.procedures import UNITS
from marketplace.rounds.rules.timetable import Step, as_far_as_known
from marketplace.rounds.views import ProcedureView
from web.dependencies import AtDesk, Desk
from web.pages import procedure_forms, render, typed

router = APIRouter(prefix="/procedures")

SPARE_ROWS: Final = 3
"""So many empty rows for criteria stand below those that are filled."""
LIMIT_NAMES: Final = {name: said for name, (said, _, _) in LIMITS.items()}


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the procedure types."""
    found = await desk.read(procedures.listed)
    return render.page(request, desk, "procedures/index.html", found=found, units=UNITS)


@router.get("/{key}")
async def show(request: Request, desk: AtDesk, key: str) -> HTMLResponse:
    """Show a procedure type as it stands, with the timetable of a round that were published now."""

    def known(session: Session) -> tuple[ProcedureView, list[ProcedureView], tuple[Step, ...], str]:
        view = procedures.get(session, key)
        steps, lacking = as_far_as_known(view.procedure.stages, desk.now, workdays.calendar(session))
        return view, procedures.history(session, key), steps, lacking

    view, history, steps, lacking = await desk.read(known)
    return _shown(request, desk, view, history=history, steps=steps, lacking=lacking)


@router.get("/{key}/versions/{number}")
async def version(request: Request, desk: AtDesk, key: str, number: int) -> HTMLResponse:
    """Show what a version of a procedure type said."""

    def known(session: Session) -> tuple[ProcedureView, list[ProcedureView]]:
        return procedures.get(session, key, number=number), procedures.history(session, key)

    view, history = await desk.read(known)
    return _shown(request, desk, view, history=history, steps=(), lacking="")


@router.get("/{key}/edit")
async def edit(request: Request, desk: AtDesk, key: str) -> HTMLResponse:
    """Show the form of a procedure type."""
    _administrator(desk)
    view = await desk.read(lambda session: procedures.get(session, key))
    return _form(request, desk, view, {**procedure_forms.said(view.procedure), "reason": ""}, number=view.number)


@router.post("/{key}/edit")
async def change(request: Request, desk: AtDesk, key: str) -> Response:
    """Write the next version of a procedure type."""
    actor = _administrator(desk)
    form = await request.form()
    number = typed.version(form)
    values = procedure_forms.typed(form)
    view = await desk.read(lambda session: procedures.get(session, key))
    wanted = procedure_forms.procedure(values, view.procedure)
    reason = values.get("reason", "")
    try:
        await desk.write(
            lambda session: procedures.change(session, actor, wanted, version=number, reason=reason, now=desk.now)
        )
    except (Invalid, Conflict) as refusal:
        return _form(request, desk, view, values, number=number, refusal=refusal)
    return RedirectResponse(f"/procedures/{key}?done=changed", status_code=303)


@router.get("/{key}/copy")
async def ask_copy(request: Request, desk: AtDesk, key: str) -> HTMLResponse:
    """Ask how a copy is to be called."""
    _administrator(desk)
    view = await desk.read(lambda session: procedures.get(session, key))
    return render.page(request, desk, "procedures/copy.html", view=view, title="", errors={})


@router.post("/{key}/copy")
async def copy(request: Request, desk: AtDesk, key: str, title: Annotated[str, Form()] = "") -> Response:
    """Make a procedure type that says what another says."""
    actor = _administrator(desk)
    view = await desk.read(lambda session: procedures.get(session, key))
    try:
        made = await desk.write(
            lambda session: procedures.copy(session, actor, key, title=title, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as refusal:
        errors = dict(refusal.fields)
        return render.page(request, desk, "procedures/copy.html", status=422, view=view, title=title, errors=errors)
    return RedirectResponse(f"/procedures/{made.procedure.key}?done=copied", status_code=303)


def _administrator(desk: Desk) -> Actor:
    actor = desk.require_actor()
    platform.require_administrator(actor)
    return desk.require_recent()


def _shown(
    request: Request,
    desk: Desk,
    view: ProcedureView,
    *,
    history: list[ProcedureView],
    steps: tuple[Step, ...],
    lacking: str,
) -> HTMLResponse:
    may_change = desk.signed_in is not None and platform.is_administrator(desk.signed_in.actor)
    return render.page(
        request,
        desk,
        "procedures/show.html",
        view=view,
        history=history,
        steps=steps,
        lacking=lacking,
        units=UNITS,
        limits=LIMIT_NAMES,
        rows=procedure_forms,
        may_change=may_change,
    )


def _form(
    request: Request,
    desk: Desk,
    view: ProcedureView,
    values: dict[str, str],
    *,
    number: int,
    refusal: Invalid | Conflict | None = None,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "procedures/edit.html",
        status=200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422,
        view=view,
        values=values,
        number=number,
        units=UNITS,
        limits=LIMIT_NAMES,
        rows=procedure_forms,
        shown_criteria=max(procedure_forms.criterion_rows(values), default=0) + SPARE_ROWS,
        errors=procedure_forms.errors(refusal.fields, values) if isinstance(refusal, Invalid) else {},
        conflict=refusal.message if isinstance(refusal, Conflict) else "",
    )
