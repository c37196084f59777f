"""The published result of a round, for everybody: as a page, a Word file and a PDF; earlier publicities stay readable."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from marketplace.kernel.errors import NotFound
from marketplace.rounds.deciding import outcomes
from marketplace.rounds.deciding.outcomes import ResultPage
from marketplace.rounds.deciding.publishing import Publicity
from web.dependencies import AtDesk, Desk
from web.documents import answers
from web.pages import render
from web.pages.rounds import outcome_words, result_papers

router = APIRouter(prefix="/rounds/{round_id}/result")

DONE: Final = {
    "published": "结果已经公示，各申报单位已收到自己的结果和理由。",
    "revoked": "中选已取消，理由已告知；有候补的，由候补递补并重新公示。",
}


@router.get("")
async def show(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the newest publicity with what became of it."""
    page = await _page(desk, round_id)
    return _shown(request, desk, page, page.publicities[-1])


@router.get("/{number}")
async def earlier(request: Request, desk: AtDesk, round_id: str, number: int) -> HTMLResponse:
    """Show a publicity of before as it was, marked as withdrawn or replaced."""
    page = await _page(desk, round_id)
    return _shown(request, desk, page, _numbered(page, number))


@router.get("/{number}/file.{suffix}")
async def file(desk: AtDesk, round_id: str, number: int, suffix: str) -> Response:
    """Download a publicity."""
    page = await _page(desk, round_id)
    return await answers.download(result_papers.result(page, _numbered(page, number)), suffix)


async def _page(desk: Desk, round_id: str) -> ResultPage:
    actor = None if desk.signed_in is None else desk.signed_in.actor
    return await desk.read(lambda session: outcomes.get(session, actor, round_id, now=desk.now))


def _numbered(page: ResultPage, number: int) -> Publicity:
    found = next((one for one in page.publicities if one.number == number), None)
    if found is None:
        raise NotFound("没有这一次公示，请从活动的“结果公示”页面进入。", code="publicity_missing")
    return found


def _shown(request: Request, desk: Desk, page: ResultPage, publicity: Publicity) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "rounds/result.html",
        page=page,
        publicity=publicity,
        document=result_papers.result(page, publicity),
        ends=result_papers.ends(page, publicity),
        words=outcome_words,
        done=DONE,
    )
