"""The pages of one's own profile that several handlers show."""

from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.profiles import brochures, evidence, moves
from marketplace.profiles.drafts import DraftPage
from marketplace.profiles.rules import merging, visibility
from web.pages import render
from web.pages.profile import brochures as profile_brochures
from web.pages.profile import desk as profile_desk
from web.pages.profile import evidence_files
from web.pages.profile import forms as profile_forms
from web.pages.profile import words as profile_words
from web.pages.profile.desk import Own
from web.pages.profile.forms import Typed

if TYPE_CHECKING:
    from web.dependencies import Desk


def none(request: Request, desk: "Desk") -> HTMLResponse:
    """The page of somebody who acts for no supplier."""
    return render.page(request, desk, "profile/none.html")


async def moved(request: Request, desk: "Desk", mine: Own) -> HTMLResponse | None:
    """The page of a natural person whose profile went to its company, or None where it keeps its own."""
    away = await desk.read(lambda session: moves.away(session, mine.unit.id))
    if away is None:
        return None
    return render.page(request, desk, "profile/moved.html", mine=mine, moved=away)


async def publishing(request: Request, desk: "Desk", mine: Own, *, told: str = "", status: int = 200) -> Response:
    """The page on which a draft is published: what it changes, and what it answers."""
    page = await profile_desk.draft(desk, mine)
    if not page.is_ahead:
        return RedirectResponse("/profile?done=same", status_code=303)
    return render.page(
        request,
        desk,
        "profile/publish.html",
        status=status,
        mine=mine,
        draft=page,
        told=told,
        version=profile_forms.packed(merging.digests(page.form)),
        changed=profile_words.changes(page.published, page.form),
        preview=await profile_desk.preview(desk, page),
    )


async def editor(
    request: Request,
    desk: "Desk",
    mine: Own,
    page: DraftPage,
    said: Typed,
    *,
    started_from: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """The editor with what was typed and what is wrong with it; 409 shows what a colleague saved beside it."""
    files = await desk.read(lambda session: evidence.of_profile(session, page.profile_id))
    kept = await desk.read(lambda session: brochures.of_organisation(session, mine.actor, mine.unit.id))
    is_torn = status == 409  # noqa: PLR2004 - the answer's own status
    clashing = tuple(said.errors) if is_torn else page.clashing
    other = page.form if is_torn else page.published
    return render.page(
        request,
        desk,
        "profile/edit.html",
        status=status,
        mine=mine,
        draft=page,
        form=said.form,
        errors=said.errors,
        words=said.words,
        clashing={name: profile_words.said(other, name) for name in clashing if name in merging.FIELDS},
        version=profile_forms.packed(started_from or merging.digests(page.form)),
        files=files,
        origins=profile_brochures.Origins(kept),
        preview=await profile_desk.preview(desk, page),
        level_of=lambda name: visibility.of_field(said.form, name).value,
        visible_choices=profile_words.VISIBLE_CHOICES,
        filing_choices=profile_words.FILING_CHOICES,
        limit_bytes=evidence.LIMIT_BYTES,
        accepted=evidence_files.ACCEPTED,
    )
