"""Founding a team (联合体): for which need, with whom, who answers what; those who are ticked are asked at once."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from marketplace.dealings.rules import places
from marketplace.dealings.teams import teams
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.lists import items
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.matches import partners, together
from web.pages.matches.partners import Gap, Proposal
from web.pages.matches.teaming import Reader
from web.pages.matches.together import Together

router = APIRouter(prefix="/teams")

ASKED: Final = "ask-"
WORK: Final = "work-"
TEAMS_SHOWN: Final = 2
Ids = Annotated[tuple[Annotated[str, Query(max_length=32)], ...], Query(alias="with", max_length=partners.MOST_ASKED)]


@router.get("/new")
async def begin(
    request: Request, desk: AtDesk, item: Annotated[str, Query(max_length=32)] = "", partner: Ids = ()
) -> HTMLResponse:
    """Show the form that founds a team, to those who may found one, with the partners that were chosen."""
    actor = desk.require_actor()
    await desk.read(lambda session: teams.require_may_found(session, actor))
    return await _page(request, desk, item, partner)


@router.post("/new")
async def found(request: Request, desk: AtDesk) -> Response:
    """Found a team and ask those into it who are ticked: all of it or nothing."""
    actor = desk.require_actor()
    form = await request.form()
    item, offered = _text(form, "item"), [one for one in form.getlist("with") if isinstance(one, str)]
    filled = {key: _text(form, key) for key in form}
    asked = [key.removeprefix(ASKED) for key in filled if key.startswith(ASKED)]
    works = {one: filled.get(f"{WORK}{one}", "") for one in asked}

    def work(session: Session) -> str:
        _require_short(works)
        team_id = teams.found(
            session,
            actor,
            name=filled.get("name", ""),
            purpose=filled.get("purpose", ""),
            work=filled.get("work", ""),
            item_id=item or None,
            now=desk.now,
            new_id=desk.new_id,
        )
        for one in asked:
            teams.invite(session, actor, team_id, profile_id=one, work=works[one], now=desk.now, new_id=desk.new_id)
        return team_id

    try:
        team_id = await desk.write(work)
    except Invalid as refusal:
        return await _page(request, desk, item, offered, filled=filled, errors=refusal.fields, status=422)
    except Conflict as refusal:
        if refusal.code != "team_full":
            raise
        wrong = {f"{ASKED}{asked[0]}": f"{refusal.message}请少选几家。"}
        return await _page(request, desk, item, offered, filled=filled, errors=wrong, status=422)
    return RedirectResponse(f"/teams/{team_id}?done={'asked' if asked else 'founded'}", status_code=303)


def _require_short(works: dict[str, str]) -> None:
    told = f"分工最多 {places.MAX_WORK} 个字，请缩短。"
    if wrong := {f"{WORK}{one}": told for one, said in works.items() if len(said) > places.MAX_WORK}:
        raise Invalid("还有内容需要改正。", code="team_incomplete", fields=wrong)


async def _page(
    request: Request,
    desk: Desk,
    item: str,
    offered: list[str] | tuple[str, ...],
    *,
    filled: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    card = (await desk.read(lambda session: items.get(session, item))).card if item else None
    pair = await partners.pair(desk, item) if card else None
    proposal: Proposal | None = None
    gaps: tuple[Gap, ...] | None = None
    found: tuple[Together, ...] = ()
    if pair is not None:
        proposal = await partners.proposed(desk, pair, offered) if offered else None
        if proposal is None:
            found = (await together.including(desk, pair.record, pair.own))[:TEAMS_SHOWN]
            # Where whole teams are there, a partner for each gap by itself would say the same twice.
            gaps = None if found else await partners.suggested(desk, pair)
    return render.page(
        request,
        desk,
        "teams/new.html",
        status=status,
        item=card,
        reader=Reader(item, pair.own, may_found=True) if pair else None,
        found=found,
        gaps=gaps,
        proposal=proposal,
        filled=filled,
        errors=errors or {},
    )


def _text(form: FormData, name: str) -> str:
    given = form.get(name)
    return given if isinstance(given, str) else ""
