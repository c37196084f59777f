"""The decision of two: the ranking with the form, what would follow, the decision itself."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, Refusal
from marketplace.rounds.deciding import decisions, previews
from marketplace.rounds.deciding.decisions import Deciding
from marketplace.rounds.deciding.previews import Preview
from marketplace.rounds.rules import deciding as rules
from marketplace.rounds.words import RoundState
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import decision_form, outcome_words

router = APIRouter(prefix="/rounds/{round_id}/decision")

DONE: Final = {
    "decided": "您的决定已记下。另一名决定人作出同样的决定后，结果立即公示。",
    "failed": "两名决定人都按流榜决定，活动以流榜结束，各申报单位已收到通知。",
}
NOBODY: Final = "nobody"


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the ranking with what was decided, and to deciders the form."""
    return await _page(request, desk, desk.require_actor(), round_id)


@router.post("/check")
async def check(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Say what the decision would bring about; nothing is kept yet."""
    actor, form = desk.require_recent(), await _form(request)
    page = await desk.read(lambda session: decisions.get(session, actor, round_id))
    try:
        preview = await desk.read(lambda session: _preview(session, desk, actor, page, form))
    except (Conflict, Invalid) as refusal:
        return await _page(request, desk, actor, round_id, form=form, refusal=refusal)
    is_nobody = form.get("kind") == NOBODY
    return render.page(
        request,
        desk,
        "rounds/decision_confirm.html",
        page=preview.page,
        preview=preview,
        picks={} if is_nobody else decision_form.read(form, page),
        form=form,
        is_nobody=is_nobody,
        words=outcome_words,
    )


@router.post("")
async def decide(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Decide; with the second alike the result is public, or the round has failed."""
    actor, form = desk.require_recent(), await _form(request)
    page = await desk.read(lambda session: decisions.get(session, actor, round_id))
    try:
        state = await desk.write(lambda session: _decide(session, desk, actor, page, form))
    except (Conflict, Invalid) as refusal:
        return await _page(request, desk, actor, round_id, form=form, refusal=refusal)
    if state is RoundState.PUBLICITY:
        return RedirectResponse(f"/rounds/{round_id}/result?done=published", status_code=303)
    done = "failed" if state is RoundState.FAILED else "decided"
    return RedirectResponse(f"/rounds/{round_id}/decision?done={done}", status_code=303)


def _preview(session: Session, desk: Desk, actor: Actor, page: Deciding, form: Mapping[str, str]) -> Preview:
    if form.get("kind") == NOBODY:
        return previews.of_nobody(session, actor, page.round_id, note=form.get(NOBODY, ""), now=desk.now)
    return previews.of_picks(
        session,
        actor,
        page.round_id,
        decision_form.read(form, page),
        note=form.get("note", ""),
        scores_digest=form.get("scores", ""),
        now=desk.now,
    )


def _decide(session: Session, desk: Desk, actor: Actor, page: Deciding, form: Mapping[str, str]) -> RoundState:
    if form.get("kind") == NOBODY:
        return decisions.decide_on_nobody(
            session, actor, page.round_id, note=form.get(NOBODY, ""), now=desk.now, new_id=desk.new_id
        )
    return decisions.decide(
        session,
        actor,
        page.round_id,
        decision_form.read(form, page),
        note=form.get("note", ""),
        scores_digest=form.get("scores", ""),
        now=desk.now,
        new_id=desk.new_id,
    )


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


async def _page(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    *,
    form: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    page = await desk.read(lambda session: decisions.get(session, actor, round_id))
    if page.may_decide:
        # Asked before anything is typed, which would be lost on the way.
        desk.require_recent()
    given = {**decision_form.beginning(page), **(form or {})}
    errors = decision_form.named(refusal.fields, page) if isinstance(refusal, Invalid) else {}
    return render.page(
        request,
        desk,
        "rounds/decision.html",
        status=200 if refusal is None else 422 if errors else 409,
        page=page,
        given=given,
        errors=errors,
        conflict=refusal.message if refusal is not None and not errors else "",
        departing=decision_form.departing(page, given),
        differences=decision_form.differences(page),
        own=next((one for one in page.made if one.is_own), None),
        limits=rules,
        max_note=decisions.MAX_NOTE,
        words=outcome_words,
        done=DONE,
    )
