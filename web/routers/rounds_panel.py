"""The panels of a round for its office: how far each is, conflicts that wait, requests of bidders, the end of the review."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds.panels import recusals, requests
from marketplace.rounds.reviewing import stages
from web.dependencies import AtDesk, Desk
from web.pages.rounds import panels

router = APIRouter(prefix="/rounds/{round_id}/panel")

SAID: Final = {"yes": True, "no": False}
Short = Annotated[str, Form(max_length=32)]
Text = Annotated[str, Form(max_length=20_000)]


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show every panel of a round."""
    return await panels.board(request, desk, round_id)


@router.post("/conflicts/{conflict_id}")
async def decide(
    request: Request, desk: AtDesk, round_id: str, conflict_id: str, *, excludes: Short = "", note: Text = ""
) -> Response:
    """Decide whether something keeps a member from judging a bid."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        if excludes not in SAID:
            raise Invalid("请选择是否回避。", code="no_decision", fields={"excludes": "请选择是否须回避。"})
        recusals.decide(
            session,
            actor,
            round_id,
            conflict_id,
            excludes=SAID[excludes],
            note=note,
            now=desk.now,
            new_id=desk.new_id,
        )

    filled = {"excludes": excludes, "note": note}
    return await _done(
        request,
        desk,
        round_id,
        work=work,
        done="decided",
        filled=filled,
        at=f"-{conflict_id}",
        names={"reason": "note"},
    )


@router.post("/requests/{request_id}")
async def answer(
    request: Request,
    desk: AtDesk,
    round_id: str,
    request_id: str,
    *,
    upheld: Short = "",
    member: Short = "",
    text: Text = "",
) -> Response:
    """Answer a bidder that asked for a recusal."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        if upheld not in SAID:
            raise Invalid("请选择是否同意。", code="no_decision", fields={"upheld": "请选择是否同意。"})
        requests.answer(
            session,
            actor,
            round_id,
            request_id,
            is_upheld=SAID[upheld],
            member_id=member,
            text=text,
            now=desk.now,
            new_id=desk.new_id,
        )

    filled = {"upheld": upheld, "member": member, "text": text}
    return await _done(
        request,
        desk,
        round_id,
        work=work,
        done="answered",
        filled=filled,
        at=f"-{request_id}",
        names={"reason": "text"},
    )


@router.post("/close")
async def close(request: Request, desk: AtDesk, round_id: str, reason: Text = "") -> Response:
    """End the review although a panel is not complete, with a reason."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        stages.close(session, actor, round_id, reason=reason, now=desk.now, new_id=desk.new_id)

    return await _done(request, desk, round_id, work=work, done="closed", filled={"reason": reason}, at="-close")


async def _done(
    request: Request,
    desk: Desk,
    round_id: str,
    *,
    work: Callable[[Session], None],
    done: str,
    filled: Mapping[str, str],
    at: str,
    names: Mapping[str, str] | None = None,
) -> Response:
    try:
        await desk.write(work)
    except (Invalid, Conflict) as refusal:
        return await panels.board(request, desk, round_id, panels.refused(refusal, filled, at=at, names=names))
    return RedirectResponse(f"/rounds/{round_id}/panel?done={done}", status_code=303)
