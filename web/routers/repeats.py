"""Likely repeats: the pairs that wait, two needs side by side, and what to do about them."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.paging import Page
from marketplace.lists.repeat_tables import MAX_REASON
from marketplace.lists.repeats import deciding, findings, repeats
from marketplace.lists.repeats.views import PairPage, Waiting
from marketplace.lists.rules.repeats import pair_of
from marketplace.lists.words import Relation
from web.dependencies import AtDesk, Desk
from web.pages import people, places, render
from web.pages.lists import beside

router = APIRouter(prefix="/repeats")

DONE: Final = {
    "merged": "已并入。被并入的一条不再单独列示，它的页面写明并入了哪一条。",
    "same": "已标为同一需求，两个页面互相链接。",
    "distinct": "已标为不是同一需求，这一对不再提示。",
    "taken-back": "已撤回，两条恢复原来的列示。",
}
CHOICES: Final = {one.value: word for one, word in beside.RELATIONS.items()}


@router.get("")
async def index(request: Request, desk: AtDesk, page: int = 1) -> HTMLResponse:
    """List the pairs that wait in one's regions, the surest first."""
    actor = desk.require_actor()

    def read(session: Session) -> tuple[Page[Waiting], int]:
        return repeats.waiting(session, actor, page=page), findings.count_unseen(session)

    found, unseen = await desk.read(read)
    return render.page(
        request,
        desk,
        "repeats/index.html",
        found=found,
        unseen=unseen,
        most_counted=findings.AT_ONCE,
        sureness=beside.sureness,
        done=DONE,
    )


@router.get("/decided")
async def decided(request: Request, desk: AtDesk, page: int = 1) -> HTMLResponse:
    """List the pairs about which something stands in one's regions, the newest decision first."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: repeats.decided(session, actor, page=page))
    return render.page(request, desk, "repeats/decided.html", found=found, relations=beside.RELATIONS)


@router.get("/{item_id}/{other_id}")
async def show(request: Request, desk: AtDesk, item_id: str, other_id: str) -> HTMLResponse:
    """Show two needs side by side, with what can be done about them."""
    return await _show(request, desk, item_id, other_id)


@router.get("/{item_id}/{other_id}/merge")
async def ask_to_merge(request: Request, desk: AtDesk, item_id: str, other_id: str, reason: str = "") -> Response:
    """Say what merging will do before it is done; a pair that is decided leads back to itself."""
    actor = desk.require_actor()
    found = await desk.read(lambda session: repeats.get(session, actor, item_id, other_id))
    places.require_running(actor)
    if found.standing is not None:
        return _to(item_id, other_id)
    return _ask(request, desk, found, reason=reason[:MAX_REASON])


@router.post("/{item_id}/{other_id}")
async def decide(
    request: Request,
    desk: AtDesk,
    *,
    item_id: str,
    other_id: str,
    relation: Annotated[str, Form()] = "",
    main: Annotated[str, Form()] = "",
    version: Annotated[int, Form()] = 0,
    reason: Annotated[str, Form(max_length=2000)] = "",
    is_asked: Annotated[str, Form(max_length=8)] = "",
) -> Response:
    """Merge one into the other, link them as one need, or tell them apart; merging is asked about first."""
    actor = desk.require_actor()
    if relation == Relation.MERGED and not is_asked:
        await desk.read(lambda session: repeats.get(session, actor, item_id, other_id))
        places.require_running(actor)
        return RedirectResponse(
            f"{_address(item_id, other_id)}/merge{render.query_with({'reason': reason})}", status_code=303
        )
    try:
        people.require_choice(relation, CHOICES, field="relation", message="请选择怎样处理这一对。")
        await desk.write(
            lambda session: deciding.decide(
                session,
                actor,
                item_id,
                other_id,
                relation=Relation(relation),
                main=main or None,
                version=version,
                reason=reason,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        errors = people.faults(refusal)
        if relation == Relation.MERGED:
            found = await desk.read(lambda session: repeats.get(session, actor, item_id, other_id))
            return _ask(request, desk, found, main=main, errors=errors, reason=reason, status=422)
        return await _show(request, desk, item_id, other_id, errors=errors, reason=reason, status=422)
    except Conflict as conflict:
        return _conflict(request, desk, item_id, other_id, conflict)
    return _to(item_id, other_id, done=relation)


@router.post("/{item_id}/{other_id}/take-back")
async def take_back(
    request: Request, desk: AtDesk, *, item_id: str, other_id: str, version: Annotated[int, Form()] = 0
) -> Response:
    """Take back what stands about two needs."""
    actor = desk.require_actor()
    try:
        await desk.write(
            lambda session: deciding.take_back(
                session, actor, item_id, other_id, version=version, now=desk.now, new_id=desk.new_id
            )
        )
    except Conflict as conflict:
        return _conflict(request, desk, item_id, other_id, conflict)
    return _to(item_id, other_id, done="taken-back")


async def _show(
    request: Request,
    desk: Desk,
    item_id: str,
    other_id: str,
    *,
    errors: dict[str, str] | None = None,
    reason: str = "",
    status: int = 200,
) -> HTMLResponse:
    actor = desk.require_actor()
    found = await desk.read(lambda session: repeats.get(session, actor, item_id, other_id))
    left, right = found.pages
    return render.page(
        request,
        desk,
        "repeats/show.html",
        status=status,
        pair=found,
        rows=beside.rows(beside.of_page(left), beside.of_page(right)),
        sureness=None if found.score is None else beside.sureness(found.score),
        relations=beside.RELATIONS,
        errors=errors or {},
        reason=reason,
        most=MAX_REASON,
        done=DONE,
    )


def _ask(
    request: Request,
    desk: Desk,
    found: PairPage,
    *,
    main: str = "",
    errors: dict[str, str] | None = None,
    reason: str = "",
    status: int = 200,
) -> HTMLResponse:
    movable = [side for side in (found.a, found.b) if side.card.id in found.may_merge]
    mains = [found.b if side is found.a else found.a for side in movable]
    chosen = main if main in {side.card.id for side in mains} else ""
    if not chosen and len(mains) == 1:
        chosen = mains[0].card.id
    return render.page(
        request,
        desk,
        "repeats/merge.html",
        status=status,
        pair=found,
        mains=mains,
        chosen=chosen,
        errors=errors or {},
        reason=reason,
        most=MAX_REASON,
    )


def _conflict(request: Request, desk: Desk, item_id: str, other_id: str, conflict: Conflict) -> HTMLResponse:
    way = (_address(item_id, other_id), "查看这一对现在的情况")
    return render.page(request, desk, "errors/conflict.html", status=409, message=conflict.message, way=way)


def _to(item_id: str, other_id: str, *, done: str = "") -> RedirectResponse:
    return RedirectResponse(_address(item_id, other_id) + (f"?done={done}" if done else ""), status_code=303)


def _address(item_id: str, other_id: str) -> str:
    low, high = pair_of(item_id, other_id)
    return f"/repeats/{low}/{high}"
