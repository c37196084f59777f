"""One's own profile: how it stands, written as a draft that saves itself, seen as the matcher sees it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from marketplace.dealings import looks, moves
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.profiles import drafts, evidence
from marketplace.profiles.drafts import DraftMoved, DraftPage
from marketplace.profiles.entries import Case
from marketplace.profiles.rules import forms as rules
from marketplace.profiles.rules import merging
from web.dependencies import AtDesk, Desk
from web.pages import render, typed, wording
from web.pages.profile import desk as profile_desk
from web.pages.profile import evidence_files
from web.pages.profile import forms as profile_forms
from web.pages.profile import pages as profile_pages
from web.pages.profile import words as profile_words
from web.pages.profile.desk import Own
from web.pages.profile.evidence_files import Sent
from web.pages.profile.forms import Typed

router = APIRouter(prefix="/profile")

LOOKS_DAYS: Final = 28


@router.get("")
async def show(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show how one's own profile stands: what it lacks, what the matcher reads, who looked at it."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    gone = await profile_pages.moved(request, desk, mine)
    if gone is not None:
        return gone
    page = await profile_desk.draft(desk, mine)
    since = desk.now.astimezone(wording.BEIJING).date() - timedelta(days=LOOKS_DAYS)
    looked = None
    if page.profile_id:
        looked = await desk.read(lambda s: looks.of_profile(s, mine.actor, page.profile_id, since=since))
    changed = profile_words.changes(page.published, page.form) if page.is_ahead else ()
    preview = await profile_desk.preview(desk, page)
    may_move = await desk.read(lambda session: moves.is_offered(session, mine.actor, mine.unit))
    return render.page(
        request,
        desk,
        "profile/show.html",
        mine=mine,
        draft=page,
        preview=preview,
        looked=looked,
        changed=changed,
        may_move=may_move,
    )


@router.get("/edit")
async def edit(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show the editor with the draft, or with what is published."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    gone = await profile_pages.moved(request, desk, mine)
    if gone is not None:
        return gone
    page = await profile_desk.draft(desk, mine)
    return await profile_pages.editor(request, desk, mine, page, Typed(page.form))


@router.post("/edit")
async def save(request: Request, desk: AtDesk) -> Response:
    """Save the whole form with its files as the draft; what is wrong is shown with everything still typed."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    async with request.form() as given:
        started_from, said = profile_forms.unpacked(given), profile_forms.whole(given)
        kept, wrong = await evidence_files.keep(desk, profile_forms.uploads(given)) if mine.may_write else ([], {})

    def work(session: Session) -> DraftPage:
        form = replace(said.form, cases=_with_files(session, desk, mine, said.form.cases, kept))
        return drafts.save(
            session,
            mine.actor,
            organisation_id=mine.unit.id,
            form=form,
            started_from=started_from,
            now=desk.now,
            new_id=desk.new_id,
        )

    try:
        page = await desk.write(work)
    except DraftMoved as moved:
        return await profile_pages.editor(
            request, desk, mine, moved.theirs, _merged(said, started_from, moved), status=409
        )
    except Invalid as refusal:
        page = await profile_desk.draft(desk, mine)
        errors = {**said.errors, **wrong, **refusal.fields}
        shown = replace(said, errors=errors)
        return await profile_pages.editor(request, desk, mine, page, shown, started_from=started_from, status=422)
    if said.errors or wrong:
        shown = Typed(page.form, {**said.errors, **wrong}, said.words)
        return await profile_pages.editor(request, desk, mine, page, shown, status=422)
    return RedirectResponse(_after(given), status_code=303)


def _with_files(
    session: Session, desk: Desk, mine: Own, cases_typed: Sequence[Case], kept: Sequence[Sent]
) -> tuple[Case, ...]:
    cases = list(cases_typed)
    for sent in kept:
        file = evidence.add(
            session,
            mine.actor,
            organisation_id=mine.unit.id,
            file=sent.file,
            name=sent.name,
            head=sent.head,
            now=desk.now,
            new_id=desk.new_id,
        )
        case = cases[sent.place]
        cases[sent.place] = replace(case, evidence=(*case.evidence, file.id))
    return tuple(cases)


def _after(given: FormData) -> str:
    if given.get("act") == "publish":
        return "/profile/publish"
    more = given.get("act")
    anchor = f"#{more}" if more in profile_forms.PARTS else ""
    return f"/profile/edit?done=saved{anchor}"


def _merged(said: Typed, started_from: dict[str, str], moved: DraftMoved) -> Typed:
    form = merging.merge(started_from, rules.clean_draft(said.form), moved.theirs.form).form
    message = "同事也改了这里。上面是您写的，“对方已保存”的内容列在旁边；改好后再按“保存草稿”，就以这一页为准。"
    return Typed(form, dict.fromkeys(moved.clashing, message), said.words)


@router.post("/draft")
async def autosave(request: Request, desk: AtDesk) -> Response:
    """Save the fields that changed, while their editor goes on writing."""
    mine = profile_desk.own(desk)
    given = await request.form()
    if mine is None:
        raise Conflict("您现在不是以这家单位的身份登录，请切换身份后再保存。", code="not_your_profile")
    started_from, changed = profile_forms.unpacked(given), typed.changed(given)

    def work(session: Session) -> tuple[DraftPage, Typed]:
        theirs = drafts.get(session, mine.actor, mine.unit.id)
        said = profile_forms.applied(theirs.form, changed)
        page = drafts.save(
            session,
            mine.actor,
            organisation_id=mine.unit.id,
            form=said.form,
            started_from=started_from,
            settles=False,
            now=desk.now,
            new_id=desk.new_id,
        )
        return page, said

    try:
        page, said = await desk.write(work)
    except DraftMoved as moved:
        # The page stays as it is; its own button shows both.
        return JSONResponse({"code": moved.code, "message": moved.message}, status_code=409)
    except Invalid as refusal:
        return JSONResponse({"errors": refusal.fields, "message": refusal.message}, status_code=422)
    now_there = merging.digests(page.form)
    mine_now = {profile_forms.field_of(name) for name in changed} & set(merging.FIELDS)
    version = profile_forms.packed({**started_from, **{name: now_there[name] for name in mine_now}})
    told = {"version": version, "saved_at": desk.now.isoformat(), "errors": said.errors}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


@router.get("/preview")
async def preview(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what the draft would do if it were published now."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    page = await profile_desk.draft(desk, mine)
    shown = await profile_desk.preview(desk, page)
    return render.page(request, desk, "profile/preview.html", fragment="profile/_preview.html", preview=shown)
