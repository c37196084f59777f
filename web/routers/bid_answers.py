"""What others of a bid answer: the unit that is asked to take part, and the bidder who puts right or objects."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.kernel.errors import Invalid, NotFound
from marketplace.rounds.bidding import members
from marketplace.rounds.checking import attachments, corrections, objections
from web.dependencies import AtDesk
from web.pages import render
from web.pages.rounds import bid_files, bid_pages, bid_words
from web.uploads import InMemory, files_of

router = APIRouter(prefix="/bids/{bid_id}")

ANSWERS: Final = {"confirm": True, "decline": False}
Text = Annotated[str, Form(max_length=20_000)]


@router.get("/membership")
async def membership(request: Request, desk: AtDesk, bid_id: str) -> HTMLResponse:
    """Show the unit that is asked to take part the round, the lead and the team; nothing of what the bid says."""
    actor = desk.require_actor()
    asked, team = await desk.read(lambda session: (members.asked(session, actor, bid_id), members.of(session, bid_id)))
    return render.page(
        request,
        desk,
        "bids/membership.html",
        asked=asked,
        team=team,
        words=bid_words,
        left=bid_words.left(asked.deadline, desk.now),
    )


@router.post("/membership")
async def answer(desk: AtDesk, bid_id: str, answer: Annotated[str, Form(max_length=10)] = "") -> RedirectResponse:
    """Confirm or decline for the unit that was asked."""
    actor = desk.require_actor()
    if answer not in ANSWERS:
        raise NotFound("没有这种答复。", code="answer_missing")
    await desk.write(lambda session: members.answer(session, actor, bid_id, confirms=ANSWERS[answer], now=desk.now))
    return RedirectResponse(
        f"/bids/{bid_id}/membership?done={'confirmed' if ANSWERS[answer] else 'declined'}", status_code=303
    )


@router.post("/correction", dependencies=[InMemory])
async def correct(request: Request, desk: AtDesk, bid_id: str) -> Response:
    """Put right what the check asked for, with files."""
    actor, form = desk.require_actor(), await request.form()
    given = form.get("text")
    text = given if isinstance(given, str) else ""
    chosen = [("", one) for one in files_of(form, "files")]
    if len(chosen) > corrections.MOST_FILES:
        told = {"files": f"附件最多 {corrections.MOST_FILES} 份，请合并后再上传。"}
        return await bid_pages.status(request, desk, actor, bid_id, errors=told, filled={"text": text}, code=422)
    sealed, wrong = await bid_files.sealed(desk, actor, bid_id, chosen)
    if wrong:
        told = {"files": next(iter(wrong.values()))}
        return await bid_pages.status(request, desk, actor, bid_id, errors=told, filled={"text": text}, code=422)
    labels = [attachments.as_label(one) for one in sealed]
    try:
        await desk.write(
            lambda session: corrections.answer(
                session, actor, bid_id, text=text, files=labels, arrived=desk.arrived, now=desk.now
            )
        )
    except Invalid as refusal:
        return await bid_pages.status(
            request, desk, actor, bid_id, errors=dict(refusal.fields), filled={"text": text}, code=422
        )
    return RedirectResponse(f"/bids/{bid_id}?done=corrected", status_code=303)


@router.post("/objection")
async def object_to_result(request: Request, desk: AtDesk, bid_id: str, objection: Text = "") -> Response:
    """Object to the result of the check."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: objections.file(session, actor, bid_id, text=objection, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as refusal:
        told = {"objection": refusal.message}
        return await bid_pages.status(
            request, desk, actor, bid_id, errors=told, filled={"objection": objection}, code=422
        )
    return RedirectResponse(f"/bids/{bid_id}?done=objected", status_code=303)
