"""Writing a need: its form that saves itself, what it still lacks, who answers it, and publishing it."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from marketplace.accounts.actors import Actor, acts_for
from marketplace.dealings import amendments
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.lists.needs import draft_saves, drafts
from marketplace.lists.needs.draft_views import DraftPage, Saved
from marketplace.lists.rules.need_forms import Stated
from marketplace.lists.words import DraftState
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.lists import need_forms, procurement
from web.pages.matches import suppliers
from web.pages.matches.answers import Answer

router = APIRouter(prefix="/needs")

PREVIEWED: Final = 5
Version = Annotated[int, Form(alias="_version", ge=1)]


@router.get("/new")
async def new(request: Request, desk: AtDesk) -> HTMLResponse:
    """Ask which kind of need is to be posted."""
    actor = desk.require_actor()
    unit_id = need_forms.unit_of(actor)
    if not acts_for(actor, unit_id):
        raise NotAllowed("您在本单位只能查看。要新建需求，请联系负责人把您改为经办人。", code="reader_only")
    return render.page(request, desk, "needs/new.html", types=need_forms.TYPES, unit_id=unit_id)


@router.post("/new")
async def begin(desk: AtDesk, need_type: Annotated[str, Form()] = "") -> RedirectResponse:
    """Begin a need."""
    actor = desk.require_actor()
    unit_id = need_forms.unit_of(actor)
    draft_id = await desk.write(
        lambda s: drafts.open_new(s, actor, unit_id, need_type=need_type, now=desk.now, new_id=desk.new_id)
    )
    return _to(draft_id)


@router.post("/{item_id}/amend")
async def amend(desk: AtDesk, item_id: str) -> RedirectResponse:
    """Begin to amend a need, or go on where somebody of the same unit has begun."""
    actor = desk.require_actor()
    draft_id = await desk.write(lambda s: drafts.open_amendment(s, actor, item_id, now=desk.now, new_id=desk.new_id))
    return _to(draft_id)


@router.post("/{item_id}/copy")
async def copy(desk: AtDesk, item_id: str) -> RedirectResponse:
    """Begin a new need from the words of an old one."""
    actor = desk.require_actor()
    draft_id = await desk.write(lambda s: drafts.open_copy(s, actor, item_id, now=desk.now, new_id=desk.new_id))
    return _to(draft_id)


@router.get("/drafts/{draft_id}")
async def show(request: Request, desk: AtDesk, draft_id: str) -> Response:
    """Show a draft: its form, what it lacks, and who would answer it."""
    page = await _page(desk, draft_id)
    if page.state is DraftState.PUBLISHED and page.item_id:
        return RedirectResponse(f"/items/{page.item_id}", status_code=303)
    return await _form(request, desk, page)


@router.post("/drafts/{draft_id}")
async def save(request: Request, desk: AtDesk, draft_id: str) -> Response:
    """Save the whole form; where others changed the same fields, show both."""
    actor = desk.require_actor()
    form = await request.form()
    given = need_forms.fields(form)
    try:
        saved = await _saved(desk, actor, draft_id, given, version=typed.version(form), page=need_forms.page_of(form))
    except Invalid as invalid:
        return await _form(request, desk, await _page(desk, draft_id), body=given, errors=invalid.fields, status=422)
    if saved.clashing:
        return await _form(request, desk, await _page(desk, draft_id), status=409)
    if form.get("then") == "publish":
        return RedirectResponse(f"/needs/drafts/{draft_id}/publish", status_code=303)
    return _to(draft_id, "saved")


@router.post("/drafts/{draft_id}/autosave")
async def autosave(
    request: Request, desk: AtDesk, draft_id: str, page: Annotated[str, Query(max_length=16)] = ""
) -> JSONResponse:
    """Save the fields that changed on an open page."""
    actor = desk.require_actor()
    form = await request.form()
    try:
        saved = await _saved(desk, actor, draft_id, need_forms.changed(form), version=typed.version(form), page=page)
    except Invalid as invalid:
        return JSONResponse({"errors": invalid.fields, "message": invalid.message}, status_code=422)
    if saved.clashing:
        # What was sent is kept beside the other's words, so that the page may be left for the one that shows both.
        return JSONResponse({"link": f"/needs/drafts/{draft_id}?see=clashes", "kept": True}, status_code=409)
    # What is still missing is told beside the form; only what cannot be read is told at its field while writing.
    unread = {name: told for name, told in saved.errors.items() if form.get(name)}
    return typed.saved(saved.version, desk.now, errors=unread)


@router.post("/drafts/{draft_id}/preview")
async def preview(request: Request, desk: AtDesk, draft_id: str) -> HTMLResponse:
    """Say what the words being typed still lack, and who would answer them."""
    actor = desk.require_actor()
    given = need_forms.fields(await request.form())
    stated, checked = await desk.read(lambda s: drafts.preview(s, actor, draft_id, given))
    return render.page(
        request, desk, "needs/_guide.html", completeness=checked, **await _answers(desk, draft_id, stated)
    )


@router.post("/drafts/{draft_id}/choices")
async def choose(request: Request, desk: AtDesk, draft_id: str) -> Response:
    """Choose between the words that people gave one field at the same time."""
    actor = desk.require_actor()
    form = await request.form()
    chosen = {name.removeprefix("choice-"): str(value) for name, value in form.items() if name.startswith("choice-")}
    choices = {name: int(place) for name, place in chosen.items() if place.isascii() and place.isdigit()}
    page = need_forms.page_of(form)
    await desk.write(lambda s: draft_saves.choose(s, actor, draft_id, choices, page=page, now=desk.now))
    return _to(draft_id, "chosen")


@router.get("/drafts/{draft_id}/history")
async def history(request: Request, desk: AtDesk, draft_id: str) -> HTMLResponse:
    """Show every save of a draft, also what was not taken."""
    actor = desk.require_actor()
    page, saves = await desk.read(lambda s: (drafts.get(s, actor, draft_id), drafts.history(s, actor, draft_id)))
    return render.page(
        request,
        desk,
        "needs/history.html",
        draft=page,
        saves=saves,
        name_of=need_forms.name_of,
        said=need_forms.value_of,
    )


@router.get("/drafts/{draft_id}/publish")
async def ask_to_publish(request: Request, desk: AtDesk, draft_id: str) -> Response:
    """Say what publishing will do before it is done."""
    page = await _page(desk, draft_id)
    if page.state is DraftState.PUBLISHED and page.item_id:
        return RedirectResponse(f"/items/{page.item_id}", status_code=303)
    drafts.require_may_write(page)
    if page.is_stale:
        actor = desk.require_actor()
        await desk.write(lambda s: draft_saves.rebase(s, actor, draft_id, now=desk.now))
        return _to(draft_id, "merged")
    if page.errors or page.clashes:
        return await _form(request, desk, page, errors=page.errors, status=422 if page.errors else 409)
    told = await desk.read(lambda s: amendments.concerned(s, page.item_id).count if page.item_id else 0)
    is_warned = await desk.read(lambda s: procurement.warned(s, [page.stated]))
    return render.page(
        request,
        desk,
        "needs/publish.html",
        draft=page,
        said=need_forms.consequences(page, told=told),
        public=need_forms.public(page),
        reminder=procurement.REMINDER if is_warned else "",
    )


@router.post("/drafts/{draft_id}/publish")
async def publish(request: Request, desk: AtDesk, draft_id: str, version: Version) -> Response:
    """Publish a draft; pressed again, lead to what was published."""
    actor = desk.require_actor()
    try:
        made = await desk.write(
            lambda s: amendments.publish(s, actor, draft_id, version=version, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as invalid:
        return await _form(request, desk, await _page(desk, draft_id), errors=invalid.fields, status=422)
    except Conflict as conflict:
        if conflict.code == "draft_published":
            return _to(draft_id)
        if conflict.code == "need_moved_on":
            return RedirectResponse(f"/needs/drafts/{draft_id}/publish", status_code=303)
        raise
    return RedirectResponse(f"/items/{made.item_id}?done={'published' if made.is_new else 'amended'}", status_code=303)


@router.get("/drafts/{draft_id}/discard")
async def ask_to_discard(request: Request, desk: AtDesk, draft_id: str) -> HTMLResponse:
    """Say what discarding a draft will do."""
    page = await _page(desk, draft_id)
    drafts.require_may_write(page)
    return render.page(request, desk, "needs/discard.html", draft=page)


@router.post("/drafts/{draft_id}/discard")
async def discard(desk: AtDesk, draft_id: str) -> RedirectResponse:
    """Set a draft aside."""
    actor = desk.require_actor()
    await desk.write(lambda s: drafts.discard(s, actor, draft_id, now=desk.now))
    return RedirectResponse("/needs?done=discarded", status_code=303)


async def _page(desk: Desk, draft_id: str) -> DraftPage:
    actor = desk.require_actor()
    return await desk.read(lambda s: drafts.get(s, actor, draft_id))


async def _saved(
    desk: Desk, actor: Actor, draft_id: str, given: Mapping[str, str], *, version: int, page: str
) -> Saved:
    return await desk.write(
        lambda s: draft_saves.save(s, actor, draft_id, given, version=version, page=page, now=desk.now)
    )


async def _form(
    request: Request,
    desk: Desk,
    page: DraftPage,
    *,
    body: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    stated = Stated(page.stated, anonymous=page.body["anonymous"] == "yes")
    return render.page(
        request,
        desk,
        "needs/draft.html",
        status=status,
        draft=page,
        body=page.body if body is None else body,
        errors=dict(errors or {}),
        types=need_forms.TYPES,
        page_id=desk.new_id(),
        name_of=need_forms.name_of,
        said=need_forms.value_of,
        done=need_forms.DONE,
        completeness=page.completeness,
        **await _answers(desk, page.id, stated),
    )


async def _answers(desk: Desk, draft_id: str, stated: Stated) -> dict[str, Any]:
    record = need_forms.record(draft_id, stated.draft)
    found: tuple[Answer, ...] = ()
    supply = 0
    if record is not None:
        found, supply = await suppliers.answering(desk, record, top=PREVIEWED)
    example = await suppliers.example(desk, record) if record is not None else None
    return {"answers": found, "supply": supply, "is_blank": record is None, "example": example}


def _to(draft_id: str, done: str = "") -> RedirectResponse:
    return RedirectResponse(f"/needs/drafts/{draft_id}" + (f"?done={done}" if done else ""), status_code=303)
