"""An award as its unit meets it: the notice of it, confirming and declining; a supervisor takes one back."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.kernel.errors import Conflict, Invalid, NotFound, Refusal
from marketplace.rounds import own_bids
from marketplace.rounds.deciding import awards
from marketplace.rounds.own_bids import BidPage
from web.dependencies import AtDesk, Desk
from web.documents import answers
from web.documents.model import Document
from web.pages import render
from web.pages.rounds import award_papers

router = APIRouter()

Text = Annotated[str, Form(max_length=20_000)]


@router.get("/bids/{bid_id}/award")
async def notice(request: Request, desk: AtDesk, bid_id: str) -> HTMLResponse:
    """Show the notice of the award as an official document."""
    page, document = await _award(desk, bid_id)
    return render.page(request, desk, "bids/award.html", page=page, document=document)


@router.get("/bids/{bid_id}/award.{suffix}")
async def file(desk: AtDesk, bid_id: str, suffix: str) -> Response:
    """Download the notice of the award."""
    _page, document = await _award(desk, bid_id)
    return await answers.download(document, suffix)


@router.get("/bids/{bid_id}/award/confirm")
async def ask_to_confirm(request: Request, desk: AtDesk, bid_id: str) -> HTMLResponse:
    """Say what confirming does."""
    desk.require_recent()
    page, _document = await _award(desk, bid_id)
    return render.page(request, desk, "bids/award_confirm.html", page=page, conflict="")


@router.post("/bids/{bid_id}/award/confirm")
async def confirm(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Accept the award."""
    actor = desk.require_recent()
    try:
        await desk.write(lambda session: awards.confirm(session, actor, bid_id, now=desk.now, new_id=desk.new_id))
    except Conflict as refusal:
        if refusal.code == "no_award":
            raise
        page, _document = await _award(desk, bid_id)
        return render.page(request, desk, "bids/award_confirm.html", status=409, page=page, conflict=refusal.message)
    return RedirectResponse(f"/bids/{bid_id}?done=award_confirmed", status_code=303)


@router.get("/bids/{bid_id}/award/decline")
async def ask_to_decline(request: Request, desk: AtDesk, bid_id: str) -> HTMLResponse:
    """Say what declining does."""
    desk.require_recent()
    return await _declining(request, desk, bid_id)


@router.post("/bids/{bid_id}/award/decline")
async def decline(request: Request, desk: AtDesk, bid_id: str, reason: Text = "") -> Response:
    """Not take the award, with a reason."""
    actor = desk.require_recent()
    try:
        await desk.write(
            lambda session: awards.decline(session, actor, bid_id, reason=reason, now=desk.now, new_id=desk.new_id)
        )
    except (Conflict, Invalid) as refusal:
        if refusal.code == "no_award":
            raise
        return await _declining(request, desk, bid_id, reason=reason, refusal=refusal)
    return RedirectResponse(f"/bids/{bid_id}?done=award_declined", status_code=303)


@router.get("/rounds/{round_id}/awards/{bid_id}/revoke")
async def ask_to_revoke(request: Request, desk: AtDesk, round_id: str, bid_id: str) -> HTMLResponse:
    """Say what taking an award back does."""
    desk.require_recent()
    return await _revoking(request, desk, round_id, bid_id)


@router.post("/rounds/{round_id}/awards/{bid_id}/revoke")
async def revoke(request: Request, desk: AtDesk, round_id: str, bid_id: str, reason: Text = "") -> Response:
    """Take an award back, with a reason that is told and public."""
    actor = desk.require_recent()
    await desk.read(lambda session: awards.live(session, actor, round_id, bid_id))
    try:
        await desk.write(
            lambda session: awards.revoke(session, actor, bid_id, reason=reason, now=desk.now, new_id=desk.new_id)
        )
    except (Conflict, Invalid) as refusal:
        return await _revoking(request, desk, round_id, bid_id, reason=reason, refusal=refusal)
    return RedirectResponse(f"/rounds/{round_id}/result?done=revoked", status_code=303)


async def _award(desk: Desk, bid_id: str) -> tuple[BidPage, Document]:
    actor = desk.require_actor()
    page = await desk.read(lambda session: own_bids.get(session, actor, bid_id, now=desk.now))
    document = award_papers.award(page)
    if document is None:
        raise NotFound("这份申报没有中选，或还没有定榜。", code="no_award")
    return page, document


async def _declining(
    request: Request, desk: Desk, bid_id: str, *, reason: str = "", refusal: Refusal | None = None
) -> HTMLResponse:
    page, _document = await _award(desk, bid_id)
    return render.page(
        request,
        desk,
        "bids/award_decline.html",
        page=page,
        status=_status(refusal),
        **_said(refusal, reason),
    )


async def _revoking(
    request: Request, desk: Desk, round_id: str, bid_id: str, *, reason: str = "", refusal: Refusal | None = None
) -> HTMLResponse:
    actor = desk.require_actor()
    found = await desk.read(lambda session: awards.live(session, actor, round_id, bid_id))
    return render.page(
        request, desk, "rounds/revoke.html", status=_status(refusal), found=found, **_said(refusal, reason)
    )


def _said(refusal: Refusal | None, reason: str) -> dict[str, Any]:
    is_field = isinstance(refusal, Invalid)
    return {
        "reason": reason,
        "errors": {"reason": refusal.message} if refusal is not None and is_field else {},
        "conflict": refusal.message if refusal is not None and not is_field else "",
    }


def _status(refusal: Refusal | None) -> int:
    return 200 if refusal is None else 422 if isinstance(refusal, Invalid) else 409
