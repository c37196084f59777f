"""Organisations: enrolled, shown to everybody, amended by their owners, compared with the policies' rules."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for, belongs_to, may_run_lists, owns
from marketplace.accounts.joining import declarations, enrolments, invitations, join_requests, requests
from marketplace.accounts.joining.enrolments import Way
from marketplace.accounts.rules import details
from marketplace.accounts.signing_in import registrations, sessions
from marketplace.accounts.views import OrganisationView
from marketplace.accounts.words import OrganisationKind, Role
from marketplace.dealings import moves as profile_moves
from marketplace.kernel import outbox
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.lists import takedowns
from marketplace.profiles import moves, profiles
from web.dependencies import AtDesk, Desk, cookie_name
from web.pages import people, render

router = APIRouter(prefix="/organisations")

SIDES: Final = {"enterprise": Role.ENTERPRISE, "opc": Role.OPC}


@dataclass(frozen=True, slots=True)
class Typed:
    """An organisation's form as it was typed."""

    name: str = ""
    uscc: str = ""
    kind: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    side: str = "opc"

    @property
    def region(self) -> str:
        """The region path of the three fields."""
        return people.path(self.province, self.city, self.district)

    @property
    def carried(self) -> dict[str, str]:
        """What a claim of the same organisation takes over."""
        names = ("uscc", "kind", "province", "city", "district", "side")
        return {name: getattr(self, name) for name in names}


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List what one may act for, what one asked for, and who invites."""
    actor = desk.require_actor()

    def known(session: Session) -> dict[str, Any]:
        return {
            "asked": requests.of_account(session, actor),
            "invited": invitations.for_address(session, actor, now=desk.now),
            "is_confirmed": registrations.is_confirmed(session, actor.account_id),
            "sends": outbox.sends_mail(session),
        }

    return render.page(request, desk, "organisations/index.html", **_words(), **await desk.read(known))


@router.get("/new")
async def new(request: Request, desk: AtDesk, side: str = "opc", kind: str = "") -> HTMLResponse:
    """Show the form that enrols an organisation, or a person without one."""
    desk.require_actor()
    return _new(request, desk, Typed(kind=kind, side=side if side in SIDES else "opc"), {})


@router.post("")
async def enrol(
    request: Request,
    desk: AtDesk,
    *,
    name: Annotated[str, Form()] = "",
    uscc: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    province: Annotated[str, Form()] = "",
    city: Annotated[str, Form()] = "",
    district: Annotated[str, Form()] = "",
    side: Annotated[str, Form()] = "opc",
) -> Response:
    """Enrol an organisation and act for it; one that is known already leads to its claim or its owners."""
    actor = desk.require_actor()
    typed = Typed(name, uscc, kind, province, city, district, side if side in SIDES else "opc")
    try:
        sound = details.require_sound(name, uscc, kind, typed.region)
    except Invalid as refusal:
        return _new(request, desk, typed, people.faults(refusal), status=422)
    made = await desk.write(
        lambda session: enrolments.enrol(
            session, actor, sound, role=SIDES[typed.side], now=desk.now, new_id=desk.new_id
        )
    )
    if made.way is Way.CLAIM:
        carried = urlencode({"organisation": made.organisation_id, "found": "1", **typed.carried})
        return RedirectResponse(f"/claims/new?{carried}", status_code=303)
    if made.way is Way.CREATED:
        token = request.cookies.get(cookie_name(desk.settings), "")
        await desk.write(lambda session: sessions.take_seat(session, token, made.organisation_id, now=desk.now))
    done = {Way.CREATED: "created", Way.OWN: "own", Way.ASK: "known"}[made.way]
    return RedirectResponse(f"/organisations/{made.organisation_id}?done={done}", status_code=303)


@router.get("/{organisation_id}")
async def show(request: Request, desk: AtDesk, organisation_id: str) -> HTMLResponse:
    """Show an organisation to anybody, and to its members what waits for them."""
    actor = None if desk.signed_in is None else desk.signed_in.actor

    def known(session: Session) -> dict[str, Any]:
        organisation = organisations.get(session, organisation_id)
        profile_id = profiles.find(session, organisation_id)
        page = profiles.get(session, profile_id) if profile_id else None
        return {
            "organisation": organisation,
            "lines": takedowns.lines_about(session, organisation_id),
            "moved": moves.away(session, organisation_id),
            "may_take": actor is not None and profile_moves.may_take(session, actor, organisation),
            "profile": page if page is not None and page.card.headline else None,
            **_for_members(session, actor, organisation),
        }

    return render.page(request, desk, "organisations/show.html", **_words(), **await desk.read(known))


@router.get("/{organisation_id}/edit")
async def edit(request: Request, desk: AtDesk, organisation_id: str) -> Response:
    """Show an owner the form that amends its organisation."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: organisations.get(session, organisation_id))
    if not owns(actor, organisation_id):
        return RedirectResponse(f"/organisations/{organisation_id}", status_code=303)
    typed = Typed(found.name, found.uscc or "", found.kind, **people.steps(found.region))
    sides = [side for side, is_open in (("needs", found.posts_needs), ("work", found.offers_work)) if is_open]
    return _edit(request, desk, found, typed, sides=sides, errors={})


@router.post("/{organisation_id}/edit")
async def amend(
    request: Request,
    desk: AtDesk,
    *,
    organisation_id: str,
    version: Annotated[int, Form(alias="_version")] = 0,
    name: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    province: Annotated[str, Form()] = "",
    city: Annotated[str, Form()] = "",
    district: Annotated[str, Form()] = "",
    sides: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Change an organisation's details; a conflict shows what another owner wrote beside what was typed."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: organisations.get(session, organisation_id))
    enrolments.require_may_amend(actor, organisation_id)
    typed = Typed(name, found.uscc or "", kind, province, city, district)
    taken = sides or []
    try:
        sound = details.require_sound(name, found.uscc or "", kind, typed.region)
        await desk.write(
            lambda session: enrolments.amend(
                session,
                actor,
                organisation_id,
                sound,
                posts_needs="needs" in taken,
                offers_work="work" in taken,
                version=version,
                now=desk.now,
            )
        )
    except Invalid as refusal:
        return _edit(request, desk, found, typed, sides=taken, errors=people.faults(refusal), status=422)
    except Conflict as conflict:
        return _edit(request, desk, found, typed, sides=taken, errors={}, conflict=conflict.message, status=409)
    return RedirectResponse(f"/organisations/{organisation_id}?done=amended", status_code=303)


@router.get("/{organisation_id}/status")
async def status(request: Request, desk: AtDesk, organisation_id: str) -> HTMLResponse:
    """Compare an organisation with each region's rules of who counts as an OPC."""
    return await _status(request, desk, organisation_id, errors={}, typed={})


@router.post("/{organisation_id}/status")
async def declare(request: Request, desk: AtDesk, organisation_id: str) -> Response:
    """Keep what an organisation declares of itself."""
    actor = desk.require_actor()
    form = await request.form()
    typed = {key: str(value) for key, value in form.items() if key != "csrf_token"}
    try:
        await desk.write(
            lambda session: declarations.declare(
                session, actor, organisation_id, typed, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        return await _status(request, desk, organisation_id, errors=dict(refusal.fields), typed=typed, code=422)
    return RedirectResponse(f"/organisations/{organisation_id}/status?done=declared", status_code=303)


@router.post("/{organisation_id}/sides/{side}")
async def open_side(desk: AtDesk, organisation_id: str, side: str) -> RedirectResponse:
    """Let one's organisation post needs, or offer its work, and go on to the desk where that is done."""
    actor = desk.require_actor()
    if side not in SIDES:
        raise NotFound("没有这个页面。")
    await desk.write(lambda session: enrolments.open_side(session, actor, organisation_id, SIDES[side], now=desk.now))
    return RedirectResponse({"enterprise": "/needs/new", "opc": "/profile"}[side], status_code=303)


@router.post("/{organisation_id}/join")
async def ask_to_join(desk: AtDesk, organisation_id: str) -> RedirectResponse:
    """Ask the owners for an invitation."""
    actor = desk.require_actor()
    await desk.write(
        lambda session: join_requests.ask(session, actor, organisation_id, now=desk.now, new_id=desk.new_id)
    )
    return RedirectResponse(f"/organisations/{organisation_id}?done=asked", status_code=303)


def _words() -> dict[str, Any]:
    return {"kind_names": people.KINDS, "states": people.STATES, "request_names": people.REQUESTS}


def _for_members(session: Session, actor: Actor | None, organisation: OrganisationView) -> dict[str, Any]:
    belongs = actor is not None and belongs_to(actor, organisation.id)
    return {
        "belongs": belongs,
        "owns": actor is not None and owns(actor, organisation.id),
        "writes": actor is not None and acts_for(actor, organisation.id),
        "asked": requests.of_organisation(session, actor, organisation.id) if actor is not None else None,
        "joining": join_requests.of_organisation(session, actor, organisation.id) if actor is not None else [],
        "findings": declarations.compared(session, organisation) if belongs and organisation.offers_work else [],
        "answers": people.ANSWERS,
    }


async def _status(
    request: Request,
    desk: Desk,
    organisation_id: str,
    *,
    errors: dict[str, str],
    typed: dict[str, str],
    code: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()

    def known(session: Session) -> dict[str, Any]:
        organisation = organisations.get(session, organisation_id)
        sees = belongs_to(actor, organisation_id) or may_run_lists(actor, region=organisation.region)
        return {
            "organisation": organisation,
            "findings": declarations.compared(session, organisation) if sees else [],
            "asked": declarations.asked(session) if sees else [],
            "held": declarations.of_organisation(session, organisation_id) if sees else {},
            "sees": sees,
        }

    return render.page(
        request,
        desk,
        "organisations/status.html",
        status=code,
        errors=errors,
        typed=typed,
        may_declare=acts_for(actor, organisation_id),
        answers=people.ANSWERS,
        **await desk.read(known),
    )


def _new(request: Request, desk: Desk, typed: Typed, errors: dict[str, str], *, status: int = 200) -> HTMLResponse:
    is_person = typed.kind == OrganisationKind.NATURAL_PERSON
    return render.page(
        request,
        desk,
        "organisations/new.html",
        status=status,
        typed=typed,
        errors=errors,
        is_person=is_person,
        provinces=people.PROVINCES,
        **_words(),
    )


def _edit(
    request: Request,
    desk: Desk,
    found: OrganisationView,
    typed: Typed,
    *,
    sides: list[str],
    errors: dict[str, str],
    conflict: str = "",
    status: int = 200,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "organisations/edit.html",
        status=status,
        organisation=found,
        typed=typed,
        sides=sides,
        errors=errors,
        conflict=conflict,
        is_person=found.kind is OrganisationKind.NATURAL_PERSON,
        provinces=people.PROVINCES,
        **_words(),
    )
