"""Addenda: begun from the notice that stands, looked at with what they change, published or dropped."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.rounds.making import addenda, texts
from marketplace.rounds.making.addenda import Addendum
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.words import Part, RoundState
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import making, notice_form

router = APIRouter(prefix="/rounds/{round_id}/addendum")

MAX_REASON = 1_000
Reason = Annotated[str, Form(max_length=MAX_REASON)]


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Show what the addendum changes, or say what beginning one does."""
    return await _page(request, desk, round_id)


@router.post("/begin")
async def begin(desk: AtDesk, round_id: str) -> RedirectResponse:
    """Begin an addendum, or go on where somebody of the unit has begun."""
    actor = desk.require_actor()
    await desk.read(lambda session: making.inside(session, actor, round_id, now=desk.now))
    await desk.write(lambda session: addenda.begin(session, actor, round_id, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(f"/rounds/{round_id}/draft?done=addendum", status_code=303)


@router.post("")
async def publish(
    request: Request,
    desk: AtDesk,
    round_id: str,
    version: Annotated[int, Form(alias="_version", ge=1)],
    reason: Reason = "",
) -> Response:
    """Publish the addendum: the notice's next number, for which every submitted bid is confirmed again."""
    actor = desk.require_recent()
    await desk.read(lambda session: making.inside(session, actor, round_id, now=desk.now))
    try:
        await desk.write(
            lambda session: addenda.publish(
                session, actor, round_id, version=version, reason=reason, now=desk.now, new_id=desk.new_id
            )
        )
    except Conflict as conflict:
        return await _page(request, desk, round_id, conflict=conflict, reason=reason)
    return RedirectResponse(f"/rounds/{round_id}?done=amended", status_code=303)


@router.post("/drop")
async def drop(desk: AtDesk, round_id: str) -> RedirectResponse:
    """Set the addendum that is being written aside."""
    actor = desk.require_actor()
    await desk.read(lambda session: making.inside(session, actor, round_id, now=desk.now))
    await desk.write(lambda session: addenda.drop(session, actor, round_id, now=desk.now))
    return RedirectResponse(f"/rounds/{round_id}?done=dropped", status_code=303)


async def _page(
    request: Request, desk: Desk, round_id: str, *, conflict: Conflict | None = None, reason: str = ""
) -> Response:
    actor = desk.require_actor()

    def known(session: Session) -> tuple[RoundPage, Addendum | None]:
        page = making.inside(session, actor, round_id, now=desk.now)
        text = texts.find(session, round_id)
        if text is None or not text.base_number:
            return page, None
        return page, addenda.get(session, actor, round_id, now=desk.now)

    page, found = await desk.read(known)
    if Part.ISSUER not in page.mine and found is None:
        raise NotAllowed("只有发布单位可以修改公告。", code="not_the_issuer")
    if found is None and page.state is not RoundState.OPEN and conflict is None:
        raise Conflict("只有申报中的活动可以发布补遗。", code="not_open")
    if Part.ISSUER in page.mine:
        # Asked before a reason is typed, which would be lost on the way.
        desk.require_recent()
    lacks_reason = conflict is not None and conflict.code == "no_reason"
    return render.page(
        request,
        desk,
        "rounds/addendum.html",
        status=200 if conflict is None else 422 if lacks_reason else 409,
        page=page,
        addendum=found,
        is_issuer=Part.ISSUER in page.mine,
        reason=reason,
        errors={"reason": conflict.message} if conflict is not None and lacks_reason else {},
        conflict=conflict.message if conflict is not None and not lacks_reason else "",
        name_of=notice_form.name_of,
        max_reason=MAX_REASON,
    )
