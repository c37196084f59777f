"""Members of an organisation: seen by each other, managed by owners, handed over, left."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import owns
from marketplace.accounts.joining import invitations, join_requests, memberships
from marketplace.accounts.words import Standing
from marketplace.kernel import outbox
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from web.dependencies import AtDesk, Desk
from web.pages import people, render

router = APIRouter(prefix="/organisations/{organisation_id}")

JUST_NOW: Final = timedelta(minutes=2)


@router.get("/members")
async def index(request: Request, desk: AtDesk, organisation_id: str) -> HTMLResponse:
    """List the members, and to owners what is open."""
    return render.page(request, desk, "members/index.html", **await _known(desk, organisation_id))


@router.post("/members/{membership_id}")
async def change(
    desk: AtDesk, organisation_id: str, membership_id: str, standing: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Give a member another standing."""
    actor = desk.require_recent()
    if standing not in set(Standing):
        raise Invalid("请选择成员的身份。", code="bad_standing", fields={"standing": "请选择成员的身份。"})
    await desk.write(
        lambda session: memberships.change(
            session,
            actor,
            organisation_id,
            membership_id,
            standing=Standing(standing),
            now=desk.now,
            new_id=desk.new_id,
        )
    )
    return _to(organisation_id, "changed")


@router.get("/members/{membership_id}/remove")
async def ask_to_remove(request: Request, desk: AtDesk, organisation_id: str, membership_id: str) -> HTMLResponse:
    """Say what removing a member does before it is done."""
    known = await _known_to_owner(desk, organisation_id)
    member = next((one for one in known["members"] if one.id == membership_id), None)
    if member is None:
        raise NotFound("没有这名成员，可能已经退出。")
    return render.page(request, desk, "members/remove.html", member=member, **known)


@router.post("/members/{membership_id}/remove")
async def remove(desk: AtDesk, organisation_id: str, membership_id: str) -> RedirectResponse:
    """Take a member out of the organisation."""
    actor = desk.require_recent()
    await desk.write(
        lambda session: memberships.change(
            session, actor, organisation_id, membership_id, standing=None, now=desk.now, new_id=desk.new_id
        )
    )
    return _to(organisation_id, "removed")


@router.get("/transfer")
async def ask_to_transfer(request: Request, desk: AtDesk, organisation_id: str) -> HTMLResponse:
    """Say what handing over does, and ask to whom; to give an organisation away one proves again who one is."""
    desk.require_recent(within=JUST_NOW)
    return render.page(
        request, desk, "members/transfer.html", errors={}, **await _known_to_owner(desk, organisation_id)
    )


@router.post("/transfer")
async def transfer(
    request: Request, desk: AtDesk, organisation_id: str, member: Annotated[str, Form()] = ""
) -> Response:
    """Hand the organisation over to another member."""
    actor = desk.require_recent(within=2 * JUST_NOW)
    try:
        await desk.write(
            lambda session: memberships.transfer(
                session, actor, organisation_id, member, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        known = await _known(desk, organisation_id)
        errors = people.faults(refusal)
        return render.page(request, desk, "members/transfer.html", status=422, errors=errors, **known)
    return _to(organisation_id, "transferred")


@router.get("/leave")
async def ask_to_leave(request: Request, desk: AtDesk, organisation_id: str) -> HTMLResponse:
    """Say what leaving does before it is done."""
    return render.page(request, desk, "members/leave.html", **await _known(desk, organisation_id))


@router.post("/leave")
async def leave(desk: AtDesk, organisation_id: str) -> RedirectResponse:
    """Leave the organisation."""
    actor = desk.require_actor()
    await desk.write(lambda session: memberships.leave(session, actor, organisation_id, now=desk.now))
    return RedirectResponse("/organisations?done=left", status_code=303)


async def _known(desk: Desk, organisation_id: str) -> dict[str, Any]:
    actor = desk.require_actor()

    def known(session: Session) -> dict[str, Any]:
        return {
            "members": memberships.of_organisation(session, actor, organisation_id),
            "organisation": organisations.get(session, organisation_id),
            "invitations": invitations.of_organisation(session, actor, organisation_id, now=desk.now),
            "joining": join_requests.of_organisation(session, actor, organisation_id),
            "sends": outbox.sends_mail(session),
            "owns": owns(actor, organisation_id),
            "self_id": actor.account_id,
            "standings": [(standing.value, memberships.SAID[standing]) for standing in Standing],
        }

    return await desk.read(known)


async def _known_to_owner(desk: Desk, organisation_id: str) -> dict[str, Any]:
    known = await _known(desk, organisation_id)
    if not known["owns"]:
        raise NotAllowed("只有负责人可以办理。请联系本单位负责人。", code="not_the_owner")
    return known


def _to(organisation_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/organisations/{organisation_id}/members?done={done}", status_code=303)
