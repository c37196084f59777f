"""Files on their way in: uploaded, understood, checked, then published or discarded."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote

from anyio import to_thread
from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ingest.errors import Refused, TakesLong
from ingest.fields import ListKind, Reading
from ingest.readers import suffixes
from ingest.records import reading_to_record
from marketplace.accounts.actors import Actor, may_run_lists, require_may_run_lists
from marketplace.accounts.words import Role
from marketplace.kernel.errors import Conflict
from marketplace.lists.intakes import intakes, mappings, repeats, unmasking, waiting
from marketplace.lists.intakes.views import IntakeCard, IntakePage
from marketplace.lists.words import IntakeState
from web.dependencies import AtDesk, Desk
from web.pages import places, render, wording
from web.pages.lists import intake_repeats, reviewing
from web.pages.lists.reviewing import NEW, Review
from web.reading_files import ListFile

router = APIRouter(prefix="/intakes")

ACCEPTED: Final = ",".join(f".{suffix}" for suffix in suffixes())
"""What the browser offers to choose from; what a file is, is told by its content."""
MOST_FILES: Final = 20
NO_FILE: Final = "没有收到文件。请先选择一个文件，再上传。"


@router.get("")
async def index(request: Request, desk: AtDesk, state: str = "", page: int = 1) -> HTMLResponse:
    """List the intakes that one may see, of one state or all, with the form that uploads another."""
    return await _index(request, desk, desk.require_actor(), state=state, page=page)


@router.post("")
async def upload(
    request: Request,
    desk: AtDesk,
    file: Annotated[list[UploadFile] | None, File()] = None,
    kind: Annotated[str, Form()] = "",
    region: Annotated[str, Form()] = "",
) -> Response:
    """Read files and open an intake for each; one that cannot be read leaves nothing behind and is named with the reason."""
    actor = desk.require_actor()
    require_may_run_lists(actor, region=region)
    named = [(name, one) for one in file or () if (name := reviewing.label(one.filename))]
    if not named:
        return await _index(request, desk, actor, failures=(NO_FILE,), status=422)
    taken: list[IntakeCard] = []
    failures: list[str] = []
    for name, one in named[:MOST_FILES]:
        found = await _take_in(desk, actor, one, name=name, kind=kind, region=region)
        if isinstance(found, str):
            failures.append(f"{name}：{found}")
        else:
            taken.append(found)
    failures += [
        f"{name}：一次最多上传 {MOST_FILES} 个文件，这个没有读取，请再传一次。" for name, _ in named[MOST_FILES:]
    ]
    if len(named) == 1 and taken:
        return _to(taken[0].id)
    status = 200 if taken else 422
    return await _index(request, desk, actor, failures=failures, taken=taken, kind=kind, region=region, status=status)


async def _take_in(
    desk: Desk, actor: Actor, file: UploadFile, *, name: str, kind: str, region: str
) -> IntakeCard | str:
    """Open an intake for one file, or say why it cannot be read; what takes minutes is read while nobody waits."""
    found = ListFile(name, await file.read(), ListKind(kind) if kind in set(ListKind) else None)
    reading: Reading | None
    seconds = desk.settings.reading_wait_seconds
    remembered = await desk.read(lambda session: mappings.of_region(session, region))
    try:
        reading = await desk.read_file(lambda: found.understood(remembered, seconds=seconds))
    except Refused as refused:
        return refused.problem.message
    except TakesLong:
        reading = None
    limit_bytes = desk.settings.upload_limit_bytes
    stored = await to_thread.run_sync(lambda: desk.files.put(found.data, limit_bytes=limit_bytes))
    given: dict[str, Any] = {
        "file": stored,
        "name": name,
        "region": region,
        "kind": found.kind,
        "now": desk.now,
        "new_id": desk.new_id,
    }
    if reading is None:
        return await desk.write(lambda session: waiting.take_in(session, actor, **given))
    record = reading_to_record(reading)
    page = await desk.write(lambda session: intakes.open(session, actor, reading=record, **given))
    return page.card


@router.get("/{intake_id}")
async def show(
    request: Request,
    desk: AtDesk,
    *,
    intake_id: str,
    series: str = "",
    title: str | None = None,
    publisher: str | None = None,
    number: str | None = None,
    page: int = 1,
) -> HTMLResponse:
    """Show what was understood of a file, row by row, and what publishing it would change."""
    review = await _review(desk, intake_id, series=series, title=title, publisher=publisher, number=number)
    if review.intake.card.state in {IntakeState.READING, IntakeState.FAILED}:
        return render.page(request, desk, "intakes/reading.html", intake=review.intake)
    return _show(request, desk, review, page=page)


@router.get("/{intake_id}/file")
async def original(desk: AtDesk, intake_id: str) -> Response:
    """Give the original file back, as it was sent; whoever does not run the list says first what it needs it for."""
    intake, actor = await _intake(desk, intake_id), desk.require_actor()
    if not await desk.read(lambda session: unmasking.may_read_original(session, actor, intake_id, now=desk.now)):
        return RedirectResponse(f"/unmaskings/intakes/{intake_id}", status_code=303)
    with desk.files.open(intake.file_digest) as file:
        data = await to_thread.run_sync(file.read)
    disposition = f"attachment; filename=\"original\"; filename*=UTF-8''{quote(intake.card.name)}"
    return Response(data, media_type="application/octet-stream", headers={"Content-Disposition": disposition})


@router.get("/{intake_id}/repeats")
async def alike(request: Request, desk: AtDesk, intake_id: str, series: str = "") -> Response:
    """Show which rows likely repeat published needs or each other; of what is decided already, lead to its intake."""
    actor, chosen = desk.require_actor(), series if series != NEW else ""
    given = await desk.study(lambda session: repeats.to_compare(session, actor, intake_id, series_id=chosen or None))
    if given.intake.card.state is not IntakeState.OPEN:
        return _to(intake_id)
    pairs = await desk.liken(lambda encoder: intake_repeats.find(encoder, given))
    found = await desk.read(lambda session: intake_repeats.shown(session, given, pairs))
    return render.page(
        request,
        desk,
        "intakes/repeats.html",
        intake=given.intake,
        found=found,
        series=series,
        most=intake_repeats.MOST,
    )


@router.get("/{intake_id}/confirm")
async def ask_to_confirm(
    request: Request,
    desk: AtDesk,
    *,
    intake_id: str,
    series: str = "",
    title: str | None = None,
    publisher: str | None = None,
    number: str | None = None,
) -> Response:
    """Say what publishing will do before it is done; what is published or discarded already leads to its intake."""
    review = await _review(desk, intake_id, series=series, title=title, publisher=publisher, number=number)
    places.require_running(desk.require_actor())
    if review.preview is None:
        return _to(intake_id)
    if review.errors or not review.published:
        return _show(request, desk, replace(review, is_asked=True), status=422)
    return _ask(request, desk, review)


def _ask(
    request: Request, desk: Desk, review: Review, *, errors: dict[str, str] | None = None, status: int = 200
) -> HTMLResponse:
    form: dict[str, object] = {"title": review.title, "publisher": review.publisher, "number": review.first_number}
    return render.page(
        request,
        desk,
        "intakes/confirm.html",
        status=status,
        errors=errors or {},
        unchecked=review.unchecked,
        intake=review.intake,
        chosen=review.chosen,
        title=review.title,
        publisher=review.publisher,
        number=review.number,
        first=review.published[: reviewing.TITLES_SHOWN],
        total=len(review.published),
        held=review.held,
        held_shown=reviewing.HELD_SHOWN,
        back=render.query_with({"series": review.chosen}, **(form if review.chosen == NEW else {})),
        consequences=review.consequences(desk.now),
    )


@router.post("/{intake_id}/confirm")
async def confirm(
    request: Request,
    desk: AtDesk,
    *,
    intake_id: str,
    version: Annotated[int, Form()],
    series: Annotated[str, Form()] = NEW,
    title: Annotated[str, Form()] = "",
    publisher: Annotated[str, Form()] = "",
    number: Annotated[int, Form(ge=1, le=intakes.MAX_FIRST_NUMBER)] = 1,
    checked: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Publish the sound rows of an intake as an edition; pressed again, say that it is published already.

    Where rows are marked to be checked, nothing is published before somebody has said that they were.
    """
    actor = desk.require_actor()
    if not checked:
        review = await _review(desk, intake_id, series=series, title=title, publisher=publisher, number=str(number))
        if review.preview is not None and may_run_lists(actor, region=review.intake.card.region) and review.unchecked:
            errors = {"checked": reviewing.NOT_CHECKED}
            return _ask(request, desk, review, errors=errors, status=422)
    try:
        edition = await desk.write(
            lambda session: intakes.confirm(
                session,
                actor,
                intake_id,
                version=version,
                series_id=None if series == NEW else series,
                series_title=title.strip() if series == NEW else None,
                publisher=publisher.strip() or None,
                first_number=number,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Conflict as conflict:
        return await _decided(request, desk, actor, intake_id, conflict)
    return RedirectResponse(f"/editions/{edition.card.id}?published=1", status_code=303)


@router.post("/{intake_id}/continue")
async def go_on(desk: AtDesk, intake_id: str) -> RedirectResponse:
    """Open a file once more that was published or set aside, for the rows that stayed behind."""
    actor = desk.require_actor()
    page = await desk.write(lambda session: intakes.go_on(session, actor, intake_id, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(f"/intakes/{page.card.id}?continued=1", status_code=303)


@router.get("/{intake_id}/discard")
async def ask_to_discard(request: Request, desk: AtDesk, intake_id: str) -> Response:
    """Say what discarding will do before it is done."""
    intake = await _intake(desk, intake_id)
    places.require_running(desk.require_actor())
    if intake.card.state in {IntakeState.CONFIRMED, IntakeState.DISCARDED}:
        return _to(intake_id)
    return render.page(request, desk, "intakes/discard.html", intake=intake)


@router.post("/{intake_id}/discard")
async def discard(desk: AtDesk, intake_id: str, version: Annotated[int, Form()]) -> RedirectResponse:
    """Close an intake without publishing anything of it."""
    actor = desk.require_actor()
    await desk.write(lambda session: intakes.discard(session, actor, intake_id, version=version, now=desk.now))
    return _to(intake_id)


async def _index(
    request: Request,
    desk: Desk,
    actor: Actor,
    *,
    failures: Sequence[str] = (),
    taken: Sequence[IntakeCard] = (),
    kind: str = "",
    region: str = "",
    state: str = "",
    page: int = 1,
    status: int = 200,
) -> HTMLResponse:
    chosen = IntakeState(state) if state in set(IntakeState) else None
    found = await desk.read(lambda session: intakes.search(session, actor, state=chosen, page=page))
    regions = _regions(actor)
    if not regions and Role.SUPERVISOR not in actor.roles:
        require_may_run_lists(actor, region=desk.settings.region)
    return render.page(
        request,
        desk,
        "intakes/index.html",
        status=status,
        intakes=found.rows,
        found=found,
        state=chosen.value if chosen else "",
        failures=failures,
        taken=taken,
        kind=kind,
        region=region,
        regions=regions,
        limit_bytes=desk.settings.upload_limit_bytes,
        accepted=ACCEPTED,
    )


def _regions(actor: Actor) -> list[tuple[str, str]]:
    held = dict.fromkeys(grant.region for grant in actor.grants if grant.role is Role.ORGANISER)
    return [(region, wording.region(region)) for region in held]


async def _intake(desk: Desk, intake_id: str) -> IntakePage:
    actor = desk.require_actor()
    return await desk.read(lambda session: intakes.get(session, actor, intake_id))


async def _decided(request: Request, desk: Desk, actor: Actor, intake_id: str, conflict: Conflict) -> HTMLResponse:
    card = (await _intake(desk, intake_id)).card
    is_published = card.state is IntakeState.CONFIRMED and card.closed_at is not None
    message = conflict.message
    if is_published and card.closed_at is not None and card.closed_by == actor.name:
        message = f"您已在 {wording.clock(card.closed_at, desk.now)} 发布过，没有重复发布。"
    way = (f"/editions/{card.edition_id}", "查看这一期") if is_published else (f"/intakes/{card.id}", "查看这份导入")
    template = "errors/published.html" if is_published else "errors/conflict.html"
    return render.page(request, desk, template, status=409, message=message, way=way)


async def _review(
    desk: Desk, intake_id: str, *, series: str, title: str | None, publisher: str | None, number: str | None
) -> Review:
    actor = desk.require_actor()
    return await desk.read(
        lambda session: reviewing.review(
            session, actor, intake_id, series=series, title=title, publisher=publisher, number=number
        )
    )


def _show(request: Request, desk: Desk, review: Review, *, page: int = 1, status: int = 200) -> HTMLResponse:
    is_unfolded = request.query_params.get("open") == "all"
    context: dict[str, Any] = reviewing.shown(review, page=page, now=desk.now, is_unfolded=is_unfolded)
    context["is_mapped"] = request.query_params.get("mapped") == "1"
    context["is_continued"] = request.query_params.get("continued") == "1"
    return render.page(request, desk, "intakes/show.html", status=status, **context)


def _to(intake_id: str) -> RedirectResponse:
    return RedirectResponse(f"/intakes/{intake_id}", status_code=303)
