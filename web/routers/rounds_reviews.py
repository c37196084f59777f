"""The 公平竞争审查 of a round: what it concluded, with its document."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.joining.evidence import GivenFile
from marketplace.accounts.rules import evidence
from marketplace.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from marketplace.rounds import rounds
from marketplace.rounds.making import approval
from marketplace.rounds.making.approval import Review
from marketplace.rounds.round_tables import RoundReview
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.words import Part
from web.dependencies import AtDesk, Desk
from web.pages import people, render
from web.pages.rounds import making, posts

router = APIRouter(prefix="/rounds/{round_id}/review")


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show what the review concluded, and the form that puts one down."""
    return await _page(request, desk, round_id)


@router.post("")
async def put(
    request: Request,
    desk: AtDesk,
    *,
    round_id: str,
    conclusion: Annotated[str, Form()] = "",
    reviewer: Annotated[str, Form()] = "",
    reviewed_on: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File(alias="evidence")] = None,
) -> Response:
    """Put down what the review concluded, with its document."""
    actor = desk.require_actor()
    given = {"conclusion": conclusion, "reviewer": reviewer, "reviewed_on": reviewed_on}
    page, _review = await _known(desk, round_id)
    if Part.ISSUER not in page.mine:
        # Nothing of those who may not put it down goes into the store.
        raise NotAllowed("只有起草单位可以登记公平竞争审查。", code="not_the_issuer")
    try:
        day = _day(given)
        one = await _document(desk, file)
        review = Review(conclusion == "passed", reviewer, day, one.name)
        await desk.write(lambda session: approval.review(session, actor, round_id, review, one.stored, now=desk.now))
    except (Invalid, Conflict) as refusal:
        return await _page(request, desk, round_id, given=given, refusal=refusal)
    return RedirectResponse(f"/rounds/{round_id}/review?done=reviewed", status_code=303)


@router.get("/document")
async def document(desk: AtDesk, round_id: str) -> Response:
    """Give the document of the review to those who make or oversee the round."""
    _page, review = await _known(desk, round_id)
    if review is None:
        raise NotFound("还没有登记公平竞争审查。", code="review_missing")
    return await people.stored_attachment(desk, review.file_name, review.file_digest)


async def _known(desk: Desk, round_id: str) -> tuple[RoundPage, RoundReview | None]:
    actor = desk.require_actor()

    def known(session: Session) -> tuple[RoundPage, RoundReview | None]:
        page = making.inside(session, actor, round_id, now=desk.now)
        return page, rounds.approval(session, actor, round_id, now=desk.now).review

    return await desk.read(known)


async def _document(desk: Desk, file: UploadFile | None) -> GivenFile:
    found = await people.given(desk, [] if file is None else [file])
    if not found:
        raise Invalid("请上传审查意见。", code="no_file", fields={"evidence": "请上传审查意见的扫描件。"})
    return found[0]


def _day(given: dict[str, str]) -> date:
    wrong: dict[str, str] = {}
    if given["conclusion"] not in {"passed", "failed"}:
        wrong["conclusion"] = "请选择审查结论。"
    if not given["reviewer"].strip():
        wrong["reviewer"] = "请写明由哪个机构审查。"
    try:
        day = date.fromisoformat(given["reviewed_on"])
    except ValueError:
        day = date.min
        wrong["reviewed_on"] = "请填写审查日期，例如 2026-11-20。"
    if wrong:
        raise Invalid("审查意见没有保存，请改正标出的地方。", code="bad_review", fields=wrong)
    return day


async def _page(
    request: Request,
    desk: Desk,
    round_id: str,
    *,
    given: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    page, review = await _known(desk, round_id)
    return render.page(
        request,
        desk,
        "rounds/review.html",
        status=200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422,
        page=page,
        review=review,
        may_put=Part.ISSUER in page.mine and page.state in posts.BEFORE_KEY,
        given=given or {"conclusion": "", "reviewer": "", "reviewed_on": ""},
        errors=people.faults(refusal) if isinstance(refusal, Invalid) else {},
        conflict=refusal.message if isinstance(refusal, Conflict) else "",
        limit_bytes=evidence.LIMIT_BYTES,
        accept=people.ACCEPT,
    )
