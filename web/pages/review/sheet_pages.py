"""A sheet as a page: the bid beside the criteria, what was typed, what is wrong, where the own sheets before and after lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Request
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Refusal
from marketplace.rounds.panel_words import SheetEvent
from marketplace.rounds.reviewing import desks, places
from marketplace.rounds.reviewing.desks import Line, SheetPage
from marketplace.rounds.reviewing.places import Place
from marketplace.rounds.rules import sheets as rules
from web.dependencies import Desk
from web.pages import render
from web.pages.review import desk_pages, forms, words
from web.pages.rounds import bid_words


@dataclass(frozen=True, slots=True)
class Differs:
    """A field that another window has saved meanwhile: what stands, and what was sent."""

    field: str
    label: str
    standing: str
    sent: str


@dataclass(frozen=True, slots=True)
class Around:
    """The own sheets before and after one, and which of how many it is."""

    before: Line | None
    after: Line | None
    number: int
    total: int


async def page(
    request: Request,
    desk: Desk,
    actor: Actor,
    sheet_id: str,
    *,
    filled: Mapping[str, str] | None = None,
    clash: tuple[Differs, ...] = (),
    refusal: Refusal | None = None,
    status: int | None = None,
) -> HTMLResponse:
    """Show a sheet; `filled` is what was typed where it could not be saved."""

    def read(session: Session) -> tuple[SheetPage, list[Line], Place]:
        found = desks.get(session, actor, sheet_id, now=desk.now)
        lines = desks.lines(session, actor, found.round_id)
        return found, lines, places.of_round(session, actor, found.round_id)

    found, lines, place = await desk.read(read)
    return render.page(
        request,
        desk,
        "review/sheet.html",
        status=desk_pages.status_of(refusal) if status is None else status,
        page=found,
        place=place,
        around=around(lines, sheet_id),
        track=next((one for one in found.notice.tracks if one.key == found.answers.get("track", {}).get("key")), None),
        body={**forms.standing(found), **(filled or {})},
        clash=clash,
        errors=desk_pages.errors(refusal),
        refusal=desk_pages.said(refusal),
        may_write=_may(found, SheetEvent.SAVE),
        may_take_back=_may(found, SheetEvent.TAKE_BACK),
        most=rules.MAX_COMMENT,
        shown=points,
        is_read=_is_closed(found),
        bid_words=bid_words,
        words=words,
    )


def around(lines: list[Line], sheet_id: str) -> Around:
    """Where a sheet stands among those of its expert that are open to it."""
    own = [one for one in lines if not one.is_closed]
    at = next((at for at, one in enumerate(own) if one.sheet_id == sheet_id), 0)
    after = own[at + 1] if at + 1 < len(own) else None
    return Around(own[at - 1] if at else None, after, at + 1, len(own))


def differing(found: SheetPage, given: Mapping[str, str]) -> tuple[Differs, ...]:
    """Which fields a form has otherwise than they are kept."""
    titles = {one.key: one.title for one in found.asked} | {rules.WHOLE: "总的评语"}
    standing = forms.standing(found)
    return tuple(
        Differs(
            name,
            f"“{titles.get(name.partition('-')[2], '')}”的{'分数' if name.startswith(forms.MARK) else '评语'}",
            standing[name],
            said,
        )
        for name, said in given.items()
        if name in standing and standing[name].strip() != said.strip()
    )


def points(value: Decimal) -> str:
    """Show a number of points without zeros at its end."""
    return f"{value.normalize():f}"


def _may(found: SheetPage, event: SheetEvent) -> bool:
    return event in found.may and found.may[event] is None


def _is_closed(found: SheetPage) -> bool:
    return SheetEvent.SAVE not in found.may and SheetEvent.TAKE_BACK not in found.may
