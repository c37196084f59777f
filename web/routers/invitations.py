"""Invitations into an organisation: sent, withdrawn, opened, accepted; and requests to be invited."""

import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import owns
from marketplace.accounts.joining import invitations, join_requests, memberships
from marketplace.accounts.signing_in import registrations, sessions
from marketplace.accounts.words import Standing
from marketplace.kernel.errors import Invalid, NotAllowed
from web import visitors
from web.dependencies import AtDesk, Desk, cookie_name
from web.pages import people, render

router = APIRouter()

TOKEN_BYTES: Final = 32


@router.get("/organisations/{organisation_id}/invitations/new")
async def new(request: Request, desk: AtDesk, organisation_id: str, email: str = "") -> HTMLResponse:
    """Show the form that invites somebody."""
    desk.require_actor()
    return await _new(request, desk, organisation_id, email=email, standing=Standing.EDITOR, errors={})


@router.post("/organisations/{organisation_id}/invitations")
async def invite(
    request: Request,
    desk: AtDesk,
    organisation_id: str,
    email: Annotated[str, Form()] = "",
    standing: Annotated[str, Form()] = "",
) -> Response:
    """Invite an address; where no mail goes out, the link is shown to the inviting owner, this once."""
    actor = desk.require_recent()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    wanted = Standing(standing) if standing in set(Standing) else Standing.EDITOR
    try:
        sends = await desk.write(
            lambda session: invitations.invite(
                session,
                actor,
                organisation_id,
                email=email,
                standing=wanted,
                token=token,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        errors = people.faults(refusal)
        return await _new(request, desk, organisation_id, email=email, standing=wanted, errors=errors, status=422)
    if sends:
        return RedirectResponse(f"/organisations/{organisation_id}/members?done=invited", status_code=303)
    organisation = await desk.read(lambda session: organisations.get(session, organisation_id))
    link = f"{visitors.site(request, desk.settings).origin}{invitations.OPEN_BY_LINK}{token}"
    return render.page(request, desk, "invitations/link.html", organisation=organisation, email=email, link=link)


@router.post("/invitations/{invitation_id}/withdraw")
async def withdraw(desk: AtDesk, invitation_id: str) -> RedirectResponse:
    """Withdraw an open invitation."""
    actor = desk.require_actor()
    organisation_id = await desk.write(
        lambda session: invitations.withdraw(session, actor, invitation_id, now=desk.now)
    )
    return RedirectResponse(f"/organisations/{organisation_id}/members?done=withdrawn", status_code=303)


@router.get("/invitations")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List the invitations of one's own address."""
    actor = desk.require_actor()

    def known(session: Session) -> dict[str, Any]:
        return {
            "invited": invitations.for_address(session, actor, now=desk.now),
            "is_confirmed": registrations.is_confirmed(session, actor.account_id),
        }

    return render.page(request, desk, "invitations/index.html", said=memberships.SAID, **await desk.read(known))


@router.get("/invitations/open")
async def open_link(request: Request, desk: AtDesk, token: str = "") -> HTMLResponse:
    """Show what a link invites to, and what is still needed to accept."""
    found = await desk.read(lambda session: invitations.by_token(session, token, now=desk.now))
    is_addressed = desk.signed_in is not None and desk.signed_in.actor.email == found.email
    return render.page(
        request,
        desk,
        "invitations/open.html",
        found=found,
        token=token,
        is_addressed=is_addressed,
        said=memberships.SAID,
    )


@router.post("/invitations/accept")
async def accept(
    request: Request,
    desk: AtDesk,
    token: Annotated[str, Form()] = "",
    invitation_id: Annotated[str, Form()] = "",
) -> RedirectResponse:
    """Become a member, and act for the organisation from now on."""
    actor = desk.require_actor()
    organisation_id = await desk.write(
        lambda session: invitations.accept(
            session, actor, token=token, invitation_id=invitation_id, now=desk.now, new_id=desk.new_id
        )
    )
    cookie = request.cookies.get(cookie_name(desk.settings), "")
    await desk.write(lambda session: sessions.take_seat(session, cookie, organisation_id, now=desk.now))
    return RedirectResponse(f"/organisations/{organisation_id}?done=joined", status_code=303)


@router.post("/join-requests/{request_id}/dismiss")
async def dismiss(desk: AtDesk, request_id: str) -> RedirectResponse:
    """Put a request to join aside."""
    actor = desk.require_actor()
    organisation_id = await desk.write(lambda session: join_requests.dismiss(session, actor, request_id, now=desk.now))
    return RedirectResponse(f"/organisations/{organisation_id}/members?done=dismissed", status_code=303)


async def _new(
    request: Request,
    desk: Desk,
    organisation_id: str,
    *,
    email: str,
    standing: Standing,
    errors: dict[str, str],
    status: int = 200,
) -> HTMLResponse:
    organisation = await desk.read(lambda session: organisations.get(session, organisation_id))
    if not owns(desk.require_actor(), organisation_id):
        raise NotAllowed("只有负责人可以邀请成员。请联系本单位负责人。", code="not_the_owner")
    return render.page(
        request,
        desk,
        "invitations/new.html",
        status=status,
        organisation=organisation,
        email=email,
        standing=standing.value,
        errors=errors,
    )
