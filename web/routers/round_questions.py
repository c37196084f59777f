"""Questions about a round on its public page: asked by whoever is signed in, answered by the issuer for everybody."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds import questions
from web.dependencies import AtDesk
from web.pages.rounds import public

router = APIRouter(prefix="/rounds")


@router.post("/{round_id}/questions")
async def ask(request: Request, desk: AtDesk, round_id: str, question: Annotated[str, Form()] = "") -> Response:
    """Ask a question."""
    actor = desk.require_actor()
    said = question.replace("\r\n", "\n")
    try:
        await desk.write(
            lambda session: questions.ask(session, actor, round_id, said, now=desk.now, new_id=desk.new_id)
        )
    except (Invalid, Conflict) as refusal:
        return await public.shown(
            request, desk, round_id, status=_status(refusal), typed=said, at="question", wrong=refusal.message
        )
    return RedirectResponse(f"/rounds/{round_id}?done=asked#questions", status_code=303)


@router.post("/{round_id}/questions/{question_id}")
async def answer(
    request: Request, desk: AtDesk, round_id: str, question_id: str, answer: Annotated[str, Form()] = ""
) -> Response:
    """Answer a question for everybody to read."""
    actor = desk.require_actor()
    said = answer.replace("\r\n", "\n")
    try:
        of_round = await desk.write(
            lambda session: questions.answer(session, actor, question_id, said, now=desk.now, new_id=desk.new_id)
        )
    except (Invalid, Conflict) as refusal:
        at = f"answer-{question_id}"
        return await public.shown(
            request, desk, round_id, status=_status(refusal), typed=said, at=at, wrong=refusal.message
        )
    return RedirectResponse(f"/rounds/{of_round}?done=answered#questions", status_code=303)


def _status(refusal: Invalid | Conflict) -> int:
    return 409 if isinstance(refusal, Conflict) else 422
