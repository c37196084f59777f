"""One supplier: what it says it can do, where each statement stands, and the needs it can win."""

from typing import Annotated, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor, acts_for
from marketplace.dealings.words import ShownOn
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.kernel.words import SubjectKind
from marketplace.profiles import checks, evidence, moves, profiles
from marketplace.profiles.checks import Check
from marketplace.profiles.evidence import EvidenceFile
from marketplace.profiles.views import ProfilePage, ProfileRecord
from marketplace.rounds.deciding import honours
from web.dependencies import AtDesk, Counted, Desk
from web.pages import looking, render, showing
from web.pages.dealings import acts as dealing_acts
from web.pages.matches import openings
from web.pages.profile import words as profile_words
from web.pages.profile.evidence_files import store_of

router = APIRouter(prefix="/opcs")

TOP: Final = 10
NOTHING_SNIFFED: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}

Known = tuple[ProfilePage, ProfileRecord | None, dict[str, EvidenceFile], dict[str, Check]]


@router.get("/{profile_id}", dependencies=[Counted])
async def show(request: Request, desk: AtDesk, profile_id: str) -> Response:
    """Show a profile as this reader may see it, with the source of each statement and the needs it answers."""
    try:
        return await _show(request, desk, profile_id)
    except NotFound:
        # A company's page without a form of its own, kept from before its founder's profile came to it.
        successor = await desk.read(lambda session: moves.successor(session, profile_id))
        if successor is None:
            raise
        return RedirectResponse(f"/opcs/{successor}", status_code=301)


async def _show(
    request: Request,
    desk: Desk,
    profile_id: str,
    *,
    errors: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    reader = _reader(desk)
    profile, record, files, checked = await desk.read(lambda session: _known(session, profile_id, reader))
    found = await openings.of_record(desk, record, top=TOP)
    acts = await desk.read(
        lambda session: dealing_acts.acts_on_profile(session, desk.signed_in, profile_id, now=desk.now)
    )
    won = await desk.read(lambda session: honours.of_unit(session, profile.organisation.id))
    page = render.page(
        request,
        desk,
        "opcs/show.html",
        status=status,
        profile=profile,
        honours=won,
        acts=acts,
        files=files,
        checked=checked,
        digest=checks.digest,
        answers=found.answers,
        demand=found.needs,
        offer_parts=profile_words.OFFER_PARTS,
        may_check=evidence.may_check(reader),
        is_own=reader is not None and acts_for(reader, profile.organisation.id),
        errors=errors or {},
        typed=typed or {},
    )
    page.background = showing.together(
        looking.noting(desk, SubjectKind.PROFILE, profile_id),
        showing.of_profile(desk, profile_id, showing.placed(found.answers), ShownOn.PROFILE),
    )
    return page


def _reader(desk: Desk) -> Actor | None:
    return desk.signed_in.actor if desk.signed_in else None


def _known(session: Session, profile_id: str, reader: Actor | None) -> Known:
    profile = profiles.get(session, profile_id, reader)
    return profile, profile.document, evidence.of_profile(session, profile_id), checks.of_profile(session, profile_id)


@router.get("/{profile_id}/evidence/{file_id}")
async def file(desk: AtDesk, profile_id: str, file_id: str) -> Response:
    """Give an evidence file to those who may see its case; it is saved, never opened within the page."""
    found = await desk.read(lambda session: evidence.get(session, _reader(desk), profile_id, file_id))
    with store_of(desk).open(found.digest) as opened:
        data = await to_thread.run_sync(opened.read)
    disposition = f"attachment; filename=\"evidence\"; filename*=UTF-8''{quote(found.name)}"
    headers = {"Content-Disposition": disposition, **NOTHING_SNIFFED}
    return Response(data, media_type=found.media_type, headers=headers)


@router.post("/{profile_id}/checks")
async def check(
    request: Request,
    desk: AtDesk,
    *,
    profile_id: str,
    case: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    act: Annotated[str, Form()] = "confirm",
) -> Response:
    """Mark a case as checked, or take the mark back."""
    actor = desk.require_actor()

    def confirm(session: Session) -> None:
        checks.confirm(session, actor, profile_id, case_digest=case, note=note, now=desk.now, new_id=desk.new_id)

    def withdraw(session: Session) -> None:
        checks.withdraw(session, actor, profile_id, case_digest=case, now=desk.now)

    try:
        await desk.write(withdraw if act == "withdraw" else confirm)
    except Invalid as refusal:
        field = f"note-{case[:12]}"
        errors = dict.fromkeys([field] if refusal.fields else [], "".join(refusal.fields.values()))
        return await _show(request, desk, profile_id, errors=errors, typed={field: note}, status=422)
    done = "unchecked" if act == "withdraw" else "checked"
    return RedirectResponse(f"/opcs/{profile_id}?done={done}#cases", status_code=303)
