"""An expert's rounds, and its place in one: declaring on names, declining, its sheets, leaving."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, Refusal
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import members, offices, recusals
from marketplace.rounds.reviewing import places
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.review import desk_pages, forms, words

router = APIRouter(prefix="/review")

Text = Annotated[str, Form(max_length=20_000)]


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the rounds that one is asked to judge, or judged."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: places.of_account(session, actor))
    return render.page(request, desk, "review/index.html", groups=words.groups(found), words=words)


@router.get("/{round_id}")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show one's place in a round: what is asked before declaring, the sheets afterwards, why there is nothing more."""
    return await desk_pages.place(request, desk, desk.require_actor(), round_id)


@router.post("/{round_id}/declare")
async def declare(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Declare on the names of the bids, each answered for."""
    actor, form = desk.require_actor(), await request.form()
    filled = forms.typed(form)

    def work(session: Session) -> MemberState:
        return members.declare(
            session,
            actor,
            round_id,
            forms.answers(filled),
            agrees=filled.get("agrees") == "yes",
            now=desk.now,
            new_id=desk.new_id,
        )

    try:
        state = await desk.write(work)
    except (Invalid, Conflict) as refusal:
        return await desk_pages.place(request, desk, actor, round_id, filled=filled, refusal=refusal)
    done = {MemberState.ACCEPTED: "?done=accepted", MemberState.DECLARED: "?done=declared"}.get(state, "")
    return RedirectResponse(f"/review/{round_id}{done}", status_code=303)


@router.post("/{round_id}/decline")
async def decline(request: Request, desk: AtDesk, round_id: str, reason: Text = "") -> Response:
    """Answer that one does not take part, with a reason."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: members.decline(session, actor, round_id, reason=reason, now=desk.now, new_id=desk.new_id)
        )
    except (Invalid, Conflict) as refusal:
        return await desk_pages.place(request, desk, actor, round_id, filled={"reason": reason}, refusal=refusal)
    return RedirectResponse(f"/review/{round_id}?done=declined", status_code=303)


@router.get("/{round_id}/leave")
async def ask_to_leave(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Say what falls when one leaves the panel."""
    return await _leaving(request, desk, desk.require_actor(), round_id)


@router.post("/{round_id}/leave")
async def leave(request: Request, desk: AtDesk, round_id: str, reason: Text = "") -> Response:
    """Leave the panel because of a conflict."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: recusals.leave(session, actor, round_id, reason=reason, now=desk.now, new_id=desk.new_id)
        )
    except (Invalid, Conflict) as refusal:
        return await _leaving(request, desk, actor, round_id, filled={"reason": reason}, refusal=refusal)
    return RedirectResponse(f"/review/{round_id}?done=left", status_code=303)


async def _leaving(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    *,
    filled: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    place = await desk.read(lambda session: places.of_round(session, actor, round_id))
    return render.page(
        request,
        desk,
        "review/leave.html",
        status=desk_pages.status_of(refusal),
        place=place,
        is_judging=place.state in desk_pages.JUDGING,
        is_out=place.state in desk_pages.OUT,
        filled=dict(filled or {}),
        errors=desk_pages.errors(refusal),
        refusal=desk_pages.said(refusal),
        max_reason=offices.MAX_REASON,
    )
