"""An expert's place in a round as a page: the invitation, what it waits for, its sheets, or why there is nothing more."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Invalid, Refusal
from marketplace.rounds.panel_words import MemberState
from marketplace.rounds.panels import offices, rows
from marketplace.rounds.panels.members import DECLARATION, MAX_TEXT
from marketplace.rounds.reviewing import desks, places
from marketplace.rounds.words import RoundState
from web.dependencies import Desk
from web.pages import render
from web.pages.review import forms, words

JUDGING: Final = rows.JUDGING
OUT: Final = rows.OUT
TEMPLATES: Final[Mapping[MemberState, str]] = {
    MemberState.INVITED: "review/invitation.html",
    MemberState.DECLARED: "review/declared.html",
    **dict.fromkeys(JUDGING, "review/sheets.html"),
    **dict.fromkeys(OUT, "review/out.html"),
}


async def place(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    *,
    filled: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    """Show somebody's place in a round as it stands, with what was typed and why it was refused, if anything was."""

    def read(session: Session) -> dict[str, Any]:
        asked = places.asked(session, actor, round_id)
        is_judging = asked.place.state in JUDGING
        return {
            "asked": asked,
            "place": asked.place,
            "bidders": places.bidders(session, actor, round_id),
            "excepted": places.excepted(session, actor, round_id) if asked.place.state not in OUT else [],
            "lines": [one for one in desks.lines(session, actor, round_id) if not one.is_closed] if is_judging else [],
        }

    found = await desk.read(read)
    return render.page(
        request,
        desk,
        TEMPLATES[found["place"].state],
        status=status_of(refusal),
        **found,
        filled=dict(filled or {}),
        errors=errors(refusal),
        refusal=said(refusal),
        declaration=DECLARATION,
        max_text=MAX_TEXT,
        max_reason=offices.MAX_REASON,
        answers=forms.ANSWERS,
        is_together=found["place"].round_state is not RoundState.REVIEW,
        words=words,
    )


def status_of(refusal: Refusal | None) -> int:
    """With which status a page answers that something was refused."""
    return 200 if refusal is None else 422 if isinstance(refusal, Invalid) else 409


def errors(refusal: Refusal | None) -> dict[str, str]:
    """What is wrong by field."""
    return dict(refusal.fields) if isinstance(refusal, Invalid) else {}


def said(refusal: Refusal | None) -> str:
    """What stands against an act in general, as a sentence; "" where the fields say it, or nothing does."""
    return "" if refusal is None or errors(refusal) else refusal.message
