"""Dealings: the inbox, beginning one, and each with its history and what can be done next."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from marketplace.dealings import audiences, contacts, dealings, openings
from marketplace.dealings.audiences import Listener
from marketplace.dealings.openings import Opening
from marketplace.dealings.views import GivenContact
from marketplace.dealings.words import Event, Party, Refusal
from marketplace.kernel.errors import Invalid, NotAllowed, NotFound
from marketplace.lists import items
from marketplace.lists.views import ItemRecord
from web.dependencies import AtDesk, Desk
from web.pages import render, typed
from web.pages.dealings import forms as dealing_forms
from web.pages.dealings import words as dealing_words
from web.pages.matches import suppliers

router = APIRouter(prefix="/dealings")

ACTS: Final = {"interest": "表示感兴趣", "contact": "请求联系方式", "introduce": "介绍双方对接"}
NOT_A_BROKER: Final = "介绍双方对接由本地区主办方办理。您可以直接请求联系方式，或表示感兴趣。"
MOVES: Final = {
    "meet": Event.MEET,
    "intend": Event.INTEND,
    "sign": Event.SIGN,
    "confirm": Event.CONFIRM,
    "dispute": Event.DISPUTE,
    "retract": Event.RETRACT,
    "end": Event.END,
    "reopen": Event.REOPEN,
}
"""The moves that have a form of their own."""


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show what waits for whom, for the organisation that one acts for."""
    actor = desk.require_actor()
    inbox = await desk.read(lambda session: dealings.mine(session, actor, now=desk.now))
    return render.page(request, desk, "dealings/index.html", inbox=inbox, words=dealing_words)


@router.get("/new")
async def begin(
    request: Request,
    desk: AtDesk,
    act: str = "contact",
    item: Annotated[str, Query(max_length=32)] = "",
    profile: Annotated[str, Query(max_length=32)] = "",
) -> HTMLResponse:
    """Show the form that begins a dealing."""
    actor = desk.require_actor()
    if act not in ACTS:
        raise NotFound("没有这种对接方式。", code="act_missing")
    opening = await desk.read(lambda session: dealing_forms.opening(session, actor, item, profile))
    if act == "introduce" and opening.party is not Party.ORGANISER:
        raise NotAllowed(NOT_A_BROKER, code="not_a_broker")
    filled = {"name": opening.contact.name, "phone": opening.contact.phone, "email": opening.contact.email}
    return await _begin_page(request, desk, act, opening, item=item, profile=profile, filled=filled)


@router.post("/new")
async def start(request: Request, desk: AtDesk) -> Response:
    """Begin a dealing; what is wrong comes back with everything that was typed."""
    actor = desk.require_actor()
    form = await request.form()
    act, item, profile = (
        dealing_forms.text(form, "act"),
        dealing_forms.text(form, "item"),
        dealing_forms.text(form, "profile"),
    )
    if act not in ACTS:
        raise NotFound("没有这种对接方式。", code="act_missing")
    by_match = act == "introduce" and await _is_match(desk, form)
    try:
        dealing_id = await desk.write(
            lambda session: dealing_forms.start(
                session, actor, act, form, by_match=by_match, now=desk.now, new_id=desk.new_id
            )
        )
    except Invalid as refusal:
        opening = await desk.read(lambda session: dealing_forms.opening(session, actor, item, profile))
        filled = {
            name: dealing_forms.text(form, name)
            for name in ("message", "name", "phone", "email", "team", "need", "supplier")
        }
        return await _begin_page(
            request, desk, act, opening, item=item, profile=profile, filled=filled, errors=refusal.fields, status=422
        )
    return RedirectResponse(f"/dealings/{dealing_id}?done={act}", status_code=303)


@router.post("/interest")
async def interest(desk: AtDesk, item: Annotated[str, Form(max_length=32)] = "") -> RedirectResponse:
    """Show interest in a need with one press, for one's own supplier."""
    actor = desk.require_actor()

    def express(session: Session) -> str:
        opening = openings.prepare(session, actor, item_id=item, profile_id=None)
        return dealings.express(
            session, actor, item_id=item, profile_id=opening.profile_id or "", now=desk.now, new_id=desk.new_id
        )

    dealing_id = await desk.write(express)
    return RedirectResponse(f"/dealings/{dealing_id}?done=interest", status_code=303)


@router.get("/{dealing_id}")
async def show(request: Request, desk: AtDesk, dealing_id: str, act: str = "") -> HTMLResponse:
    """Show one dealing to those it concerns, with the form of one act where it is asked for."""
    return await _page(request, desk, dealing_id, opened=act)


@router.post("/{dealing_id}/contact")
async def reveal(request: Request, desk: AtDesk, dealing_id: str) -> HTMLResponse:
    """Show the other side's contact and write down that somebody looked."""
    actor = desk.require_actor()
    contact = await desk.write(lambda session: contacts.reveal(session, actor, dealing_id, now=desk.now))
    return await _page(request, desk, dealing_id, contact=contact)


@router.post("/{dealing_id}/answer")
async def answer(request: Request, desk: AtDesk, dealing_id: str) -> Response:
    """Grant or decline a request for contact."""
    actor = desk.require_actor()
    form = await request.form()
    grants = dealing_forms.text(form, "answer") == "grant"
    try:
        await desk.write(
            lambda session: contacts.answer(
                session,
                actor,
                dealing_id,
                grants=grants,
                reason=dealing_forms.one_of(Refusal, dealing_forms.text(form, "reason")),
                text=dealing_forms.text(form, "text"),
                contact=dealing_forms.contact(form),
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        prefix = "grant" if grants else "decline"
        return await _page(request, desk, dealing_id, form=form, opened=prefix, errors=refusal.fields, status=422)
    return RedirectResponse(f"/dealings/{dealing_id}?done={'granted' if grants else 'declined'}", status_code=303)


@router.post("/{dealing_id}/withdraw")
async def withdraw(desk: AtDesk, dealing_id: str) -> RedirectResponse:
    """Take one's own request back."""
    actor = desk.require_actor()
    await desk.write(lambda session: contacts.withdraw(session, actor, dealing_id, now=desk.now, new_id=desk.new_id))
    return RedirectResponse(f"/dealings/{dealing_id}?done=withdrawn", status_code=303)


@router.post("/{dealing_id}/notes")
async def write_note(request: Request, desk: AtDesk, dealing_id: str) -> Response:
    """Write something down beside a dealing."""
    actor = desk.require_actor()
    form = await request.form()
    try:
        await desk.write(
            lambda session: dealings.add_note(
                session,
                actor,
                dealing_id,
                text=dealing_forms.text(form, "text"),
                shared=dealing_forms.text(form, "private") != "yes",
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _page(request, desk, dealing_id, form=form, opened="note", errors=refusal.fields, status=422)
    return RedirectResponse(f"/dealings/{dealing_id}?done=noted", status_code=303)


@router.post("/{dealing_id}/amount")
async def publish_amount(desk: AtDesk, dealing_id: str, publishes: Annotated[str, Form()] = "") -> RedirectResponse:
    """Say for one's own side whether the signed amount may be public."""
    actor = desk.require_actor()
    await desk.write(
        lambda session: dealings.publish_amount(session, actor, dealing_id, publishes=publishes == "yes", now=desk.now)
    )
    return RedirectResponse(f"/dealings/{dealing_id}?done=amount", status_code=303)


@router.post("/{dealing_id}/{move}")
async def step(request: Request, desk: AtDesk, dealing_id: str, move: str) -> Response:
    """Move a dealing on; what is wrong comes back with everything that was typed."""
    actor = desk.require_actor()
    if move not in MOVES:
        raise NotFound("没有这种办理方式。", code="move_missing")
    form = await request.form()
    version = typed.version(form)
    try:
        said = dealing_forms.said(form)
        await desk.write(
            lambda session: dealings.move(
                session,
                actor,
                dealing_id,
                MOVES[move],
                version=version,
                said=said,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return await _page(request, desk, dealing_id, form=form, opened=move, errors=refusal.fields, status=422)
    return RedirectResponse(f"/dealings/{dealing_id}?done={move}", status_code=303)


async def _begin_page(
    request: Request,
    desk: Desk,
    act: str,
    opening: Opening,
    *,
    item: str,
    profile: str,
    filled: dict[str, str],
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    listeners = await desk.read(lambda session: _listeners(session, desk, act, opening))
    return render.page(
        request,
        desk,
        "dealings/new.html",
        status=status,
        act=act,
        title=ACTS[act],
        opening=opening,
        item_id=item,
        profile_id=profile,
        filled=filled,
        errors=errors or {},
        listeners=listeners,
        is_need=opening.party is Party.NEED,
        is_broker=opening.party is Party.ORGANISER,
    )


async def _is_match(desk: Desk, form: FormData) -> bool:
    """Whether the pair of a form reaches the floor of the matcher now; the organiser's word does not count here."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[ItemRecord | None, str | None]:
        item_id, profile_id = dealing_forms.pair(session, actor, form)
        return next(iter(items.documents(session, [item_id])), None), profile_id

    record, profile_id = await desk.read(read)
    if record is None or profile_id is None:
        return False
    return await suppliers.reaches_the_floor(desk, record, profile_id)


def _listeners(session: Session, desk: Desk, act: str, opening: Opening) -> tuple[Listener, ...]:
    if act != "introduce" or opening.item is None or opening.profile_id is None:
        return ()
    ids = {"item_id": opening.item.id, "profile_id": opening.profile_id}
    return audiences.of_pair(session, desk.require_actor(), **ids)


async def _page(
    request: Request,
    desk: Desk,
    dealing_id: str,
    *,
    contact: GivenContact | None = None,
    form: FormData | None = None,
    opened: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    dealing = await desk.read(lambda session: dealings.get(session, actor, dealing_id, now=desk.now))
    proposed = await desk.read(lambda session: contacts.suggested(session, actor))
    listeners = await desk.read(lambda session: audiences.of_dealing(session, actor, dealing_id))
    filled = {name: value for name, value in (form or {}).items() if isinstance(value, str)}
    return render.page(
        request,
        desk,
        "dealings/show.html",
        status=status,
        dealing=dealing,
        card=dealing.card,
        listeners=listeners,
        can={event.value for event in dealing.possible},
        words=dealing_words,
        contact=contact,
        proposed=proposed,
        filled=filled,
        opened=opened,
        errors=errors or {},
    )
