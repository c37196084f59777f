"""Closing an organisation, by its last owner, over all areas in one transaction."""

from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import owns
from marketplace.kernel.errors import Conflict, NotAllowed
from marketplace.lists.needs import closures
from marketplace.profiles import evidence
from web import departures
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.profile.evidence_files import store_of

router = APIRouter(prefix="/organisations/{organisation_id}/close")


@router.get("")
async def ask(request: Request, desk: AtDesk, organisation_id: str) -> Response:
    """Say what closing an organisation does before it is done."""
    return await _asked(request, desk, organisation_id)


@router.post("")
async def close(request: Request, desk: AtDesk, organisation_id: str) -> Response:
    """Close it; the bytes of its evidence files go once that is committed."""
    actor = desk.require_recent()
    try:
        digests = await desk.write(
            lambda session: departures.close_organisation(
                session, actor, organisation_id, now=desk.now, new_id=desk.new_id
            )
        )
    except Conflict as refusal:
        return await _asked(request, desk, organisation_id, refusal=refusal)
    unused = await desk.read(lambda session: evidence.unused(session, digests))
    store = store_of(desk)
    for digest in unused:
        await to_thread.run_sync(store.remove, digest)
    return RedirectResponse("/organisations?done=closed", status_code=303)


async def _asked(request: Request, desk: Desk, organisation_id: str, *, refusal: Conflict | None = None) -> Response:
    actor = desk.require_recent()

    def known(session: Session) -> dict[str, Any]:
        organisation = organisations.get(session, organisation_id)
        if not owns(actor, organisation_id):
            raise NotAllowed("只有负责人可以注销单位。请先在页首切换到这个单位。", code="not_the_owner")
        return {"organisation": organisation, "needs": len(closures.of_organisation(session, organisation_id))}

    return render.page(
        request,
        desk,
        "organisations/close.html",
        status=200 if refusal is None else 409,
        refusal=refusal.message if refusal else "",
        **await desk.read(known),
    )
