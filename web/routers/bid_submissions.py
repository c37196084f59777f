"""Handing a bid in: the preview, submitting against a receipt, the receipt, withdrawing, confirming again, taking up."""

from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import own_bids
from marketplace.rounds.bidding import copies, drafts, submissions
from marketplace.rounds.words import BidEvent
from web.dependencies import AtDesk, Desk
from web.documents import answers
from web.pages import render, typed
from web.pages.rounds import bid_pages, bid_words, receipt_papers
from web.uploads import InMemory, files_of

router = APIRouter(prefix="/bids/{bid_id}")

MOST_DIGITS: Final = 6
ENDED: Final = "申报已经截止，草稿已失效并清除，未能受理。截止时间以服务器时钟为准。"


@router.get("/preview")
async def preview(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Show everything as it will be sealed."""
    actor = desk.require_actor()
    page = await desk.read(lambda session: drafts.get(session, actor, bid_id))
    if not page.has_draft:
        return RedirectResponse(f"/bids/{bid_id}", status_code=303)
    return await bid_pages.preview(request, desk, actor, bid_id)


@router.post("/submit")
async def submit(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Seal the draft against a receipt; sent twice, lead to the receipt that was given."""
    actor = desk.require_actor()
    form = await request.form()
    version, seen = typed.version(form), str(form.get("notice", ""))
    try:
        given = await desk.write(
            lambda session: submissions.submit(
                session,
                actor,
                bid_id,
                version=version,
                seen_notice=int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= MOST_DIGITS else None,
                arrived=desk.arrived,
                now=desk.now,
                files=desk.files,
                new_id=desk.new_id,
            ),
            durable=True,
        )
    except (Conflict, Invalid) as refusal:
        if refusal.code == "already_handed_in":
            return await _handed_in(desk, actor, bid_id)
        if refusal.code == "deadline_past":
            raise  # many may come at once just then: the short page says all there is to say
        await desk.look_around()
        return await bid_pages.preview(request, desk, actor, bid_id, refusal=refusal)
    return _receipt(bid_id, given.number, "submitted")


@router.get("/receipts/{number}.json")
async def receipt_file(desk: AtDesk, bid_id: str, number: int) -> Response:
    """Give a receipt exactly as it is kept."""
    actor = desk.require_actor()
    text = await desk.read(lambda session: own_bids.receipt(session, actor, bid_id, number))
    headers = {
        "Content-Disposition": f'attachment; filename="receipt-{bid_id}-{number}.json"',
        "Cache-Control": "no-store",
    }
    return Response(text.encode(), media_type="application/json", headers=headers)


@router.get("/receipts/{number}.{suffix}")
async def receipt_document(desk: AtDesk, bid_id: str, number: int, suffix: str) -> Response:
    """Give a receipt as a document to be printed or filed."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: submissions.receipt(session, actor, bid_id, number))
    return await answers.download(receipt_papers.document(found), suffix)


@router.get("/receipts/{number}")
async def receipt(request: Request, desk: AtDesk, bid_id: str, number: int) -> HTMLResponse:
    """Show a receipt: what came in, when, its place in the log, and how to verify it."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: submissions.receipt(session, actor, bid_id, number))
    return render.page(
        request, desk, "bids/receipt.html", receipt=found, papers=receipt_papers, words=bid_words, number=number
    )


@router.get("/versions/{number}.age")
async def sealed_file(desk: AtDesk, bid_id: str, number: int) -> Response:
    """Give the unit its own sealed file."""
    actor = desk.require_actor()
    digest = await desk.read(lambda session: submissions.sealed_file(session, actor, bid_id, number))
    with desk.files.open(digest) as file:
        data = await to_thread.run_sync(file.read)
    headers = {
        "Content-Disposition": f'attachment; filename="bid-{bid_id}-{number}.age"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.get("/withdraw")
async def ask_to_withdraw(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Say what withdrawing does."""
    actor = desk.require_recent()
    page = await desk.read(lambda session: own_bids.get(session, actor, bid_id, now=desk.now))
    if BidEvent.WITHDRAW not in page.may:
        return RedirectResponse(f"/bids/{bid_id}", status_code=303)
    return render.page(request, desk, "bids/withdraw.html", page=page, against=page.may[BidEvent.WITHDRAW])


@router.post("/withdraw")
async def withdraw(desk: AtDesk, bid_id: str) -> RedirectResponse:
    """Take the bid back."""
    actor = desk.require_recent()
    await desk.write(lambda session: submissions.withdraw(session, actor, bid_id, arrived=desk.arrived, now=desk.now))
    return RedirectResponse(f"/bids/{bid_id}?done=withdrawn", status_code=303)


@router.post("/reconfirm")
async def reconfirm(
    desk: AtDesk, bid_id: str, number: Annotated[int, Form(ge=1, le=1_000_000)] = 1
) -> RedirectResponse:
    """Confirm the sealed bid again under the notice that the page showed."""
    actor = desk.require_actor()
    await desk.write(
        lambda session: submissions.reconfirm(
            session, actor, bid_id, number=number, arrived=desk.arrived, now=desk.now
        ),
        durable=True,
    )
    return RedirectResponse(f"/bids/{bid_id}?done=reconfirmed", status_code=303)


@router.post("/take-up", dependencies=[InMemory])
async def take_up(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Open a new draft, from the unit's own copy where it gives one."""
    actor, form = desk.require_actor(), await request.form()
    given = files_of(form, "copy")
    data = await given[0].read() if given else b""
    try:
        if data:
            await desk.write(
                lambda session: copies.take_up(session, actor, bid_id, data, now=desk.now, new_id=desk.new_id)
            )
        else:
            await desk.write(lambda session: drafts.take_up(session, actor, bid_id, now=desk.now, new_id=desk.new_id))
    except Invalid as refusal:
        return await bid_pages.status(request, desk, actor, bid_id, errors={"copy": refusal.message}, code=422)
    return RedirectResponse(f"/bids/{bid_id}?done=taken-up", status_code=303)


async def _handed_in(desk: Desk, actor: Actor, bid_id: str) -> Response:
    page = await desk.read(lambda session: own_bids.get(session, actor, bid_id, now=desk.now))
    if not page.card.version:
        raise Conflict(ENDED, code="deadline_past")
    return _receipt(bid_id, page.card.version)


def _receipt(bid_id: str, number: int, done: str = "") -> RedirectResponse:
    address = f"/bids/{bid_id}/receipts/{number}" + (f"?done={done}" if done else "")
    return RedirectResponse(address, status_code=303)
