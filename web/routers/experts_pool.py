"""The pool of experts as its office keeps it: the list, invitations, entries with their history, terms."""

import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import Role
from marketplace.experts import applications, entries, invitations, moves, roster
from marketplace.experts.roster import Wanted
from marketplace.experts.words import ExpertEvent, ExpertField, ExpertState
from marketplace.kernel import outbox
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.experts import entry_forms, entry_pages, words
from web.pages.experts.entry_forms import Told

router = APIRouter(prefix="/experts")

INVITED: Final = ("email", "name", "region")


class Asked(BaseModel):
    """Which experts are searched for, as the address says it."""

    q: str = Field("", max_length=200)
    term: str = Field("", max_length=40)
    field: str = Field("", max_length=24)
    state: str = Field("", max_length=24)
    ending: str = Field("", max_length=4)
    page: int = 1


@router.get("")
async def index(request: Request, desk: AtDesk, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """List the experts of the regions that somebody organises or supervises."""
    actor = desk.require_actor()
    today = desk.now.astimezone(BEIJING).date()
    wanted = Wanted(
        words=asked.q.strip(),
        term=asked.term.strip(),
        field=ExpertField(asked.field) if asked.field in set(ExpertField) else None,
        state=ExpertState(asked.state) if asked.state in set(ExpertState) else None,
        is_ending=bool(asked.ending),
    )

    def read(session: Session) -> dict[str, Any]:
        return {
            "found": roster.search(session, actor, wanted, today=today, page=asked.page),
            "counts": roster.counts(session, actor, today=today),
        }

    context = await desk.read(read)
    return render.page(
        request, desk, "experts/index.html", asked=asked, may_invite=_organises(actor), words=words, **context
    )


@router.get("/invite")
async def new(request: Request, desk: AtDesk) -> HTMLResponse:
    """Offer the form of an invitation."""
    actor = _organiser(desk)
    region = next((grant.region for grant in actor.grants if grant.role is Role.ORGANISER), "")
    return await _invitation(request, desk, {**dict.fromkeys(INVITED, ""), "region": region})


@router.post("/invite")
async def invite(request: Request, desk: AtDesk) -> Response:
    """Ask somebody into the pool."""
    actor = _organiser(desk)
    form = await request.form()
    values = {name: str(form.get(name, "")) for name in INVITED}
    # Nobody ever knows this word: whoever has no account yet sets its own.
    password_hash = await desk.hash(lambda: passwords.make(secrets.token_urlsafe(32)))
    try:
        expert_id = await desk.write(
            lambda session: invitations.invite(
                session, actor, **values, password_hash=password_hash, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as wrong:
        return await _invitation(request, desk, values, errors=wrong.fields)
    except Conflict as conflict:
        return await _invitation(request, desk, values, conflict=conflict.message)
    return RedirectResponse(f"/experts/{expert_id}?done=invited", status_code=303)


@router.get("/{expert_id}")
async def show(request: Request, desk: AtDesk, expert_id: str) -> HTMLResponse:
    """Show an entry with its ties, relations and history."""
    return await entry_pages.show(request, desk, expert_id)


@router.post("/{expert_id}/decide")
async def decide(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Take an applicant into the pool, or refuse it with a reason."""
    actor, version = desk.require_actor(), typed.version(await request.form())

    def verb(session: Session, told: Told) -> None:
        event = _event(told.get("event"))
        reason, now, new_id = told.get("reason"), desk.now, desk.new_id
        applications.decide(
            session, actor, expert_id, event=event, reason=reason, version=version, now=now, new_id=new_id
        )

    return await entry_pages.act(request, desk, expert_id, at="decide", verb=verb, done="decided")


@router.post("/{expert_id}/term")
async def set_term(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Set from when to when an expert serves, and in how many rounds at once."""
    actor, version = desk.require_actor(), typed.version(await request.form())

    def verb(session: Session, told: Told) -> None:
        given = entry_forms.appointment(told)
        entries.set_term(session, actor, expert_id, given=given, version=version, now=desk.now, new_id=desk.new_id)

    return await entry_pages.act(request, desk, expert_id, at="term", verb=verb, done="term")


@router.post("/{expert_id}/pause")
async def pause(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Let an expert not be drawn for now."""
    actor = desk.require_actor()

    def verb(session: Session, told: Told) -> None:
        moves.pause(session, actor, expert_id, reason=told.get("pause_reason"), now=desk.now, new_id=desk.new_id)

    return await entry_pages.act(
        request, desk, expert_id, at="pause", verb=verb, done="paused", prefix=lambda wrong: _of(wrong, "pause")
    )


@router.post("/{expert_id}/resume")
async def resume(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Let an expert be drawn again."""
    actor = desk.require_actor()

    def verb(session: Session, _told: Told) -> None:
        moves.resume(session, actor, expert_id, now=desk.now, new_id=desk.new_id)

    return await entry_pages.act(request, desk, expert_id, at="resume", verb=verb, done="resumed")


@router.post("/{expert_id}/leave")
async def leave(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """End an entry, an invitation or an application."""
    actor = desk.require_actor()

    def verb(session: Session, told: Told) -> None:
        moves.leave(session, actor, expert_id, reason=told.get("leave_reason"), now=desk.now, new_id=desk.new_id)

    return await entry_pages.act(
        request, desk, expert_id, at="leave", verb=verb, done="left", prefix=lambda wrong: _of(wrong, "leave")
    )


def _of(wrong: dict[str, str], act: str) -> dict[str, str]:
    return {f"{act}_{name}": message for name, message in wrong.items()}


def _event(said: str) -> ExpertEvent:
    if said not in set(ExpertEvent):
        message = "请选择一项决定。"
        raise Invalid(message, code="no_decision", fields={"event": message})
    return ExpertEvent(said)


def _organises(actor: Actor) -> bool:
    return Role.ORGANISER in actor.roles


def _organiser(desk: Desk) -> Actor:
    actor = desk.require_actor()
    if not _organises(actor):
        message = "专家由主办方邀请。想加入专家库的，请在“专家”页申请。"
        raise NotAllowed(message, code="not_an_organiser_here")
    return actor


async def _invitation(
    request: Request,
    desk: Desk,
    values: dict[str, str],
    *,
    errors: dict[str, str] | None = None,
    conflict: str = "",
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "experts/invite.html",
        status=409 if conflict else 422 if errors else 200,
        values=values,
        sends_mail=await desk.read(outbox.sends_mail),
        errors=errors or {},
        conflict=conflict,
    )
