"""For those who watch over a round: its whole file, integrity signals, and what waits for whom."""

import json
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from marketplace.accounts import accounts
from marketplace.kernel import canonical
from marketplace.rounds import boards, dossiers, held, watching
from marketplace.rounds.boards import Waiting
from marketplace.rounds.dossiers import Dossier
from marketplace.rounds.rules.signals import Kind, Signal
from web.dependencies import AtDesk
from web.pages import render
from web.pages.audit import lines
from web.pages.audit.lines import Line

router = APIRouter(prefix="/rounds/{round_id}")

PROOFS: Final = {
    "notice": "公告",
    "manifest": "封存清单",
    "minutes": "开启记录",
    "draw": "专家抽取名单",
    "scores": "得分表",
    "publicity": "结果公示",
}
SIGNALS: Final = {
    Kind.ALIKE_TEXTS: "申报文字雷同",
    Kind.SAME_FILES: "附件相同",
    Kind.SHARED_CONTACTS: "联系方式或账号相同",
    Kind.SHARED_PEOPLE: "人员同名",
    Kind.SAME_WINNER: "同一单位多次中选",
    Kind.FAR_SHEET: "打分偏离",
    Kind.FLAT_SHEETS: "打分没有区分",
    Kind.SAME_SHEETS: "两名专家打分相同",
    Kind.LATE_EDIT: "临近结束时的修改",
}


@router.get("/file")
async def dossier(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show everything that happened in a round in time order, and what was fixed with its digest."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[Dossier, list[Line]]:
        found = dossiers.get(session, actor, round_id)
        return found, lines.of(session, found.seen)

    found, said = await desk.study(read)
    return render.page(request, desk, "rounds/file.html", found=found, lines=said, proofs=PROOFS)


@router.get("/file.json")
async def export(desk: AtDesk, round_id: str) -> Response:
    """Give the file as JSON: each event with its place in the chain, its hash and the digest of what it says."""
    actor = desk.require_actor()
    found = await desk.study(lambda session: dossiers.get(session, actor, round_id))
    said = json.dumps(_record(found), ensure_ascii=False, indent=1)
    headers = {
        "Content-Disposition": f'attachment; filename="file-{round_id}.json"',
        "Cache-Control": "no-store",
    }
    return Response(said.encode(), media_type="application/json", headers=headers)


@router.get("/signals")
async def signals(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show what a supervisor might look at once more, each with its evidence and an innocent explanation."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[str, tuple[Signal, ...]]:
        return held.get(session, round_id).title, watching.of(session, actor, round_id)

    title, found = await desk.study(read)
    return render.page(request, desk, "rounds/signals.html", round_id=round_id, title=title, found=found, names=SIGNALS)


@router.get("/waiting")
async def waiting(request: Request, desk: AtDesk, round_id: str) -> HTMLResponse:
    """Show what waits in a round, for whom, since when and until when."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[str, list[Waiting], dict[str, str]]:
        found = boards.get(session, actor, round_id)
        people = {one for waits in found for one in waits.account_ids}
        return held.get(session, round_id).title, found, accounts.names(session, people)

    title, found, called = await desk.study(read)
    late = [one for one in found if one.is_late(desk.now)]
    return render.page(
        request,
        desk,
        "rounds/waiting.html",
        round_id=round_id,
        title=title,
        late=late,
        others=[one for one in found if one not in late],
        called=called,
        names=boards.NAMES,
    )


def _record(found: Dossier) -> dict[str, Any]:
    return {
        "round": found.round_id,
        "title": found.title,
        "events": [
            {
                "position": one.event.position,
                "at": canonical.moment(one.event.at),
                "thing": f"{one.event.aggregate}/{one.event.aggregate_id}",
                "action": one.event.action,
                "by": one.actor_name,
                "says": dict(one.says) if one.says is not None else None,
                "payload_digest": one.event.payload_digest,
                "previous_hash": one.event.previous_hash,
                "hash": one.event.hash,
            }
            for one in found.seen
        ],
        "fixed": [
            {
                "kind": one.kind,
                "number": one.number,
                "at": canonical.moment(one.at),
                "sha256": one.digest,
                "path": one.path,
                "is_void": one.is_void,
            }
            for one in found.proofs
        ],
    }
