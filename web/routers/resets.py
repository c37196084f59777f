"""Ways back in: a reset link by mail, and a one-time code that two persons in charge have issued."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlmodel import Session

from marketplace.accounts.office import first_links
from marketplace.accounts.signing_in import assisted_codes, passwords, resets
from marketplace.kernel import platform_settings
from marketplace.kernel.errors import Invalid, NotAllowed
from web import visitors
from web.dependencies import AtDesk, Desk
from web.pages import lengths, render
from web.pages.new_passwords import require_same

router = APIRouter(prefix="/reset")
log = structlog.get_logger()

Password = Annotated[str, Form()]
Typed = Annotated[str, Form()]


class CodeForm(BaseModel):
    """Both halves of a one-time code, for whom, and the new password twice."""

    email: str = ""
    first: str = ""
    second: str = ""
    password: str = ""
    again: str = ""


@router.get("")
async def form(request: Request, desk: AtDesk) -> Response:
    """Ask for which address to send a link."""
    return await _form(request, desk)


@router.post("")
async def ask(request: Request, desk: AtDesk, email: Typed = "") -> Response:
    """Write the request down; the same answer after the same work, whether the address has an account or not."""
    where = visitors.address(request, desk.settings)
    if len(email) > lengths.LONGEST_EMAIL:
        return await _form(request, desk, email=email, errors={"email": lengths.LONG_EMAIL})
    if not desk.settings.sends_mail:
        return RedirectResponse("/reset", status_code=303)
    if not email.strip():
        return await _form(request, desk, errors={"email": "请填写您的账号邮箱。"})
    try:
        await desk.write(
            lambda session: resets.ask(session, email=email, address=where, now=desk.now, new_id=desk.new_id)
        )
    except NotAllowed as refusal:
        log.warning("reset_refused", code=refusal.code)
        return await _form(request, desk, email=email, errors={"email": refusal.message})
    return RedirectResponse("/reset?done=asked", status_code=303)


@router.get("/new")
async def link_form(request: Request, desk: AtDesk, token: str = "") -> Response:
    """Ask for a new password by a link; looking does not use it up."""
    await _owner(desk, token)
    return render.page(request, desk, "session/new_password.html", token=token, errors={})


@router.post("/new")
async def use_link(
    request: Request, desk: AtDesk, token: Typed = "", password: Password = "", again: Password = ""
) -> Response:
    """Set a new password by a link, once."""
    is_first, owner = await _owner(desk, token)
    try:
        hashed = await _hashed(desk, password, again, about=owner)
    except Invalid as refusal:
        return render.page(request, desk, "session/new_password.html", status=422, token=token, errors=refusal.fields)
    use = first_links.use if is_first else resets.use
    await desk.write(lambda session: use(session, token, password_hash=hashed, now=desk.now, new_id=desk.new_id))
    return RedirectResponse("/reset?done=set", status_code=303)


@router.get("/code")
async def code_form(request: Request, desk: AtDesk) -> Response:
    """Ask for both halves of a one-time code."""
    return _code_form(request, desk, CodeForm(), {})


@router.post("/code")
async def use_code(
    request: Request,
    desk: AtDesk,
    typed: Annotated[CodeForm, Form()],
) -> Response:
    """Set a new password with both halves of a one-time code."""
    where = visitors.address(request, desk.settings)
    try:
        lengths.require_short(email=typed.email, first=typed.first, second=typed.second)
        hashed = await _hashed(desk, typed.password, typed.again, about=[typed.email])
        await desk.write(
            lambda session: assisted_codes.use(
                session,
                email=typed.email,
                first=typed.first,
                second=typed.second,
                password_hash=hashed,
                address=where,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except Invalid as refusal:
        return _code_form(request, desk, typed, refusal.fields)
    except NotAllowed as refusal:
        log.warning("reset_refused", code=refusal.code)
        return _code_form(request, desk, typed, {"first": refusal.message})
    return RedirectResponse("/reset?done=set", status_code=303)


def _code_form(request: Request, desk: Desk, typed: CodeForm, errors: Mapping[str, str]) -> Response:
    return render.page(
        request,
        desk,
        "session/code.html",
        status=422 if errors else 200,
        email=typed.email,
        first=typed.first,
        second=typed.second,
        errors=errors,
    )


async def _owner(desk: Desk, token: str) -> tuple[bool, tuple[str, str]]:
    """Whether a link is somebody's first one, and whose address and name it is."""

    def known(session: Session) -> tuple[bool, tuple[str, str]]:
        first = first_links.find_open(session, token, now=desk.now)
        return first is not None, first or resets.require_open(session, token, now=desk.now)

    return await desk.read(known)


async def _hashed(desk: Desk, password: str, again: str, *, about: Sequence[str]) -> str:
    require_same(password, again)
    return await desk.hash(lambda: passwords.make(password, about=about))


async def _form(request: Request, desk: Desk, *, email: str = "", errors: dict[str, str] | None = None) -> Response:
    settings = await desk.read(platform_settings.get)
    return render.page(
        request,
        desk,
        "session/reset.html",
        contact=settings.contact,
        status=422 if errors else 200,
        email=email,
        errors=errors or {},
        sends_mail=desk.settings.sends_mail,
    )
