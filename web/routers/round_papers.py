"""The official documents of a round as pages, Word files and PDFs, and its frozen manifest as it was stored."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import NotFound
from marketplace.rounds import manifests, openings, rounds
from marketplace.rounds.checking import results
from marketplace.rounds.rounds import RoundPage
from marketplace.rounds.sealing.manifests import Manifest
from web.dependencies import AtDesk, Desk
from web.documents import answers
from web.documents.model import Document
from web.pages import render
from web.pages.rounds import papers, records

router = APIRouter(prefix="/rounds")

UNPUBLISHED = "公告发布后才有这份文书。"


@router.get("/{round_id}/notice.{suffix}")
async def notice_file(desk: AtDesk, round_id: str, suffix: str) -> Response:
    """Download the notice that stands."""
    return await answers.download(papers.notice(await _published(desk, round_id)), suffix)


@router.get("/{round_id}/notice")
async def notice_page(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the notice that stands as an official document."""
    page = await _published(desk, round_id)
    return _paper(request, desk, page, papers.notice(page), "notice")


@router.get("/{round_id}/versions/{number}.{suffix}")
async def addendum_file(desk: AtDesk, round_id: str, number: int, suffix: str) -> Response:
    """Download an addendum."""
    document = papers.addendum(await _published(desk, round_id), number)
    if document is None:
        raise NotFound("没有这一份补遗，请从活动页面的“公告与补遗”进入。", code="addendum_missing")
    return await answers.download(document, suffix)


@router.get("/{round_id}/minutes.{suffix}")
async def minutes_file(desk: AtDesk, round_id: str, suffix: str) -> Response:
    """Download the minutes of the opening, as the reader may see them."""
    _page, document = await desk.read(lambda session: _minutes(session, _actor(desk), round_id, desk))
    return await answers.download(document, suffix)


@router.get("/{round_id}/minutes")
async def minutes_page(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the minutes of the opening, as the reader may see them."""
    page, document = await desk.read(lambda session: _minutes(session, _actor(desk), round_id, desk))
    return _paper(request, desk, page, document, "minutes")


@router.get("/{round_id}/eligibility.{suffix}")
async def eligibility_file(desk: AtDesk, round_id: str, suffix: str) -> Response:
    """Download the results of the formal check."""
    actor = desk.require_actor()
    _page, document = await desk.study(lambda session: _eligibility(session, actor, round_id, desk))
    return await answers.download(document, suffix)


@router.get("/{round_id}/eligibility")
async def eligibility_page(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the results of the formal check to those who make or oversee the round."""
    actor = desk.require_actor()
    page, document = await desk.study(lambda session: _eligibility(session, actor, round_id, desk))
    return _paper(request, desk, page, document, "eligibility")


@router.get("/{round_id}/manifest.json")
async def manifest_file(desk: AtDesk, round_id: str) -> Response:
    """Download the frozen manifest, byte by byte as it was stored: the file's SHA-256 is its digest."""
    await _seen(desk, round_id)
    content = await desk.read(lambda session: manifests.stored(session, round_id))
    disposition = f'attachment; filename="manifest-{round_id}.json"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(content.encode(), media_type="application/json", headers=headers)


@router.get("/{round_id}/manifest")
async def manifest_page(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show the frozen manifest: every receipt of the round with what became of its version."""
    page = await _seen(desk, round_id)
    manifest, digest = await desk.read(lambda session: manifests.get(session, round_id))
    return render.page(
        request, desk, "rounds/manifest.html", page=page, manifest=manifest, digest=digest, live=_live(manifest)
    )


def _live(manifest: Manifest) -> int:
    return sum(one.fate.value == "live" for one in manifest.entries)


def _actor(desk: Desk) -> Actor | None:
    return None if desk.signed_in is None else desk.signed_in.actor


async def _seen(desk: Desk, round_id: str) -> RoundPage:
    return await desk.read(lambda session: rounds.get(session, _actor(desk), round_id, now=desk.now))


async def _published(desk: Desk, round_id: str) -> RoundPage:
    page = await _seen(desk, round_id)
    if page.card.published_at is None:
        raise NotFound(UNPUBLISHED, code="not_published")
    return page


def _minutes(session: Session, actor: Actor | None, round_id: str, desk: Desk) -> tuple[RoundPage, Document]:
    seen = openings.get(session, actor, round_id, now=desk.now)
    page = rounds.get(session, actor, round_id, now=desk.now)
    return page, records.minutes(page, seen)


def _eligibility(session: Session, actor: Actor, round_id: str, desk: Desk) -> tuple[RoundPage, Document]:
    found = results.of(session, actor, round_id)
    page = rounds.get(session, actor, round_id, now=desk.now)
    return page, records.results(page, found)


def _paper(request: Request, desk: Desk, page: RoundPage, document: Document, name: str) -> HTMLResponse:
    return render.page(request, desk, "rounds/paper.html", page=page, document=document, name=name)
