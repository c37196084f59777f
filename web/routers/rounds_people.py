"""Who is appointed in a round: appointing, and ending an appointment with a reason."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Conflict, Invalid, Refusal
from marketplace.rounds import held
from marketplace.rounds.making import appointments
from marketplace.rounds.making.appointments import Appointed
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.words import Part, Post
from web.dependencies import AtDesk, Desk
from web.pages import people, render
from web.pages.rounds import making, posts

router = APIRouter(prefix="/rounds/{round_id}/people")

Account = Annotated[str, Form(alias="account", max_length=32)]
DONE = {"appointed": "已指定，并用站内消息告诉了本人。", "ended": "已结束这项指定，原因记入留痕。"}


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show every post with what it is for, who holds it and who held it."""
    return await _page(request, desk, round_id)


@router.post("")
async def appoint(
    request: Request, desk: AtDesk, round_id: str, post: Annotated[str, Form()] = "", account_id: Account = ""
) -> Response:
    """Appoint somebody to a post."""
    actor = desk.require_actor()
    try:
        people.require_choice(post, set(Post), field="post", message="请选择岗位。")
        await desk.write(
            lambda session: appointments.appoint(
                session, actor, round_id, Post(post), account_id, now=desk.now, new_id=desk.new_id
            )
        )
    except (Invalid, Conflict) as refusal:
        return await _page(request, desk, round_id, refusal=refusal, at=post, chosen=account_id)
    return RedirectResponse(f"/rounds/{round_id}/people?done=appointed#post-{post}", status_code=303)


@router.post("/{appointment_id}/end")
async def end(
    request: Request, desk: AtDesk, round_id: str, appointment_id: str, reason: Annotated[str, Form()] = ""
) -> Response:
    """End an appointment with a reason."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: appointments.end(session, actor, round_id, appointment_id, reason=reason, now=desk.now)
        )
    except (Invalid, Conflict) as refusal:
        return await _page(request, desk, round_id, refusal=refusal, at=appointment_id, reason=reason)
    return RedirectResponse(f"/rounds/{round_id}/people?done=ended", status_code=303)


async def _page(
    request: Request,
    desk: Desk,
    round_id: str,
    *,
    refusal: Refusal | None = None,
    at: str = "",
    chosen: str = "",
    reason: str = "",
) -> HTMLResponse:
    actor = desk.require_actor()

    def known(session: Session) -> tuple[RoundPage, list[Appointed], list[posts.PostRow], list[str]]:
        page = making.inside(session, actor, round_id, now=desk.now)
        every, row = appointments.of(session, round_id, past=True), held.get(session, round_id)
        standing = [one for one in every if one.ended_at is None]
        found = posts.rows(standing, appointments.candidates(session, row), page.state)
        past = [one for one in every if one.ended_at is not None]
        return page, past, found, appointments.missing(session, row)

    page, past, found, missing = await desk.read(known)
    return render.page(
        request,
        desk,
        "rounds/people.html",
        status=200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422,
        page=page,
        past=past,
        rows=found,
        names=appointments.NAMES,
        missing=missing,
        may_appoint=bool(page.mine & {Part.ISSUER, Part.ORGANISER}),
        refused="" if refusal is None else refusal.message,
        at=at,
        chosen=chosen,
        reason=reason,
        done=DONE,
    )
