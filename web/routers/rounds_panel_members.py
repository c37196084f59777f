"""One member of a panel for the office: calling a reserve, no answer, who leads, a bid it must not judge, taking it out."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds.panels import inviting, members, recusals
from web.dependencies import AtDesk, Desk
from web.pages.rounds import panels

router = APIRouter(prefix="/rounds/{round_id}/panel/members/{member_id}")

LEADS: Final = {"chair": False, "deputy": True}
Short = Annotated[str, Form(max_length=32)]
Text = Annotated[str, Form(max_length=20_000)]


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str, member_id: str) -> HTMLResponse:
    """Show somebody's place in a panel."""
    return await panels.member(request, desk, round_id, member_id)


@router.post("/call")
async def call(request: Request, desk: AtDesk, round_id: str, member_id: str) -> Response:
    """Ask the next who stands by."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        inviting.call_reserve(session, actor, round_id, member_id, now=desk.now, new_id=desk.new_id)

    return await _done(request, desk, round_id, member_id, work=work, done="called")


@router.post("/expire")
async def expire(request: Request, desk: AtDesk, round_id: str, member_id: str, reason: Text = "") -> Response:
    """Take somebody out who does not answer."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        members.expire(session, actor, round_id, member_id, reason=reason, now=desk.now)

    return await _done(
        request, desk, round_id, member_id, work=work, done="expired", filled={"reason": reason}, at="-expire"
    )


@router.post("/lead")
async def lead(request: Request, desk: AtDesk, round_id: str, member_id: str, post: Short = "") -> Response:
    """Make somebody the chair, or the deputy."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        if post not in LEADS:
            raise Invalid("请选择职务。", code="no_post", fields={"post": "请选择组长或代组长。"})
        members.lead(session, actor, round_id, member_id, as_deputy=LEADS[post], now=desk.now)

    return await _done(request, desk, round_id, member_id, work=work, done="led", filled={"post": post})


@router.post("/bids")
async def put_down(
    request: Request, desk: AtDesk, round_id: str, member_id: str, *, bid: Short = "", reason: Text = ""
) -> Response:
    """Put down that somebody must not judge a bid."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        recusals.put_down(session, actor, round_id, member_id, bid, reason=reason, now=desk.now, new_id=desk.new_id)

    filled = {"bid": bid, "reason": reason}
    return await _done(request, desk, round_id, member_id, work=work, done="excepted", filled=filled, at="-bids")


@router.post("/remove")
async def remove(request: Request, desk: AtDesk, round_id: str, member_id: str, reason: Text = "") -> Response:
    """Take somebody out of the panel altogether."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        recusals.send_away(session, actor, round_id, member_id, reason=reason, now=desk.now, new_id=desk.new_id)

    return await _done(
        request, desk, round_id, member_id, work=work, done="removed", filled={"reason": reason}, at="-remove"
    )


async def _done(
    request: Request,
    desk: Desk,
    round_id: str,
    member_id: str,
    *,
    work: Callable[[Session], None],
    done: str,
    filled: Mapping[str, str] | None = None,
    at: str = "",
) -> Response:
    try:
        await desk.write(work)
    except (Invalid, Conflict) as refusal:
        shown = panels.refused(refusal, filled or {}, at=at)
        return await panels.member(request, desk, round_id, member_id, shown)
    return RedirectResponse(f"/rounds/{round_id}/panel/members/{member_id}?done={done}", status_code=303)
