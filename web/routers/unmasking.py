"""Unmasking: asking to see a contact for a stated purpose, and who saw which."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.words import MEMBER, Role
from marketplace.kernel.errors import Invalid, NotAllowed
from marketplace.lists import items, unmasking
from marketplace.lists.intakes import unmasking as intake_unmasking
from marketplace.lists.intakes.unmasking import ShownRows
from marketplace.lists.unmasking import Ground, Shown, Unmasking
from marketplace.lists.views import ItemPage
from web.dependencies import AtDesk, Desk
from web.pages import render

router = APIRouter(prefix="/unmaskings")

ROWS_PER_PAGE: Final = 100
GROUNDS: Final = {
    Ground.BROKERING.value: "对接服务：为双方牵线",
    Ground.VERIFYING.value: "核实信息：核对清单所载内容",
    Ground.SUPERVISING.value: "监督检查",
    Ground.COMPLAINT.value: "处理投诉、异议",
}


@router.get("")
async def index(request: Request, desk: AtDesk) -> HTMLResponse:
    """List who saw contacts: of the actor's own organisation, or in the region it supervises."""
    actor = desk.require_actor()
    seen = await desk.study(lambda session: _seen(session, actor))
    is_supervisor = Role.SUPERVISOR in actor.roles
    return render.page(request, desk, "unmasking/index.html", seen=seen, grounds=GROUNDS, is_supervisor=is_supervisor)


@router.get("/items/{item_id}")
async def form(request: Request, desk: AtDesk, item_id: str) -> HTMLResponse:
    """Show the contact for some minutes after it was asked for; else ask for the ground and the purpose."""
    actor = desk.require_actor()

    def found(session: Session) -> tuple[ItemPage, Shown | None]:
        item = _item(session, actor, item_id)
        return item, unmasking.shown_lately(session, actor, item_id, now=desk.now)

    item, shown = await desk.read(found)
    return _page(request, desk, item, shown=shown)


@router.post("/items/{item_id}")
async def reveal(
    request: Request,
    desk: AtDesk,
    item_id: str,
    ground: Annotated[str, Form()] = "",
    purpose: Annotated[str, Form()] = "",
) -> Response:
    """Write down who asks and for what; the page that follows shows the contact, and shows it again on reload."""
    actor = desk.require_actor()
    item = await desk.read(lambda session: _item(session, actor, item_id))
    try:
        await desk.write(
            lambda session: unmasking.reveal(
                session, actor, "item", item_id, ground=ground, purpose=purpose, now=desk.now
            )
        )
    except Invalid as refusal:
        return _page(request, desk, item, ground=ground, purpose=purpose, errors=refusal.fields)
    return RedirectResponse(f"/unmaskings/items/{item_id}", status_code=303)


@router.get("/intakes/{intake_id}")
async def intake_form(request: Request, desk: AtDesk, intake_id: str, page: int = 1) -> HTMLResponse:
    """Show the contacts of an intake for some minutes after they were asked for; else ask for ground and purpose."""
    actor = desk.require_actor()

    def found(session: Session) -> tuple[str, ShownRows | None]:
        name = intake_unmasking.called(session, actor, intake_id)
        return name, intake_unmasking.shown_lately(session, actor, intake_id, now=desk.now)

    name, shown = await desk.read(found)
    return _intake_page(request, desk, intake_id, name, shown=shown, page=page)


@router.post("/intakes/{intake_id}")
async def reveal_intake(
    request: Request,
    desk: AtDesk,
    intake_id: str,
    ground: Annotated[str, Form()] = "",
    purpose: Annotated[str, Form()] = "",
) -> Response:
    """Write down who asks and for what; the page that follows shows the contacts of the file."""
    actor = desk.require_actor()
    name = await desk.read(lambda session: intake_unmasking.called(session, actor, intake_id))
    try:
        await desk.write(
            lambda session: intake_unmasking.reveal(
                session, actor, intake_id, ground=ground, purpose=purpose, now=desk.now
            )
        )
    except Invalid as refusal:
        return _intake_page(request, desk, intake_id, name, ground=ground, purpose=purpose, errors=refusal.fields)
    return RedirectResponse(f"/unmaskings/intakes/{intake_id}", status_code=303)


def _intake_page(
    request: Request,
    desk: Desk,
    intake_id: str,
    name: str,
    *,
    ground: str = "",
    purpose: str = "",
    shown: ShownRows | None = None,
    page: int = 1,
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    rows = () if shown is None else shown.rows
    last = max(1, -(-len(rows) // ROWS_PER_PAGE))
    at = min(max(1, page), last)
    return render.page(
        request,
        desk,
        "unmasking/intake.html",
        status=422 if errors else 200,
        intake_id=intake_id,
        name=name,
        grounds=GROUNDS,
        ground=ground,
        purpose=purpose,
        shown=shown,
        rows=rows[(at - 1) * ROWS_PER_PAGE : at * ROWS_PER_PAGE],
        page_number=at,
        page_last=last,
        rows_total=len(rows),
        errors=errors or {},
    )


def _page(
    request: Request,
    desk: Desk,
    item: ItemPage,
    *,
    ground: str = "",
    purpose: str = "",
    shown: Shown | None = None,
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "unmasking/form.html",
        status=422 if errors else 200,
        item=item,
        grounds=GROUNDS,
        ground=ground,
        purpose=purpose,
        shown=shown,
        errors=errors or {},
    )


def _item(session: Session, actor: Actor, item_id: str) -> ItemPage:
    if not unmasking.may_ask(session, actor, item_id):
        message = "只有这个条目所在地区的主办方、监督人员和平台管理员可以登记查看联系方式。"
        raise NotAllowed(message, code="may_not_unmask")
    return items.get(session, item_id)


def _seen(session: Session, actor: Actor) -> list[Unmasking]:
    if Role.SUPERVISOR in actor.roles:
        return unmasking.of_region(session, actor)
    if actor.organisation_id is not None and actor.roles & MEMBER:
        return unmasking.of_organisation(session, actor, actor.organisation_id)
    raise NotAllowed(
        "这里列出谁看过联系方式，只向资料所属单位和监督人员开放。请先切换到您的单位。", code="not_a_supervisor"
    )
