"""A holder's passphrase of a round: made and shown once, then tested by typing it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.rounds import keys
from marketplace.rounds.making import appointments
from marketplace.rounds.rounds import RoundPage
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import making

router = APIRouter(prefix="/rounds/{round_id}/key")

MAX_TYPED = 200
DONE = {
    "tested": "口令核对无误。三名保管人都核对以后，公告才能批准。",
    "ready": "口令核对无误。三名保管人都已核对，申报可以加密接收。",
    "kept": "口令只显示一次，不能再看。没有记下的，请重新生成。",
}


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Explain the three passphrases, say how far each holder is, and offer the reader's own next step."""
    return await _page(request, desk, round_id)


@router.post("")
async def make(
    request: Request, desk: AtDesk, round_id: str, standing: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Make a holder's passphrase and show it once, in this answer.

    `standing` is what the page said was there before: sent again by a reload, it makes no other passphrase.
    """
    actor = desk.require_recent()
    _page_seen, state, before = await _known(desk, round_id)
    if state.mine is None:
        raise NotAllowed("只有指定的口令保管人可以设置口令。", code="not_a_holder")
    if not state.may_set_up:
        raise Conflict("公告已经批准，口令不能再更换。", code="holders_fixed")
    if before != standing:
        return RedirectResponse(f"/rounds/{round_id}/key?done=kept", status_code=303)
    passphrase, made = await desk.stretch(keys.prepare)

    def put(session: Session) -> bool:
        if _standing(session, actor, round_id) != standing:
            return False
        keys.put(session, actor, round_id, made, now=desk.now)
        return True

    if not await desk.write(put):
        return RedirectResponse(f"/rounds/{round_id}/key?done=kept", status_code=303)
    return await _page(request, desk, round_id, passphrase=passphrase)


@router.post("/test")
async def check(
    request: Request, desk: AtDesk, round_id: str, passphrase: Annotated[str, Form(max_length=MAX_TYPED)] = ""
) -> Response:
    """Test a passphrase that was typed; with the third one the round's key is made."""
    actor = desk.require_recent()
    await desk.read(lambda session: making.inside(session, actor, round_id, now=desk.now))
    locked, _recipient = await desk.read(lambda session: keys.wrapped(session, actor, round_id))
    identity, wrong = await desk.stretch(keys.unlock, locked, passphrase)
    if wrong:
        return await _page(request, desk, round_id, errors={"passphrase": wrong})
    is_ready = await desk.write(lambda session: keys.confirm(session, actor, round_id, identity, now=desk.now))
    return RedirectResponse(f"/rounds/{round_id}/key?done={'ready' if is_ready else 'tested'}", status_code=303)


async def _known(desk: Desk, round_id: str) -> tuple[RoundPage, keys.KeyState, str]:
    actor = desk.require_actor()

    def known(session: Session) -> tuple[RoundPage, keys.KeyState, str]:
        page = making.inside(session, actor, round_id, now=desk.now)
        state = keys.state(session, actor, round_id)
        is_open = state.mine is not None and state.may_set_up
        return page, state, _standing(session, actor, round_id) if is_open else ""

    return await desk.read(known)


def _standing(session: Session, actor: Actor, round_id: str) -> str:
    try:
        return keys.wrapped(session, actor, round_id)[1]
    except Conflict:
        return ""


async def _page(
    request: Request,
    desk: Desk,
    round_id: str,
    *,
    passphrase: str = "",
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    page, state, standing = await _known(desk, round_id)
    if state.mine is not None and state.may_set_up:
        desk.require_recent()
    return render.page(
        request,
        desk,
        "rounds/key.html",
        status=422 if errors else 200,
        page=page,
        key=state,
        standing=standing,
        passphrase=passphrase,
        names=appointments.NAMES,
        errors=errors or {},
        done=DONE,
    )
