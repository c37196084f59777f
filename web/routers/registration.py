"""Registering: an account by e-mail, and then the way to the organisation one acts for."""

import secrets
from typing import Annotated, Final
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from marketplace.accounts.rules import names
from marketplace.accounts.rules.emails import require_email
from marketplace.accounts.signing_in import passwords, registrations
from marketplace.kernel import outbox
from marketplace.kernel.errors import Invalid, NotAllowed, Refusal
from web import visitors
from web.dependencies import AtDesk, Desk, local_address
from web.pages import people, render

router = APIRouter(prefix="/register")
log = structlog.get_logger()

TOKEN_BYTES: Final = 32
DIFFERENT: Final = "两次输入的密码不一样，请重新输入。"
NOT_AGREED: Final = "请先阅读并同意，再提交注册。"


@router.get("")
async def form(request: Request, desk: AtDesk, next: str = "") -> Response:  # noqa: A002 - the word in the address
    """Show the form; who is signed in has an account already. `next` is where an invitation waits."""
    then = _onward(next)
    if desk.signed_in is not None:
        return RedirectResponse(then, status_code=303)
    return _form(request, desk, email="", name="", then=then, errors={})


@router.post("")
async def register(
    request: Request,
    desk: AtDesk,
    *,
    email: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
    agree: Annotated[str, Form()] = "",
    next: Annotated[str, Form(max_length=400)] = "",  # noqa: A002 - the word in the address
) -> Response:
    """Ask for an account; what follows looks the same whether the address is known or not."""
    then = _onward(next)
    errors = _faults(email, name, password, again=again, agree=agree)
    if errors:
        return _form(request, desk, email=email, name=name, then=then, errors=errors, status=422)
    token, address = secrets.token_urlsafe(TOKEN_BYTES), visitors.address(request, desk.settings)
    try:
        # Hashing takes a fifth of a second; no transaction waits for it.
        hashed = await desk.hash(lambda: passwords.make(password, about=(email, name)))
        await desk.write(
            lambda session: registrations.ask(
                session,
                email=email,
                name=name,
                password_hash=hashed,
                token=token,
                address=address,
                now=desk.now,
                new_id=desk.new_id,
            )
        )
    except (Invalid, NotAllowed) as refusal:
        log.warning("registration_refused", code=refusal.code)
        status = 422 if isinstance(refusal, Invalid) else 403
        errors = people.faults(refusal, otherwise="email")
        return _form(request, desk, email=email, name=name, then=then, errors=errors, status=status)
    onward = f"?next={quote(then, safe='')}" if next else ""
    return RedirectResponse(f"/register/sent{onward}", status_code=303)


@router.get("/sent")
async def sent(request: Request, desk: AtDesk, next: str = "") -> HTMLResponse:  # noqa: A002 - the word in the address
    """Say what comes next."""
    sends = await desk.read(outbox.sends_mail)
    return render.page(request, desk, "registration/sent.html", sends=sends, then=_onward(next))


@router.get("/confirm")
async def ask_to_confirm(request: Request, desk: AtDesk, token: str = "") -> HTMLResponse:
    """Show what a link confirms; opening it alone changes nothing, since mail scanners open links too."""
    return await _confirmation(request, desk, token, errors={})


@router.post("/confirm")
async def confirm(
    request: Request,
    desk: AtDesk,
    token: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
) -> Response:
    """Make the account, or confirm the address of one."""
    asked = await desk.read(lambda session: registrations.challenge(session, token, now=desk.now))
    matched = await desk.hash(lambda: passwords.verify(asked, password))
    try:
        await desk.write(
            lambda session: registrations.confirm(session, token, matched=matched, now=desk.now, new_id=desk.new_id)
        )
    except Invalid as refusal:
        return await _confirmation(request, desk, token, errors=people.faults(refusal), status=422)
    if desk.signed_in is not None:
        return RedirectResponse("/organisations?done=confirmed", status_code=303)
    return RedirectResponse("/sign-in?next=/register/next", status_code=303)


@router.post("/again")
async def send_again(request: Request, desk: AtDesk) -> RedirectResponse:
    """Send the signed-in person another link that confirms its address."""
    actor = desk.require_actor()
    token, address = secrets.token_urlsafe(TOKEN_BYTES), visitors.address(request, desk.settings)
    await desk.write(
        lambda session: registrations.send_again(
            session, actor, token=token, address=address, now=desk.now, new_id=desk.new_id
        )
    )
    return RedirectResponse("/organisations?done=sent", status_code=303)


@router.get("/next")
async def choose(request: Request, desk: AtDesk) -> HTMLResponse:
    """Ask what the person comes for."""
    desk.require_actor()
    return render.page(request, desk, "registration/next.html")


def _onward(then: str) -> str:
    return local_address(then) if then else "/register/next"


def _faults(email: str, name: str, password: str, *, again: str, agree: str) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        require_email(email)
    except Refusal as refusal:
        found["email"] = refusal.message
    wrong = names.fault_in(name, what="姓名")
    if wrong:
        found["name"] = wrong
    if weak := passwords.fault_in(password, about=(email, name)):
        found["password"] = weak
    elif password != again:
        found["again"] = DIFFERENT
    if agree != "yes":
        found["agree"] = NOT_AGREED
    return found


def _form(
    request: Request, desk: Desk, *, email: str, name: str, then: str, errors: dict[str, str], status: int = 200
) -> HTMLResponse:
    return render.page(
        request,
        desk,
        "registration/form.html",
        status=status,
        email=email,
        name=name,
        then=then,
        errors=errors,
        least=passwords.MIN_LENGTH,
    )


async def _confirmation(
    request: Request, desk: Desk, token: str, *, errors: dict[str, str], status: int = 200
) -> HTMLResponse:
    found = await desk.read(lambda session: registrations.find(session, token, now=desk.now))
    return render.page(
        request, desk, "registration/confirm.html", status=status, found=found, token=token, errors=errors
    )
