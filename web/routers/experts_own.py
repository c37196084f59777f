"""What an expert does for itself: sees its entries, applies to a pool, changes its words, accepts an invitation."""

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.experts import applications, entries, invitations
from marketplace.experts.rules import standing
from marketplace.experts.rules.entry_forms import EntryForm, require_sound
from marketplace.experts.views import EntryView
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, Invalid
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.experts import entry_forms, entry_pages, proposing, words
from web.pages.experts.entry_forms import Told

router = APIRouter(prefix="/expert")

PROPOSE = "propose"


@router.get("")
async def mine(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show the pools that somebody belongs to, is asked into or may apply to, and who sees what."""
    actor = desk.require_actor()

    def read(session: Session) -> dict[str, Any]:
        return {"entries": entries.own(session, actor), "open": applications.open_to(session, actor)}

    return render.page(request, desk, "experts/own.html", words=words, **await desk.read(read))


@router.get("/apply")
async def ask(request: Request, desk: AtDesk, region: str = "") -> Response:
    """Offer the form of an application; whoever was in that pool finds its earlier words."""
    actor = desk.require_actor()
    if not await desk.read(lambda session: applications.open_to(session, actor)):
        return RedirectResponse("/expert", status_code=303)
    own = await desk.read(lambda session: entries.own(session, actor))
    earlier = next((one for one in own if one.region == region), None)
    told = entry_forms.as_told(earlier.form if earlier else EntryForm())
    return await _form(request, desk, Told({**told.words, "region": region}, told.fields, told.terms, told.shown))


@router.post("/apply")
async def apply(request: Request, desk: AtDesk) -> Response:
    """Hand in an application; words of the lexicon that nobody has looked at yet are shown first."""
    actor = desk.require_actor()
    told = await entry_forms.told(request)
    unseen = await _unseen(desk, told)
    if unseen or told.get("act") == PROPOSE:
        return await _form(request, desk, told, unseen=unseen)
    stated = entry_forms.stated(told, today=desk.now.astimezone(BEIJING).date())
    try:
        if stated.errors:
            _refuse_all(told, stated.errors)
        expert_id = await desk.write(
            lambda session: applications.apply(
                session,
                actor,
                told.get("region"),
                form=entry_forms.entry(told),
                stated_ties=stated.ties,
                stated_relations=stated.relations,
                has_no_employer=bool(told.get("has_no_employer")),
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as wrong:
        return await _form(request, desk, told, errors=wrong.fields)
    except Conflict as conflict:
        return await _form(request, desk, told, conflict=conflict.message)
    return RedirectResponse(f"/experts/{expert_id}?done=applied", status_code=303)


@router.get("/{expert_id}/edit")
async def edit(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Offer the form of an entry with what it says now; one that is over is applied for again."""
    entry = await _own(desk, expert_id)
    if entry.state not in standing.LIVE:
        return RedirectResponse(f"/expert/apply?{urlencode({'region': entry.region})}", status_code=303)
    return await _form(request, desk, entry_forms.as_told(entry.form), entry=entry, version=entry.version)


@router.post("/{expert_id}/edit")
async def amend(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Change what an entry says; where it changed meanwhile, what stands there now is shown beside what was typed."""
    actor = desk.require_actor()
    entry = await _own(desk, expert_id)
    told, version = await entry_forms.told(request), typed.version(await request.form())
    unseen = await _unseen(desk, told)
    if unseen or told.get("act") == PROPOSE:
        return await _form(request, desk, told, entry=entry, version=version, unseen=unseen)
    form = entry_forms.entry(told)
    try:
        await desk.write(
            lambda session: entries.amend(session, actor, expert_id, form=form, version=version, now=desk.now)
        )
    except Invalid as wrong:
        return await _form(request, desk, told, entry=entry, version=version, errors=wrong.fields)
    except Conflict as conflict:
        now = await _own(desk, expert_id)
        return await _form(request, desk, told, entry=now, version=now.version, conflict=conflict.message)
    return RedirectResponse(f"/experts/{expert_id}?done=amended", status_code=303)


@router.post("/{expert_id}/accept")
async def accept(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Accept an invitation."""
    actor = desk.require_actor()

    def verb(session: Session, told: Told) -> None:
        has_none = bool(told.get("has_no_employer"))
        now, new_id = desk.now, desk.new_id
        invitations.accept(session, actor, expert_id, has_no_employer=has_none, now=now, new_id=new_id)

    return await entry_pages.act(request, desk, expert_id, at="accept", verb=verb, done="accepted")


async def _own(desk: Desk, expert_id: str) -> EntryView:
    actor = desk.require_actor()
    return await desk.read(lambda session: entries.own_one(session, actor, expert_id))


async def _unseen(desk: Desk, told: Told) -> tuple[str, ...]:
    found = await desk.match(lambda engine: proposing.terms(engine.lexicon, told.get("specialities")))
    return tuple(one for one in found if one not in told.shown)


def _refuse_all(told: Told, errors: dict[str, str]) -> None:
    """Say what is wrong with the rows together with what is wrong above them."""
    try:
        require_sound(entry_forms.entry(told))
    except Invalid as wrong:
        errors = {**wrong.fields, **errors}
    raise Invalid("申请还不完整，请按提示补充。", code="bad_application", fields=errors)


async def _form(
    request: Request,
    desk: Desk,
    told: Told,
    *,
    entry: EntryView | None = None,
    version: int = 0,
    unseen: tuple[str, ...] = (),
    errors: dict[str, str] | None = None,
    conflict: str = "",
) -> HTMLResponse:
    actor = desk.require_actor()
    regions = [] if entry else await desk.read(lambda session: applications.open_to(session, actor))
    return render.page(
        request,
        desk,
        "experts/form.html",
        status=409 if conflict else 422 if errors else 200,
        entry=entry,
        version=version,
        told=told,
        regions=regions,
        terms=tuple(dict.fromkeys((*told.shown, *told.terms, *unseen))),
        ticked=(*told.terms, *unseen),
        unseen=unseen,
        rows=range(entry_forms.ROWS),
        errors=errors or {},
        conflict=conflict,
        words=words,
    )
