"""The consensus as a page: bids with their sheets side by side, what the panel differs about, what may be done."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotFound, Refusal
from marketplace.rounds.reviewing import consensus, places, together
from marketplace.rounds.reviewing.places import Place
from marketplace.rounds.reviewing.together import BidOnTable, Correction, Table
from marketplace.rounds.words import RoundState
from web.dependencies import Desk
from web.pages import render
from web.pages.review import desk_pages, words


async def table(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    *,
    filled: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    """Show the consensus of the reader's track, with what was typed and what is wrong with it."""

    def read(session: Session) -> tuple[Table, Place]:
        return together.get(session, actor, round_id), places.of_round(session, actor, round_id)

    found, place = await desk.read(read)
    return render.page(
        request,
        desk,
        "review/together.html",
        status=desk_pages.status_of(refusal),
        table=found,
        place=place,
        is_open=found.state is RoundState.CONSENSUS and not place.is_suspended,
        titles={one.key: one.title for one in found.asked},
        before=before,
        unsaid=unsaid(found),
        filled=dict(filled or {}),
        errors=dict(errors or {}),
        refusal=desk_pages.said(refusal),
        max_text=consensus.MAX_TEXT,
        words=words,
    )


def on(found: Table, code: str) -> BidOnTable:
    """A bid of a table by its code; NotFound where the reader's table has none such."""
    one = next((one for one in found.bids if one.code == code), None)
    if one is None:
        raise NotFound("没有这份申报。", code="bid_missing")
    return one


def led(found: Table) -> list[BidOnTable]:
    """The bids that the reader confirms, by place; those without one last."""
    mine = [one for one in found.bids if one.may_confirm]
    return sorted(mine, key=lambda one: (one.ranked is None, one.ranked.place.place if one.ranked else 0, one.code))


def unsaid(found: Table) -> list[BidOnTable]:
    """The bids about which the panel differs and nobody has said why."""
    return [one for one in found.bids if one.diverges and not one.remarks]


def before(corrections: tuple[Correction, ...], expert: str, criterion: str) -> str:
    """What a mark was before it was first corrected; "" where it never was."""
    return next((one.before for one in corrections if (one.expert, one.criterion) == (expert, criterion)), "")
