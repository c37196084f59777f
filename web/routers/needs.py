"""The enterprise's desk: its needs by state, and what is done to one that is published."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import Actor, acts_for
from marketplace.accounts.views import OrganisationView
from marketplace.dealings import dealings, outcomes
from marketplace.dealings.views import SignedDeal, Waiting
from marketplace.kernel.errors import Invalid
from marketplace.lists import items
from marketplace.lists.needs import drafts, needs
from marketplace.lists.needs.draft_views import DraftCard
from marketplace.lists.needs.outcomes import Ending
from marketplace.lists.publishing import disputes
from marketplace.lists.views import ItemCard, ItemPage, ItemRecord
from marketplace.lists.words import ItemState
from marketplace.profiles import profiles
from marketplace.profiles.views import ProfileCard, ProfileFilter
from web.dependencies import AtDesk, Desk
from web.pages import render, showing
from web.pages.lists import endings, need_forms
from web.pages.matches import suppliers
from web.pages.matches.answers import Answer

router = APIRouter(prefix="/needs")

MATCHED_AT_MOST: Final = 8
"""For how many open needs the desk looks for the best supplier at once."""
CHOICES_AT_MOST: Final = 30
LOOKED_AT: Final = 5
"""Among how many hits the best is looked for: those that a hard condition stands against come last."""


@dataclass(frozen=True, slots=True)
class _Home:
    unit: OrganisationView
    drafts: list[DraftCard]
    items: list[ItemCard]
    disputed: dict[str, int]
    waiting: Waiting
    records: list[ItemRecord]
    signed: dict[str, str]
    """The needs that somebody has signed for and that are not closed yet, with the dealing."""


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show the needs of the unit for which somebody acts, by state, each with what comes next."""
    actor = desk.require_actor()
    home = await desk.read(lambda session: _home(session, desk, actor))
    best: dict[str, Answer | None] = {}
    for record in home.records:
        found, _supply = await suppliers.answering(desk, record, top=LOOKED_AT)
        best[record.id] = found[0] if found else None
    page = render.page(
        request,
        desk,
        "needs/index.html",
        home=home,
        by_state={state.value: [card for card in home.items if card.state is state] for state in ItemState},
        best=best,
        may_act=acts_for(actor, home.unit.id),
        done=need_forms.DONE,
    )
    page.background = showing.of_needs(desk, list(best.items()))
    return page


def _home(session: Session, desk: Desk, actor: Actor) -> _Home:
    unit = organisations.get(session, need_forms.unit_of(actor))
    shown = items.of_organisation(session, unit.id)
    matched = [card.id for card in shown if card.state is ItemState.OPEN][:MATCHED_AT_MOST]
    return _Home(
        unit=unit,
        drafts=drafts.of_organisation(session, actor, unit.id),
        items=shown,
        disputed=disputes.waiting(session, unit.id),
        waiting=dealings.waiting(session, actor, now=desk.now),
        records=list(items.documents(session, matched)),
        signed=outcomes.signed_dealings(session, [card.id for card in shown if card.state is not ItemState.CLOSED]),
    )


@router.post("/{item_id}/pause")
async def pause(desk: AtDesk, item_id: str) -> RedirectResponse:
    """Take a need out of lists and matching for a while."""
    actor = desk.require_actor()
    await desk.write(lambda session: needs.pause(session, actor, item_id, now=desk.now))
    return _to(item_id, "paused")


@router.post("/{item_id}/resume")
async def resume(desk: AtDesk, item_id: str) -> RedirectResponse:
    """Put a paused need back."""
    actor = desk.require_actor()
    await desk.write(lambda session: needs.resume(session, actor, item_id, now=desk.now))
    return _to(item_id, "resumed")


@router.get("/{item_id}/close")
async def ask_to_close(request: Request, desk: AtDesk, item_id: str, dealing: str = "") -> HTMLResponse:
    """Ask how a need ended before it is closed, filled in from the signing (`dealing`) that one comes from."""
    return await _closing(request, desk, item_id, typed={}, errors={}, dealing_id=dealing)


@router.post("/{item_id}/close")
async def close(request: Request, desk: AtDesk, item_id: str) -> Response:
    """Close a need with its outcome; what is wrong is shown again with everything that was typed."""
    actor = desk.require_actor()
    form = await request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    try:
        ending: Ending = endings.read(typed)
        await desk.write(lambda session: needs.close(session, actor, item_id, ending, now=desk.now))
    except Invalid as invalid:
        return await _closing(request, desk, item_id, typed=typed, errors=invalid.fields, status=422)
    return _to(item_id, "closed")


async def _closing(
    request: Request,
    desk: Desk,
    item_id: str,
    *,
    typed: dict[str, str],
    errors: dict[str, str],
    dealing_id: str = "",
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()

    def read(session: Session) -> tuple[ItemPage, ItemRecord | None, list[SignedDeal]]:
        needs.require_member(session, actor, item_id)
        record = next(iter(items.documents(session, [item_id])), None)
        return items.get(session, item_id), record, outcomes.signed_of_item(session, item_id)

    item, record, signed = await desk.read(read)
    typed = typed or endings.of_signing(signed, dealing_id)
    likely = (await suppliers.answering(desk, record, top=CHOICES_AT_MOST))[0] if record else ()
    near = [(answer.href.removeprefix("/opcs/"), answer.name) for answer in likely]
    chosen = typed.get("profile_id", "")
    known = await desk.read(lambda session: _named(session, chosen))
    options = list(
        dict.fromkeys(
            [
                *((deal.profile_id, deal.opc_name) for deal in reversed(signed)),
                *near,
                *((card.id, card.name) for card in known),
            ]
        )
    )
    return render.page(
        request,
        desk,
        "needs/close.html",
        status=status,
        item=item,
        typed=typed,
        errors=errors,
        options=options,
        is_signed=bool(signed),
        deals=endings.DEALS,
    )


def _named(session: Session, profile_id: str) -> list[ProfileCard]:
    if not profile_id:
        return []
    return list(profiles.search(session, ProfileFilter(ids=(profile_id,)), page=1, size=1).rows)


@router.get("/{item_id}/disputes")
async def show_disputes(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show where a re-issued list and the owner's words differ, both side by side."""
    return await _disputes(request, desk, item_id, errors={})


@router.post("/{item_id}/disputes")
async def decide(request: Request, desk: AtDesk, item_id: str) -> Response:
    """Decide, field by field, whose words stand."""
    actor = desk.require_actor()
    form = await request.form()
    chosen = {name.removeprefix("keep-"): value for name, value in form.items() if name.startswith("keep-")}
    takes = {key: value == "theirs" for key, value in chosen.items()}
    try:
        await desk.write(lambda session: disputes.decide(session, actor, item_id, takes=takes, now=desk.now))
    except Invalid as invalid:
        return await _disputes(request, desk, item_id, errors=invalid.fields, status=422)
    return _to(item_id, "decided")


async def _disputes(
    request: Request, desk: Desk, item_id: str, *, errors: dict[str, str], status: int = 200
) -> HTMLResponse:
    actor = desk.require_actor()
    found, item = await desk.read(
        lambda session: (disputes.of_item(session, actor, item_id), items.get(session, item_id))
    )
    return render.page(request, desk, "needs/disputes.html", status=status, item=item, disputes=found, errors=errors)


def _to(item_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/items/{item_id}?done={done}", status_code=303)
