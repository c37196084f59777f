"""The pages of one bid that several routes show: the workspace while a draft is open, its status otherwise, the preview."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.views import OrganisationView
from marketplace.experts import backgrounds
from marketplace.kernel.errors import Conflict, Invalid, Refusal
from marketplace.rounds import own_bids
from marketplace.rounds.bidding import attaching, copies, drafts
from marketplace.rounds.bidding.drafts import Workspace
from marketplace.rounds.own_bids import BidPage
from marketplace.rounds.panels import requests as recusals
from marketplace.rounds.rules import bid_forms as rules
from marketplace.rounds.rules.bid_copies import Copy
from marketplace.rounds.words import BidEvent, BidState
from web.dependencies import Desk
from web.pages import render
from web.pages.matches.answers import Answer
from web.pages.rounds import bid_files, bid_forms, bid_words, like, outcome_words

CHECK = "check"
"""Asked for with this, the workspace names at each field what is still missing."""


async def workspace(
    request: Request,
    desk: Desk,
    actor: Actor,
    bid_id: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    clash: Sequence[Mapping[str, str]] = (),
    found: Sequence[OrganisationView] = (),
    sought: str = "",
    status: int = 200,
) -> HTMLResponse:
    """Show the form of a bid; `typed` is what was sent and is not kept, `found` are units that a partner's name fits."""

    def read(session: Session) -> tuple[Workspace, str, BidPage, list[str]]:
        page = drafts.get(session, actor, bid_id)
        return (
            page,
            attaching.recipient_for(session, actor, bid_id),
            own_bids.get(session, actor, bid_id, now=desk.now),
            _unstated(session, actor, page),
        )

    page, recipient, bid, unstated = await desk.read(read)
    asked = page.faults if request.query_params.get(CHECK) else {}
    return render.page(
        request,
        desk,
        "bids/workspace.html",
        status=status,
        page=page,
        bid=bid,
        body=dict.fromkeys(rules.fields(page.notice, page.track), "") | dict(page.body) | dict(typed or {}),
        errors={**asked, **(errors or {})},
        clash=clash,
        found=found,
        sought=sought,
        recipient=recipient,
        unstated=unstated,
        words=bid_words,
        forms_of=bid_forms,
        limits=rules,
        limit_bytes=bid_files.limit_bytes(desk),
        accepted=bid_files.ACCEPTED,
        most_files=drafts.MOST_FILES,
        left=bid_words.left(page.deadline, desk.now),
    )


async def clashing(request: Request, desk: Desk, actor: Actor, bid_id: str, given: Mapping[str, str]) -> HTMLResponse:
    """Show what was sent beside what somebody else of the unit has saved meanwhile; nothing is kept yet."""
    page = await desk.read(lambda session: drafts.get(session, actor, bid_id))
    rows = bid_forms.both(given, page)
    return await workspace(request, desk, actor, bid_id, typed=given, clash=rows, status=409)


async def status(
    request: Request,
    desk: Desk,
    actor: Actor,
    bid_id: str,
    *,
    errors: Mapping[str, str] | None = None,
    filled: Mapping[str, str] | None = None,
    code: int = 200,
) -> HTMLResponse:
    """Show how a bid stands that is not being written, and what its unit can do with it."""

    def read(session: Session) -> tuple[BidPage, tuple[recusals.Request, ...], bool]:
        page = own_bids.get(session, actor, bid_id, now=desk.now)
        return page, recusals.of_bid(session, bid_id), recusals.may_file(session, actor, bid_id)

    page, recusal_requests, may_ask = await desk.read(read)
    going_on: tuple[Answer, ...] = ()
    if page.card.state is BidState.NOT_AWARDED and actor.organisation_id is not None:
        going_on = await like.needs(desk, actor.organisation_id, without=page.item_id)
    return render.page(
        request,
        desk,
        "bids/status.html",
        going_on=going_on,
        outcomes=outcome_words,
        status=code,
        page=page,
        recusal_requests=recusal_requests,
        may_ask_recusal=may_ask,
        recusal_limits=recusals,
        errors=dict(errors or {}),
        filled=dict(filled or {}),
        words=bid_words,
        events=BidEvent,
        limit_bytes=bid_files.limit_bytes(desk),
        accepted=bid_files.ACCEPTED,
    )


async def preview(
    request: Request, desk: Desk, actor: Actor, bid_id: str, *, refusal: Refusal | None = None
) -> HTMLResponse:
    """Show everything as it will be sealed, and what still stands against handing it in."""

    def read(session: Session) -> tuple[Workspace, Copy, BidPage, list[str]]:
        page = drafts.get(session, actor, bid_id)
        return (
            page,
            copies.get(session, actor, bid_id),
            own_bids.get(session, actor, bid_id, now=desk.now),
            _unstated(session, actor, page),
        )

    page, copy, bid, unstated = await desk.read(read)
    code = 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422
    return render.page(
        request,
        desk,
        "bids/preview.html",
        status=code,
        page=page,
        bid=bid,
        sealed=bid_forms.sealed(page, copy),
        unstated=unstated,
        unconfirmed=[one for one in page.team if one.confirmed_at is None and one.declined_at is None],
        refusal="" if refusal is None else refusal.message,
        words=bid_words,
        left=bid_words.left(page.deadline, desk.now),
    )


def _unstated(session: Session, actor: Actor, page: Workspace) -> list[str]:
    """The names of the units of a bid that have not said who stands behind them, "" for one's own: a hint, no condition."""
    names = {actor.organisation_id or "": ""}
    names |= {one.organisation_id: one.name for one in page.team if one.declined_at is None}
    return [names[one] for one in backgrounds.lacking(session, list(names))]


def field_errors(refusal: Invalid) -> dict[str, str]:
    """What an Invalid says by field, or at the head of the form where it names none."""
    return dict(refusal.fields) or {"form": refusal.message}
