"""Stopping a round: suspending and resuming, ending it before time, failing it for want of bids."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, Refusal
from marketplace.rounds import rounds
from marketplace.rounds.making import stopping
from marketplace.rounds.rounds import Approval, RoundPage
from marketplace.rounds.words import RoundState
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import making

router = APIRouter(prefix="/rounds/{round_id}/stop")

Act = Literal["suspend", "resume", "cancel", "fail"]
DONE: Final = {"cancel_asked": "您的同意已记下，还需要另一名审批人同意，活动才终止。"}


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show what the reader may do to stop the round, with what happens to bids."""
    return await _page(request, desk, round_id)


@router.post("/{act}")
async def stop(
    request: Request, desk: AtDesk, round_id: str, act: Act, reason: Annotated[str, Form()] = ""
) -> Response:
    """Suspend, resume, cancel or fail a round."""
    actor = desk.require_recent()
    try:
        state = await desk.write(lambda session: _VERBS[act](session, actor, desk, round_id, reason))
    except (Conflict, Invalid) as refusal:
        return await _page(request, desk, round_id, refusal=refusal, at=act, reason=reason)
    if act == "cancel" and state is not RoundState.CANCELLED:
        return RedirectResponse(f"/rounds/{round_id}/stop?done=cancel_asked#cancel", status_code=303)
    return RedirectResponse(f"/rounds/{round_id}?done={act}", status_code=303)


def _suspend(session: Session, actor: Actor, desk: Desk, round_id: str, reason: str) -> None:
    stopping.suspend(session, actor, round_id, reason=reason, now=desk.now, new_id=desk.new_id)


def _resume(session: Session, actor: Actor, desk: Desk, round_id: str, reason: str) -> None:
    stopping.resume(session, actor, round_id, reason=reason, now=desk.now, new_id=desk.new_id)


def _cancel(session: Session, actor: Actor, desk: Desk, round_id: str, reason: str) -> RoundState:
    return stopping.cancel(session, actor, round_id, reason=reason, now=desk.now, new_id=desk.new_id)


def _fail(session: Session, actor: Actor, desk: Desk, round_id: str, _reason: str) -> None:
    stopping.fail_by_hand(session, actor, round_id, now=desk.now, new_id=desk.new_id)


_VERBS: Final[Mapping[str, Callable[[Session, Actor, Desk, str, str], RoundState | None]]] = {
    "suspend": _suspend,
    "resume": _resume,
    "cancel": _cancel,
    "fail": _fail,
}


async def _page(
    request: Request, desk: Desk, round_id: str, *, refusal: Refusal | None = None, at: str = "", reason: str = ""
) -> HTMLResponse:
    actor = desk.require_actor()

    def known(session: Session) -> tuple[RoundPage, Approval]:
        page = making.inside(session, actor, round_id, now=desk.now)
        return page, rounds.approval(session, actor, round_id, now=desk.now)

    page, standing = await desk.read(known)
    if page.may.keys() & {"suspend", "resume", "cancel", "fail"}:
        # Asked before a reason is typed, which would be lost on the way.
        desk.require_recent()
    is_field = isinstance(refusal, Invalid) or (refusal is not None and refusal.code == "no_reason")
    return render.page(
        request,
        desk,
        "rounds/stop.html",
        status=200 if refusal is None else 422 if is_field else 409,
        page=page,
        approval=standing,
        at=at,
        reason=reason,
        errors={f"{at}-reason": refusal.message} if refusal is not None and is_field else {},
        conflict=refusal.message if refusal is not None and not is_field else "",
        max_reason=stopping.MAX_REASON,
        name=actor.name,
        done=DONE,
    )
