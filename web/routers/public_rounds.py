"""Rounds as everybody reads them: the list, the calendar, the page of one, following it, a notice as it was."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from marketplace.kernel.errors import NotFound
from marketplace.rounds import procedures, questions, rounds
from marketplace.rounds.rounds import PUBLIC_NAMES, Wanted
from marketplace.rounds.rules.notice_changes import changes
from marketplace.rounds.words import RoundState
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import months, public, words

router = APIRouter(prefix="/rounds")

MAX_WORDS: Final = 100
MOST_PAGES: Final = 10_000


class Asked(BaseModel):
    """Which rounds are looked for, as the address says it."""

    q: str = ""
    state: str = ""
    procedure: str = ""
    region: str = ""
    page: int = Field(1, ge=1, le=MOST_PAGES)

    def wanted(self) -> Wanted:
        """The same as the list is asked; what cannot be is left out."""
        chosen = RoundState(self.state) if self.state in set(PUBLIC_NAMES) else None
        procedure, region, words = (text.strip()[:MAX_WORDS] for text in (self.procedure, self.region, self.q))
        return Wanted(state=chosen, procedure_key=procedure, region=region, words=words)


@router.get("")
async def index(request: Request, desk: AtDesk, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """List the rounds that are announced or published, those that take bids first."""
    wanted = asked.wanted()

    def read(session: Session) -> dict[str, Any]:
        return {
            "found": rounds.public(session, wanted, page=asked.page),
            "counts": rounds.counts(session),
            "procedures": [view.procedure for view in procedures.listed(session)],
        }

    query = {
        "q": wanted.words,
        "state": wanted.state or "",
        "procedure": wanted.procedure_key,
        "region": wanted.region,
    }
    context = await desk.read(read)
    return render.page(
        request, desk, "rounds/index.html", query=query, states=words.STATES, looks=words.LOOKS, **context
    )


@router.get("/calendar")
async def calendar(request: Request, desk: AtDesk, month: str = "") -> HTMLResponse:
    """Show which rounds are published and which close in a month."""
    first = months.first_of(month, desk.now)
    found = await desk.read(lambda session: months.gather(session, first, now=desk.now))
    return render.page(request, desk, "rounds/calendar.html", month=found, states=words.STATES)


@router.get("/{round_id}")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show a round."""
    return await public.shown(request, desk, round_id)


@router.post("/{round_id}/follow")
async def follow(desk: AtDesk, round_id: str) -> Response:
    """Tell the person who asks of whatever happens in a round."""
    actor = desk.require_actor()
    await desk.write(lambda session: questions.follow(session, actor, round_id, now=desk.now))
    return _to(f"/rounds/{round_id}?done=followed")


@router.post("/{round_id}/unfollow")
async def unfollow(desk: AtDesk, round_id: str) -> Response:
    """Tell the person who asks nothing more of a round."""
    actor = desk.require_actor()
    await _require_seen(desk, round_id)
    await desk.write(lambda session: questions.unfollow(session, actor, round_id))
    return _to(f"/rounds/{round_id}?done=unfollowed")


@router.get("/{round_id}/versions/{number}")
async def version(request: Request, desk: AtDesk, round_id: str, number: int) -> HTMLResponse:
    """Show a notice as it was fixed, and what it changed in the one before."""
    actor = None if desk.signed_in is None else desk.signed_in.actor
    page = await desk.read(lambda session: rounds.get(session, actor, round_id, now=desk.now))
    at = next((place for place, one in enumerate(page.versions) if one.number == number), None)
    if at is None:
        raise NotFound("没有这一版公告，请从活动页面的“公告与补遗”进入。", code="notice_missing")
    this, before = page.versions[at], page.versions[at - 1] if at else None
    return render.page(
        request,
        desk,
        "rounds/version.html",
        page=page,
        this=this,
        before=before,
        place=at,
        changed=() if before is None else changes(before.notice, this.notice),
    )


async def _require_seen(desk: Desk, round_id: str) -> None:
    actor = None if desk.signed_in is None else desk.signed_in.actor
    await desk.read(lambda session: rounds.get(session, actor, round_id, now=desk.now))


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303)
