"""One item with its source, its history and the suppliers that answer it."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from ingest.fields import ListKind
from marketplace.accounts.actors import acts_for, belongs_to
from marketplace.accounts.views import OrganisationView
from marketplace.kernel.words import SubjectKind
from marketplace.lists import items, unmasking
from marketplace.lists.needs import outcomes
from marketplace.lists.needs.outcomes import OutcomeView
from marketplace.lists.publishing import disputes
from marketplace.lists.repeats import repeats
from marketplace.lists.repeats.views import OfItem
from marketplace.lists.views import Contact, ItemPage, ItemRecord
from marketplace.lists.words import ItemState
from marketplace.rounds import rounds
from marketplace.rounds.making import beginnings
from web.dependencies import AtDesk, Counted, Desk
from web.pages import looking, render, showing
from web.pages.dealings import acts as dealing_acts
from web.pages.dealings.acts import ItemActs
from web.pages.lists import facts, need_forms
from web.pages.matches import raising, suppliers, together
from web.pages.matches.answers import Answer
from web.pages.matches.raising import Standing
from web.pages.rounds import words as round_words

router = APIRouter(prefix="/items")

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class Own:
    """What members of the item's own unit see besides: whether they may act, and how much waits for a decision."""

    may_act: bool
    disputed: int
    organisation: OrganisationView | None
    is_member: bool


@dataclass(frozen=True, slots=True)
class _Found:
    page: ItemPage
    record: ItemRecord | None
    own: Own | None
    contact: Contact
    outcome: OutcomeView | None
    acts: ItemActs | None
    may_ask: bool
    may_begin: bool
    repeats: OfItem


@router.get("/{item_id}", dependencies=[Counted])
async def show(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show an item: what it states, where that stands, and who answers it with which words."""
    found = await desk.read(lambda session: _item(session, desk, item_id))
    shown: tuple[Answer, ...] = ()
    supply = 0
    if found.record is not None:  # else closed, paused, or a capability: nothing to match
        shown, supply = await suppliers.answering(desk, found.record, top=TOP)
    mine = await _mine(desk, found)
    of_item = await desk.read(lambda session: rounds.of_item(session, item_id))
    answer = render.page(
        request,
        desk,
        "items/show.html",
        rounds=of_item,
        round_states=round_words.STATES,
        round_looks=round_words.LOOKS,
        item=found.page,
        facts=facts.of_item(found.page),
        contact=found.contact,
        may_reveal=found.may_ask,
        answers=shown,
        supply=supply,
        asks_for_teams=found.record is not None and together.may_be_asked(found.record, shown),
        mine=mine,
        own=found.own,
        outcome=found.outcome,
        acts=found.acts,
        may_begin=found.may_begin,
        repeats=found.repeats,
        done=need_forms.DONE,
    )
    look = looking.noting(desk, SubjectKind.ITEM, item_id)
    # Where nothing was asked of the matcher (closed, paused, nobody to choose from), nothing was answered either.
    asked = found.record is not None and supply > 0
    answer.background = showing.together(look, showing.of_need(desk, item_id, shown)) if asked else look
    return answer


async def _mine(desk: Desk, found: _Found) -> Standing | None:
    """How the reader's own listed profile stands with the need; None where there is none, or the need is its own."""
    if found.record is None or desk.signed_in is None or (found.own is not None and found.own.is_member):
        return None
    profile = await desk.read(lambda session: raising.own_record(session, desk))
    return None if profile is None else await raising.standing(desk, found.record, profile, simulates=False)


@router.post("/{item_id}/contact")
async def reveal(desk: AtDesk, item_id: str) -> RedirectResponse:
    """Lead to where a contact is shown for a stated purpose, which is written down."""
    desk.require_actor()
    await desk.read(lambda session: items.get(session, item_id))
    return RedirectResponse(f"/unmaskings/items/{item_id}", status_code=303)


def _item(session: Session, desk: Desk, item_id: str) -> _Found:
    own = _own(session, desk, item_id)
    page = items.get(session, item_id, named=own is not None)
    outcome = outcomes.of_item(session, item_id)
    signed_in = desk.signed_in
    member = own is not None and own.is_member
    return _Found(
        page=page,
        record=page.document,
        own=own,
        # A unit always sees the contact that it gave itself.
        contact=items.contact_for(session, item_id) if member else page.contact,
        outcome=outcome if outcome is not None and (outcome.is_public or own is not None) else None,
        # What is shown through another is dealt with there.
        acts=None
        if member or page.main is not None
        else dealing_acts.acts_on_item(session, signed_in, page.card, now=desk.now),
        may_ask=not member and signed_in is not None and unmasking.may_ask(session, signed_in.actor, item_id),
        may_begin=signed_in is not None
        and page.card.kind is not ListKind.CAPABILITY
        and page.card.state is ItemState.OPEN
        and page.main is None
        and beginnings.may_begin_from(session, signed_in.actor, item_id),
        repeats=repeats.of_item(session, item_id),
    )


def _own(session: Session, desk: Desk, item_id: str) -> Own | None:
    if desk.signed_in is None:
        return None
    actor, unit = desk.signed_in.actor, items.owner(session, item_id)
    member = unit is not None and belongs_to(actor, unit.id)
    if not member and not unmasking.may_ask(session, actor, item_id):
        return None
    disputed = len(disputes.of_item(session, actor, item_id)) if member else 0
    return Own(unit is not None and acts_for(actor, unit.id), disputed, unit, is_member=member)
