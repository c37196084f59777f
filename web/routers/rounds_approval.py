"""Handing a notice in, approving it, sending it back, taking it out of the schedule."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Conflict
from marketplace.rounds import keys, rounds
from marketplace.rounds.making import appointments, approval
from marketplace.rounds.making.appointments import Appointed
from marketplace.rounds.rounds import Approval, RoundPage
from marketplace.rounds.words import RoundEvent, RoundState
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import making, notice_form
from web.pages.rounds.making import Draft

router = APIRouter(prefix="/rounds/{round_id}/approval")

Number = Annotated[int, Form(ge=1)]
SHOWN_IN = (RoundState.DRAFT, RoundState.INTERNAL_REVIEW, RoundState.SCHEDULED)
DONE = {
    "handed_in": "已送审，并告诉了审批人和口令保管人。",
    "approved": "您的批准已记下，还需要另一名审批人批准。",
    "scheduled": "公告已经批准，到发布时间自动发布。",
}


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Show what has to be done before the notice can be published, and what the reader may do about it."""
    return await _page(request, desk, round_id)


@router.post("/hand-in")
async def hand_in(
    request: Request, desk: AtDesk, round_id: str, version: Annotated[int, Form(alias="_version", ge=1)]
) -> Response:
    """Fix the draft as the next notice and ask the approvers."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: approval.hand_in(
                session, actor, round_id, version=version, now=desk.now, new_id=desk.new_id
            )
        )
    except Conflict as conflict:
        return await _page(request, desk, round_id, conflict=conflict)
    return RedirectResponse(f"/rounds/{round_id}/approval?done=handed_in", status_code=303)


@router.post("/approve")
async def approve(request: Request, desk: AtDesk, round_id: str, number: Number) -> Response:
    """Approve the notice of that number; the second approval schedules its publication."""
    actor = desk.require_recent()
    try:
        state = await desk.write(
            lambda session: approval.approve(session, actor, round_id, number=number, now=desk.now)
        )
    except Conflict as conflict:
        return await _page(request, desk, round_id, conflict=conflict)
    done = "scheduled" if state is RoundState.SCHEDULED else "approved"
    return RedirectResponse(f"/rounds/{round_id}/approval?done={done}", status_code=303)


@router.post("/back")
async def back(
    request: Request, desk: AtDesk, round_id: str, number: Number, reason: Annotated[str, Form(max_length=1000)] = ""
) -> Response:
    """Send a notice back, take it back, or take an approved one out of the schedule."""
    actor = desk.require_recent()
    try:
        await desk.write(
            lambda session: approval.send_back(
                session, actor, round_id, number=number, reason=reason, now=desk.now, new_id=desk.new_id
            )
        )
    except Conflict as conflict:
        return await _page(request, desk, round_id, conflict=conflict, reason=reason)
    return RedirectResponse(f"/rounds/{round_id}/approval?done=back", status_code=303)


async def _page(
    request: Request, desk: Desk, round_id: str, *, conflict: Conflict | None = None, reason: str = ""
) -> Response:
    actor = desk.require_actor()

    def known(session: Session) -> tuple[RoundPage, Draft | None, Approval, keys.KeyState, list[Appointed]]:
        page = making.inside(session, actor, round_id, now=desk.now)
        return (
            page,
            making.draft(session, actor, round_id, now=desk.now) if page.state is RoundState.DRAFT else None,
            rounds.approval(session, actor, round_id, now=desk.now),
            keys.state(session, actor, round_id),
            appointments.of(session, round_id),
        )

    page, draft, standing, key, people = await desk.read(known)
    if page.state not in SHOWN_IN and conflict is None:
        return RedirectResponse(f"/rounds/{round_id}", status_code=303)
    if {RoundEvent.APPROVE, RoundEvent.UNSCHEDULE} & page.may.keys():
        # Asked before a reason is typed, which would be lost on the way.
        desk.require_recent()
    return _shown(
        request,
        desk,
        page=page,
        draft=draft,
        standing=standing,
        key=key,
        people=people,
        conflict=conflict,
        reason=reason,
    )


def _shown(
    request: Request,
    desk: Desk,
    *,
    page: RoundPage,
    draft: Draft | None,
    standing: Approval,
    key: keys.KeyState,
    people: list[Appointed],
    conflict: Conflict | None,
    reason: str,
) -> HTMLResponse:
    lacks_reason = conflict is not None and conflict.code == "no_reason"
    waiting = [f"还有 {len(draft.text.clashes)} 处由几个人写得不一样，请先选定"] if draft and draft.text.clashes else []
    return render.page(
        request,
        desk,
        "rounds/approval.html",
        status=200 if conflict is None else 422 if lacks_reason else 409,
        page=page,
        draft=draft,
        clashes=waiting,
        approval=standing,
        key=key,
        people=people,
        posts=appointments.NAMES,
        within=approval.WITHIN_WORKDAYS,
        errors={"reason": conflict.message} if conflict is not None and lacks_reason else {},
        conflict=conflict.message if conflict is not None and not lacks_reason else "",
        reason=reason,
        name_of=notice_form.name_of,
        done={**DONE, "back": notice_form.DONE["back"]},
    )
