"""Taking down what somebody else's list says of a firm: asked by the firm, decided by the list's organiser."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import acts_for
from marketplace.accounts.joining import takedowns as requests
from marketplace.accounts.words import Role, TakedownScope
from marketplace.kernel.errors import Invalid, NotAllowed
from marketplace.lists import items, takedowns
from web.dependencies import AtDesk, Desk
from web.pages import people, render

router = APIRouter(prefix="/takedowns")


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List what waits for an organiser, or what one's own organisation asked for and could ask for."""
    actor = desk.require_actor()
    own = actor.organisation_id

    def known(session: Session) -> dict[str, Any]:
        organises = Role.ORGANISER in actor.roles
        return {
            "organises": organises,
            "asked": requests.of_region(session, actor) if organises else [],
            "own": requests.of_organisation(session, actor, own) if own else [],
            "lines": takedowns.lines_about(session, own) if own and acts_for(actor, own) else [],
        }

    return render.page(request, desk, "takedowns/index.html", **_words(), **await desk.read(known))


@router.get("/new")
async def new(request: Request, desk: AtDesk, item: str = "") -> HTMLResponse:
    """Show what can be asked for, and what it does."""
    return await _new(request, desk, item, scope="", reason="", errors={})


@router.post("")
async def ask(
    request: Request,
    desk: AtDesk,
    item: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Hand in a request."""
    actor = desk.require_actor()
    try:
        people.require_choice(scope, people.SCOPES, field="scope", message="请选择要撤下的内容。")
        takedown_id = await desk.write(
            lambda session: takedowns.ask(
                session,
                actor,
                item,
                scope=TakedownScope(scope),
                reason=reason,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        errors = people.faults(refusal)
        return await _new(request, desk, item, scope=scope, reason=reason, errors=errors, status=422)
    return RedirectResponse(f"/takedowns/{takedown_id}?done=submitted", status_code=303)


@router.get("/{takedown_id}")
async def show(request: Request, desk: AtDesk, takedown_id: str) -> HTMLResponse:
    """Show a request with its decision."""
    return await _show(request, desk, takedown_id, {}, reason="")


@router.post("/{takedown_id}/decide")
async def decide(
    request: Request,
    desk: AtDesk,
    takedown_id: str,
    outcome: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Write the decision; approval takes effect at once."""
    actor = desk.require_actor()
    try:
        people.require_choice(outcome, {"approved", "rejected"}, field="outcome", message="请选择一项决定。")
        await desk.write(
            lambda session: takedowns.decide(
                session,
                actor,
                takedown_id,
                approves=outcome == "approved",
                reason=reason,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _show(request, desk, takedown_id, people.faults(refusal), reason=reason, status=422)
    return RedirectResponse(f"/takedowns/{takedown_id}?done={outcome}", status_code=303)


@router.post("/{takedown_id}/withdraw")
async def withdraw(desk: AtDesk, takedown_id: str) -> RedirectResponse:
    """Take a request back."""
    actor = desk.require_actor()
    await desk.write(lambda session: requests.withdraw(session, actor, takedown_id, now=desk.now))
    return RedirectResponse(f"/takedowns/{takedown_id}?done=withdrawn", status_code=303)


def _words() -> dict[str, Any]:
    return {"states": people.STATES, "scopes": people.SCOPES}


async def _new(
    request: Request,
    desk: Desk,
    item_id: str,
    *,
    scope: str,
    reason: str,
    errors: dict[str, str],
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    owner, item = await desk.read(lambda session: (takedowns.owner_of(session, item_id), items.get(session, item_id)))
    if owner is None or not acts_for(actor, owner):
        message = "只有条目所指单位的负责人或经办人可以申请撤下。请先认领本单位，或在页首切换单位。"
        raise NotAllowed(message, code="not_your_line")
    return render.page(
        request,
        desk,
        "takedowns/new.html",
        status=status,
        item=item,
        scope=scope,
        reason=reason,
        errors=errors,
        **_words(),
    )


async def _show(
    request: Request,
    desk: Desk,
    takedown_id: str,
    errors: dict[str, str],
    *,
    reason: str,
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    found = await desk.read(lambda session: requests.get(session, actor, takedown_id))
    return render.page(
        request, desk, "takedowns/show.html", status=status, found=found, errors=errors, reason=reason, **_words()
    )
