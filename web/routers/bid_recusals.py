"""A bidder asks that somebody does not judge its bid."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.kernel.errors import Invalid
from marketplace.rounds.panels import requests
from web.dependencies import AtDesk
from web.pages.rounds import bid_pages

router = APIRouter(prefix="/bids/{bid_id}/recusals")

Short = Annotated[str, Form(max_length=400)]
Text = Annotated[str, Form(max_length=20_000)]


@router.post("")
async def ask(
    request: Request, desk: AtDesk, bid_id: str, *, person: Short = "", unit: Short = "", facts: Text = ""
) -> Response:
    """Ask for a recusal, with a name or a unit and the facts."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: requests.file(
                session, actor, bid_id, person=person, unit=unit, text=facts, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        told = {{"text": "facts"}.get(name, name): said for name, said in refusal.fields.items()}
        filled = {"person": person, "unit": unit, "facts": facts}
        return await bid_pages.status(request, desk, actor, bid_id, errors=told, filled=filled, code=422)
    return RedirectResponse(f"/bids/{bid_id}?done=recusal", status_code=303)
