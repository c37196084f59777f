"""Putting right what was read of a file on its way in: single rows, and what a column is."""

import contextlib
from typing import Annotated, Final

from anyio import to_thread
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from ingest import originals
from ingest.corrections import Part
from ingest.errors import Refused, TakesLong
from ingest.records import reading_to_record
from marketplace.accounts.actors import require_may_run_lists
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.lists.intakes import correcting, intakes, mappings, unmasking, waiting
from marketplace.lists.intakes.correcting import RowPage
from marketplace.lists.intakes.views import IntakePage
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.lists import correction_forms
from web.reading_files import ListFile

router = APIRouter(prefix="/intakes/{intake_id}")

MOST_COLUMNS: Final = 200


@router.get("/rows/{number}")
async def row(request: Request, desk: AtDesk, intake_id: str, number: int) -> HTMLResponse:
    """Show a row as it stands in the file beside what every part of it is read as, to be put right."""
    return _show(request, desk, await _row(desk, intake_id, number))


@router.post("/rows/{number}")
async def correct(request: Request, desk: AtDesk, intake_id: str, number: int) -> Response:
    """Put parts of a row right; words that were not touched change nothing."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    actor = desk.require_actor()
    words = correction_forms.words(form)
    taken_back = frozenset({Part(form["undo"])}) if form.get("undo") in set(Part) else frozenset()
    try:
        changed = await desk.write(
            lambda session: correcting.correct(
                session,
                actor,
                intake_id,
                number=number,
                words=words,
                was=correction_forms.was(form),
                taken_back=taken_back,
                now=desk.now,
            )
        )
    except (Invalid, Conflict) as refused:
        if refused.code not in {"too_long", "row_moved_on"}:
            raise
        page = await _row(desk, intake_id, number)
        status = 422 if isinstance(refused, Invalid) else 409
        return _show(request, desk, page, typed=words, refused=refused, status=status)
    saved = "1" if changed else "0"
    return RedirectResponse(f"/intakes/{intake_id}/rows/{number}?saved={saved}", status_code=303)


@router.get("/pages/{page}.png")
async def picture(desk: AtDesk, intake_id: str, page: int) -> Response:
    """Give a page of the original as a picture; whoever does not run the list says first what it needs it for."""
    actor, found = desk.require_actor(), await _intake(desk, intake_id)
    if not await desk.read(lambda session: unmasking.may_read_original(session, actor, intake_id, now=desk.now)):
        return RedirectResponse(f"/unmaskings/intakes/{intake_id}", status_code=303)
    if not originals.has_pages(found.reading.format):
        raise NotFound("这份文件没有可以显示的页面，请下载原件查看。", code="page_missing")
    with desk.files.open(found.file_digest) as file:
        data = await to_thread.run_sync(file.read)
    try:
        drawn = await desk.read_file(lambda: originals.page(data, name=found.card.name, number=page))
    except Refused as refused:
        raise NotFound(refused.problem.message, code="page_missing") from refused
    return Response(drawn, media_type="image/png", headers={"Cache-Control": "private, max-age=600"})


@router.post("/columns")
async def columns(
    request: Request,
    desk: AtDesk,
    intake_id: str,
    *,
    version: Annotated[int, Form()],
    layout: Annotated[str, Form(max_length=64)],
    header: Annotated[list[str], Form(max_length=MOST_COLUMNS)],
    part: Annotated[list[str], Form(max_length=MOST_COLUMNS)],
) -> Response:
    """Say what columns are, for this file and the publisher's files to come; the file is read anew."""
    said = {name: Part(chosen) if chosen in set(Part) else None for name, chosen in zip(header, part, strict=False)}
    try:
        await _map(desk, intake_id, version, layout, said)
    except (Refused, Invalid) as refused:
        message = refused.problem.message if isinstance(refused, Refused) else refused.message
        way = (f"/intakes/{intake_id}", "返回核对")
        return render.page(request, desk, "intakes/unmapped.html", status=422, message=message, way=way)
    return RedirectResponse(f"/intakes/{intake_id}?mapped=1", status_code=303)


async def _map(desk: Desk, intake_id: str, version: int, layout: str, said: dict[str, Part | None]) -> None:
    actor, page = desk.require_actor(), await _intake(desk, intake_id)
    require_may_run_lists(actor, region=page.card.region)
    with desk.files.open(page.file_digest) as file:
        found = ListFile(page.card.name, await to_thread.run_sync(file.read), page.kind)
    known = await desk.read(lambda session: mappings.of_region(session, page.card.region))
    amended = known.amended(page.publisher, layout, said)
    seconds = desk.settings.reading_wait_seconds
    record: dict[str, object] | None = None
    with contextlib.suppress(TakesLong):
        record = reading_to_record(await desk.read_file(lambda: found.understood(amended, seconds=seconds)))

    def write(session: Session) -> None:
        mappings.remember(session, actor, intake_id, version=version, layout=layout, said=said, now=desk.now)
        if record is None:
            waiting.read_again(session, actor, intake_id, version=version, now=desk.now, new_id=desk.new_id)
        else:
            waiting.replace_reading(session, actor, intake_id, version=version, reading=record)

    await desk.write(write)


async def _intake(desk: Desk, intake_id: str) -> IntakePage:
    actor = desk.require_actor()
    return await desk.read(lambda session: intakes.get(session, actor, intake_id))


async def _row(desk: Desk, intake_id: str, number: int) -> RowPage:
    actor = desk.require_actor()
    return await desk.read(lambda session: correcting.row(session, actor, intake_id, number))


def _show(
    request: Request,
    desk: Desk,
    page: RowPage,
    *,
    typed: dict[Part, str] | None = None,
    refused: Invalid | Conflict | None = None,
    status: int = 200,
) -> HTMLResponse:
    shown = correction_forms.shown(page, typed=typed or {}, refused=refused)
    saved = {"1": "yes", "0": "same"}.get(request.query_params.get("saved", ""), "")
    has_picture = originals.has_pages(page.format) and page.draft.page is not None
    return render.page(request, desk, "intakes/row.html", status=status, saved=saved, has_picture=has_picture, **shown)
