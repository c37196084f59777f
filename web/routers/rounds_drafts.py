"""Writing the notice of a round, or an addendum to it: a form that saves itself, and what it still lacks."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.rounds.making import texts
from marketplace.rounds.making.texts import Saved
from marketplace.rounds.rules import notice_forms
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.rounds import making, notice_form
from web.pages.rounds.making import Draft

router = APIRouter(prefix="/rounds/{round_id}/draft")

More = Annotated[str, Query(max_length=20)]
NO_TEXT: Final = "这个活动现在没有正在起草的文字。"


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str, more: More = "", see: More = "") -> Response:
    """Show the form with what it lacks beside it; `more` is a row that was added, `see=faults` marks what is wrong."""
    found = await _draft(desk, round_id)
    if found is None:
        return RedirectResponse(f"/rounds/{round_id}", status_code=303)
    errors = found.lacks.faults if see == "faults" else {}
    return _form(request, desk, found, more=more, errors=errors)


@router.post("")
async def save(request: Request, desk: AtDesk, round_id: str) -> Response:
    """Save the whole form, then do what its button says; where others changed the same fields, show both."""
    actor = desk.require_actor()
    form = await request.form()
    then = form.get("then")
    act, _, about = (then if isinstance(then, str) else "").partition(":")
    given = notice_form.fields(form)
    if act == "drop":
        given |= notice_form.emptied(*about.split("-", 1)) if "-" in about else {}
    try:
        page = notice_form.page_of(form)
        saved = await _saved(desk, actor, round_id, given, version=typed.version(form), page=page)
    except Invalid as invalid:
        found = await _draft(desk, round_id)
        if found is None:
            raise
        return _form(request, desk, found, body=given, errors=invalid.fields, status=422)
    except Conflict as conflict:
        if conflict.code != "text_fixed":
            raise
        return _unsaved(request, desk, round_id, given, conflict.message)
    if saved.clashing:
        found = await _draft(desk, round_id)
        if found is not None:
            return _form(request, desk, found, status=409)
    return await _onward(desk, round_id, form, act, about)


@router.post("/autosave")
async def autosave(
    request: Request, desk: AtDesk, round_id: str, page: Annotated[str, Query(max_length=16)] = ""
) -> JSONResponse:
    """Save the fields that changed on an open page."""
    actor = desk.require_actor()
    form = await request.form()
    given = notice_form.changed(form)
    try:
        saved = await _saved(desk, actor, round_id, given, version=typed.version(form), page=page)
    except Invalid as invalid:
        return JSONResponse({"errors": invalid.fields, "message": invalid.message}, status_code=422)
    if saved.clashing:
        # What was sent is kept beside the other's words, so that the page may be left for the one that shows both.
        return JSONResponse({"link": f"/rounds/{round_id}/draft?see=clashes", "kept": True}, status_code=409)
    # What is missing is told beside the form; at its field only what was typed and cannot be read.
    unread = {name: told for name, told in saved.faults.items() if given.get(name)}
    return typed.saved(saved.version, desk.now, errors=unread)


@router.post("/guide")
async def guide(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Say what the words being typed still lack, and the timetable that they give."""
    actor = desk.require_actor()
    given = notice_form.fields(await request.form())
    found = await _draft(desk, round_id)
    if found is None:
        raise NotFound(NO_TEXT, code="no_open_text")
    lacks = await desk.read(lambda session: making.lacks(session, actor, round_id, given, now=desk.now))
    return render.page(request, desk, "rounds/_guide.html", draft=found, lacks=lacks, name_of=notice_form.name_of)


@router.post("/choices")
async def choose(request: Request, desk: AtDesk, round_id: str) -> RedirectResponse:
    """Choose between the words that people gave one field at the same time."""
    actor = desk.require_actor()
    form = await request.form()
    chosen = {name.removeprefix("choice-"): str(value) for name, value in form.items() if name.startswith("choice-")}
    choices = {name: int(place) for name, place in chosen.items() if place.isascii() and place.isdigit()}
    page = notice_form.page_of(form)
    await desk.write(lambda session: texts.choose(session, actor, round_id, choices, page=page, now=desk.now))
    return RedirectResponse(f"/rounds/{round_id}/draft?done=chosen", status_code=303)


async def _draft(desk: Desk, round_id: str) -> Draft | None:
    actor = desk.require_actor()
    return await desk.read(lambda session: making.draft(session, actor, round_id, now=desk.now))


async def _saved(
    desk: Desk, actor: Actor, round_id: str, given: Mapping[str, str], *, version: int, page: str
) -> Saved:
    return await desk.write(
        lambda session: texts.save(session, actor, round_id, given, version=version, page=page, now=desk.now)
    )


async def _onward(desk: Desk, round_id: str, form: FormData, act: str, about: str) -> Response:
    base = f"/rounds/{round_id}"
    if act == "add" and about in notice_form.KINDS:
        row = notice_form.next_row(notice_form.rows_of(form, about), about)
        address = f"{base}/draft?more={about}-{row}#{about}-{row}"
    elif act == "drop":
        address = f"{base}/draft?done=dropped#{about.split('-', 1)[0]}s"
    elif act == "next":
        found = await _draft(desk, round_id)
        address = f"{base}/{'addendum' if found is not None and found.is_addendum else 'approval'}"
    elif act == "preview":
        address = f"{base}/preview"
    else:
        address = f"{base}/draft?done=saved"
    return RedirectResponse(address, status_code=303)


def _form(
    request: Request,
    desk: Desk,
    found: Draft,
    *,
    body: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    more: str = "",
    status: int = 200,
) -> HTMLResponse:
    words = {**found.text.body, **(body or {})}
    kinds = notice_form.KINDS
    return render.page(
        request,
        desk,
        "rounds/draft.html",
        status=status,
        draft=found,
        lacks=found.lacks,
        body=words,
        errors=dict(errors or {}),
        rows={
            kind: notice_form.shown_rows(words, kind, more=more, others=[*found.text.clashes, *(errors or {})])
            for kind in kinds
        },
        most={kind: notice_forms.ROWS[kind][0] for kind in kinds},
        page_id=desk.new_id(),
        name_of=notice_form.name_of,
        said=notice_form.value_of,
        done=notice_form.DONE,
    )


def _unsaved(request: Request, desk: Desk, round_id: str, given: Mapping[str, str], message: str) -> HTMLResponse:
    typed_words = [(notice_form.name_of(name), notice_form.value_of(name, words)) for name, words in given.items()]
    return render.page(
        request,
        desk,
        "rounds/unsaved.html",
        status=409,
        round_id=round_id,
        message=message,
        given=[(name, words) for name, words in typed_words if words],
    )
