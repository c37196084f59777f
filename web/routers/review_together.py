"""The panel together: every sheet side by side, remarks, corrections of one's own marks, one more expert, the confirmation."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from marketplace.rounds.panels import offices
from marketplace.rounds.reviewing import consensus, together
from marketplace.rounds.reviewing.together import BidOnTable, Table
from marketplace.rounds.words import RoundState
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.review import desk_pages, forms, together_pages, words

router = APIRouter(prefix="/review/{round_id}/together")

NOT_LEADING: Final = "只有评审组长（组长回避的由代组长）可以办理。"


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the bids of one's track with every sheet that one may see."""
    return await together_pages.table(request, desk, desk.require_actor(), round_id)


@router.post("/{code}/remarks")
async def remark(request: Request, desk: AtDesk, round_id: str, code: str) -> Response:
    """Say something of a bid about which the panel differs."""
    actor, filled = desk.require_actor(), forms.typed(await request.form())
    bid = await _bid(desk, actor, round_id, code)

    def work(session: Session) -> None:
        text = filled.get(f"remark-{code}", "")
        consensus.remark(session, actor, round_id, bid.bid_id, text=text, now=desk.now, new_id=desk.new_id)

    fields = {"text": f"remark-{code}"}
    return await _done(request, desk, actor, round_id, code, work=work, fields=fields, filled=filled, done="remarked")


@router.post("/{code}/corrections")
async def correct(request: Request, desk: AtDesk, round_id: str, code: str) -> Response:
    """Correct one mark of one's own sheet, with a reason."""
    actor, filled = desk.require_actor(), forms.typed(await request.form())
    bid = await _bid(desk, actor, round_id, code)
    own = next((one for one in bid.sheets if one.is_own), None)
    if own is None:
        raise NotFound("您没有评审这份申报。", code="sheet_missing")

    def work(session: Session) -> None:
        consensus.correct(
            session,
            actor,
            round_id,
            own.sheet_id,
            filled.get(f"criterion-{code}", ""),
            points=filled.get(f"points-{code}", ""),
            reason=filled.get(f"why-{code}", ""),
            now=desk.now,
            new_id=desk.new_id,
        )

    fields = {"points": f"points-{code}", "reason": f"why-{code}"}
    return await _done(request, desk, actor, round_id, code, work=work, fields=fields, filled=filled, done="corrected")


@router.get("/{code}/expert")
async def ask_to_add(request: Request, desk: AtDesk, round_id: str, code: str) -> HTMLResponse:
    """Say what follows when one more expert judges a bid."""
    return await _adding(request, desk, desk.require_actor(), round_id, code)


@router.post("/{code}/expert")
async def add(request: Request, desk: AtDesk, round_id: str, code: str) -> Response:
    """Have one more expert judge a bid: back to the review."""
    actor, filled = desk.require_actor(), forms.typed(await request.form())
    bid = await _bid(desk, actor, round_id, code)
    reason = filled.get("reason", "")
    try:
        await desk.write(
            lambda session: consensus.add_expert(session, actor, round_id, bid.bid_id, reason=reason, now=desk.now)
        )
    except (Invalid, Conflict) as refusal:
        return await _adding(request, desk, actor, round_id, code, filled=filled, refusal=refusal)
    return RedirectResponse(f"/review/{round_id}?done=added", status_code=303)


@router.get("/confirm")
async def ask_to_confirm(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Say what is confirmed, and what freezes with it."""
    return await _confirming(request, desk, desk.require_actor(), round_id)


@router.post("/confirm")
async def confirm(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Confirm the bids that one leads; with the last one the scores freeze."""
    actor = desk.require_actor()
    try:
        state = await desk.write(
            lambda session: consensus.confirm(session, actor, round_id, now=desk.now, new_id=desk.new_id)
        )
    except Conflict as refusal:
        return await _confirming(request, desk, actor, round_id, refusal=refusal)
    if state is RoundState.CONSENSUS:
        return RedirectResponse(f"/review/{round_id}/together?done=confirmed", status_code=303)
    return RedirectResponse(f"/review/{round_id}?done=frozen", status_code=303)


async def _bid(desk: Desk, actor: Actor, round_id: str, code: str) -> BidOnTable:
    table = await desk.read(lambda session: together.get(session, actor, round_id))
    return together_pages.on(table, code)


async def _done(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    code: str,
    *,
    work: Callable[[Session], None],
    fields: Mapping[str, str],
    filled: Mapping[str, str],
    done: str,
) -> Response:
    """Do the work and go back to its bid; what is wrong is said at the field of that bid, by the page's names."""
    try:
        await desk.write(work)
    except (Invalid, Conflict) as refusal:
        wrong = {fields.get(name, name): said for name, said in desk_pages.errors(refusal).items()}
        return await together_pages.table(request, desk, actor, round_id, filled=filled, errors=wrong, refusal=refusal)
    return RedirectResponse(f"/review/{round_id}/together?done={done}#bid-{code}", status_code=303)


async def _adding(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    code: str,
    *,
    filled: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    table = await _led(desk, actor, round_id)
    return render.page(
        request,
        desk,
        "review/add_expert.html",
        status=desk_pages.status_of(refusal),
        table=table,
        bid=together_pages.on(table, code),
        filled=dict(filled or {}),
        errors=desk_pages.errors(refusal),
        refusal=desk_pages.said(refusal),
        max_reason=offices.MAX_REASON,
    )


async def _confirming(
    request: Request, desk: Desk, actor: Actor, round_id: str, *, refusal: Refusal | None = None
) -> HTMLResponse:
    table = await _led(desk, actor, round_id)
    return render.page(
        request,
        desk,
        "review/confirm.html",
        status=desk_pages.status_of(refusal),
        table=table,
        led=together_pages.led(table),
        unsaid=together_pages.unsaid(table),
        refusal=desk_pages.said(refusal),
        words=words,
    )


async def _led(desk: Desk, actor: Actor, round_id: str) -> Table:
    table = await desk.read(lambda session: together.get(session, actor, round_id))
    if not (table.is_chair or table.is_deputy):
        raise NotAllowed(NOT_LEADING, code="not_the_chair")
    return table
