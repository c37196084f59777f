"""Publishing one's own profile, its versions side by side, taking one back, taking everything along, erasing."""

from typing import Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.profiles import drafts, evidence, moves, profiles
from marketplace.profiles.views import FormVersion, ProfileForm, ProfilePage
from web import departures
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.profile import archives as profile_archives
from web.pages.profile import desk as profile_desk
from web.pages.profile import forms as profile_forms
from web.pages.profile import pages as profile_pages
from web.pages.profile import words as profile_words
from web.pages.profile.desk import Own
from web.pages.profile.evidence_files import store_of
from web.pages.profile.forms import Typed

router = APIRouter(prefix="/profile")

MISSING: Final = "没有这个版本。"


@router.get("/publish")
async def ask_to_publish(request: Request, desk: AtDesk) -> Response:
    """Say what publishing the draft will change before it is done."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    return await profile_pages.publishing(request, desk, mine)


@router.post("/publish")
async def publish(request: Request, desk: AtDesk) -> Response:
    """Publish the draft that was shown as the next version."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    seen = profile_forms.unpacked(await request.form())
    try:
        page = await desk.write(
            lambda session: drafts.publish(
                session, mine.actor, organisation_id=mine.unit.id, seen=seen, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        draft = await profile_desk.draft(desk, mine)
        return await profile_pages.editor(
            request, desk, mine, draft, Typed(draft.form, dict(refusal.fields)), status=422
        )
    except Conflict as refusal:
        return await profile_pages.publishing(request, desk, mine, told=refusal.message, status=409)
    return RedirectResponse(f"/opcs/{page.id}?done=published", status_code=303)


@router.post("/discard")
async def discard(request: Request, desk: AtDesk) -> Response:
    """Throw the draft away."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    await desk.write(
        lambda session: drafts.discard(
            session, mine.actor, organisation_id=mine.unit.id, now=desk.now, new_id=desk.new_id
        )
    )
    return RedirectResponse("/profile?done=discarded", status_code=303)


@router.get("/versions")
async def index(request: Request, desk: AtDesk) -> Response:
    """List the published versions, each with what it changed."""
    mine = profile_desk.own(desk)
    page = await _published(desk, mine)
    if mine is None or page is None:
        return RedirectResponse("/profile", status_code=303)
    rows = [(version, _changes(page, version)) for version in page.versions]
    came = await desk.read(lambda session: moves.into(session, page.id))
    if came is not None and page.versions and page.versions[-1].written_at > came.moved_at:
        came = None  # The person's versions were deleted since; what is left is the company's own.
    return render.page(request, desk, "profile/versions.html", mine=mine, profile=page, rows=rows, came=came)


@router.post("/versions/{number}/restore")
async def restore(desk: AtDesk, number: int) -> Response:
    """Take an older version as the draft; nothing is published by this."""
    mine = profile_desk.own(desk)
    if mine is None:
        raise NotFound(MISSING, code="profile_version_missing")
    await desk.write(
        lambda session: drafts.replace(
            session, mine.actor, organisation_id=mine.unit.id, number=number, now=desk.now, new_id=desk.new_id
        )
    )
    return RedirectResponse("/profile/publish?done=restored", status_code=303)


@router.get("/export")
async def export(desk: AtDesk) -> Response:
    """Give everything that is kept of one's own profile as one archive."""
    mine = profile_desk.own(desk)
    if mine is None:
        raise NotFound("没有可以导出的能力画像。", code="profile_missing")
    kept = await desk.read(lambda session: profile_archives.gather(session, mine.actor, mine.unit))
    store = store_of(desk)
    data = await to_thread.run_sync(lambda: profile_archives.pack(kept, store, now=desk.now))
    name = quote(f"能力画像-{mine.unit.name}-{desk.now:%Y%m%d}.zip")
    disposition = f"attachment; filename=\"profile.zip\"; filename*=UTF-8''{name}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Response(data, media_type="application/zip", headers=headers)


@router.get("/delete")
async def ask_to_delete(request: Request, desk: AtDesk) -> Response:
    """Say what deleting takes away and what stays, before it is done."""
    _deleter(desk, desk.require_recent())
    mine = profile_desk.own(desk)
    page = await _published(desk, mine)
    return render.page(request, desk, "profile/delete.html", mine=mine, profile=page)


@router.post("/delete")
async def delete(desk: AtDesk) -> Response:
    """Erase the form with all its versions, the draft and the evidence files."""
    mine = _deleter(desk, desk.require_recent())
    digests = await desk.write(
        lambda session: departures.erase_profile(session, mine.actor, organisation_id=mine.unit.id, now=desk.now)
    )
    unused = await desk.read(lambda session: evidence.unused(session, digests))
    store = store_of(desk)
    for digest in unused:
        await to_thread.run_sync(store.remove, digest)
    return RedirectResponse("/profile?done=deleted", status_code=303)


def _deleter(desk: Desk, actor: Actor) -> Own:
    mine = profile_desk.own(desk)
    if mine is None or mine.actor != actor:
        raise NotFound("没有可以删除的能力画像。", code="profile_missing")
    if not mine.may_delete:
        raise NotAllowed("只有本单位负责人可以删除能力画像。", code="not_the_owner")
    return mine


async def _published(desk: Desk, mine: Own | None) -> ProfilePage | None:
    if mine is None:
        return None

    def work(session: Session) -> ProfilePage | None:
        profile_id = profiles.find(session, mine.unit.id)
        return profiles.get(session, profile_id, mine.actor) if profile_id else None

    return await desk.read(work)


def _changes(page: ProfilePage, version: FormVersion) -> tuple[object, ...]:
    before = next((one.form for one in page.versions if one.number == version.number - 1), ProfileForm())
    return profile_words.changes(before, version.form)
