"""The opening of a round: who has turned the key, and the passphrase of whoever turns it now."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import throttling
from marketplace.kernel.errors import Invalid, NotAllowed
from marketplace.rounds import held, keys, opening, openings
from marketplace.rounds.making.appointments import NAMES
from marketplace.rounds.opening import OpeningState
from marketplace.rounds.openings import OpeningView
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import bid_words

router = APIRouter(prefix="/rounds/{round_id}/opening")

LONGEST: Final = 400
WHAT: Final = "口令输入错误"


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show how far the opening has come; once the bids are open, its minutes."""
    return await _page(request, desk, desk.require_actor(), round_id)


@router.post("")
async def turn(
    request: Request, desk: AtDesk, round_id: str, passphrase: Annotated[str, Form(max_length=LONGEST)] = ""
) -> Response:
    """Turn one's key with the passphrase; the second key opens every bid. Wrong ones are counted."""
    actor = desk.require_recent()
    locked = await desk.read(lambda session: opening.locked(session, actor, round_id))
    if malformed := keys.fault_in(passphrase):  # mistyped, no guess: it is not counted
        return await _page(request, desk, actor, round_id, errors={"passphrase": malformed}, status=422)
    tries = throttling.subject("opening", f"{actor.account_id}:{round_id}")
    # Counted before it is tried: several windows at once do not get more tries.
    try:
        await desk.write(lambda session: _count(session, desk, tries))
    except NotAllowed as refusal:
        return await _page(request, desk, actor, round_id, errors={"passphrase": refusal.message}, status=403)
    identity, wrong = await desk.stretch(keys.unlock, locked, passphrase)
    if wrong:
        return await _page(request, desk, actor, round_id, errors={"passphrase": wrong}, status=422)

    def work(session: Session) -> bool:
        throttling.forget(session, tries)
        return opening.turn(session, actor, round_id, identity, files=desk.files, now=desk.now, new_id=desk.new_id)

    try:
        is_open = await desk.write(work, durable=True)
    except Invalid as refusal:
        return await _page(request, desk, actor, round_id, errors=dict(refusal.fields), status=422)
    return RedirectResponse(f"/rounds/{round_id}/opening?done={'opened' if is_open else 'turned'}", status_code=303)


def _count(session: Session, desk: Desk, tries: str) -> None:
    throttling.hold(session, tries)
    throttling.require_unlocked(session, tries, now=desk.now, what=WHAT)
    throttling.remember_failure(session, tries, now=desk.now, new_id=desk.new_id)


async def _page(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    def read(session: Session) -> tuple[str, OpeningState, OpeningView | None]:
        state = opening.state(session, actor, round_id)
        said = openings.get(session, actor, round_id, now=desk.now) if state.is_open else None
        return held.get(session, round_id).title, state, said

    title, state, minutes = await desk.read(read)
    return render.page(
        request,
        desk,
        "rounds/opening.html",
        status=status,
        round_id=round_id,
        title=title,
        opening=state,
        minutes=minutes,
        errors=errors or {},
        posts=NAMES,
        words=bid_words,
    )
