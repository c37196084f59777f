"""An expert's sheet: the bid beside its marks, saved field by field, handed in, taken back; its files; a conflict found late."""

from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, Refusal
from marketplace.rounds.bidding import attaching
from marketplace.rounds.checking import attachments
from marketplace.rounds.panels import offices, recusals
from marketplace.rounds.reviewing import cleaning, desks, files, sheets
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.review import desk_pages, forms, sheet_pages

router = APIRouter(prefix="/review/sheets/{sheet_id}")

Text = Annotated[str, Form(max_length=20_000)]
SHOWN: Final[Mapping[str, str]] = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
"""What a browser shows by itself, without running anything of it."""
MOST_DIGITS: Final = 4
NOT_CLEANED: Final = "这个附件已损坏或设有密码，无法清除其中的单位名称，不能提供。请告诉主办方。"


@router.get("")
async def show(request: Request, desk: AtDesk, sheet_id: str) -> HTMLResponse:
    """Show the bid beside the sheet."""
    return await sheet_pages.page(request, desk, desk.require_actor(), sheet_id)


@router.post("")
async def save(request: Request, desk: AtDesk, sheet_id: str) -> Response:
    """Save everything that stands in the form, and hand the sheet in where the button says so."""
    actor, form = desk.require_actor(), await request.form()
    given, version = forms.of_sheet(forms.typed(form)), typed.version(form)
    page = await desk.read(lambda session: desks.get(session, actor, sheet_id, now=desk.now))
    differs = sheet_pages.differing(page, given)
    if differs and version != page.version:
        return await sheet_pages.page(request, desk, actor, sheet_id, filled=given, clash=differs, status=409)
    is_final = form.get("then") == "submit"
    try:
        await desk.write(
            lambda session: sheets.save(session, actor, sheet_id, given, version=page.version, now=desk.now)
        )
        if is_final:
            await desk.write(lambda session: sheets.submit(session, actor, sheet_id, now=desk.now))
    except (Invalid, Conflict) as refusal:
        return await sheet_pages.page(request, desk, actor, sheet_id, filled=given, refusal=refusal)
    if is_final:
        return RedirectResponse(f"/review/{page.round_id}?done=submitted", status_code=303)
    return RedirectResponse(f"/review/sheets/{sheet_id}?done=saved", status_code=303)


@router.post("/autosave")
async def autosave(request: Request, desk: AtDesk, sheet_id: str) -> JSONResponse:
    """Save the fields that changed on an open page.

    Whatever its version: a field says what it says, so that what was sent before a connection broke may be sent again.
    """
    actor, form = desk.require_actor(), await request.form()
    given = forms.changed(typed.changed(form))
    try:
        version = await desk.write(lambda session: sheets.save(session, actor, sheet_id, given, now=desk.now))
    except (Invalid, Conflict, NotAllowed) as refusal:
        # What is closed meanwhile is said as it is: a bare 403 would read as if the sign-in had expired.
        told = {"errors": desk_pages.errors(refusal), "message": f"未保存：{refusal.message}"}
        return JSONResponse(told, status_code=422)
    page = await desk.read(lambda session: desks.get(session, actor, sheet_id, now=desk.now))
    return typed.saved(version, desk.now, errors=forms.told(page.faults, forms.standing(page)))


@router.post("/take-back")
async def take_back(request: Request, desk: AtDesk, sheet_id: str) -> Response:
    """Take a sheet that was handed in back, to change it."""
    actor = desk.require_actor()
    try:
        await desk.write(lambda session: sheets.take_back(session, actor, sheet_id, now=desk.now))
    except Conflict as refusal:
        return await sheet_pages.page(request, desk, actor, sheet_id, refusal=refusal)
    return RedirectResponse(f"/review/sheets/{sheet_id}?done=taken-back", status_code=303)


@router.get("/files/{number}")
async def attachment(desk: AtDesk, sheet_id: str, number: str, *, view: bool = False) -> Response:
    """Give a file of the bid, unsealed now; where names are hidden without its maker's. That it was taken is logged."""
    actor = desk.require_actor()
    at = int(number) if number.isascii() and number.isdigit() and len(number) < MOST_DIGITS else 0
    wanted = await desk.read(lambda session: files.find(session, actor, sheet_id, at))
    plain = await to_thread.run_sync(attachments.unseal, wanted.found, desk.files)
    # In a process of its own: a file that is made to break a reader breaks nothing but that.
    data = await desk.stretch(cleaning.cleaned, plain.data) if wanted.hides else plain.data
    if data is None:
        raise Conflict(NOT_CLEANED, code="not_cleaned")
    await desk.write(lambda session: files.note_reading(session, actor, wanted, now=desk.now))
    shown = SHOWN.get(attaching.kind_of(data) or "") if view else None
    name = quote(files.named(wanted, plain), safe="")
    headers = {
        "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename=\"attachment\"; filename*=UTF-8''{name}",
        "Cache-Control": "no-store",
    }
    return Response(data, media_type=shown or "application/octet-stream", headers=headers)


@router.get("/recusal")
async def ask_to_recuse(request: Request, desk: AtDesk, sheet_id: str) -> HTMLResponse:
    """Say what falls when one must not judge the bid after all."""
    return await _recusing(request, desk, desk.require_actor(), sheet_id)


@router.post("/recusal")
async def recuse(request: Request, desk: AtDesk, sheet_id: str, reason: Text = "") -> Response:
    """Declare a conflict with the bid: from this moment it is closed to the expert."""
    actor = desk.require_actor()
    page = await desk.read(lambda session: desks.get(session, actor, sheet_id, now=desk.now))
    try:
        await desk.write(
            lambda session: recusals.declare_late(
                session, actor, page.round_id, page.bid_id, text=reason, now=desk.now, new_id=desk.new_id
            )
        )
    except (Invalid, Conflict) as refusal:
        return await _recusing(request, desk, actor, sheet_id, filled={"reason": reason}, refusal=refusal)
    return RedirectResponse(f"/review/{page.round_id}?done=recused", status_code=303)


async def _recusing(
    request: Request,
    desk: Desk,
    actor: Actor,
    sheet_id: str,
    *,
    filled: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    page = await desk.read(lambda session: desks.get(session, actor, sheet_id, now=desk.now))
    return render.page(
        request,
        desk,
        "review/recusal.html",
        status=desk_pages.status_of(refusal),
        page=page,
        filled=dict(filled or {}),
        errors=desk_pages.errors(refusal),
        refusal=desk_pages.said(refusal),
        max_reason=offices.MAX_REASON,
    )
