"""Handling objections: their list, taking, looking into, answering; appeals and bringing about what was upheld."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, Refusal
from marketplace.rounds.deciding import effects, handling, reading, remedies
from marketplace.rounds.outcome_words import Ground, ObjectionEvent, Remedy
from marketplace.rounds.words import RoundState
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import objection_pages, outcome_words

router = APIRouter(prefix="/rounds/{round_id}")

ANSWERS: Final = (ObjectionEvent.UPHOLD, ObjectionEvent.UPHOLD_PARTLY, ObjectionEvent.DISMISS)
APPEALS: Final = (ObjectionEvent.OVERTURN, ObjectionEvent.CONFIRM)
DONE: Final = {RoundState.REVIEW: "review", RoundState.DECISION: "decision"}
Short = Annotated[str, Form(max_length=20)]
Text = Annotated[str, Form(max_length=20_000)]
Ids = Annotated[list[str] | None, Form()]


@router.get("/objections")
async def index(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """List the objections of a round, what is due first."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: reading.listed(session, actor, round_id, now=desk.now))
    return render.page(request, desk, "rounds/objections.html", found=found, words=outcome_words)


@router.post("/objections/{objection_id}/take")
async def take(request: Request, desk: AtDesk, round_id: str, objection_id: str) -> Response:
    """Take an objection."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        handling.take(session, actor, objection_id, now=desk.now, new_id=desk.new_id)

    return await objection_pages.done(request, desk, actor, round_id, objection_id, work=work, said="taken")


@router.post("/objections/{objection_id}/refuse")
async def refuse(
    request: Request, desk: AtDesk, round_id: str, objection_id: str, *, ground: Short = "", refusal: Text = ""
) -> Response:
    """Not take an objection, on one of the closed grounds."""
    actor = desk.require_recent()

    def work(session: Session) -> None:
        if ground not in set(Ground):
            told = "请选择不予受理的情形；除所列情形外都应当受理。"
            raise Invalid(told, code="no_ground", fields={"ground": told})
        try:
            handling.refuse(
                session, actor, objection_id, ground=Ground(ground), answer=refusal, now=desk.now, new_id=desk.new_id
            )
        except Invalid as wrong:
            raise _renamed(wrong, "refusal") from None

    given = {"ground": ground, "refusal": refusal, "open": "refuse"}
    return await objection_pages.done(
        request, desk, actor, round_id, objection_id, work=work, said="refused", given=given
    )


@router.post("/objections/{objection_id}/investigate")
async def investigate(request: Request, desk: AtDesk, round_id: str, objection_id: str) -> Response:
    """Begin to look into an objection."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        handling.investigate(session, actor, objection_id, now=desk.now)

    return await objection_pages.done(request, desk, actor, round_id, objection_id, work=work, said="investigating")


@router.post("/objections/{objection_id}/extend")
async def extend(request: Request, desk: AtDesk, round_id: str, objection_id: str, reason: Text = "") -> Response:
    """Extend the time to answer, once."""
    actor = desk.require_actor()

    def work(session: Session) -> None:
        try:
            handling.extend(session, actor, objection_id, reason=reason, now=desk.now, new_id=desk.new_id)
        except Invalid as refusal:
            raise _renamed(refusal, "reason") from None

    given = {"reason": reason, "open": "extend"}
    return await objection_pages.done(
        request, desk, actor, round_id, objection_id, work=work, said="extended", given=given
    )


@router.post("/objections/{objection_id}/decide")
async def decide(
    request: Request,
    desk: AtDesk,
    round_id: str,
    objection_id: str,
    *,
    event: Short = "",
    answer: Text = "",
    remedy: Short = "",
    bids: Ids = None,
) -> Response:
    """Answer an objection with reasons, or decide an appeal."""
    actor, chosen = desk.require_recent(), tuple(bids or ())
    page = await desk.read(lambda session: reading.get(session, actor, round_id, objection_id, now=desk.now))
    offered = APPEALS if ObjectionEvent.OVERTURN in page.may else ANSWERS

    def work(session: Session) -> None:
        if event not in set(offered):
            raise Invalid("请选择结论。", code="no_event", fields={"event": "请选择结论。"})
        handling.decide(
            session,
            actor,
            objection_id,
            ObjectionEvent(event),
            answer=answer,
            remedy=_remedy(ObjectionEvent(event), remedy, chosen),
            bid_ids=chosen if remedy == Remedy.REVIEW_AGAIN else (),
            now=desk.now,
            new_id=desk.new_id,
        )

    given = {"event": event, "answer": answer, "remedy": remedy, "open": "decide"}
    said = "appeal_decided" if offered is APPEALS else "decided"
    return await objection_pages.done(
        request, desk, actor, round_id, objection_id, work=work, said=said, given=given, bids=chosen
    )


@router.get("/remedy")
async def ask_to_bring_about(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Say what bringing about the upheld objections of a round does."""
    return await _remedies(request, desk, desk.require_recent(), round_id)


@router.post("/remedy")
async def bring_about(request: Request, desk: AtDesk, round_id: str, reason: Text = "") -> Response:
    """Bring about what the upheld objections of a round ask for, all at once."""
    actor = desk.require_recent()
    work: Callable[[Session], RoundState] = lambda session: effects.bring_about(  # noqa: E731 - one call in a transaction
        session, actor, round_id, reason=reason, now=desk.now, new_id=desk.new_id
    )
    try:
        state = await desk.write(work)
    except (Conflict, Invalid) as refusal:
        return await _remedies(request, desk, actor, round_id, reason=reason, refusal=refusal)
    return RedirectResponse(f"/rounds/{round_id}/objections?done={DONE.get(state, 'corrected')}", status_code=303)


def _remedy(event: ObjectionEvent, given: str, bids: tuple[str, ...]) -> Remedy | None:
    """What an answer brings about, none where it upholds nothing. Raises Invalid by field."""
    if event in {ObjectionEvent.DISMISS, ObjectionEvent.CONFIRM}:
        return None
    if given not in set(Remedy):
        raise Invalid("请选择怎样落实。", code="no_remedy", fields={"remedy": "请选择怎样落实。"})
    if given == Remedy.REVIEW_AGAIN and not bids:
        told = "请选择要重新评审的申报。"
        raise Invalid(told, code="no_remedy", fields={"bids": told})
    return Remedy(given)


def _renamed(refusal: Invalid, name: str) -> Invalid:
    """The same refusal at the field of the form that holds the words: several stand on one page."""
    return Invalid(refusal.message, code=refusal.code, fields={name: refusal.message})


async def _remedies(
    request: Request, desk: Desk, actor: Actor, round_id: str, *, reason: str = "", refusal: Refusal | None = None
) -> HTMLResponse:
    found = await desk.read(lambda session: remedies.get(session, actor, round_id))
    errors = {"reason": refusal.message} if isinstance(refusal, Invalid) else {}
    return render.page(
        request,
        desk,
        "rounds/remedy.html",
        status=200 if refusal is None else 422 if errors else 409,
        found=found,
        reason=reason,
        errors=errors,
        conflict=refusal.message if refusal is not None and not errors else "",
        words=outcome_words,
    )
