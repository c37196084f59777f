"""Objections to a published result: filing one, its page with its papers, and what its filer does with it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import UploadFile

from marketplace.accounts.actors import Actor
from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.rules import evidence
from marketplace.kernel.errors import Conflict, Invalid, NotFound, Refusal
from marketplace.rounds.deciding import objections, outcomes, reading
from marketplace.rounds.deciding.objections import Told
from marketplace.rounds.deciding.reading import ObjectionPage
from web.dependencies import AtDesk, Desk
from web.documents import answers
from web.documents.model import Document
from web.pages import people, render
from web.pages.rounds import objection_pages, objection_papers, outcome_words
from web.uploads import InMemory, files_of

router = APIRouter(prefix="/rounds/{round_id}/objections")

PAPERS: Final[Mapping[str, Callable[[ObjectionPage], Document | None]]] = {
    "acknowledgement": objection_papers.acknowledgement,
    "answer": objection_papers.answer,
}
MOST_DIGITS: Final = 4
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/new")
async def new(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the form of an objection with who may file one, until when, and what happens next."""
    return await _form(request, desk, desk.require_actor(), round_id)


@router.post("", dependencies=[InMemory])
async def file(request: Request, desk: AtDesk, round_id: str) -> Response:
    """File an objection, with its evidence."""
    actor, form = desk.require_actor(), await request.form()
    given = {name: str(form.get(name) or "") for name in Told.__slots__}
    try:
        files = await _evidence(desk, actor, round_id, files_of(form, "files"))
        objection_id = await desk.write(
            lambda session: objections.file(
                session, actor, round_id, Told(**given), files=files, now=desk.now, new_id=desk.new_id
            )
        )
    except (Conflict, Invalid) as refusal:
        return await _form(request, desk, actor, round_id, given=given, refusal=refusal)
    return RedirectResponse(f"/rounds/{round_id}/objections/{objection_id}?done=filed", status_code=303)


@router.get("/{objection_id}")
async def show(request: Request, desk: AtDesk, round_id: str, objection_id: str) -> HTMLResponse:
    """Show an objection: how it stands, its deadlines, the answer, and what the reader may do."""
    return await objection_pages.shown(request, desk, desk.require_actor(), round_id, objection_id)


@router.post("/{objection_id}/withdraw")
async def withdraw(request: Request, desk: AtDesk, round_id: str, objection_id: str) -> Response:
    """Withdraw one's own objection."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        objections.withdraw(session, actor, objection_id, now=desk.now)

    return await objection_pages.done(request, desk, actor, round_id, objection_id, work=work, said="withdrawn")


@router.post("/{objection_id}/appeal")
async def appeal(request: Request, desk: AtDesk, round_id: str, objection_id: str, text: Text = "") -> Response:
    """Appeal to the supervisor."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        objections.appeal(session, actor, objection_id, text=text, now=desk.now, new_id=desk.new_id)

    given = {"text": text}
    return await objection_pages.done(
        request, desk, actor, round_id, objection_id, work=work, said="appealed", given=given
    )


@router.get("/{objection_id}/files/{number}")
async def evidence_file(desk: AtDesk, round_id: str, objection_id: str, number: str) -> Response:
    """Give a file that an objection brought as evidence."""
    actor = desk.require_actor()
    at = int(number) if number.isascii() and number.isdigit() and len(number) < MOST_DIGITS else 0
    found = await desk.read(lambda session: reading.evidence(session, actor, round_id, objection_id, at, now=desk.now))
    return await people.stored_attachment(desk, found["name"], found["digest"])


@router.get("/{objection_id}/{paper}.{suffix}")
async def paper_file(desk: AtDesk, round_id: str, objection_id: str, paper: str, suffix: str) -> Response:
    """Download the acknowledgement or the answer."""
    _page, document = await _paper(desk, round_id, objection_id, paper)
    return await answers.download(document, suffix)


@router.get("/{objection_id}/{paper}")
async def paper_page(request: Request, desk: AtDesk, round_id: str, objection_id: str, paper: str) -> HTMLResponse:
    """Show the acknowledgement or the answer as an official document."""
    page, document = await _paper(desk, round_id, objection_id, paper)
    return render.page(request, desk, "rounds/objection_paper.html", page=page, document=document, name=paper)


async def _evidence(desk: Desk, actor: Actor, round_id: str, chosen: list[UploadFile]) -> list[GivenFile]:
    # Nothing is stored of who may not object now: the verb says why.
    page = await desk.read(lambda session: outcomes.get(session, actor, round_id, now=desk.now))
    if not page.may_object:
        return []
    if len(chosen) > evidence.MOST_FILES:
        raise Invalid(objections.TOO_MANY, code="too_many_files", fields={"files": objections.TOO_MANY})
    try:
        return await people.given(desk, chosen)
    except Invalid as refusal:
        raise Invalid(refusal.message, code=refusal.code, fields={"files": refusal.message}) from None


async def _paper(desk: Desk, round_id: str, objection_id: str, paper: str) -> tuple[ObjectionPage, Document]:
    actor = desk.require_actor()
    page = await desk.read(lambda session: reading.get(session, actor, round_id, objection_id, now=desk.now))
    document = PAPERS[paper](page) if paper in PAPERS and page.has_papers else None
    if document is None:
        raise NotFound("还没有这份文书，或它只供异议人、异议受理人和监督人员查阅。", code="paper_missing")
    return page, document


async def _form(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    *,
    given: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    page = await desk.read(lambda session: outcomes.get(session, actor, round_id, now=desk.now))
    errors = dict(refusal.fields) if isinstance(refusal, Invalid) else {}
    return render.page(
        request,
        desk,
        "rounds/objection_new.html",
        status=200 if refusal is None else 422 if errors else 409,
        page=page,
        given={**dict.fromkeys(Told.__slots__, ""), "name": actor.name, **(given or {})},
        errors=errors,
        conflict=refusal.message if refusal is not None and not errors else "",
        limits=objections,
        limit_bytes=min(desk.settings.upload_limit_bytes, evidence.LIMIT_BYTES),
        words=outcome_words,
    )
