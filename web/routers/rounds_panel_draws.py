"""Who comes into a panel: the candidates, fixing the list of a draw, drawing with two people, the record, naming by hand."""

import json
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.experts.rules import drawing
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds.panels import draws, inviting
from marketplace.rounds.reviewing import boards
from web.dependencies import AtDesk
from web.pages.rounds import panels

router = APIRouter(prefix="/rounds/{round_id}/panel")

Short = Annotated[str, Form(max_length=32)]
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/candidates")
async def candidates(request: Request, desk: AtDesk, round_id: str, track: str = "t1") -> HTMLResponse:
    """Show who may be drawn for a track, and who is left out."""
    return await panels.choosing(request, desk, round_id, track[:8])


@router.post("/draws")
async def fix(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Fix the list of a draw, and commit to a seed."""
    actor, form = desk.require_actor(), await request.form()
    filled = {name: value for name, value in form.items() if isinstance(value, str)}
    track = filled.get("track", "")[:8]

    def work(session: Session) -> str:
        return draws.fix(
            session,
            actor,
            round_id,
            track,
            panels.wanted(filled),
            seed=secrets.token_bytes(drawing.SEED_BYTES),
            now=desk.now,
            new_id=desk.new_id,
        )

    try:
        draw_id = await desk.write(work)
    except (Invalid, Conflict) as refusal:
        return await panels.choosing(request, desk, round_id, track, panels.refused(refusal, filled))
    return RedirectResponse(f"/rounds/{round_id}/panel/draws/{draw_id}?done=fixed", status_code=303)


@router.post("/experts")
async def name(
    request: Request, desk: AtDesk, round_id: str, *, track: Short = "", expert: Short = "", reason: Text = ""
) -> Response:
    """Name an expert by hand, with a reason."""
    actor = desk.require_actor()
    filled = {"expert": expert, "reason": reason}

    def work(session: Session) -> str:
        return inviting.name(session, actor, round_id, track, expert, reason=reason, now=desk.now, new_id=desk.new_id)

    try:
        member_id = await desk.write(work)
    except (Invalid, Conflict) as refusal:
        return await panels.choosing(request, desk, round_id, track, panels.refused(refusal, filled))
    return RedirectResponse(f"/rounds/{round_id}/panel/members/{member_id}?done=named", status_code=303)


@router.get("/draws/{draw_id}.json")
async def record(desk: AtDesk, round_id: str, draw_id: str) -> Response:
    """Give the record of a draw, from which anybody replays it."""
    actor = desk.require_actor()

    def read(session: Session) -> str:
        boards.get(session, actor, round_id)
        found = draws.as_record(draws.get(session, round_id, draw_id), round_id)
        return json.dumps(found, ensure_ascii=False, indent=1)

    headers = {
        "Content-Disposition": f'attachment; filename="draw-{draw_id}.json"',
        "Cache-Control": "no-store",
    }
    return Response((await desk.study(read)).encode(), media_type="application/json", headers=headers)


@router.get("/draws/{draw_id}")
async def show(request: Request, desk: AtDesk, round_id: str, draw_id: str) -> HTMLResponse:
    """Show the record of a draw, replayed now."""
    return await panels.draw(request, desk, round_id, draw_id)


@router.post("/draws/{draw_id}/draw")
async def make(request: Request, desk: AtDesk, round_id: str, draw_id: str, words: Text = "") -> Response:
    """Draw, with words that are given on the spot; another person than who fixed the list."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        draws.draw(session, actor, round_id, draw_id, words=words, now=desk.now, new_id=desk.new_id)

    try:
        await desk.write(work)
    except (Invalid, Conflict) as refusal:
        shown = panels.refused(refusal, {"words": words})
        return await panels.draw(request, desk, round_id, draw_id, shown)
    return RedirectResponse(f"/rounds/{round_id}/panel/draws/{draw_id}?done=drawn", status_code=303)


@router.post("/draws/{draw_id}/drop")
async def drop(request: Request, desk: AtDesk, round_id: str, draw_id: str, reason: Text = "") -> Response:
    """Drop a list that was not drawn from, with a reason."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        draws.drop(session, actor, round_id, draw_id, reason=reason, now=desk.now)

    try:
        await desk.write(work)
    except (Invalid, Conflict) as refusal:
        shown = panels.refused(refusal, {"reason": reason}, at="-drop")
        return await panels.draw(request, desk, round_id, draw_id, shown)
    return RedirectResponse(f"/rounds/{round_id}/panel/draws/{draw_id}?done=dropped", status_code=303)
