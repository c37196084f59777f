"""Frozen scores for those who may read them: every table, one with its ranking and sheets, recomputed, as a file."""

import json

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from marketplace.rounds import rounds
from marketplace.rounds.reviewing import reading
from marketplace.rounds.reviewing.reading import Read
from marketplace.rounds.rounds import RoundPage
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.rounds import score_words

router = APIRouter(prefix="/rounds/{round_id}/scores")


@router.get("")
async def index(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show every frozen table, and the one that stands in whole."""
    page, tables = await _tables(desk, round_id)
    standing = next((one for one in reversed(tables) if one.void_at is None), None)
    return _page(request, desk, page, tables, standing, is_index=True)


@router.get("/{number}.json")
async def record(desk: AtDesk, round_id: str, number: int) -> Response:
    """Give a table as the record from which anybody computes it once more."""
    actor = desk.require_actor()
    found = await desk.study(lambda session: reading.get(session, actor, round_id, number))
    headers = {
        "Content-Disposition": f'attachment; filename="scores-{round_id}-{number}.json"',
        "Cache-Control": "no-store",
    }
    said = json.dumps(found.record, ensure_ascii=False, indent=1)
    return Response(said.encode(), media_type="application/json", headers=headers)


@router.get("/{number}")
async def show(request: Request, desk: AtDesk, round_id: str, number: int) -> HTMLResponse:
    """Show one table; asked with `recompute=1`, computed once more from its own sheets."""
    actor = desk.require_actor()
    found = await desk.study(lambda session: reading.get(session, actor, round_id, number))
    page, tables = await _tables(desk, round_id)
    return _page(request, desk, page, tables, found, is_index=False)


async def _tables(desk: Desk, round_id: str) -> tuple[RoundPage, list[Read]]:
    actor = desk.require_actor()

    def read(session: Session) -> tuple[RoundPage, list[Read]]:
        tables = reading.all_of(session, actor, round_id)
        return rounds.get(session, actor, round_id, now=desk.now), tables

    return await desk.study(read)


def _page(
    request: Request, desk: Desk, page: RoundPage, tables: list[Read], table: Read | None, *, is_index: bool
) -> HTMLResponse:
    asks = table is not None and bool(request.query_params.get("recompute"))
    return render.page(
        request,
        desk,
        "rounds/scores.html",
        page=page,
        frozen=tables,
        table=table,
        view=None if table is None else score_words.view(table),
        recomputed=score_words.recomputed(table.record) if asks and table is not None else None,
        is_index=is_index,
        words=score_words,
    )
