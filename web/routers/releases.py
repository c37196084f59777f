"""Releases by several publishers: prepared, confirmed by each, then published as an edition in all their names."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.actors import Actor, may_run_lists, require_may_run_lists
from marketplace.kernel.errors import Invalid
from marketplace.kernel.paging import MAX_SIZE
from marketplace.lists import series
from marketplace.lists.intakes import intakes
from marketplace.lists.intakes.views import IntakeCard
from marketplace.lists.publishing import gathered
from marketplace.lists.release_words import PublisherRole, ReleaseState
from marketplace.lists.releases import releases
from marketplace.lists.releases.releases import Content
from marketplace.lists.releases.views import ReleasePage
from marketplace.lists.words import IntakeState
from web.dependencies import AtDesk, Desk
from web.pages import places, render, typed
from web.pages.lists import reviewing
from web.pages.lists.reviewing import Unchecked

router = APIRouter(prefix="/releases")

NEW: Final = "new"


@router.get("")
async def index(request: Request, desk: AtDesk, state: str = "", page: int = 1) -> HTMLResponse:
    """List the releases of one's region and those that one's unit is asked to publish, newest first."""
    actor = desk.require_actor()
    chosen = ReleaseState(state) if state in set(ReleaseState) else None
    found = await desk.read(lambda session: releases.visible_to(session, actor, state=chosen, page=page))
    return render.page(
        request,
        desk,
        "releases/index.html",
        releases=found.rows,
        found=found,
        query={"state": chosen.value} if chosen else {},
        state=chosen.value if chosen else "",
        may_open=any(grant.role.value in render.RUNS_LISTS for grant in actor.grants),
    )


@router.get("/new")
async def new(request: Request, desk: AtDesk, series: str = "", intake: str = "") -> HTMLResponse:
    """Offer what can be released: an open intake, posted needs, and with whom."""
    places.require_running(desk.require_actor())
    return await _form(request, desk, {"series": series or NEW, "title": "", "intake": intake}, items=(), partners=())


@router.post("/new")
async def open_release(request: Request, desk: AtDesk) -> Response:
    """Prepare a release and ask its partners to confirm."""
    actor = desk.require_actor()
    form = await request.form()
    told = {name: str(form.get(name, "")) for name in ("series", "title", "intake", "region")}
    items = tuple(str(one) for one in form.getlist("items"))
    partners = tuple(str(one) for one in form.getlist("partners"))
    content = Content(
        series_id=None if told["series"] in {"", NEW} else told["series"],
        title=told["title"],
        intake_id=told["intake"] or None,
        item_ids=items,
    )
    region = places.chosen(actor, told["region"], otherwise=desk.settings.region)
    try:
        made = await desk.write(
            lambda session: releases.open(
                session,
                actor,
                region=region,
                content=content,
                partners=partners,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as wrong:
        return await _form(request, desk, told, items=items, partners=partners, errors=wrong.fields, status=422)
    return _to(f"/releases/{made.card.id}?done=opened")


@router.get("/{release_id}")
async def show(request: Request, desk: AtDesk, release_id: str) -> HTMLResponse:
    """Show what will be released, who has confirmed it and who must act next."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: releases.get(session, actor, release_id))
    runs = may_run_lists(actor, region=found.card.region)
    return render.page(
        request,
        desk,
        "releases/show.html",
        page=found,
        runs=runs,
        mine=[one for one in found.card.publishers if releases.speaks_for(actor, one.organisation_id)],
    )


@router.get("/{release_id}/edit")
async def edit(request: Request, desk: AtDesk, release_id: str) -> Response:
    """Offer to change the title and the publishers of a release that waits."""
    return await _edit(request, desk, release_id)


@router.post("/{release_id}/edit")
async def amend(request: Request, desk: AtDesk, release_id: str) -> Response:
    """Change the title and the publishers; every confirmation is void then."""
    actor = desk.require_actor()
    form = await request.form()
    title, partners = str(form.get("title", "")), tuple(str(one) for one in form.getlist("partners"))
    try:
        await desk.write(
            lambda session: releases.amend(
                session,
                actor,
                release_id,
                version=typed.version(form),
                title=title,
                partners=partners,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as wrong:
        return await _edit(request, desk, release_id, title=title, partners=partners, errors=wrong.fields, status=422)
    return _to(f"/releases/{release_id}?done=amended")


@router.post("/{release_id}/answer")
async def answer(request: Request, desk: AtDesk, release_id: str) -> Response:
    """Confirm or decline for one of the publishers."""
    actor = desk.require_actor()
    form = await request.form()
    accepts = form.get("answer") == "accept"
    await desk.write(
        lambda session: releases.answer(
            session,
            actor,
            release_id,
            organisation_id=str(form.get("organisation_id", "")),
            digest=str(form.get("digest", "")),
            accepts=accepts,
            now=desk.now,
            new_id=desk.new_id,
        )
    )
    return _to(f"/releases/{release_id}?done={'confirmed' if accepts else 'declined'}")


@router.get("/{release_id}/publish")
async def ask_to_publish(request: Request, desk: AtDesk, release_id: str) -> Response:
    """Say what publishing will do before it is done."""
    actor = desk.require_actor()
    found, unchecked = await desk.read(lambda session: _to_publish(session, actor, release_id))
    require_may_run_lists(actor, region=found.card.region)
    if found.card.state is not ReleaseState.WAITING or not found.card.is_ready:
        return _to(f"/releases/{release_id}")
    return _ask(request, desk, found, unchecked)


@router.post("/{release_id}/publish")
async def publish(request: Request, desk: AtDesk, release_id: str) -> Response:
    """Publish a release that all have confirmed; rows marked to be checked want a word that they were."""
    actor = desk.require_actor()
    form = await request.form()
    version = typed.version(form)
    found, unchecked = await desk.read(lambda session: _to_publish(session, actor, release_id))
    may = may_run_lists(actor, region=found.card.region)
    if unchecked and may and found.card.is_ready and form.get("checked") != "yes":
        return _ask(request, desk, found, unchecked, errors={"checked": reviewing.NOT_CHECKED}, status=422)
    edition_id = await desk.write(
        lambda session: releases.publish(session, actor, release_id, version=version, now=desk.now, new_id=desk.new_id)
    )
    return _to(f"/editions/{edition_id}?published=1")


@router.post("/{release_id}/withdraw")
async def withdraw(request: Request, desk: AtDesk, release_id: str) -> Response:
    """Give a release up."""
    actor = desk.require_actor()
    version = typed.version(await request.form())
    await desk.write(lambda session: releases.withdraw(session, actor, release_id, version=version, now=desk.now))
    return _to(f"/releases/{release_id}?done=withdrawn")


def _to_publish(session: Session, actor: Actor, release_id: str) -> tuple[ReleasePage, tuple[Unchecked, ...]]:
    found = releases.get(session, actor, release_id)
    if found.intake_id is None or not may_run_lists(actor, region=found.card.region):
        return found, ()
    chosen = found.series_id or reviewing.NEW
    told = {"title": found.card.title, "publisher": None, "number": None}
    return found, reviewing.review(session, actor, found.intake_id, series=chosen, **told).unchecked


def _ask(
    request: Request,
    desk: Desk,
    found: ReleasePage,
    unchecked: tuple[Unchecked, ...],
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "releases/publish.html",
        status=status,
        page=found,
        unchecked=unchecked,
        held_shown=reviewing.HELD_SHOWN,
        errors=errors or {},
    )


async def _edit(
    request: Request,
    desk: Desk,
    release_id: str,
    *,
    title: str | None = None,
    partners: tuple[str, ...] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    actor = desk.require_actor()
    found, candidates = await desk.read(
        lambda session: (releases.get(session, actor, release_id), releases.candidates(session, actor))
    )
    require_may_run_lists(actor, region=found.card.region)
    if found.card.state is not ReleaseState.WAITING:
        return _to(f"/releases/{release_id}")
    joint = tuple(one.organisation_id for one in found.card.publishers if one.role is PublisherRole.JOINT)
    return render.page(
        request,
        desk,
        "releases/edit.html",
        status=status,
        page=found,
        title=found.card.title if title is None else title,
        partners=joint if partners is None else partners,
        candidates=candidates,
        errors=errors or {},
    )


async def _form(
    request: Request,
    desk: Desk,
    told: dict[str, str],
    *,
    items: tuple[str, ...],
    partners: tuple[str, ...],
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    region = places.chosen(actor, told.get("region", ""), otherwise=desk.settings.region)

    def read(session: Session) -> dict[str, Any]:
        own = series.of_region(session, region, kinds=(ListKind.SCENARIO, ListKind.DEMAND))
        known = {one.id for one in own}
        chosen = told["series"] if told["series"] in known else None
        cards = [one for one in _open_intakes(session, actor) if one.sound]
        return {
            "all_series": own,
            "chosen": chosen or NEW,
            "intakes": cards,
            "needs": gathered.gatherable(session, region, series_id=chosen),
            "candidates": releases.candidates(session, actor),
        }

    return render.page(
        request,
        desk,
        "releases/form.html",
        status=status,
        told=told,
        region=region,
        items=items,
        partners=partners,
        errors=errors or {},
        **await desk.read(read),
    )


def _open_intakes(session: Session, actor: Actor) -> list[IntakeCard]:
    return list(intakes.search(session, actor, state=IntakeState.OPEN, size=MAX_SIZE).rows)


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)
