"""Filling in one's own profile from a file that introduces the supplier: uploaded, looked through, ticked, taken into the draft."""

from typing import Annotated, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ingest.brochures import records
from ingest.brochures.pipeline import LIMITS, SUFFIXES, read_brochure
from ingest.errors import Refused
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.profiles import brochures, evidence
from marketplace.profiles.brochures import BrochurePage
from marketplace.profiles.drafts import NOT_YOURS, DraftMoved
from marketplace.profiles.rules import merging
from marketplace.profiles.rules.evidence import safe_name
from web.dependencies import AtDesk, Desk
from web.pages import render, wording
from web.pages.profile import brochures as profile_brochures
from web.pages.profile import desk as profile_desk
from web.pages.profile import forms as profile_forms
from web.pages.profile import pages as profile_pages
from web.pages.profile import words as profile_words
from web.pages.profile.brochures import Review
from web.pages.profile.desk import Own
from web.pages.profile.evidence_files import store_of

router = APIRouter(prefix="/profile/brochures")

ACCEPTED: Final = ",".join(f".{suffix}" for suffix in SUFFIXES)
NO_FILE: Final = "没有选择文件。请选择介绍文件后再按“上传并读取”。"
TAKEN: Final = "不能加入：同事刚刚改了{fields}。下面的备注里是现在的内容；核对后再按一次“加入草稿”，就以这一页为准。"


@router.get("")
async def index(request: Request, desk: AtDesk) -> Response:
    """Ask for a file, and list those that were read before."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    gone = await profile_pages.moved(request, desk, mine)
    return gone if gone is not None else await _index(request, desk, mine)


@router.post("")
async def upload(request: Request, desk: AtDesk, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Read a file; one that cannot be read leaves nothing behind and is refused with the reason."""
    mine = profile_desk.own(desk)
    if mine is None:
        return profile_pages.none(request, desk)
    if not mine.may_write:
        raise NotAllowed(NOT_YOURS, code="not_your_profile")
    if file is None or not file.filename:
        return await _index(request, desk, mine, failure=NO_FILE, status=422)
    name, limit = safe_name(file.filename), _limit_bytes(desk)
    data = await file.read(limit + 1)
    if len(data) > limit:
        failure = f"{name}：文件超过 {wording.size(limit)}。请删去图片或附件后再上传。"
        return await _index(request, desk, mine, failure=failure, status=422)
    try:
        read = await desk.read_file(lambda: read_brochure(data, name=name))
    except Refused as refused:
        return await _index(request, desk, mine, failure=f"{name}：{refused.problem.message}", status=422)
    store = store_of(desk)
    stored = await to_thread.run_sync(lambda: store.put(data, limit_bytes=limit))
    try:
        page = await desk.write(
            lambda session: brochures.add(
                session,
                mine.actor,
                organisation_id=mine.unit.id,
                file=stored,
                name=name,
                reading=records.to_record(read),
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Conflict as conflict:
        await _drop_unused(desk, [stored.digest])
        return await _index(request, desk, mine, failure=conflict.message, status=409)
    return RedirectResponse(f"/profile/brochures/{page.id}", status_code=303)


@router.get("/{brochure_id}")
async def show(request: Request, desk: AtDesk, brochure_id: str) -> HTMLResponse:
    """Show what was read beside the place where it stands, ready to be ticked."""
    mine, page = await _own(desk, brochure_id)
    draft = await profile_desk.draft(desk, mine)
    review = profile_brochures.review(page, draft.form, mine.unit)
    return _show(request, desk, mine, review, version=profile_forms.packed(merging.digests(draft.form)))


@router.post("/{brochure_id}")
async def take(request: Request, desk: AtDesk, brochure_id: str) -> Response:
    """Add what was ticked to the draft; what is wrong is shown with everything still typed."""
    mine, page = await _own(desk, brochure_id)
    if not mine.may_write:
        raise NotAllowed(NOT_YOURS, code="not_your_profile")
    given = await request.form()
    seen = profile_forms.unpacked(given)
    draft = await profile_desk.draft(desk, mine)
    review = profile_brochures.typed(profile_brochures.review(page, draft.form, mine.unit), given)
    chosen = profile_brochures.chosen(review)
    now_there = profile_forms.packed(merging.digests(draft.form))
    if chosen.errors:
        return _show(
            request, desk, mine, review, version=profile_forms.packed(seen), errors=dict(chosen.errors), status=422
        )
    try:
        await desk.write(
            lambda session: brochures.take(
                session,
                mine.actor,
                brochure_id,
                organisation_id=mine.unit.id,
                taken=chosen.taken,
                marks=chosen.marks,
                seen=seen,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except DraftMoved as moved:
        fields = "、".join(wording.field(name) for name in moved.clashing)
        told = TAKEN.format(fields=fields)
        return _show(request, desk, mine, review, version=now_there, told=told, status=409)
    except Invalid as refusal:
        version = profile_forms.packed(seen)
        return _show(request, desk, mine, review, version=version, errors=refusal.fields, status=422)
    return RedirectResponse("/profile/edit?done=taken", status_code=303)


@router.get("/{brochure_id}/file")
async def original(desk: AtDesk, brochure_id: str) -> Response:
    """Give the original file back, as it was sent."""
    _, page = await _own(desk, brochure_id)
    with store_of(desk).open(page.digest) as file:
        data = await to_thread.run_sync(file.read)
    disposition = f"attachment; filename=\"original\"; filename*=UTF-8''{quote(page.name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)


@router.get("/{brochure_id}/remove")
async def ask_to_remove(request: Request, desk: AtDesk, brochure_id: str) -> HTMLResponse:
    """Say what removing a file does before it is done."""
    mine, page = await _own(desk, brochure_id)
    if not mine.may_write:
        raise NotAllowed(NOT_YOURS, code="not_your_profile")
    return render.page(request, desk, "profile/brochures/remove.html", mine=mine, brochure=page)


@router.post("/{brochure_id}/remove")
async def remove(desk: AtDesk, brochure_id: str) -> Response:
    """Remove a file with what was read in it; its bytes go once that is committed."""
    mine, _ = await _own(desk, brochure_id)
    digest = await desk.write(
        lambda session: brochures.remove(session, mine.actor, brochure_id, organisation_id=mine.unit.id, now=desk.now)
    )
    await _drop_unused(desk, [digest])
    return RedirectResponse("/profile/brochures?done=removed", status_code=303)


def _limit_bytes(desk: Desk) -> int:
    return min(desk.settings.upload_limit_bytes, LIMITS.bytes)


async def _drop_unused(desk: Desk, digests: list[str]) -> None:
    unused = await desk.read(lambda session: evidence.unused(session, digests))
    store = store_of(desk)
    for digest in unused:
        await to_thread.run_sync(store.remove, digest)


async def _own(desk: Desk, brochure_id: str) -> tuple[Own, BrochurePage]:
    mine = profile_desk.own(desk)
    if mine is None:
        raise NotFound(brochures.MISSING, code="brochure_missing")
    page = await desk.read(lambda session: brochures.get(session, mine.actor, mine.unit.id, brochure_id))
    return mine, page


async def _index(request: Request, desk: Desk, mine: Own, *, failure: str = "", status: int = 200) -> HTMLResponse:
    kept = await desk.read(lambda session: brochures.of_organisation(session, mine.actor, mine.unit.id))
    return render.page(
        request,
        desk,
        "profile/brochures/index.html",
        status=status,
        mine=mine,
        kept=kept,
        failure=failure,
        limit_bytes=_limit_bytes(desk),
        accepted=ACCEPTED,
    )


def _show(
    request: Request,
    desk: Desk,
    mine: Own,
    review: Review,
    *,
    version: str,
    told: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "profile/brochures/show.html",
        status=status,
        mine=mine,
        review=profile_brochures.wrong(review, errors or {}),
        version=version,
        told=told,
        errors=errors or {},
        filing_choices=profile_words.FILING_CHOICES,
    )
