"""What two persons in charge do for somebody who cannot get in: one-time codes, lost second factors, new addresses."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.signing_in import assisted_codes, email_changes, lost_factors
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from web.dependencies import AtDesk, Desk
from web.pages import render

router = APIRouter(prefix="/reset/assist")

Typed = Annotated[str, Form()]
Reason = Annotated[str, Form()]
Refusal = Invalid | Conflict | NotAllowed


@router.get("")
async def codes(request: Request, desk: AtDesk, email: str = "") -> Response:
    """Show persons in charge which codes wait for a second approval, and a form for a new one."""
    return await _codes(request, desk, email=email[:320])


@router.post("")
async def begin_code(request: Request, desk: AtDesk, email: Typed = "", reason: Reason = "") -> Response:
    """Approve a code first; show this person its half, once."""
    actor = desk.require_recent()
    try:
        half = await desk.write(
            lambda session: assisted_codes.begin(
                session, actor, email=email, reason=reason, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        return await _codes(request, desk, email=email, reason=reason, refusal=refusal)
    return render.page(request, desk, "assistance/half.html", half=half, is_first=True)


@router.get("/factors")
async def factors(request: Request, desk: AtDesk) -> Response:
    """Show which second factors wait to be voided, and a form for another."""
    return await _factors(request, desk)


@router.post("/factors")
async def begin_voiding(request: Request, desk: AtDesk, email: Typed = "", reason: Reason = "") -> Response:
    """Approve first that a second factor is voided."""
    actor = desk.require_recent()
    try:
        await desk.write(
            lambda session: lost_factors.begin(
                session, actor, email=email, reason=reason, now=desk.now, new_id=desk.new_id
            )
        )
    except (Invalid, Conflict) as refusal:
        return await _factors(request, desk, email=email, reason=reason, refusal=refusal)
    return RedirectResponse("/reset/assist/factors?done=begun", status_code=303)


@router.post("/factors/{voiding_id}")
async def void(request: Request, desk: AtDesk, voiding_id: str) -> Response:
    """Approve second: the factor is void."""
    actor = desk.require_recent()
    try:
        await desk.write(
            lambda session: lost_factors.approve(session, actor, voiding_id, now=desk.now, new_id=desk.new_id)
        )
    except (Conflict, NotAllowed) as refusal:
        return await _factors(request, desk, refusal=refusal)
    return RedirectResponse("/reset/assist/factors?done=voided", status_code=303)


@router.get("/addresses")
async def addresses(request: Request, desk: AtDesk) -> Response:
    """Show which new addresses wait to be confirmed by a person in charge."""
    return await _addresses(request, desk)


@router.post("/addresses/{change_id}")
async def confirm_address(request: Request, desk: AtDesk, change_id: str) -> Response:
    """Confirm that a new address is its owner's."""
    actor = desk.require_recent()
    try:
        await desk.write(
            lambda session: email_changes.confirm_for(session, actor, change_id, now=desk.now, new_id=desk.new_id)
        )
    except (Conflict, NotAllowed) as refusal:
        return await _addresses(request, desk, refusal=refusal)
    return RedirectResponse("/reset/assist/addresses?done=confirmed", status_code=303)


@router.post("/{code_id}")
async def approve_code(request: Request, desk: AtDesk, code_id: str) -> Response:
    """Approve a code second; show this person its half, once."""
    actor = desk.require_recent()
    half = await desk.write(
        lambda session: assisted_codes.approve(session, actor, code_id, now=desk.now, new_id=desk.new_id)
    )
    return render.page(request, desk, "assistance/half.html", half=half, is_first=False)


async def _codes(
    request: Request, desk: Desk, *, email: str = "", reason: str = "", refusal: Refusal | None = None
) -> Response:
    actor = desk.require_recent()
    found = await desk.read(lambda session: {"waiting": assisted_codes.waiting(session, actor, now=desk.now)})
    return _page(request, desk, "codes", found, refusal, email=email, reason=reason)


async def _factors(
    request: Request, desk: Desk, *, email: str = "", reason: str = "", refusal: Refusal | None = None
) -> Response:
    actor = desk.require_recent()
    found = await desk.read(lambda session: {"waiting": lost_factors.waiting(session, actor, now=desk.now)})
    return _page(request, desk, "factors", found, refusal, email=email, reason=reason)


async def _addresses(request: Request, desk: Desk, *, refusal: Refusal | None = None) -> Response:
    actor = desk.require_recent()

    def known(session: Session) -> dict[str, Any]:
        return {"waiting": email_changes.waiting(session, actor, now=desk.now)}

    return _page(request, desk, "addresses", await desk.read(known), refusal, sends_mail=desk.settings.sends_mail)


def _page(
    request: Request, desk: Desk, name: str, found: dict[str, Any], refusal: Refusal | None, **more: Any
) -> Response:
    statuses = {Invalid: 422, Conflict: 409, NotAllowed: 403}
    fields = dict(refusal.fields) if isinstance(refusal, Invalid) else {}
    return render.page(
        request,
        desk,
        f"assistance/{name}.html",
        status=200 if refusal is None else statuses[type(refusal)],
        errors=fields,
        refusal=refusal.message if refusal is not None and not fields else "",
        **found,
        **more,
    )
