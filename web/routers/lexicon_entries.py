"""Entries of the lexicon: proposed and listed, each with its versions, what the checker finds and what would change."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Conflict, Invalid
from marketplace.lexicon import entries, reading
from marketplace.lexicon.rules import contents, powers
from marketplace.lexicon.rules.contents import Content
from marketplace.lexicon.words import EntryState
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.lexicon import entry_forms, proposals, words
from web.pages.lexicon.proposals import Weighed

router = APIRouter(prefix="/lexicon/entries")


@router.get("")
async def index(request: Request, desk: AtDesk, state: str = "", page: int = 1) -> HTMLResponse:
    """List the proposals, newest first, all of them or those in one state."""
    actor = desk.require_actor()
    states = [EntryState(state)] if state in words.STATES else []
    found = await desk.read(lambda session: reading.listed(session, actor, states=states, number=page))
    return render.page(
        request,
        desk,
        "lexicon/entries.html",
        found=found,
        state=state if states else "",
        states=words.STATES,
        tones=words.TONES,
        acts=words.ACTS,
        reads_all=powers.reads_all(actor),
        may_propose=powers.may_propose(actor),
    )


@router.get("/new")
async def new(request: Request, desk: AtDesk, concept: str = "", name: str = "") -> HTMLResponse:
    """Show an empty form: of a new concept, or of a change of one."""
    powers.require_may_propose(desk.require_actor())
    lexicon = desk.index.laid.lexicon
    known = lexicon.number_of(concept)
    blank = entry_forms.blank(concept=lexicon.concepts[known].name if known is not None else "", name=name[:30])
    return _form(request, desk, blank)


@router.post("/new")
async def propose(request: Request, desk: AtDesk) -> Response:
    """Propose an entry; what the checker finds is said first, and what was typed is kept."""
    actor = desk.require_actor()
    powers.require_may_propose(actor)
    values = entry_forms.typed(await request.form())
    content = entry_forms.read(values, desk.index.laid.lexicon)
    try:
        await _require_sound(desk, proposals.WRITTEN, content)
        entry_id = await desk.write(
            lambda session: entries.propose(
                session, actor, content, reason=values["reason"], now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        return _form(request, desk, values, refusal=refusal)
    return RedirectResponse(f"/lexicon/entries/{entry_id}?done=proposed", status_code=303)


@router.get("/{entry_id}")
async def show(request: Request, desk: AtDesk, entry_id: str) -> HTMLResponse:
    """Show an entry with its versions; of one that waits, what the checker finds and what would change."""
    actor = desk.require_actor()

    def look(session: Session) -> tuple[Any, ...]:
        one = reading.get(session, actor, entry_id)
        shown = one.waiting or one.in_force
        barred = shown is not None and entries.is_barred(session, actor, proposed_by=shown.proposed_by)
        return one, reading.standing(session), barred

    one, standing, barred = await desk.read(look)
    weighed: Weighed | None = None
    if one.waiting is not None:
        wanted = proposals.wanted_with(standing, entry_id, one.waiting.content)
        name = one.waiting.content.concept
        weighed = await desk.examine(lambda index: proposals.weigh(index, standing, wanted, name))
    return render.page(
        request,
        desk,
        "lexicon/entry.html",
        one=one,
        weighed=weighed,
        may_decide=powers.may_decide(actor),
        may_propose=powers.may_propose(actor),
        barred=barred,
        life=proposals.life(desk.index, one),
        kinds=words.KINDS,
        acts=words.ACTS,
        states=words.STATES,
        tones=words.TONES,
    )


@router.get("/{entry_id}/edit")
async def edit(request: Request, desk: AtDesk, entry_id: str) -> HTMLResponse:
    """Show the form with what the newest version says."""
    actor = desk.require_actor()
    powers.require_may_propose(actor)
    one = await desk.read(lambda session: reading.get(session, actor, entry_id))
    if one.waiting is not None:
        raise Conflict("这个词条已有一版在等待审定，审定之后才能再提出修改。", code="entry_waiting")
    return _form(request, desk, entry_forms.shown(one.newest.content), entry_id=entry_id, version=one.version)


@router.post("/{entry_id}/edit")
async def amend(request: Request, desk: AtDesk, entry_id: str) -> Response:
    """Propose a new version of an entry."""
    actor = desk.require_actor()
    powers.require_may_propose(actor)
    await desk.read(lambda session: reading.get(session, actor, entry_id))
    form = await request.form()
    version, values = typed.version(form), entry_forms.typed(form)
    content = entry_forms.read(values, desk.index.laid.lexicon)
    try:
        await _require_sound(desk, entry_id, content)
        await desk.write(
            lambda session: entries.amend(
                session, actor, entry_id, content, reason=values["reason"], version=version, now=desk.now
            )
        )
    except (Invalid, Conflict) as refusal:
        return _form(request, desk, values, entry_id=entry_id, version=version, refusal=refusal)
    return RedirectResponse(f"/lexicon/entries/{entry_id}?done=proposed", status_code=303)


async def _require_sound(desk: Desk, entry_id: str, content: Content) -> None:
    """Raise Invalid with what the checker finds; what the form's own rules find is told by the verb."""
    try:
        cleaned = contents.clean(content)
    except Invalid:
        return
    standing = await desk.read(reading.standing)
    wanted = proposals.wanted_with(standing, entry_id, cleaned)
    faults = await desk.examine(lambda index: proposals.faults(index, standing, wanted))
    if faults:
        raise Invalid(
            "词条没有保存：检查发现下面的问题。", code="lexicon_faults", fields={"names": "；".join(faults) + "。"}
        )


def _form(
    request: Request,
    desk: Desk,
    values: dict[str, Any],
    *,
    entry_id: str = "",
    version: int = 0,
    refusal: Invalid | Conflict | None = None,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "lexicon/edit.html",
        status=200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422,
        id=entry_id,
        version=version,
        values=values,
        errors=refusal.fields if isinstance(refusal, Invalid) else {},
        conflict=refusal.message if isinstance(refusal, Conflict) else "",
        kinds=[(value, said, words.ABOUT_KINDS[value]) for value, said in words.KINDS.items()],
        limits=contents,
    )
