"""The page of one objection, which its filer, its handler and supervisors share; what each may do stands on it."""

from collections.abc import Callable, Mapping
from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.kernel.errors import Conflict, Invalid, Refusal
from marketplace.rounds.deciding import objections, reading
from web.dependencies import Desk
from web.pages import render
from web.pages.rounds import objection_papers, outcome_words

DONE: Final = {
    "filed": "异议已提交。受理人会在期限内决定是否受理，办结之前活动不定榜。进展会在消息里告诉您。",
    "withdrawn": "异议已撤回，不再办理。",
    "appealed": "申诉已提交，由监督人员决定。决定之前活动不定榜。",
    "taken": "已受理，受理通知书已生成，异议人已收到通知。",
    "refused": "已决定不予受理，理由已告知异议人。",
    "investigating": "已开始核查。",
    "extended": "办理期限已延长一次，理由已告知异议人。",
    "decided": "已答复，答复书已生成，异议人已收到通知。",
    "appeal_decided": "申诉已决定，异议人已收到通知。",
}
"""What is said once something was done."""


async def done(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    objection_id: str,
    *,
    work: Callable[[Session], None],
    said: str,
    given: Mapping[str, str] | None = None,
    bids: tuple[str, ...] = (),
) -> Response:
    """Do something with an objection that the reader may read, and go on to its page; what was typed comes back."""
    await desk.read(lambda session: reading.get(session, actor, round_id, objection_id, now=desk.now))
    try:
        await desk.write(work)
    except (Conflict, Invalid) as refusal:
        return await shown(request, desk, actor, round_id, objection_id, given=given, bids=bids, refusal=refusal)
    return RedirectResponse(f"/rounds/{round_id}/objections/{objection_id}?done={said}", status_code=303)


async def shown(
    request: Request,
    desk: Desk,
    actor: Actor,
    round_id: str,
    objection_id: str,
    *,
    given: Mapping[str, str] | None = None,
    bids: tuple[str, ...] = (),
    refusal: Refusal | None = None,
) -> HTMLResponse:
    """Show the page."""
    page = await desk.read(lambda session: reading.get(session, actor, round_id, objection_id, now=desk.now))
    errors = dict(refusal.fields) if isinstance(refusal, Invalid) else {}
    return render.page(
        request,
        desk,
        "rounds/objection.html",
        status=200 if refusal is None else 422 if errors else 409,
        page=page,
        row=page.row,
        due=reading.due_of(page.row),
        conclusion=objection_papers.conclusion(page) if page.row.decided_at is not None else "",
        given=dict(given or {}),
        chosen=bids,
        errors=errors,
        conflict=refusal.message if refusal is not None and not errors else "",
        limits=objections,
        words=outcome_words,
        done=DONE,
    )
