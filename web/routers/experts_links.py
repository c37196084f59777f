"""The ties and relations of an expert: added, ended with a day, struck out with a reason, by itself or by the office."""

from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.experts import entries, relations, ties
from marketplace.experts.rules.standing import Party
from marketplace.experts.views import EntryView, RelationView, TieView
from marketplace.kernel.chinese_time import BEIJING
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from web.dependencies import AtDesk, Desk
from web.pages import render
from web.pages.experts import entry_forms, entry_pages, words
from web.pages.experts.entry_forms import Told

router = APIRouter(prefix="/experts/{expert_id}")


@router.post("/ties")
async def add_tie(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Add a tie to a unit."""
    actor = desk.require_actor()

    def verb(session: Session, told: Told) -> None:
        given = entry_forms.tie(told, "tie", today=_today(desk))
        ties.add(session, actor, expert_id, given, now=desk.now, new_id=desk.new_id)

    return await entry_pages.act(
        request,
        desk,
        expert_id,
        at="tie",
        verb=verb,
        done="linked",
        prefix=lambda wrong: entry_forms.prefixed(wrong, "tie"),
    )


@router.post("/relations")
async def add_relation(request: Request, desk: AtDesk, expert_id: str) -> Response:
    """Add a relation to somebody or to a unit."""
    actor = desk.require_actor()

    def verb(session: Session, told: Told) -> None:
        given = entry_forms.relation(told, "relation", today=_today(desk))
        relations.add(session, actor, expert_id, given, now=desk.now, new_id=desk.new_id)

    return await entry_pages.act(
        request,
        desk,
        expert_id,
        at="relation",
        verb=verb,
        done="linked",
        prefix=lambda wrong: entry_forms.prefixed(wrong, "relation"),
    )


@router.get("/ties/{tie_id}")
async def show_tie(request: Request, desk: AtDesk, expert_id: str, tie_id: str) -> HTMLResponse:
    """Offer to end a tie or to strike it out."""
    return await _link(request, desk, expert_id, tie_id, "ties")


@router.post("/ties/{tie_id}/end")
async def end_tie(request: Request, desk: AtDesk, expert_id: str, tie_id: str) -> Response:
    """Say on which day a tie ended."""
    actor = desk.require_actor()
    return await _act(
        request,
        desk,
        (expert_id, tie_id, "ties"),
        lambda session, told: ties.end(session, actor, expert_id, tie_id, until=_until(told), now=desk.now),
        "ended",
    )


@router.post("/ties/{tie_id}/strike")
async def strike_tie(request: Request, desk: AtDesk, expert_id: str, tie_id: str) -> Response:
    """Strike out a tie that was put down by mistake."""
    actor = desk.require_actor()
    return await _act(
        request,
        desk,
        (expert_id, tie_id, "ties"),
        lambda session, told: ties.strike_out(
            session, actor, expert_id, tie_id, reason=told.get("reason"), now=desk.now
        ),
        "struck",
    )


@router.get("/relations/{relation_id}")
async def show_relation(request: Request, desk: AtDesk, expert_id: str, relation_id: str) -> HTMLResponse:
    """Offer to end a relation or to strike it out."""
    return await _link(request, desk, expert_id, relation_id, "relations")


@router.post("/relations/{relation_id}/end")
async def end_relation(request: Request, desk: AtDesk, expert_id: str, relation_id: str) -> Response:
    """Say when a relation last was."""
    actor = desk.require_actor()
    return await _act(
        request,
        desk,
        (expert_id, relation_id, "relations"),
        lambda session, told: relations.end(session, actor, expert_id, relation_id, until=_until(told), now=desk.now),
        "ended",
    )


@router.post("/relations/{relation_id}/strike")
async def strike_relation(request: Request, desk: AtDesk, expert_id: str, relation_id: str) -> Response:
    """Strike out a relation that was declared by mistake."""
    actor = desk.require_actor()
    return await _act(
        request,
        desk,
        (expert_id, relation_id, "relations"),
        lambda session, told: relations.strike_out(
            session, actor, expert_id, relation_id, reason=told.get("reason"), now=desk.now
        ),
        "struck",
    )


async def _act(
    request: Request,
    desk: Desk,
    where: tuple[str, str, str],
    verb: Callable[[Session, Told], None],
    done: str,
) -> Response:
    told = await entry_forms.told(request)
    try:
        await desk.write(lambda session: verb(session, told))
    except Invalid as wrong:
        return await _link(request, desk, *where, told=told, errors=wrong.fields)
    except Conflict as conflict:
        return await entry_pages.show(request, desk, where[0], conflict=conflict.message)
    return RedirectResponse(f"/experts/{where[0]}?done={done}", status_code=303)


async def _link(
    request: Request,
    desk: Desk,
    expert_id: str,
    link_id: str,
    kind: str,
    *,
    told: Told = entry_pages.NOTHING,
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    actor = desk.require_actor()
    entry = await desk.read(lambda session: entries.get(session, actor, expert_id))
    link = _found(entry, link_id, kind)
    return render.page(
        request,
        desk,
        "experts/link.html",
        status=422 if errors else 200,
        entry=entry,
        link=link,
        kind=kind,
        is_own=entry.party is Party.EXPERT,
        may_change=entry_pages.may_change(entry, link.kept),
        told=told,
        errors=errors or {},
        words=words,
    )


def _found(entry: EntryView, link_id: str, kind: str) -> TieView | RelationView:
    every: tuple[TieView | RelationView, ...] = entry.ties if kind == "ties" else entry.relations
    found = next((one for one in every if one.kept.id == link_id), None)
    if found is None:
        raise NotFound("没有这一条记录，或您不能查看它。", code="link_missing")
    return found


def _until(told: Told) -> date | None:
    return entry_forms.day(told.get("until"), "until")


def _today(desk: Desk) -> date:
    return desk.now.astimezone(BEIJING).date()
