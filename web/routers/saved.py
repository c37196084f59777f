"""Saved needs and suppliers of the seat one acts in."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.dealings import saves
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.kernel.words import SubjectKind
from web.dependencies import AtDesk
from web.pages import render

router = APIRouter(prefix="/saved")

PAGES: Final = {SubjectKind.ITEM: "/items/", SubjectKind.PROFILE: "/opcs/"}


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what is saved."""
    actor = desk.require_actor()
    saved = await desk.read(lambda session: saves.of_seat(session, actor))
    return render.page(
        request, desk, "saved/index.html", saved=saved, may_write=saves.may_write(actor), errors={}, wrong="", typed=""
    )


@router.post("")
async def add(
    desk: AtDesk, kind: Annotated[str, Form()] = "", subject: Annotated[str, Form(max_length=32)] = ""
) -> RedirectResponse:
    """Save a need or a supplier and go back to it."""
    actor, what = desk.require_actor(), _kind(kind)
    await desk.write(
        lambda session: saves.add(session, actor, kind=what, subject_id=subject, now=desk.now, new_id=desk.new_id)
    )
    return RedirectResponse(f"{PAGES[what]}{subject}?done=kept", status_code=303)


@router.post("/remove")
async def remove(
    desk: AtDesk,
    kind: Annotated[str, Form()] = "",
    subject: Annotated[str, Form(max_length=16, pattern="^[a-z0-9]*$")] = "",
    back: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Save something no longer."""
    actor, what = desk.require_actor(), _kind(kind)
    await desk.write(lambda session: saves.remove(session, actor, kind=what, subject_id=subject))
    return RedirectResponse("/saved?done=removed" if back == "saved" else PAGES[what] + subject, status_code=303)


@router.post("/{save_id}/note")
async def write_note(request: Request, desk: AtDesk, save_id: str, note: Annotated[str, Form()] = "") -> Response:
    """Write one's own note beside something saved."""
    actor = desk.require_actor()
    try:
        await desk.write(lambda session: saves.write_note(session, actor, save_id, note=note))
    except Invalid as refusal:
        saved = await desk.read(lambda session: saves.of_seat(session, actor))
        errors = {f"note-{save_id}": refusal.message}
        return render.page(
            request,
            desk,
            "saved/index.html",
            status=422,
            saved=saved,
            may_write=True,
            errors=errors,
            wrong=save_id,
            typed=note,
        )
    return RedirectResponse("/saved?done=noted", status_code=303)


def _kind(said: str) -> SubjectKind:
    if said not in {kind.value for kind in SubjectKind}:
        raise NotFound("没有这种收藏。", code="kind_missing")
    return SubjectKind(said)
