"""Teams (联合体): those one is in, inviting, answering, who does what."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from marketplace.accounts.actors import Actor
from marketplace.dealings import dealings, openings
from marketplace.dealings.rules import places
from marketplace.dealings.teams import teams
from marketplace.dealings.teams.views import TeamCard, TeamPage
from marketplace.dealings.views import DealingCard
from marketplace.dealings.words import Place
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.profiles import profiles
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.dealings import words as dealing_words
from web.pages.matches import partners

router = APIRouter(prefix="/teams")

ANSWERS: Final = {"join": Place.JOINED, "decline": Place.DECLINED, "leave": Place.LEFT, "remove": Place.REMOVED}
NO_SUPPLIER: Final = "没有找到这家 OPC，请填写它的全称，或粘贴它主页的网址。"
PREFIX: Final = "work-"
_LONG: Final = places.MAX_WORK


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show the teams of the organisation one acts for."""
    actor = desk.require_actor()
    mine, may_found = await desk.read(lambda session: (teams.of_actor(session, actor), teams.may_found(session, actor)))
    return render.page(request, desk, "teams/index.html", teams=mine, may_found=may_found, words=dealing_words)


@router.get("/invite")
async def choose(request: Request, desk: AtDesk, profile: Annotated[str, Query(max_length=32)] = "") -> HTMLResponse:
    """Choose into which of one's teams a supplier is to be invited."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[str, tuple[TeamCard, ...]]:
        name = profiles.get(session, profile).card.name
        mine = teams.of_actor(session, actor)
        return name, tuple(team for team in mine if team.place is Place.LEAD and team.dissolved_at is None)

    name, led = await desk.read(read)
    may_found = await desk.read(lambda session: teams.may_found(session, actor))
    return render.page(
        request, desk, "teams/invite.html", name=name, profile_id=profile, teams=led, may_found=may_found
    )


@router.get("/{team_id}")
async def show(request: Request, desk: AtDesk, team_id: str) -> HTMLResponse:
    """Show one team to those in it."""
    return await _page(request, desk, team_id)


@router.post("/{team_id}/invite")
async def invite(request: Request, desk: AtDesk, team_id: str) -> Response:
    """Invite a supplier, by its page or its name."""
    actor = desk.require_actor()
    form = await request.form()

    def work(session: Session) -> None:
        profile_id = openings.find_supplier(session, _text(form, "supplier"))
        if profile_id is None:
            raise Invalid(NO_SUPPLIER, code="supplier_missing", fields={"supplier": NO_SUPPLIER})
        teams.invite(
            session,
            actor,
            team_id,
            profile_id=profile_id,
            work=_text(form, "work"),
            now=desk.now,
            new_id=desk.new_id,
        )

    try:
        await desk.write(work)
    except Invalid as refusal:
        filled = {name: _text(form, name) for name in ("supplier", "work")}
        return await _page(request, desk, team_id, filled=filled, errors=refusal.fields, status=422)
    return RedirectResponse(f"/teams/{team_id}?done=invited", status_code=303)


@router.post("/{team_id}/works")
async def assign(request: Request, desk: AtDesk, team_id: str) -> Response:
    """Say who does what."""
    actor = desk.require_actor()
    form = await request.form()
    works = {key.removeprefix(PREFIX): _text(form, key) for key in form if key.startswith(PREFIX)}
    version = typed.version(form)
    try:
        await desk.write(
            lambda session: teams.assign(session, actor, team_id, works=works, version=version, now=desk.now)
        )
    except Invalid as refusal:
        wrong = {f"{PREFIX}{key}": refusal.fields["work"] for key, said in works.items() if len(said) > _LONG}
        filled = {f"{PREFIX}{key}": said for key, said in works.items()}
        return await _page(request, desk, team_id, filled=filled, errors=wrong, status=422)
    return RedirectResponse(f"/teams/{team_id}?done=assigned", status_code=303)


@router.get("/{team_id}/dissolve")
async def confirm_end(request: Request, desk: AtDesk, team_id: str) -> HTMLResponse:
    """Ask before a team is dissolved."""
    actor = desk.require_actor()
    team = await desk.read(lambda session: teams.get(session, actor, team_id))
    if not team.may_lead:
        raise NotAllowed("只有牵头单位可以解散联合体。", code="not_the_lead")
    return render.page(request, desk, "teams/dissolve.html", team=team)


@router.post("/{team_id}/dissolve")
async def dissolve(desk: AtDesk, team_id: str) -> RedirectResponse:
    """Dissolve a team."""
    actor = desk.require_actor()
    await desk.write(lambda session: teams.dissolve(session, actor, team_id, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(f"/teams/{team_id}?done=dissolved", status_code=303)


@router.post("/{team_id}/{answer}")
async def change_place(
    desk: AtDesk, team_id: str, answer: str, profile: Annotated[str, Form(max_length=32)] = ""
) -> RedirectResponse:
    """Join, decline, leave, or be removed."""
    actor = desk.require_actor()
    if answer not in ANSWERS:
        raise NotFound("没有这种办理方式。", code="answer_missing")
    await desk.write(
        lambda session: teams.change_place(
            session, actor, team_id, profile_id=profile, to=ANSWERS[answer], now=desk.now, new_id=desk.new_id
        )
    )
    there = "/teams?done=" if answer in {"decline", "leave"} else f"/teams/{team_id}?done="
    return RedirectResponse(f"{there}{answer}", status_code=303)


async def _page(
    request: Request,
    desk: Desk,
    team_id: str,
    *,
    filled: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    actor: Actor = desk.require_actor()

    def read(session: Session) -> tuple[TeamPage, list[DealingCard]]:
        return teams.get(session, actor, team_id), dealings.of_team(session, actor, team_id, now=desk.now)

    team, joined = await desk.read(read)
    shares = await partners.of_team(desk, team)
    return render.page(
        request,
        desk,
        "teams/show.html",
        status=status,
        team=team,
        dealings=joined,
        shares=shares,
        words=dealing_words,
        filled=filled or {},
        errors=errors or {},
    )


def _text(form: FormData, name: str) -> str:
    given = form.get(name)
    return given if isinstance(given, str) else ""
