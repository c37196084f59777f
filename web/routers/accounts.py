"""Accounts as the administrator looks after them: found, opened for staff, granted, disabled, erased."""

import secrets
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from marketplace.accounts.actors import Actor
from marketplace.accounts.office import administration, first_links, platform
from marketplace.accounts.signing_in import passwords
from marketplace.accounts.words import STAFF, Role
from marketplace.kernel import outbox
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from web import cookies, departures, visitors
from web.dependencies import AtDesk, Desk
from web.pages import render, wording

router = APIRouter(prefix="/administration/accounts")

ROLES: Final = {role.value: wording.ROLES[role.value] for role in Role if role in STAFF}
INVITED: Final = ("email", "name", "role", "region")
ACTS: Final = {
    "disable": ("停用账号", "不能再登录，已有的登录立即结束。", "可以。随时可以恢复使用。"),
    "enable": ("恢复账号", "可以重新登录；原有授权照旧有效。", "可以。随时可以再停用。"),
    "end-sessions": ("结束全部登录", "这个账号在所有设备上都要重新登录。", "不能。本人重新登录即可。"),
    "erase": (
        "注销账号",
        "姓名、邮箱、密码、消息和登录方式全部删除，授权撤销，退出所有单位；账号编号和办理过的事项保留。",
        "不能。本人需要时须重新注册。",
    ),
}


class Asked(BaseModel):
    """Which accounts are searched for, as the address says it."""

    q: str = Field("", max_length=254)
    role: str = Field("", max_length=24)
    state: str = Field("", max_length=24)
    page: int = 1


@router.get("")
async def accounts(request: Request, desk: AtDesk, asked: Annotated[Asked, Query()]) -> HTMLResponse:
    """Search the accounts."""
    actor = _administrator(desk)
    role = Role(asked.role) if asked.role in ROLES else None
    state = asked.state if asked.state in administration.STATES else ""
    found = await desk.study(
        lambda session: administration.search(session, actor, words=asked.q, role=role, state=state, page=asked.page)
    )
    return render.page(request, desk, "administration/accounts.html", found=found, asked=asked, roles=ROLES)


@router.get("/new")
async def new(request: Request, desk: AtDesk) -> HTMLResponse:
    """Show the form that opens an account for a member of staff."""
    _administrator(desk)
    desk.require_recent()
    return await _invitation(request, desk, dict.fromkeys(INVITED, ""))


@router.post("/new")
async def invite(request: Request, desk: AtDesk) -> Response:
    """Open an account for a member of staff; it sets its password by itself."""
    actor = _administrator(desk)
    desk.require_recent()
    form = await request.form()
    values = {name: str(form.get(name, "")) for name in INVITED}
    # Nobody ever knows this word: the person sets its own.
    password_hash = await desk.hash(lambda: passwords.make(secrets.token_urlsafe(32)))
    try:
        role, region = _role(values["role"]), _region(values["region"])
        account_id = await desk.write(
            lambda session: administration.invite(
                session,
                actor,
                email=values["email"],
                name=values["name"],
                role=role,
                region=region,
                password_hash=password_hash,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except (Invalid, Conflict) as refusal:
        return await _invitation(request, desk, values, refusal)
    return RedirectResponse(f"/administration/accounts/{account_id}?done=invited", status_code=303)


@router.get("/{account_id}")
async def account(request: Request, desk: AtDesk, account_id: str) -> HTMLResponse:
    """Show one account."""
    return await _account(request, desk, _administrator(desk), account_id)


@router.post("/{account_id}/grants")
async def give(
    request: Request,
    desk: AtDesk,
    account_id: str,
    role: Annotated[str, Form(max_length=24)] = "",
    region: Annotated[str, Form(max_length=600)] = "",
) -> Response:
    """Give an account a role."""
    actor = _administrator(desk)
    desk.require_recent()
    try:
        chosen, place = _role(role), _region(region)
        await desk.write(
            lambda session: administration.give(
                session, actor, account_id, role=chosen, region=place, now=desk.now, new_id=desk.new_id
            )
        )
    except (Invalid, Conflict) as refusal:
        return await _account(
            request, desk, actor, account_id, values={"role": role, "region": region}, refusal=refusal
        )
    return RedirectResponse(f"/administration/accounts/{account_id}?done=given", status_code=303)


@router.get("/{account_id}/grants/{grant_id}/withdraw")
async def ask_to_withdraw(request: Request, desk: AtDesk, account_id: str, grant_id: str) -> HTMLResponse:
    """Say what withdrawing a grant does before it is done."""
    actor = _administrator(desk)
    desk.require_recent()
    page = await desk.read(lambda session: administration.get(session, actor, account_id))
    grant = next((one for one in page.grants if one.id == grant_id and one.withdrawn_at is None), None)
    if grant is None:
        raise NotFound("这个账号没有这项授权，或已经撤销。")
    return render.page(request, desk, "administration/withdraw.html", page=page, grant=grant, roles=ROLES)


@router.post("/{account_id}/grants/{grant_id}/withdraw")
async def withdraw(desk: AtDesk, account_id: str, grant_id: str) -> Response:
    """Withdraw a grant."""
    actor = _administrator(desk)
    desk.require_recent()
    await desk.write(
        lambda session: departures.withdraw_grant(
            session, actor, account_id, grant_id, now=desk.now, new_id=desk.new_id
        )
    )
    return RedirectResponse(f"/administration/accounts/{account_id}?done=withdrawn", status_code=303)


@router.post("/{account_id}/first-link")
async def issue_first_link(request: Request, desk: AtDesk, account_id: str) -> Response:
    """Make the link of somebody who never signed in, and show it this once."""
    actor = _administrator(desk)
    desk.require_recent()
    token = cookies.fresh_token()
    page = await desk.read(lambda session: administration.get(session, actor, account_id))
    try:
        address = await desk.write(
            lambda session: first_links.issue(session, actor, account_id, token=token, now=desk.now, new_id=desk.new_id)
        )
    except Conflict as refusal:
        return await _account(request, desk, actor, account_id, refusal=refusal)
    link = f"{visitors.site(request, desk.settings).origin}{address}"
    return render.page(request, desk, "administration/first_link.html", page=page, link=link)


@router.get("/{account_id}/{act}")
async def ask(request: Request, desk: AtDesk, account_id: str, act: str) -> HTMLResponse:
    """Say what an act on an account does before it is done."""
    actor = _administrator(desk)
    if act not in ACTS:
        raise NotFound("没有这个页面。")
    desk.require_recent()
    page = await desk.read(lambda session: administration.get(session, actor, account_id))
    return render.page(request, desk, "administration/act.html", page=page, act=act, told=ACTS[act])


@router.post("/{account_id}/{act}")
async def do(desk: AtDesk, account_id: str, act: str) -> Response:
    """Disable or enable an account, end its sign-ins, or erase it."""
    actor = _administrator(desk)
    verb = {
        "disable": administration.disable,
        "enable": administration.enable,
        "end-sessions": administration.end_sessions,
        "erase": departures.erase_account,
    }.get(act)
    if verb is None:
        raise NotFound("没有这个页面。")
    desk.require_recent()
    await desk.write(lambda session: verb(session, actor, account_id, now=desk.now))
    return RedirectResponse(f"/administration/accounts/{account_id}?done={act}", status_code=303)


def _administrator(desk: Desk) -> Actor:
    actor = desk.require_actor()
    platform.require_administrator(actor)
    return actor


def _role(text: str) -> Role:
    if text not in ROLES:
        message = "请选择角色。"
        raise Invalid(message, code="no_role", fields={"role": message})
    return Role(text)


def _region(text: str) -> str:
    if len(text) > 120:  # noqa: PLR2004 - the column's width
        message = "地区不超过 120 个字。"
        raise Invalid(message, code="long_region", fields={"region": message})
    return text


async def _account(
    request: Request,
    desk: Desk,
    actor: Actor,
    account_id: str,
    *,
    values: dict[str, str] | None = None,
    refusal: Invalid | Conflict | None = None,
) -> HTMLResponse:
    def known(session: Session) -> dict[str, Any]:
        page = administration.get(session, actor, account_id)
        return {
            "page": page,
            "link_refused": first_links.refusal(session, actor, account_id),
            "sends_mail": outbox.sends_mail(session),
        }

    return render.page(
        request,
        desk,
        "administration/account.html",
        status=_status(refusal),
        **await desk.read(known),
        roles=ROLES,
        values=values or {"role": "", "region": ""},
        **_told(refusal),
    )


async def _invitation(
    request: Request, desk: Desk, values: dict[str, str], refusal: Invalid | Conflict | None = None
) -> HTMLResponse:
    sends_mail = await desk.read(outbox.sends_mail)
    return render.page(
        request,
        desk,
        "administration/new.html",
        status=_status(refusal),
        values=values,
        roles=ROLES,
        sends_mail=sends_mail,
        **_told(refusal),
    )


def _status(refusal: Invalid | Conflict | None) -> int:
    return 200 if refusal is None else 409 if isinstance(refusal, Conflict) else 422


def _told(refusal: Invalid | Conflict | None) -> dict[str, Any]:
    return {
        "errors": refusal.fields if isinstance(refusal, Invalid) else {},
        "conflict": refusal.message if isinstance(refusal, Conflict) else "",
    }
