"""Verification: evidence handed in, looked at and decided by an organiser of the region."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts import organisations
from marketplace.accounts.actors import owns
from marketplace.accounts.joining import requests, verifications
from marketplace.accounts.rules import evidence
from marketplace.accounts.words import RequestKind, RequestState, Role
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from marketplace.lists.releases import releases
from web.dependencies import AtDesk, Desk
from web.pages import people, render

router = APIRouter(prefix="/verifications")

DECISIONS = {one.value: one for one in requests.DECIDED}


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List what waits for an organiser, oldest first, and what was decided last."""
    actor = desk.require_actor()
    if not actor.roles & {Role.ORGANISER, Role.SUPERVISOR}:
        raise NotAllowed("核验由主办方办理。您提交的申请在“我的单位”里查看。", code="not_an_organiser_here")

    def known(session: Session) -> dict[str, Any]:
        return {"waiting": requests.waiting(session, actor), "decided": requests.decided(session, actor)}

    return render.page(request, desk, "verifications/index.html", **_words(), **await desk.read(known))


@router.get("/new")
async def new(request: Request, desk: AtDesk, organisation: str = "") -> HTMLResponse:
    """Show an owner what to hand in."""
    return await _new(request, desk, organisation, statement="", errors={})


@router.post("")
async def submit(
    request: Request,
    desk: AtDesk,
    organisation: Annotated[str, Form()] = "",
    statement: Annotated[str, Form()] = "",
    files: Annotated[list[UploadFile] | None, File(alias="evidence")] = None,
) -> Response:
    """Hand in evidence."""
    actor = desk.require_actor()
    try:
        given = await people.given(desk, files or [])
        request_id = await desk.write(
            lambda session: verifications.submit(
                session,
                actor,
                organisation,
                statement=statement,
                given=given,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        errors = people.faults(refusal)
        return await _new(request, desk, organisation, statement=statement, errors=errors, status=422)
    return RedirectResponse(f"/verifications/{request_id}?done=submitted", status_code=303)


@router.get("/{request_id}")
async def show(request: Request, desk: AtDesk, request_id: str) -> HTMLResponse:
    """Show a request with its evidence and decisions."""
    return await _show(request, desk, request_id, errors={}, reason="")


@router.get("/{request_id}/evidence/{evidence_id}")
async def download(desk: AtDesk, request_id: str, evidence_id: str) -> Response:
    """Give a piece of evidence to those who may see it; a look of the deciding side is logged."""
    actor = desk.require_actor()
    found = await desk.write(
        lambda session: requests.read_evidence(session, actor, request_id, evidence_id, now=desk.now)
    )
    return await people.attachment(desk, found)


@router.post("/{request_id}/decide")
async def decide(
    request: Request,
    desk: AtDesk,
    *,
    request_id: str,
    version: Annotated[int, Form(alias="_version")],
    outcome: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Write the decision; whose unit is claimed hears of the releases it was asked to publish before."""
    actor = desk.require_actor()

    def decide_and_tell(session: Session) -> None:
        verifications.decide(
            session,
            actor,
            request_id,
            outcome=DECISIONS[outcome],
            reason=reason,
            version=version,
            now=desk.now,
            new_id=desk.new_id,
        )
        card = requests.get(session, actor, request_id).card
        if card.kind is RequestKind.CLAIM and DECISIONS[outcome] is RequestState.APPROVED:
            releases.tell_newly_manned(session, card.organisation.id, now=desk.now, new_id=desk.new_id)

    try:
        people.require_choice(outcome, DECISIONS, field="outcome", message="请选择一项决定。")
        await desk.write(decide_and_tell)
    except Invalid as refusal:
        errors = people.faults(refusal)
        return await _show(request, desk, request_id, errors=errors, reason=reason, outcome=outcome, status=422)
    except Conflict as conflict:
        way = (f"/verifications/{request_id}", "查看最新情况")
        return render.page(request, desk, "errors/conflict.html", status=409, message=conflict.message, way=way)
    return RedirectResponse(f"/verifications/{request_id}?done={outcome}", status_code=303)


@router.post("/{request_id}/withdraw")
async def withdraw(desk: AtDesk, request_id: str) -> RedirectResponse:
    """Take one's own request back."""
    actor = desk.require_actor()
    await desk.write(lambda session: verifications.withdraw(session, actor, request_id, now=desk.now))
    return RedirectResponse(f"/verifications/{request_id}?done=withdrawn", status_code=303)


def _words() -> dict[str, Any]:
    return {"kind_names": people.KINDS, "states": people.STATES, "request_names": people.REQUESTS}


async def _new(
    request: Request,
    desk: Desk,
    organisation_id: str,
    *,
    statement: str,
    errors: dict[str, str],
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    if not owns(actor, organisation_id):
        raise NotAllowed("只有负责人可以提交核验材料。请在页首切换到这个单位。", code="not_the_owner")

    def known(session: Session) -> dict[str, Any]:
        found = organisations.get(session, organisation_id)
        return {"organisation": found, "place": found.region, **people.deciding(session, found.region)}

    return render.page(
        request,
        desk,
        "verifications/new.html",
        status=status,
        **await desk.read(known),
        statement=statement,
        errors=errors,
        accept=people.ACCEPT,
        limit_bytes=evidence.LIMIT_BYTES,
        most=evidence.MOST_FILES,
        **_words(),
    )


async def _show(
    request: Request,
    desk: Desk,
    request_id: str,
    *,
    errors: dict[str, str],
    reason: str,
    outcome: str = "",
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    found = await desk.read(lambda session: requests.get(session, actor, request_id))
    return render.page(
        request,
        desk,
        "verifications/show.html",
        status=status,
        found=found,
        errors=errors,
        reason=reason,
        outcome=outcome,
        is_open=found.card.state in {RequestState.SUBMITTED, RequestState.RETURNED},
        **_words(),
    )
