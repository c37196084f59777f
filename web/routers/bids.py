"""Writing a bid: beginning one, its form that saves itself, its files and partners, its own copy; the list of one's bids."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import own_bids
from marketplace.rounds.bidding import copies, drafts, members
from marketplace.rounds.rules import bid_copies
from marketplace.rounds.rules import bid_forms as rules
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.rounds import bid_files, bid_forms, bid_pages, bid_words
from web.uploads import InMemory

router = APIRouter()

NOT_FOUND: Final = "没有找到这家单位。请填写它在平台登记的全称或统一社会信用代码；对方须先登记为供给方。"


@router.get("/bids")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the bids of the unit that one acts for, joint ones too, with what happens next and by when."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: own_bids.listed(session, actor))
    return render.page(request, desk, "bids/index.html", bids=found, words=bid_words)


@router.post("/rounds/{round_id}/bids")
async def begin(desk: AtDesk, round_id: str, track: Annotated[str, Form(max_length=8)] = "t1") -> RedirectResponse:
    """Begin a bid on a track, or go on with the live one."""
    actor = desk.require_actor()
    bid_id = await desk.write(
        lambda session: drafts.begin(session, actor, round_id, track, now=desk.now, new_id=desk.new_id)
    )
    return _to(bid_id, "begun")


@router.get("/bids/{bid_id}")
async def show(request: Request, desk: AtDesk, bid_id: str) -> HTMLResponse:
    """Show the workspace of a bid while a draft is open, else how it stands."""
    actor = desk.require_actor()
    page = await desk.read(lambda session: drafts.get(session, actor, bid_id))
    if page.has_draft:
        return await bid_pages.workspace(request, desk, actor, bid_id)
    return await bid_pages.status(request, desk, actor, bid_id)


@router.post("/bids/{bid_id}", dependencies=[InMemory])
async def save(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Save the whole form, with the files that were chosen, and go on where the button says."""
    actor, form = desk.require_actor(), await request.form()
    answer = await _kept(request, desk, actor, bid_id, form)
    if answer is not None:
        return answer
    if form.get("then") != "preview":
        return _to(bid_id, "chosen" if any(name.startswith(bid_forms.KEEP) for name in form) else "saved")
    page = await desk.read(lambda session: drafts.get(session, actor, bid_id))
    if page.faults:
        return RedirectResponse(f"/bids/{bid_id}?{bid_pages.CHECK}=1#errors", status_code=303)
    return RedirectResponse(f"/bids/{bid_id}/preview", status_code=303)


@router.post("/bids/{bid_id}/autosave")
async def autosave(request: Request, desk: AtDesk, bid_id: str) -> JSONResponse:
    """Save the fields that changed on an open page."""
    actor, form = desk.require_actor(), await request.form()
    given, secret = bid_forms.without_secrets(bid_forms.changed(form))
    version = typed.version(form)
    try:
        saved = await desk.write(
            lambda session: drafts.save(session, actor, bid_id, given, version=version, now=desk.now)
        )
    except Invalid as invalid:
        return JSONResponse({"errors": invalid.fields, "message": invalid.message}, status_code=422)
    except Conflict as conflict:
        if conflict.code != "draft_changed":
            return JSONResponse({"errors": {}, "message": f"未保存：{conflict.message}"}, status_code=422)
        # The page stays as it is; its own button shows both.
        return JSONResponse({"code": conflict.code}, status_code=409)
    return typed.saved(saved.version, desk.now, errors={**bid_forms.unread(saved.faults, given), **secret})


@router.post("/bids/{bid_id}/ticks")
async def ticks(request: Request, desk: AtDesk, bid_id: str) -> HTMLResponse:
    """Say what the words being typed still lack; nothing is kept."""
    actor, form = desk.require_actor(), await request.form()
    page = await desk.read(lambda session: drafts.get(session, actor, bid_id))
    body = {**page.body, **bid_forms.whole(form, page)}
    found = rules.ticks(body, page.files, page.notice, page.track)
    return render.page(request, desk, "bids/_ticks.html", ticks=found)


@router.post("/bids/{bid_id}/files", dependencies=[InMemory])
async def upload(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Seal the files that were chosen and keep them, with everything else that stands in the form."""
    actor, form = desk.require_actor(), await request.form()
    answer = await _kept(request, desk, actor, bid_id, form)
    return answer or _to(bid_id, "uploaded" if bid_files.chosen(form) else "saved", at="papers")


@router.post("/bids/{bid_id}/files/remove", dependencies=[InMemory])
async def remove_file(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Take a file out of the draft."""
    actor, form = desk.require_actor(), await request.form()
    answer = await _kept(request, desk, actor, bid_id, form)
    if answer is not None:
        return answer
    file_id = _text(form, "file")
    await desk.write(lambda session: drafts.detach(session, actor, bid_id, file_id, now=desk.now))
    return _to(bid_id, "removed", at="papers")


@router.post("/bids/{bid_id}/partners", dependencies=[InMemory])
async def ask(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Ask a unit to take part, by its name or its code; where several fit, let one be chosen."""
    actor, form = desk.require_actor(), await request.form()
    answer = await _kept(request, desk, actor, bid_id, form)
    if answer is not None:
        return answer
    sought, chosen = _text(form, "partner").strip(), _text(form, "partner_id")
    if not chosen:
        found = await desk.read(lambda session: members.suppliers(session, sought))
        if len(found) != 1:
            told = {"partner": f"有 {len(found)} 家单位符合，请选择要邀请的一家。" if found else NOT_FOUND}
            return await bid_pages.workspace(
                request, desk, actor, bid_id, errors=told, found=found, sought=sought, status=422
            )
        chosen = found[0].id
    try:
        await desk.write(lambda session: members.ask(session, actor, bid_id, chosen, now=desk.now, new_id=desk.new_id))
    except (Invalid, Conflict) as refusal:
        code = 422 if isinstance(refusal, Invalid) else 409
        told = {"partner": refusal.message}
        return await bid_pages.workspace(request, desk, actor, bid_id, errors=told, sought=sought, status=code)
    return _to(bid_id, "asked", at="partners")


@router.post("/bids/{bid_id}/partners/remove", dependencies=[InMemory])
async def remove_partner(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Take a partner out of the team."""
    actor, form = desk.require_actor(), await request.form()
    answer = await _kept(request, desk, actor, bid_id, form)
    if answer is not None:
        return answer
    unit = _text(form, "member")
    await desk.write(lambda session: members.remove(session, actor, bid_id, unit, now=desk.now))
    return _to(bid_id, "removed", at="partners")


@router.get("/bids/{bid_id}/copy.json")
async def copy(desk: AtDesk, bid_id: str) -> Response:
    """Give the unit its own copy of the draft, from which alone it can begin again later."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: copies.get(session, actor, bid_id))
    headers = {"Content-Disposition": f'attachment; filename="bid-{bid_id}.json"', "Cache-Control": "no-store"}
    return Response(bid_copies.as_json(found), media_type="application/json", headers=headers)


@router.get("/bids/{bid_id}/discard")
async def ask_to_discard(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Say what erasing the draft does."""
    actor = desk.require_actor()
    page = await desk.read(lambda session: drafts.get(session, actor, bid_id))
    if not page.has_draft:
        return _to(bid_id)
    return render.page(request, desk, "bids/discard.html", page=page)


@router.post("/bids/{bid_id}/discard")
async def discard(desk: AtDesk, bid_id: str) -> RedirectResponse:
    """Erase the draft."""
    actor = desk.require_actor()

    await desk.write(lambda session: drafts.discard(session, actor, bid_id, now=desk.now))
    return RedirectResponse("/bids?done=discarded", status_code=303)


async def _kept(request: Request, desk: Desk, actor: Actor, bid_id: str, form: FormData) -> Response | None:
    """Keep what stands in the form, files too; gives the page that says what could not be kept, if anything."""
    page = await desk.read(lambda session: drafts.get(session, actor, bid_id))
    given, wrong = bid_forms.without_secrets(bid_forms.whole(form, page))
    version = typed.version(form)
    try:
        await desk.write(lambda session: drafts.save(session, actor, bid_id, given, version=version, now=desk.now))
    except Conflict as conflict:
        if conflict.code == "draft_changed":
            return await bid_pages.clashing(request, desk, actor, bid_id, given)
        if not page.has_draft:
            raise
        told = {"form": conflict.message}
        return await bid_pages.workspace(request, desk, actor, bid_id, typed=given, errors=told, status=409)
    except Invalid as refusal:
        errors = bid_pages.field_errors(refusal)
        return await bid_pages.workspace(request, desk, actor, bid_id, typed=given, errors=errors, status=422)
    try:
        sealed, faults = await bid_files.sealed(
            desk, actor, bid_id, bid_files.chosen(form), own_key=given.get("own_key", page.body.get("own_key", ""))
        )
        for one in sealed:
            await desk.write(lambda session, one=one: drafts.attach(session, actor, bid_id, one, now=desk.now))  # type: ignore[misc]
    except Invalid as refusal:
        faults = {f"{bid_files.FIELD}": refusal.message}
    if wrong or faults:
        return await bid_pages.workspace(request, desk, actor, bid_id, errors={**wrong, **faults}, status=422)
    return None


def _text(form: FormData, name: str) -> str:
    given = form.get(name)
    return given if isinstance(given, str) else ""


def _to(bid_id: str, done: str = "", *, at: str = "") -> RedirectResponse:
    address = f"/bids/{bid_id}" + (f"?done={done}" if done else "") + (f"#{at}" if at else "")
    return RedirectResponse(address, status_code=303)
