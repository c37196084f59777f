"""Trying the matcher with any words: anybody may, and nothing of what was pasted is kept."""

from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from marketplace.lexicon.rules import powers
from web.dependencies import AtDesk, Counted, Desk
from web.pages import render
from web.pages.matches import openings, suppliers, trying
from web.pages.matches.answers import Answer
from web.pages.matches.trying import Asks, Tried
from web.security import TooLarge

router = APIRouter(prefix="/try")

TOP: Final = 10
MOST_BYTES: Final = 8 * 1024 * 1024
"""A pasted book still arrives, so that the page can say how much is too much."""


async def _with_room(request: Request) -> None:
    # Whoever reads the form first decides how much may stand in one field.
    try:
        await request.form(max_part_size=MOST_BYTES)
    except HTTPException as fault:
        raise TooLarge(MOST_BYTES) from fault


@router.get("")
async def show(request: Request, desk: AtDesk, asks: str = "") -> HTMLResponse:
    """Show the empty form; which of the two is asked for may be named."""
    return _page(request, desk, Tried(Asks.ABILITY if asks == Asks.ABILITY else Asks.NEED))


@router.post("", dependencies=[Depends(_with_room), Counted])
async def match(request: Request, desk: AtDesk) -> HTMLResponse:
    """Match what was pasted: it is read from the body, so that no address and no log holds it, and written nowhere."""
    tried = trying.read(await request.form())
    if not tried.is_sound:
        return _page(request, desk, tried, status=422)
    if tried.asks is Asks.NEED:
        found, compared = await suppliers.answering(desk, trying.need(tried), top=TOP)
    else:
        opened = await openings.of_record(desk, trying.profile(tried), top=TOP)
        found, compared = opened.answers, opened.needs
    return _page(request, desk, tried, found=found, compared=compared)


def _page(
    request: Request,
    desk: Desk,
    tried: Tried,
    *,
    found: tuple[Answer, ...] | None = None,
    compared: int = 0,
    status: int = 200,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "trying/show.html",
        status=status,
        tried=tried,
        errors=dict(tried.errors),
        answers=found,
        compared=compared,
        most_title=trying.MOST_TITLE,
        most_text=trying.MOST_TEXT,
        reads_lexicon=desk.signed_in is not None and powers.may_read(desk.signed_in.actor),
    )
